"""Where a field's value comes from, name by name."""

from __future__ import annotations

from typing import Any

from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.provenance import Step, trace
from archspec.elaboration.settings import Settings, read_setting

SPEC = """
archspec: 1
name: net
inputs: {image: [8, 8, 4]}
parameters:
  width: {type: int, default: 8}
  depths: {type: ints, default: [1, 2]}
variants: {wide: {width: 32}}
let: {doubled: $(2 * width)}
defaults: {conv: {padding: half}}
blocks:
  unit:
    parameters: {filters: int, kernel: {type: conv.kernel, default: 3}, wide: {type: bool, default: false}}
    let: {inner: $(filters // 2)}
    layers:
      - {conv: {filters: $inner, kernel: $kernel}, name: a}
      - {conv: {filters: $filters, kernel: 1}, name: b}
layers:
  - for: {depth: $depths, scale: [1, 3]}
    name: stage$index
    layers:
      - repeat: $depth
        layers:
          - {unit: {filters: $(scale * doubled)}, name: unit$index}
  - {conv: {filters: 2, kernel: 1, padding: valid}, name: last}
  - for: [f, k]
    rows: [[4, 1], [6, 3]]
    name: row$index
    layers: [{conv: {filters: $f, kernel: $k}, name: c}]
"""


def traced(path: str, settings: Settings | None = None, text: str = SPEC) -> dict[str, Step]:
    """The steps of a node's fields by their names."""
    found = compile_spec(SourceFile("net.yaml", text), Settings(watched=path) if settings is None else settings)
    node = found.require_graph().by_path[path]
    assert found.watched is not None
    fields: list[tuple[str, Any]] = [(name, getattr(node.op, name)) for name in type(node.op).model_fields]
    return {step.name: step for step in trace(found.watched, fields)}


Told = tuple[str, Any, str, str, list[Any]]


def told(step: Step) -> Told:
    """A step without its place: name, value, kind, text, what stands behind."""
    return (step.name, step.value, step.kind, step.text, [told(inner) for inner in step.behind])


def test_a_written_field_and_defaults() -> None:
    steps = traced("last")
    assert told(steps["filters"]) == ("filters", 2, "written", "2", [])
    assert told(steps["padding"]) == ("padding", "valid", "written", "valid", [])
    assert told(steps["stride"]) == ("stride", (1,), "field's default", "", [])
    place = steps["filters"].place
    assert place is not None and (place.line, place.column) == (25, 22)


def test_a_default_of_the_file_reaches_its_own_lines() -> None:
    assert told(traced("stage1/unit1/a")["padding"]) == ("padding", "half", "default of the file", "half", [])


def test_names_are_followed_through_blocks_lets_and_loops() -> None:
    steps = traced("stage2/unit2/a")
    # The second pass: scale 3, and 2·8 doubled, so 48, of which half.
    width: Told = ("width", 8, "parameter's default", "8", [])
    doubled: Told = ("doubled", 16, "let", "$(2 * width)", [width])
    scale: Told = ("scale", 3, "pass 2", "[1, 3]", [])
    given: Told = ("filters", 48, "written", "$(scale * doubled)", [doubled, scale])
    inner: Told = ("inner", 24, "let", "$(filters // 2)", [given])
    assert told(steps["filters"]) == ("filters", 24, "written", "$inner", [inner])
    kernel: Told = ("kernel", 3, "parameter's default", "3", [])
    assert told(steps["kernel"]) == ("kernel", (3,), "written", "$kernel", [kernel])


def test_variants_and_overrides_say_so() -> None:
    of_variant = traced("stage1/unit1/b", Settings(variant="wide", watched="stage1/unit1/b"))["filters"]
    assert told(of_variant.behind[0])[-1][0] == (
        "doubled", 64, "let", "$(2 * width)", [("width", 32, "variant `wide`", "32", [])],
    )  # fmt: skip
    given = read_setting("--set", "width=5", DiagnosticSink())
    assert given is not None
    overridden = traced("stage1/unit1/b", Settings(parameters=dict([given]), watched="stage1/unit1/b"))["filters"]
    (width,) = overridden.behind[0].behind[0].behind
    assert told(width) == ("width", 5, "override", "5", [])


def test_a_row_names_its_pass_and_its_table() -> None:
    found = traced("row2/c")["filters"]
    assert told(found) == ("filters", 6, "written", "$f", [("f", 6, "pass 2", "[[4, 1], [6, 3]]", [])])


def test_the_row_as_fields_names_its_table_too() -> None:
    text = SPEC.replace("for: [f, k]", "for: [filters, kernel]").replace("{filters: $f, kernel: $k}", "$row")
    found = traced("row1/c", text=text)["filters"]
    assert (found.name, found.value, found.kind) == ("filters", 4, "row")
    assert told(found.behind[0])[2:4] == ("pass 1", "[[4, 1], [6, 3]]")


def test_a_node_of_a_block_used_again_is_the_one_asked_after() -> None:
    first, second = (traced(f"stage{place}/unit1/b")["filters"] for place in (1, 2))
    assert (first.value, second.value) == (16, 48)
    assert [step.kind for step in second.behind[0].behind if step.name == "scale"] == ["pass 2"]
