"""`extends` and blocks of other files: one parent, its parameters, and patches by path.

ResNet-50's published count is 25,557,032. Its first convolution has 7 x 7 x 3 x 64 weights, its classifier
2048 x 1000 + 1000; the expected figures of changed networks follow from these.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from archspec import zoo
from archspec.analysis.cost import totals
from archspec.compiler import Compilation, compile_spec
from archspec.diagnostics import DiagnosticSink
from archspec.elaboration.settings import Settings, read_setting
from archspec.ir.graph import Graph
from archspec.ir.printer import print_graph
from archspec.ir.verify import broken_rules
from archspec.resolving import resolve
from tests.compiled import graph_of

RESNET50 = 25_557_032

PARENT = """
archspec: 1
name: parent
parameters: {width: {type: int, default: 4}, depth: {type: int, default: 2}}
variants: {wide: {width: 16}}
inputs: {image: [8, 8, 3]}
blocks:
  unit:
    parameters: {width: int}
    layers:
      - add:
          main: [{conv: {filters: $width, kernel: 3, padding: same}, name: conv}, relu]
          shortcut: [conv: {filters: $width, kernel: 1}]
layers:
  - {conv: {filters: $width, kernel: 3, padding: same}, name: stem}
  - relu
  - repeat: $depth
    name: stage$index
    layers: [{unit: $width, name: unit}, relu]
  - {side: [global_average_pool, dense: 5], name: extra}
  - global_average_pool
  - dense: 7
  - {dense: 10, name: predictions}
outputs: [predictions, extra]
"""


def compile_files(folder: Path, **files: str) -> Compilation:
    """The spec `child.yaml` among these files."""
    for name, text in {"parent": PARENT, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return compile_spec(zoo.open_spec(str(folder / "child.yaml"), DiagnosticSink()))


def patched(folder: Path, patch: str, rest: str = "") -> Graph:
    """The parent with patches."""
    text = f"archspec: 1\nextends:\n  spec: parent.yaml\n  patch: [{patch}]\n{rest}\n"
    graph = compile_files(folder, child=text).require_graph()
    assert broken_rules(graph) == ()
    return graph


def words(graph: Graph) -> dict[str, str]:
    return {node.path: node.word for node in graph.nodes}


PLAIN = words(graph_of(PARENT))


def test_a_shipped_spec_is_extended_by_its_name() -> None:
    text = """
        archspec: 1
        name: small_images
        extends:
          spec: resnet50
          with: {classes: 10}
          patch:
            - {replace: conv1, layers: [conv_bn_relu: {filters: 64, kernel: 3, padding: same}]}
            - {remove: max_pool_1}
        inputs: {image: [32, 32, 3]}
        """
    graph = graph_of(text)
    found = totals(graph)
    assert graph.name == "small_images"
    assert found.trainable == RESNET50 - 7 * 7 * 3 * 64 + 3 * 3 * 3 * 64 - (2048 + 1) * 1000 + (2048 + 1) * 10
    assert graph.by_path["conv5/unit3/relu_1"].shapes[0].dims == (4, 4, 2048)


def test_the_spec_alone_is_the_same_network(tmp_path: Path) -> None:
    child = compile_files(tmp_path, child="archspec: 1\nname: parent\nextends: parent.yaml\n").require_graph()
    assert print_graph(child) == print_graph(graph_of(PARENT))


def test_parameters_and_variants_of_the_parent_are_set(tmp_path: Path) -> None:
    text = """
