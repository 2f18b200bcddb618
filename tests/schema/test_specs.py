"""What is sound passes the schema; typical mistakes are refused at their place, and no more than `check` refuses."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from archspec import ops, zoo
from archspec.cli import main
from archspec.diagnostics import DiagnosticSink, Severity
from archspec.elaboration.modules import standard_text, standard_words
from tests.compiled import compiled
from tests.pages import PAGES, specs_in
from tests.schema.editor import refused
from tests.strategies import Spec, specs


def sound_specs() -> Iterator[tuple[str, str]]:
    """Every spec that stands with the project, by a name."""
    for name in zoo.names():
        yield name, zoo.open_spec(name, DiagnosticSink()).text
    for word in sorted(standard_words()):
        yield f"block {word}", standard_text(word)
    for word in sorted(ops.words()):
        op = ops.find(word)
        assert op is not None
        yield f"op {word}", textwrap.dedent(op.example)
    for page in PAGES:
        for number, text in enumerate(specs_in(page)):
            yield f"{page.name} {number}", text


@pytest.mark.parametrize(("name", "text"), list(sound_specs()), ids=lambda value: value.partition("\n")[0])
def test_sound_specs_pass(name: str, text: str) -> None:
    assert refused(text) == set(), name


def test_there_are_many_sound_specs() -> None:
    assert sum(1 for _ in sound_specs()) > 70


@pytest.mark.parametrize("name", zoo.names())
def test_what_resolve_prints_passes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", name]) == 0
    assert refused(capsys.readouterr().out) == set()


@given(spec=specs())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_sound_specs_pass(spec: Spec) -> None:
    assert refused(spec.text) == set()


NETWORK = "archspec: 1\ninputs: {image: [8, 8, 3]}\n"
LINES = NETWORK + "layers:\n  - "
DEFAULTS = NETWORK + "defaults: {conv: {kernel: 3}}\n"
WHOLE = NETWORK + "layers: [relu]\n"
BLOCK = NETWORK + "layers: [unit]\nblocks: {unit: {layers: [relu], "

MISTAKES = {
    "no version": ("inputs: {image: [8]}\nlayers: [relu]", ""),
    "another version": ("archspec: 2\ninputs: {image: [8]}\nlayers: [relu]", "archspec"),
    "no layers": (NETWORK, ""),
    "blocks and inputs, but no layers": (NETWORK + "blocks: {unit: {layers: [relu]}}", ""),
    "no inputs": ("archspec: 1\nlayers: [relu]", ""),
    "a misspelt key": (NETWORK + "layerz: [relu]", ""),
    "layers that are a mapping": (NETWORK + "layers: {relu: }", "layers"),
    "a size of zero": ("archspec: 1\ninputs: {image: [0, 8, 3]}\nlayers: [relu]", "inputs/image/0"),
    "a misspelt field": (LINES + "conv: {filters: 8, kernal: 3}", "layers/0/conv"),
    "a field beside the op": (LINES + "{conv: {filters: 8, kernel: 3}, stride: 2}", "layers/0"),
    "a modifier inside the op": (LINES + "conv: {filters: 8, kernel: 3, name: c1}", "layers/0/conv"),
    "a missing field": (LINES + "conv: {filters: 8}", "layers/0/conv"),
    "a lone value where another field is missing": (LINES + "conv: 8", "layers/0/conv"),
    "a lone value where none may stand": (LINES + "batch_norm: 3", "layers/0/batch_norm"),
    "an op that needs fields as a word": (LINES + "conv", "layers/0"),
    "nothing where a field is needed": (LINES + "dense:", "layers/0/dense"),
    "a word where a number is needed": (LINES + "dense: many", "layers/0/dense"),
    "a text where a number is needed": (LINES + "dense: '8'", "layers/0/dense"),
    "a fraction where a whole number is needed": (LINES + "dense: 8.5", "layers/0/dense"),
    "a number out of range": (LINES + "dropout: 1.5", "layers/0/dropout"),
    "a number where true or false is needed": (LINES + "dense: {units: 8, bias: 1}", "layers/0/dense/bias"),
    "`no` where true or false is needed": (LINES + "dense: {units: 8, bias: no}", "layers/0/dense/bias"),
    "a word that is none of the field's": (LINES + "dense: {units: 8, activation: rleu}", "layers/0/dense/activation"),
    "a padding that is none": (LINES + "max_pool: {size: 2, padding: smae}", "layers/0/max_pool/padding"),
    "a negative amount in a pair": (LINES + "pad: [[1, -1], 1]", "layers/0/pad/0/1"),
    "fields for an op that has none": (LINES + "relu: {slope: 1}", "layers/0/relu"),
    "a standard block without what it needs": (LINES + "fire: {squeeze: 8}", "layers/0/fire"),
    "a standard block out of its range": (LINES + "fire: {squeeze: 0, one: 1, three: 1}", "layers/0/fire/squeeze"),
    "two ops on a line": (LINES + "{relu: , flatten: }", "layers/0"),
    "a misspelt modifier": (LINES + "{relu: , nmae: a}", "layers/0"),
    "a name that is none": (LINES + "{relu: , name: 2nd}", "layers/0/name"),
    "a condition that is none": (LINES + "{relu: , when: maybe}", "layers/0/when"),
    "only for inference": (LINES + "{relu: , only: inference}", "layers/0/only"),
    "a node by its number": (LINES + "{concat: , from: [-1, 6]}", "layers/0/from/0"),
    "arguments beside an op": (LINES + "{relu: , with: {a: 1}}", "layers/0"),
    "a join with a field inside": (LINES + "{concat: {a: []}, with: {axes: rows}}", "layers/0/with"),
    "a branch that is a word": (LINES + "add: {a: relu, b: []}", "layers/0/add/a"),
    "a branch without layers": (LINES + "add: {a: {when: $x}, b: []}", "layers/0/add/a"),
    "a mistake in a branch": (LINES + "add: {a: [dense: x], b: []}", "layers/0/add/a/0/dense"),
    "no branches": (LINES + "add: {}", "layers/0/add"),
    "a loop without layers": (LINES + "repeat: 3", "layers/0"),
    "a loop of two kinds": (LINES + "{repeat: 3, for: {a: [1]}, layers: []}", "layers/0"),
    "columns without a table": (LINES + "{for: [a, b], layers: []}", "layers/0"),
    "a column that is no list": (LINES + "{for: {a: 3}, layers: []}", "layers/0/for/a"),
    "a block's word after `use`": (LINES + "use: unit", "layers/0/use"),
    "a default for no field": (WHOLE + "defaults: {conv: {pading: same}}", "defaults/conv"),
    "a mistake under defaults": (DEFAULTS + "layers: [conv: {fliters: 8}]", "layers/0/conv"),
    "a block without layers": (WHOLE + "blocks: {unit: {about: a unit}}", "blocks/unit"),
    "a block's misspelt key": (BLOCK + "abuot: a unit}}", "blocks/unit"),
    "a block by a word of the language": (WHOLE + "blocks: {repeat: {layers: []}}", "blocks"),
    "a mistake in a block's body": (
        NETWORK + "layers: [unit]\nblocks: {unit: {layers: [dense: x]}}",
        "blocks/unit/layers/0/dense",
    ),
    "a type that is none": (BLOCK + "parameters: {a: integer}}}", "blocks/unit/parameters/a"),
    "an op's field that is none": (BLOCK + "parameters: {a: conv.pading}}}", "blocks/unit/parameters/a"),
    "a parameter's misspelt key": (BLOCK + "parameters: {a: {type: int, defualt: 3}}}}", "blocks/unit/parameters/a"),
    "a default of another type": (
        NETWORK + "layers: [unit]\nblocks: {unit: {layers: [dense: $a], parameters: {a: {type: int, default: x}}}}",
        "blocks/unit/parameters/a/default",
    ),
    "a parameter that expressions cannot read": (BLOCK + "parameters: {a-b: int}}}", "blocks/unit/parameters"),
    "a figure that is none": (WHOLE + "expect: {params: about 5}", "expect/params"),
    "a contract on no figure": (WHOLE + "expect: {parms: 5}", "expect"),
    "a mode that is none": (WHOLE + "expect: {macs: {serving: 5}}", "expect/macs"),
    "a recipe's misspelt field": (WHOLE + "training: {epoch: 3}", "training"),
    "a recipe's value out of range": (WHOLE + "training: {epochs: 0}", "training/epochs"),
    "an optimizer that is none": (WHOLE + "training: {optimizer: sdg}", "training/optimizer"),
    "an optimizer's misspelt field": (
        WHOLE + "training: {optimizer: {name: sgd, lerning_rate: 1}}",
        "training/optimizer",
    ),
    "a loss that is none": (WHOLE + "training: {losses: {out: entropy}}", "training/losses/out"),
}  # fmt: skip
"""Specs with one mistake, and the path of what must be refused."""


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_at_its_place(name: str) -> None:
    text, path = MISTAKES[name]
    assert path in refused(text)


@pytest.mark.parametrize("name", MISTAKES)
def test_check_refuses_the_same(name: str) -> None:
    """The schema is no stricter than the language."""
    assert any(found.severity is Severity.ERROR for found in compiled(MISTAKES[name][0]).diagnostics)


ALLOWED = {
    "a block of the file's own": LINES + "unit: {width: 8, anything: [1, {a: b}]}",
    "the word of a block of the file's own": LINES + "unit",
    "expressions in fields": LINES + "conv: {filters: $(2 * width), kernel: $k, padding: $p, bias: $(x > 1)}",
    "an expression as all fields": LINES + "{for: [filters, kernel], rows: $table, layers: [conv: $row]}",
    "an expression in a list": LINES + "max_pool: {size: [2, $k]}",
    "numbers in other forms": LINES + "dense: {units: 0x10}\n  - dense: {units: 1e3}\n  - batch_norm: {epsilon: 1e-3}",
    "a field that `defaults` supplies": DEFAULTS + "layers: [conv: 8, conv: {filters: 8}]",
    "a block of the file's own by a standard word": NETWORK
    + "blocks: {fire: {layers: [relu]}}\nlayers: [fire: {a: 1}, fire]",
    "a computed name": LINES + "{relu: , name: unit$index}",
    "open sizes": "archspec: 1\ninputs: {a: [height, '?', 3], b: $size, c: 3}\nlayers: [concat]",
    "a library of blocks": "archspec: 1\nblocks: {unit: {layers: [relu]}}",
    "anything under `meta`": WHOLE + "meta: {a: [1, {b: c}]}",
    "figures in every form": NETWORK
    + "layers: [relu]\nexpect: {params: 1_000, macs: <= 5M, depth: 1 .. 2, trainable: {inference: 60M +- 1%}}",
}  # fmt: skip


@pytest.mark.parametrize("name", ALLOWED)
def test_what_it_cannot_know_passes(name: str) -> None:
    assert refused(ALLOWED[name]) == set()
