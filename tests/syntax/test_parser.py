"""A file as a document: its sections, the names in it, and what of it survives a mistake."""

from __future__ import annotations

import pytest

from archspec.syntax import ast
from archspec.syntax.declarations import BLOCK_KEYS, PARAMETER_KEYS
from archspec.syntax.names import is_name
from archspec.syntax.parser import DOCUMENT_KEYS
from tests.syntax.reading import document, document_and_findings

WHOLE = """
    archspec: 1
    name: net
    reference: {title: A paper, table: 1}
    meta: {anything: [goes, {here: $(}]}
    parameters:
      width: {type: int, default: 4, min: 1, max: 8, one_of: [4, 8], search: [4, 8], about: the width}
      unit: {type: block, default: relu}
    variants:
      wide: {width: 8, expect: {params: 8}}
      same:
    let: {double: $(2 * width)}
    inputs: {image: [8, 8, 1]}
    defaults: {dense: {activation: relu}}
    blocks:
      head:
        about: a head
        parameters: {units: dense.units}
        inputs: [left, right]
        let: {more: $(units + 1)}
        shared: {tower: [relu]}
        layers: [concat, dense: $more]
        outputs: [out]
      imported: other.yaml
      renamed: {from: other.yaml, block: head}
    shared: {towers/left: [relu]}
    layers: [flatten, dense: $double, use: $unit]
    outputs: end
    expect: {params: 3}
    training: {epochs: 1}
"""


def test_every_section_is_in_the_document() -> None:
    made = document(WHOLE.replace("{here: $(}", "{here: 1}"))
    assert made.name == "net"
    assert [parameter.name.text for parameter in made.parameters] == ["width", "unit"]
    assert made.parameters[0].kind == "int"
    assert made.parameters[0].about is not None
    assert [variant.name.text for variant in made.variants] == ["wide", "same"]
    assert made.variants[0].expect is not None
    assert [entry.key.text for entry in made.let] == ["double"]
    assert [entry.key.text for entry in made.inputs] == ["image"]
    assert [default.word.text for default in made.defaults] == ["dense"]
    (block,) = made.blocks
    assert [(one.name.text, one.file.text, one.block.text) for one in made.imports] == [
        ("imported", "other.yaml", "imported"),
        ("renamed", "other.yaml", "head"),
    ]
    assert [one.word.text for one in (*made.shared, *block.shared)] == ["towers/left", "tower"]
    assert [name.text for name in block.inputs or ()] == ["left", "right"]
    assert [name.text for name in block.outputs or ()] == ["out"]
    assert len(made.layers) == 3
    assert [name.text for name in made.outputs or ()] == ["end"]
    assert made.expect is not None
    assert made.training is not None


def test_what_a_file_extends_is_in_the_document() -> None:
    made = document(
        """
        archspec: 1
        extends:
          spec: other.yaml
          variant: wide
          with: {classes: 3}
          patch:
            - {replace: a, layers: [relu]}
            - {set: b/c, with: {size: 2}}
        """
    ).extends
    assert made is not None
    assert made.variant is not None
    assert (made.spec.text, made.variant.text, len(made.parameters)) == ("other.yaml", "wide", 1)
    assert [(one.operation.text, one.path.text, len(one.layers), len(one.fields)) for one in made.patches] == [
        ("replace", "a", 1, 0),
        ("set", "b/c", 0, 1),
    ]


@pytest.mark.parametrize("key", [key for key in DOCUMENT_KEYS if key != "extends"])
def test_every_key_of_a_document_stands_in_the_whole_example(key: str) -> None:
    assert f"\n    {key}:" in WHOLE


@pytest.mark.parametrize("key", [*PARAMETER_KEYS, *(key for key in BLOCK_KEYS if key != "reference")])
def test_every_key_of_a_declaration_stands_in_the_whole_example(key: str) -> None:
    assert f"{key}:" in WHOLE


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("vgg16.yaml", "vgg16"),
        ("specs/keras/resnet50.yaml", "resnet50"),
        ("2023-net v2.yaml", "net_2023-net_v2"),
        ("<stdin>", "stdin"),
        ("12.yaml", "net_12"),
        ("层.yaml", "network"),
        ("x" * 100, "x" * 64),
    ],
)
def test_a_spec_without_a_name_has_its_files(file: str, name: str) -> None:
    made = document("archspec: 1\ninputs: {image: [8]}\nlayers: [relu]\n", file)
    assert made.name == name
    assert is_name(made.name)


def test_a_parameter_may_be_its_type_alone() -> None:
    made = document("archspec: 1\nparameters: {width: int}\ninputs: {image: [8]}\nlayers: [dense: $width]\n")
    assert (made.parameters[0].kind, made.parameters[0].default) == ("int", None)


def test_a_library_of_blocks_needs_neither_inputs_nor_layers() -> None:
    made = document("archspec: 1\nblocks: {unit: {layers: [relu]}}\n")
    assert made.layers == ()
    assert len(made.blocks) == 1


def test_the_other_sections_survive_a_broken_one() -> None:
    made, found = document_and_findings(
        "archspec: 1\nparameters: [a]\ninputs: {image: [8]}\nlayers: [relu, {dense: 4, relu: 1}, dense: 4]\n"
    )
    assert made is not None
    assert [one.code for one in found] == ["E0203", "E0212"]
    assert [type(one) for one in made.layers] == [ast.Use, ast.Unreadable, ast.Use]


def test_an_expression_that_cannot_be_parsed_is_reported_where_nothing_uses_it() -> None:
    _, found = document_and_findings("archspec: 1\nlet: {a: $(1 +)}\ninputs: {image: [8]}\nlayers: [relu]\n")
    assert [(one.code, one.position) for one in found if one.code != "W0302"] == [("E0601", (2, 15))]


def test_nothing_in_meta_is_an_expression() -> None:
    document("archspec: 1\nmeta: {price: 3$}\ninputs: {image: [8]}\nlayers: [relu]\n")


@pytest.mark.parametrize("version", ["2", "0", "1.0", "one", "[1]", "{}", "''", "-1", "01"])
def test_another_version_is_refused(version: str) -> None:
    _, found = document_and_findings(f"archspec: {version}\ninputs: {{image: [8]}}\nlayers: [relu]\n")
    assert [(one.code, one.position) for one in found] == [("E0204", (1, 11))]