archspec: 1
parameters: {stages: {type: int, default: 3}}
extends: {spec: parent.yaml, variant: wide, with: {depth: $stages}}
"""
    graph = compile_files(tmp_path, child=text).require_graph()
    assert graph.by_path["stem"].shapes[0].channels == 16
    assert "stage3/unit/main/conv" in graph.by_path
    source = zoo.open_spec(str(tmp_path / "child.yaml"), DiagnosticSink())
    setting = read_setting("--set", "stages=1", DiagnosticSink())
    assert setting is not None
    deeper = compile_spec(source, Settings(parameters=dict([setting])))
    assert "stage2/unit/main/conv" not in deeper.require_graph().by_path


def test_one_line_takes_the_place_and_the_path_of_the_replaced(tmp_path: Path) -> None:
    graph = patched(tmp_path, "{replace: predictions, layers: [dense: 3]}, {replace: dense_1, layers: [relu]}")
    assert words(graph) == {**PLAIN, "dense_1": "relu"}
    assert graph.by_path["predictions"].shapes[0].dims == (3,)


def test_several_lines_stand_in_a_scope_of_that_name(tmp_path: Path) -> None:
    graph = patched(tmp_path, "{replace: predictions, layers: [dropout: 0.5, dense: 3]}")
    assert [path for path in words(graph) if path.startswith("pred")] == [
        "predictions/dropout_1",
        "predictions/dense_1",
    ]
    assert [output.name for output in graph.outputs] == ["predictions", "extra"]


def test_what_replaces_a_side_stands_beside_the_trunk_too(tmp_path: Path) -> None:
    graph = patched(tmp_path, "{replace: extra, layers: [global_max_pool]}")
    assert graph.by_path["extra"].word == "global_max_pool"
    assert graph.by_path["global_average_pool_1"].inputs == graph.by_path["extra"].inputs
    assert set(words(graph)) == {path for path in PLAIN if not path.startswith("extra/")} | {"extra"}


def test_removing_a_line_changes_no_other_path(tmp_path: Path) -> None:
    graph = patched(tmp_path, "{remove: dense_1}, {remove: relu_1}")
    assert words(graph) == {path: word for path, word in PLAIN.items() if path not in ("dense_1", "relu_1")}


def test_lines_are_put_before_and_after(tmp_path: Path) -> None:
    graph = patched(
        tmp_path,
        "{insert_before: stem, layers: [{relu, name: first}]},"
        "{insert_after: stage1/unit/main/conv, layers: [{batch_norm, name: bn}]},"
        "{insert_after: stage1, layers: [{max_pool: 2, name: shrink}]}",
    )
    assert words(graph) == {**PLAIN, "first": "relu", "stage1/unit/main/bn": "batch_norm", "shrink": "max_pool"}
    assert [str(value) for value in graph.by_path["stage1/unit/main/relu_1"].inputs] == ["stage1/unit/main/bn"]
    assert graph.by_path["stage2/unit/main/conv"].shapes[0].dims == (4, 4, 4)


def test_fields_are_set_and_the_others_stay(tmp_path: Path) -> None:
    graph = patched(
        tmp_path, "{set: stage2/unit/main/conv, with: {kernel: 5, bias: false}}, {set: stage1/unit, with: {width: 6}}"
    )
    conv = graph.by_path["stage2/unit/main/conv"]
    assert [weight.shape for weight in conv.weights] == [(5, 5, 6, 4)]
    assert words(graph) == PLAIN


def test_passes_and_branches_are_replaced_and_removed(tmp_path: Path) -> None:
    graph = patched(
        tmp_path,
        "{remove: stage2}, {replace: stage1/unit/main, layers: [{conv: {filters: 4, kernel: 1}, name: only}]}",
    )
    assert {path for path in words(graph) if "stage" in path} == {
        "stage1/unit/main/only",
        "stage1/unit/shortcut/conv_1",
        "stage1/unit/add_1",
        "stage1/relu_1",
    }
    assert words(patched(tmp_path, "{remove: stage1/unit/shortcut}"))["stage1/unit/main/conv"] == "conv"


def test_patches_have_the_numbers_defaults_and_blocks_of_their_own_file(tmp_path: Path) -> None:
    rest = """
