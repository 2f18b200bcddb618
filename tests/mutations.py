"""Random edits of sound specs, and what must hold of every text that comes out: diagnostics or success, soon.

Shared by the suite, which runs a few hundred, and by `tools/fuzz_specs.py`, which runs as many as asked.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from archspec import zoo
from archspec.analysis.borders import unread
from archspec.analysis.liveness import Unsized
from archspec.analysis.receptive_field import receptive_fields
from archspec.analysis.resizing import formulas
from archspec.analysis.roofline import Machine, roofline
from archspec.compiler import check_variants, compile_spec, lower_graph
from archspec.diagnostics import DiagnosticSink
from archspec.diagnostics.render import render_text, to_json
from archspec.elaboration.settings import Settings
from archspec.emission.keras_source import emit
from archspec.mending import MOST_CHECKS, check, mend
from archspec.report.memory import Setting, memory_text
from archspec.report.summary import summary_json, summary_text
from archspec.syntax.lexemes import Kind, lexemes
from archspec.syntax.reader import decode
from tests.diagnostic_cases import read_cases

SECONDS = 10.0
"""For one text, all its variants included, on a slow machine."""

VALUES = (
    "0", "-1", "1", "2", "3", "7", "1.5", "1e3", "1e300", "017", "99999999999999999999", "true", "no", "~", "''", "[]",
    "{}", "[1, 2]", "[[1]]", "{a: 1}", "relu", "same", "half", "valid", "image", "in", "add", "use", "x", "&a x", "*a",
    "!x y", "$x", "$in.channels", "$(1 / 0)", "$(index)", "$(2 ** 40)", "$(range(9))", "$(", "'$(min(1, 2))'", "$row",
    "$(first)", "$classes", "[$classes]", "<= 5", "training", "?", "-", "block", "layers", "int", "\u5c42", "a/b",
)  # fmt: skip

WORDS = (
    "archspec", "name", "inputs", "parameters", "variants", "let", "defaults", "blocks", "layers", "outputs", "expect",
    "training", "from", "when", "only", "with", "repeat", "for", "rows", "side", "use", "parallel", "add", "concat",
    "multiply", "conv", "dense", "split", "pad", "crop", "reshape", "flatten", "max_pool", "average_pool", "dropout",
    "batch_norm", "conv_bn", "inception", "residual_bottleneck", "squeeze_excite", "filters", "kernel", "stride",
    "padding", "dilation", "groups", "units", "size", "type", "default", "min", "max", "one_of", "nodes", "shape",
    "shared", "extends", "spec", "variant", "patch", "replace", "insert_before", "insert_after", "remove", "set",
    "resnet50",
)  # fmt: skip

SIGNS = "[]{}:,-#'\"|>&*!%@`?$()\n \t~\\\0\ufeff\u2028\x85\x07\u00e9=+/.0123456789aZ_"

Edit = Callable[[str, random.Random], str]


def delete_lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    start = chance.randrange(len(lines))
    del lines[start : start + chance.choice((1, 1, 1, 2, 5))]
    return "\n".join(lines)


def duplicate_lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    start = chance.randrange(len(lines))
    lines[start:start] = lines[start : start + chance.choice((1, 1, 3))]
    return "\n".join(lines)


def move_lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    start = chance.randrange(len(lines))
    moved = lines[start : start + chance.choice((1, 2))]
    del lines[start : start + len(moved)]
    place = chance.randrange(len(lines) + 1)
    return "\n".join([*lines[:place], *moved, *lines[place:]])


def indent_a_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    place = chance.randrange(len(lines))
    lines[place] = " " * chance.randrange(4) + lines[place] if chance.random() < 0.5 else lines[place].lstrip()
    return "\n".join(lines)


def replace_a_value(text: str, chance: random.Random) -> str:
    """What stands after a colon, or between commas or brackets, becomes another value."""
    starts = [place + 2 for place in range(len(text) - 2) if text[place : place + 2] in (": ", ", ", "- ")]
    start = chance.choice(starts or [0])
    end = start
    while end < len(text) and text[end] not in ",\n}]":
        end += 1
    return text[:start] + chance.choice(VALUES) + text[end:]


def rename_a_word(text: str, chance: random.Random) -> str:
    starts = [
        place for place in range(len(text)) if text[place].isalpha() and not (place and text[place - 1].isalnum())
    ]
    start = chance.choice(starts or [0])
    end = start
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    word = text[start:end]
    slip = word[1:] if chance.random() < 0.3 else chance.choice(WORDS)
    return text[:start] + slip + text[end:]


def splice_signs(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    signs = "".join(chance.choice(SIGNS) for _ in range(chance.choice((1, 1, 2, 5))))
    return text[:place] + signs + text[place + chance.randrange(3) :]


def cut_out(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    return text[:start] + text[start + chance.choice((1, 2, 5, 30, 200)) :]


def splice_in_another(text: str, chance: random.Random) -> str:
    other = chance.choice(SHIPPED)
    start = chance.randrange(len(other))
    place = chance.randrange(len(text) + 1)
    return text[:place] + other[start : start + chance.choice((5, 40, 200))] + text[place:]


def repeat_a_stretch(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    stretch = text[start : start + chance.choice((1, 3, 20))]
    return text[:start] + stretch * chance.choice((2, 10, 300)) + text[start:]


def insert_a_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    place = chance.randrange(len(lines) + 1)
    indentation = " " * (2 * chance.randrange(5))
    line = f"- {{{chance.choice(WORDS)}: {chance.choice(VALUES)}, {chance.choice(WORDS)}: {chance.choice(VALUES)}}}"
    return "\n".join([*lines[:place], indentation + line, *lines[place:]])


EDITS: tuple[Edit, ...] = (
    delete_lines, duplicate_lines, move_lines, indent_a_line, replace_a_value, replace_a_value, replace_a_value,
    rename_a_word, rename_a_word, splice_signs, cut_out, splice_in_another, repeat_a_stretch, insert_a_line,
)  # fmt: skip

LANGUAGE = Path(__file__).parent / "elaboration" / "language"

SHIPPED: tuple[str, ...] = (
    *(zoo.open_spec(name, DiagnosticSink()).text for name in zoo.names()),
    *(path.read_text(encoding="utf-8") for path in sorted(LANGUAGE.glob("*.yaml"))),
)
"""Every shipped spec, and the language's examples."""

