"""A node inserted at every place of a spec where a line may stand, as text; and what becomes of all other nodes.

Shared by the suite, which tries some places of each network, and by `tools/insert_everywhere.py`, which tries all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from archspec import ops
from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.settings import Settings
from archspec.ir.graph import Graph
from archspec.ir.op import Weight
from archspec.syntax import tree
from archspec.syntax.reader import read

NAMES = ("inserted", "inserted$index")
"""What the node is called: in the body of a loop without a name, every pass needs a name of its own."""

SECTIONS = re.compile(r"^(expect|training):.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
"""What speaks of the network's end by its name, which a node behind it would change: left out of both sides."""

Others = tuple[tuple[str, tuple[Weight, ...]], ...]
"""The nodes besides the inserted ones: path and weights of each, in graph order."""


@dataclass(frozen=True)
class Place:
    """Where a line may stand: at `line` and `column`, from 1; on a line of its own, or among the items of a list."""

    line: int
    column: int
    own_line: bool
    separator: str = ""


def without_sections(text: str) -> str:
    """A spec without what `SECTIONS` names."""
    return SECTIONS.sub("", text)


def places(text: str) -> list[Place]:
    """Every place where a line may stand, in `layers`, branches, sides and the bodies of loops and blocks."""
    root = read(SourceFile("net.yaml", text), DiagnosticSink())
    assert isinstance(root, tree.Mapping)
    lists = [*_lists_under(root)]
    blocks = root.get("blocks")
    for block in blocks.entries if isinstance(blocks, tree.Mapping) else ():
        lists += _lists_under(block.value)
    return [place for found in lists for place in _places_in(found, text.split("\n"))]


def insert(text: str, place: Place, item: str) -> str:
    """The text with an item at a place."""
    lines = text.split("\n")
    if place.own_line:
        return "\n".join([*lines[: place.line - 1], f"{' ' * (place.column - 1)}- {item}", *lines[place.line - 1 :]])
    line = lines[place.line - 1]
    before, after = line[: place.column - 1], line[place.column - 1 :]
    item = f", {item}" if place.separator == "before" else f"{item}, " if place.separator == "after" else item
    return "\n".join([*lines[: place.line - 1], before + item + after, *lines[place.line :]])


def named(text: str, place: Place, variant: str | None = None) -> Graph | None:
    """The network with a named ReLU at a place, or `None` where no op of one input can stand: several values flow."""
    for name in NAMES:
        graph, codes = _compile(insert(text, place, f"{{relu, name: {name}}}"), variant)
        if graph is not None:
            return graph
        if "E0307" in codes:
            return None
        assert codes == {"E0306"}, (place, codes)
    raise AssertionError(f"no name fits at {place}")


def others(graph: Graph, inserted: str = "inserted") -> Others:
    """All nodes but those whose own name begins with `inserted`."""
    return tuple(
        (node.path, node.weights) for node in graph.nodes if not node.path.rpartition("/")[2].startswith(inserted)
    )


def sound(text: str, variant: str | None = None) -> Graph:
    """The network of a text that has no mistake."""
    graph, codes = _compile(text, variant)
    assert graph is not None, codes
    return graph


def _compile(text: str, variant: str | None) -> tuple[Graph | None, set[str]]:
    compilation = compile_spec(SourceFile("net.yaml", text), Settings(variant))
    return compilation.graph, {found.code for found in compilation.diagnostics if found.severity.value == "error"}


def _lists_under(node: tree.Tree) -> Iterator[tree.Sequence]:
    """The list of lines that a mapping has under `layers`, and those inside its lines."""
    layers = node.get("layers") if isinstance(node, tree.Mapping) else node
    if not isinstance(layers, tree.Sequence):
        return
    yield layers
    for item in layers.items:
        if isinstance(item, tree.Mapping):
            for entry in item.entries:
                yield from _lists_of(entry, item)


def _lists_of(entry: tree.Entry, item: tree.Mapping) -> Iterator[tree.Sequence]:
    word = entry.key.text
    if word == "layers":
        yield from _lists_under(item)
    elif word == "side":
        yield from _lists_under(entry.value)
    elif _is_join(word) and isinstance(entry.value, tree.Mapping):
        for branch in entry.value.entries:
            yield from _lists_under(branch.value)


@cache
def _is_join(word: str) -> bool:
    op = ops.find(word)
    return word == "parallel" or (op is not None and op.is_join)


def _places_in(found: tree.Sequence, lines: list[str]) -> Iterator[Place]:
    if not found.items:
        yield Place(found.span.line, found.span.column + 1, own_line=False)
        return
    for item in found.items:
        line, column = item.span.line, item.span.column
        if _begins_its_line(lines[line - 1], column):
            yield Place(line, column - 2, own_line=True)
        else:
            yield Place(line, column, own_line=False, separator="after")
    if _begins_its_line(lines[line - 1], column):
        yield Place(_last_line(found.items[-1], lines) + 1, column - 2, own_line=True)
    else:
        yield Place(found.span.end_line, found.span.end_column - 1, own_line=False, separator="before")


def _begins_its_line(line: str, column: int) -> bool:
    return line[: column - 1].strip() == "-"


def _last_line(item: tree.Tree, lines: list[str]) -> int:
    """The line on which an item ends; a block mapping's own span goes on to what stands next."""
    indentation = item.span.column - 1
    number = item.span.line
    while number < len(lines) and (
        not lines[number].strip() or len(lines[number]) - len(lines[number].lstrip()) >= indentation
    ):
        number += 1
    while not lines[number - 1].strip():
        number -= 1
    return number