parameters: {units: {type: int, default: 12}}
defaults: {dense: {bias: false}}
blocks: {head: {parameters: {units: int}, layers: [{dense: $units, name: out}]}}
"""
    graph = patched(
        tmp_path,
        "{replace: predictions, layers: [head: $units]}, {insert_after: stem, layers: [{unit: 4, name: more}]}",
        rest,
    )
    assert [weight.shape for weight in graph.by_path["predictions/out"].weights] == [(7, 12)]
    assert [weight.name for weight in graph.by_path["dense_1"].weights] == ["kernel", "bias"]
    assert "more/main/conv" in graph.by_path


def test_a_default_holds_for_the_lines_of_patches(tmp_path: Path) -> None:
    graph = patched(tmp_path, "{replace: predictions, layers: [dense: 3]}", "defaults: {dense: {bias: false}}")
    assert [weight.name for weight in graph.by_path["predictions"].weights] == ["kernel"]


def test_a_grandchild_patches_what_the_child_has_put_in(tmp_path: Path) -> None:
    middle = """
archspec: 1
extends:
  spec: parent.yaml
  patch: [{insert_after: dense_1, layers: [{dropout: 0.5, name: drop}]}, {replace: predictions, layers: [dense: 3]}]
"""
    child = """
archspec: 1
extends:
  spec: middle.yaml
  patch: [{set: drop, with: {rate: 0.1}}, {set: predictions, with: {units: 9}}]
"""
    graph = compile_files(tmp_path, middle=middle, child=child).require_graph()
    assert graph.by_path["drop"].op.model_dump()["rate"] == 0.1
    assert graph.by_path["predictions"].shapes[0].dims == (9,)


def test_contracts_and_training_belong_to_the_extending_file(tmp_path: Path) -> None:
    parent = PARENT + "expect: {params: 1}\ntraining: {data: digits, losses: {predictions: crossentropy}}\n"
    child = "archspec: 1\nextends: {spec: parent.yaml}\noutputs: [predictions]\nexpect: {depth: 2}\n"
    compilation = compile_files(tmp_path, parent=parent, child=child)
    assert [found.code for found in compilation.diagnostics if found.code == "E0701"] == ["E0701"]
    assert compilation.diagnostics[0].primary is not None
    assert compilation.diagnostics[0].primary.span.source.name.endswith("child.yaml")


def test_the_resolved_form_of_an_extended_spec_stands_alone(tmp_path: Path) -> None:
    text = (
        "archspec: 1\nextends: {spec: parent.yaml, patch: [{replace: predictions, layers: [dropout: 0.5, dense: 3]}]}\n"
    )
    compilation = compile_files(tmp_path, child=text)
    assert print_graph(graph_of(resolve(compilation))) == print_graph(compilation.require_graph())


def test_a_block_comes_from_another_file_under_its_name_or_another(tmp_path: Path) -> None:
    library = "archspec: 1\nblocks:\n  unit: {parameters: {width: int}, layers: [dense: $width]}\n  deep: far.yaml\n"
    far = "archspec: 1\ndefaults: {dense: {bias: false}}\nblocks: {deep: {layers: [{dense: 2, name: far}]}}\n"
    child = """
archspec: 1
inputs: {x: [3]}
blocks:
  unit: library.yaml
  other: {from: library.yaml, block: deep}