CASES: tuple[str, ...] = tuple(
    case.text.lstrip("\n") for case in read_cases() if not case.name.startswith(("limits", "reading"))
)
"""The cases of `tests/diagnostics/`: small, and near to every mistake."""


@dataclass(frozen=True)
class Outcome:
    """What became of one text. `failure` is there if something else came out than a diagnostic or success."""

    codes: tuple[str, ...]
    seconds: float
    failure: str | None = None


def mutant(seed: int) -> bytes:
    """The text number `seed`: a sound spec edited once to three times, now and then down to its bytes."""
    chance = random.Random(seed)
    text = chance.choice(SHIPPED if chance.random() < 0.6 else CASES)
    for _ in range(chance.choice((1, 1, 2, 3))):
        text = chance.choice(EDITS)(text, chance)
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if data and chance.random() < 0.05:
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def try_out(data: bytes) -> Outcome:
    """Check a text as the command line does, and go on to its summary and source where it is sound."""
    started = time.perf_counter()
    codes: tuple[str, ...] = ()
    failure = None
    try:
        codes = _use(data)
    except Exception as error:  # anything: this is the question
        failure = f"{type(error).__name__}: {error}"
    seconds = time.perf_counter() - started
    if failure is None and seconds > SECONDS:
        failure = f"took {seconds:.1f} seconds"
    return Outcome(codes, seconds, failure)


def try_fixes(data: bytes) -> Outcome:
    """Apply all fixes to a text, and hold what must be true of the text that comes out."""
    started = time.perf_counter()
    failure = None
    fixed: tuple[str, ...] = ()
    try:
        fixed = _mend(data)
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
    return Outcome(fixed, time.perf_counter() - started, failure)


def _mend(data: bytes) -> tuple[str, ...]:
    """The codes of what was mended."""
    sink = DiagnosticSink()
    source = decode("mutant.yaml", data, sink)
    if sink.errors:
        return ()
    before = check(source, Settings())
    mended = mend(source, Settings())
    after = check(mended.source, Settings())
    assert after.found == mended.found, "what is left is not what a check of the text finds"
    assert bool(mended.fixed) == (mended.source.text != source.text), "a fix that changes nothing, or a change unnamed"
    if before.is_readable:
        assert after.is_readable, "a text that could be read cannot be any more"
        assert after.reading_errors <= before.reading_errors, "more mistakes than before keep it from being read"
        assert comments(source.text) == comments(mended.source.text), "a comment is not what it was"
    if len(mended.fixed) < MOST_CHECKS // 2:
        again = mend(mended.source, Settings())
        assert not again.fixed, f"a second time changes more: {[one.headline for one in again.fixed]}"
    return tuple(one.code for one in mended.fixed)


def comments(text: str) -> Counter[str]:
    """The comments of a text that YAML can read."""
    found = lexemes(text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n")
    return Counter(lexeme.text for lexeme in found if lexeme.kind is Kind.COMMENT)


def _use(data: bytes) -> tuple[str, ...]:
    sink = DiagnosticSink()
    source = decode("mutant.yaml", data, sink)
    if sink.errors:
        return tuple(found.code for found in sink.sorted())
    compilation = compile_spec(source, Settings(), sink)
    found = (*compilation.diagnostics, *check_variants(compilation, Settings()))
    render_text(found)
    for one in found:
        to_json(one)
        line, column = one.position
        in_file = one.primary is None or one.primary.span.source.name != source.name or 0 < line <= len(source.lines)
        assert in_file and column >= 0, f"{one.code} is at {line}:{column}, outside its file"
    if compilation.graph is not None:
        graph = compilation.graph.for_inference()
        assert graph.outputs or compilation.graph.outputs, "a sound spec without outputs"
        summary_text(graph)
        summary_json(graph, depth=1)
        receptive_fields(graph)
        formulas(graph)
        for node in graph.nodes:
            unread(node)
            node.op.derivation(node.input_shapes, node.shapes)
        with contextlib.suppress(Unsized):
            memory_text(compilation.graph, Setting(2, "float16", "adam"), layers=True)
            roofline(graph, Machine(Fraction(1), Fraction(1)))
        emit(lower_graph(compilation.graph))
    else:
        assert compilation.errors, "no graph and no error"
    return tuple(one.code for one in found)
