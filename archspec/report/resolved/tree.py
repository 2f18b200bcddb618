"""The nodes of a graph by the scopes that their paths spell out, and the uses of shared layers among these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from archspec.ir.graph import Node, SharedUse, Value


@dataclass
class Stretch:
    """The lines of one scope in graph order: nodes, and scopes inside it by name. Filled while the tree is made."""

    path: tuple[str, ...]
    lines: list[Node | Stretch] = field(default_factory=list)
    inside: dict[str, Stretch] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    join: Node | None = None
    """The named join whose branches stand here."""
    use: SharedUse | None = None
    """The use of shared layers that this is; its lines are then all nodes of the use, inner scopes not told apart."""


def tree_of(nodes: Sequence[Node]) -> Stretch:
    """The nodes by their scopes, a use of shared layers being one line."""
    uses = {node.shared.path: node.shared for node in nodes if node.shared is not None}
    root = Stretch(())
    for node in nodes:
        *steps, last = node.path.split("/")
        scope = root
        for step in steps:
            if step not in scope.inside:
                path = (*scope.path, step)
                scope.inside[step] = Stretch(path, use=uses.get("/".join(path)))
                scope.lines.append(scope.inside[step])
                scope.names.add(step)
            scope = scope.inside[step]
            if scope.use is not None:
                break
        if scope.use is None and last in scope.inside:
            scope.inside[last].join = node
        else:
            scope.lines.append(node)
        if scope.use is None:
            scope.names.add(last)
    return root


@dataclass(frozen=True)
class Body:
    """A use of shared layers seen from inside: its nodes by their paths in it, reading `in`; what `in` is outside."""

    nodes: tuple[Node, ...]
    received: tuple[Value, ...]
    inputs: tuple[Value, ...]
    """What `in` is inside: one value, or `in/1`, `in/2`, …"""
    training_only: bool


def body_of(use: SharedUse, nodes: Iterable[Node]) -> Body:
    """The body of one use."""
    own = list(nodes)
    inner = {node.path for node in own}
    received = tuple(dict.fromkeys(value for node in own for value in node.inputs if value.path not in inner))
    names = ["in"] if len(received) == 1 else [f"in/{place}" for place in range(1, len(received) + 1)]
    inputs = tuple(map(Value, names))
    seen = dict(zip(received, inputs, strict=True))
    start = len(use.path) + 1
    training_only = all(node.training_only for node in own)
    moved = tuple(
        node._replace(
            path=node.path[start:],
            inputs=tuple(seen.get(value) or Value(value.path[start:], value.place) for value in node.inputs),
            training_only=node.training_only and not training_only,
            shared=_moved(node.shared, use, start),
        )
        for node in own
    )
    return Body(moved, received, inputs, training_only)


def _moved(shared: SharedUse | None, use: SharedUse, start: int) -> SharedUse | None:
    """The use that a node stands in as the body sees it: none for the body's own, else the path in the body."""
    return None if shared is None or shared == use else SharedUse(shared.path[start:], shared.definition)