layers: [{unit: 4, name: a}, {other, name: b}]
"""
    graph = compile_files(tmp_path, library=library, far=far, child=child).require_graph()
    assert {path: len(node.weights) for path, node in graph.by_path.items()} == {"a/dense_1": 2, "b/far": 1}


def test_one_path_is_set_once(tmp_path: Path) -> None:
    twice = "{set: stem, with: {kernel: 5}}, {set: stem, with: {filters: 5}}"
    found = compile_files(
        tmp_path, child=f"archspec: 1\nextends: {{spec: parent.yaml, patch: [{twice}]}}\n"
    ).diagnostics
    assert [one.code for one in found] == ["E0314"]


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        ("extends: nowhere.yaml", "E0114 child.yaml:2:10: there is no file `nowhere.yaml`, seen from this one"),
        ("extends: parents.yaml", "did you mean `parent.yaml`?"),
        ("extends: ../outside.yaml", "E0114 child.yaml:2:10: `../outside.yaml` lies outside the project"),
        ("extends: /etc/hosts.yaml", "E0114 child.yaml:2:10: `/etc/hosts.yaml` lies outside the project"),
        ("extends: link.yaml", "E0114 child.yaml:2:10: `link.yaml` lies outside the project"),
        ("extends: $name.yaml", "E0114 child.yaml:2:10: a file is named by its path as it stands, without expressions"),
        ("extends: child.yaml", "E0115 child.yaml:2:10: files extend or import one another in a circle"),
        ("extends: circle.yaml", "E0115 circle.yaml:2:10: files extend or import one another in a circle"),
        ("extends: library.yaml", "E0114 child.yaml:2:10: `library.yaml` has no `layers` to extend"),
        ("extends: folder.yaml", "E0114 child.yaml:2:10: there is no file `folder.yaml`"),
        ("extends: broken.yaml", "E0202 broken.yaml:2:1: a spec has no key `layer`"),
        ("extends: {spec: parent.yaml, variant: wider}", "E0220 child.yaml:2:39: there is no variant `wider`"),
        ("extends: {spec: parent.yaml, with: {widht: 3}}", "E0221 child.yaml:2:37: there is no parameter `widht`"),
        ("extends: {spec: parent.yaml, with: {width: no}}", "E0502 child.yaml:2:44: `parameters.width` must be"),
        (
            "blocks: {unit: library.yaml}\ninputs: {x: [3]}\nlayers: [unit]",
            "E0305 child.yaml:2:10: `library.yaml` has no block",
        ),
        ("extends: parent.yaml\ninputs: {images: [3]}", "E0217 child.yaml:3:18: there is no input `images`"),
        (
            "extends: {spec: parent.yaml, patch: [{remove: extra}]}",
            "E0303 child.yaml:2:39: `extra` is referred to, and a patch removes it",
        ),
    ],
)
def test_mistakes_are_shown_at_their_line(tmp_path: Path, child: str, expected: str) -> None:
    project = tmp_path / "project"
    (project / "folder.yaml").mkdir(parents=True)
    (tmp_path / "outside.yaml").write_text(PARENT, encoding="utf-8")
    (project / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    found = compile_files(
        project,
        child=f"archspec: 1\n{child}\n",
        circle="archspec: 1\nextends: child.yaml\n",
        library="archspec: 1\nblocks: {units: {layers: [relu]}}\n",
        broken="archspec: 1\nlayer: [relu]\n",
    ).diagnostics
    shown = [
        f"{one.code} {Path(one.primary.span.source.name).name}:{one.primary.span.line}:{one.primary.span.column}: "
        f"{one.headline} {one.help}"
        for one in found
        if one.primary
    ]
    assert any(expected in line for line in shown), shown


def test_the_project_reaches_to_the_marked_folder(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "base.yaml").write_text(PARENT, encoding="utf-8")
    (tmp_path / "specs").mkdir()
    compile_files(tmp_path / "specs", child="archspec: 1\nextends: ../base.yaml\n").require_graph()


def test_a_mistake_that_a_patch_brings_is_shown_at_the_patch(tmp_path: Path) -> None:
    text = "archspec: 1\nextends: {spec: parent.yaml, patch: [{set: stage1/unit/main/conv, with: {filters: 5}}]}\n"
    (found,) = compile_files(tmp_path, child=text).diagnostics
    places = [found.primary, *found.labels]
    assert found.code == "E0412"
    assert [(Path(one.span.source.name).name, one.text) for one in places if one][:1] == [
        ("child.yaml", "after this patch")
    ]
    assert any("parent.yaml" in one.span.source.name for one in places if one)
