"""An op held to what makes one whole: its docstring, its declaration, and its example built, tried and printed.

For the authors of plugins; `tests/test_op_conformance.py` asks more of archspec's own, by many cases for each.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Iterator

from archspec.compiler import compile_spec, lower_graph
from archspec.diagnostics import SourceFile
from archspec.elaboration.settings import Settings
from archspec.ir.graph import Graph
from archspec.ir.op import Op
from archspec.ops import Vocabulary
from archspec.plugins.failure import failure_in

SECTIONS = ("Shape:", "Weights:", "Cost:", "Errors:", "Source:")
"""What an op's docstring tells, in this order."""


def op_problems(word: str, ops: Vocabulary) -> tuple[str, ...]:
    """What is wrong with an op, a line each; nothing for one that is proven. Imports Keras."""
    op = ops.find(word)
    assert op is not None
    problems = [*_of_text(op), *_of_declaration(op)]
    try:
        example = op.example
    except AttributeError:
        return (*problems, "`example` is missing: a whole spec that uses the op")
    try:
        problems += _of_example(example, word, ops)
    except Exception as error:
        said = failure_in(error)
        if said is None:
            raise
        problems.append(said)
    return tuple(problems)


def _of_text(op: type[Op]) -> Iterator[str]:
    text = inspect.cleandoc(sys.modules[op.__module__].__doc__ or "")
    places = [text.find(f"\n{section}") for section in SECTIONS]
    missing = [section for section, place in zip(SECTIONS, places, strict=True) if place < 0]
    if missing:
        yield f"the file's docstring lacks {', '.join(f'`{section}`' for section in missing)}"
    elif places != sorted(places):
        yield f"the sections of the file's docstring stand in the order {', '.join(SECTIONS)}"
    if not op.__doc__:
        yield "the class has no docstring"


def _of_declaration(op: type[Op]) -> Iterator[str]:
    for name, field in op.model_fields.items():
        if not field.description or "\n" in field.description:
            yield f"the field `{name}` has no description in a line"
    required = [name for name, field in op.model_fields.items() if field.is_required()]
    if required and op.principal is None:
        yield f"`{required[0]}` is required and there is no `principal` field, which may stand alone"


def _of_example(example: str, word: str, ops: Vocabulary) -> Iterator[str]:
    compilation = compile_spec(SourceFile(f"the example of {word}", textwrap.dedent(example)), Settings(ops=ops))
    yield from (f"the example: [{found.code}] {found.headline}" for found in compilation.diagnostics)
    if compilation.graph is None:
        return
    if word not in {node.word for node in compilation.graph.nodes}:
        yield f"the example does not use `{word}`"
    yield from _of_model(compilation.graph)


def _of_model(graph: Graph) -> Iterator[str]:
    # Imported here: they need Keras, or nothing but this does.
    from archspec.emission.keras_source import emit
    from archspec.keras_backend.build import build
    from archspec.keras_backend.proof import require_proof
    from archspec.keras_backend.trial import failed_trials

    lowered = lower_graph(graph)
    built = build(lowered)
    require_proof(graph, lowered, built)
    yield from failed_trials(built.model, emit(lowered))
