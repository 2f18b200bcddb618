"""Writing the lines of a resolved spec: nodes, scopes, named joins and uses of shared layers, and what flows between.

Takes nodes in graph order; gives lines of YAML, and the bodies of the shared layers met on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archspec.ir.graph import Graph, Node, SharedUse, Value
from archspec.report.resolved.origins import origin_comment, without_comments
from archspec.report.resolved.tree import Stretch, body_of, tree_of
from archspec.report.resolved.values import in_flow

INDENT = "  "

SharedBodies = dict[str, list[str]]
"""The lines of shared layers by the path of their weights. Filled as their uses are written."""


class UnresolvableGraph(Exception):  # noqa: N818 - a limit of this form, said to the user as it is
    """A graph that this form cannot hold; the message says why."""


def write(
    nodes: Sequence[Node], flow: tuple[Value, ...], inputs: set[str], bodies: SharedBodies, margin: str
) -> Writer:
    """The writer that has written the nodes, onto the first of which `flow` flows."""
    root = tree_of(nodes)
    several = {node.path for node in nodes if len(node.shapes) > 1}
    hidden = Writer(root, inputs, several, bodies, {})
    hidden.scope(root, flow, margin)
    writer = Writer(root, inputs, several, bodies, hidden.missed)
    writer.scope(root, flow, margin)
    return writer


class Writer:
    """Writes lines in order and knows what flows. Mutable by design: `lines` and `flow` change as it goes.

    A node can be hidden from a line further in by a name in between. A first writer finds these (`missed`); a second
    one, told of them, gives each a name of its own before the line that holds the reference.
    """

    def __init__(
        self,
        root: Stretch,
        inputs: set[str],
        several: set[str],
        bodies: SharedBodies,
        hidden: Mapping[tuple[str, ...], list[Value]],
    ) -> None:
        self.root = root
        self.inputs = inputs
        self.several = several
        """The nodes of several values: a reference to one of these says which."""
        self.bodies = bodies
        self.hidden = hidden
        """By the path of a line: the values to be named before it."""
        self.missed: dict[tuple[str, ...], list[Value]] = {}
        self.aliases: dict[tuple[tuple[str, ...], Value], str] = {}
        self.lines: list[str] = []
        self.flow: tuple[Value, ...] = ()
        self.ends: dict[str, tuple[Value, ...]] = {}
        """What flows at the end of each scope, which is what a reference to the scope gives."""

    def scope(self, scope: Stretch, flow: tuple[Value, ...], margin: str) -> None:
        """Write the lines of a scope, onto which `flow` flows."""
        self.flow = flow
        for line in scope.lines:
            if isinstance(line, Stretch):
                self.name_hidden(line, scope, margin)
            if isinstance(line, Node):
                self.node(line, scope, margin)
            elif line.use is not None:
                self.use(line, line.use, scope, margin)
            elif line.join is not None:
                self.join(line, line.join, scope, margin)
            else:
                self.lines += [f"{margin}- repeat: 1", f"{margin}  name: {line.path[-1]}", f"{margin}  layers:"]
                self.scope(line, self.flow, margin + 2 * INDENT)
        self.ends["/".join(scope.path)] = self.flow

    def name_hidden(self, line: Stretch, scope: Stretch, margin: str) -> None:
        """Name the values that lines inside `line` refer to and could not see by their own names."""
        for value in self.hidden.get(line.path, []):
            alias = f"seen_{len(self.aliases) + 1}_from_{line.path[-1]}"
            self.lines.append(f"{margin}- {{from: {self.reference(value, scope)}, name: {alias}}}")
            self.aliases[scope.path, value] = alias
            self.flow = (value,)

    def node(self, node: Node, scope: Stretch, margin: str) -> None:
        """Write one node: its op with all its fields, its name, and what it takes where that is not what flows."""
        fields = _fields(node)
        entries = [f"{node.word}: {in_flow(fields)}" if fields and not node.op.is_join else node.word]
        entries.append(f"name: {node.path.rpartition('/')[2]}")
        if node.inputs != self.flow:
            entries.append(f"from: {self.references(node.inputs, scope)}")
        if fields and node.op.is_join:
            entries.append(f"with: {in_flow(fields)}")
        if node.training_only:
            entries.append("only: training")
        self.lines.append(f"{margin}- {{{', '.join(entries)}}}{origin_comment(node, fields)}")
        self.flow = _outputs(node)

    def use(self, line: Stretch, use: SharedUse, scope: Stretch, margin: str) -> None:
        """Write a use of shared layers, and their body if this is the first."""
        body = body_of(use, (node for node in line.lines if isinstance(node, Node)))
        inner = write(body.nodes, body.inputs, {"in"}, self.bodies, 2 * INDENT)
        first = self.bodies.setdefault(use.definition, inner.lines)
        if without_comments(first) != without_comments(inner.lines):
            raise UnresolvableGraph(f"the shared layers at `{use.definition}` differ between their uses")
        entries = [use.definition, f"name: {line.path[-1]}"]
        if body.received != self.flow:
            entries.append(f"from: {self.references(body.received, scope)}")
        if body.training_only:
            entries.append("only: training")
        self.lines.append(f"{margin}- {{{', '.join(entries)}}}")
        outside = dict(zip(body.inputs, body.received, strict=True))
        self.flow = tuple(outside.get(value) or Value(f"{use.path}/{value.path}", value.place) for value in inner.flow)
        self.ends[use.path] = self.flow

    def join(self, branches: Stretch, node: Node, scope: Stretch, margin: str) -> None:
        """Write a named join with its branches: those that hold nodes, and the identities between them."""
        self.lines.append(f"{margin}- {node.word}:{origin_comment(node, _fields(node))}")
        given: dict[str, list[Value]] = {}
        for place, value in enumerate(node.inputs, start=1):
            step = _branch_of(value, branches)
            given.setdefault(step or _unused(f"given_{place}", branches.names), []).append(value)
        idle = [step for step in branches.inside if step not in given]
        if idle:
            raise UnresolvableGraph(f"the branch `{idle[0]}` of `{node.path}` gives nothing to its join")
        received = self.flow
        for step, values in given.items():
            self.branch(step, tuple(values), branches, scope, received, margin + 3 * INDENT)
        self.lines.append(f"{margin}  name: {branches.path[-1]}")
        if fields := _fields(node):
            self.lines.append(f"{margin}  with: {in_flow(fields)}")
        if node.training_only:
            self.lines.append(f"{margin}  only: training")
        self.flow = _outputs(node)

    def branch(
        self, step: str, values: tuple[Value, ...], join: Stretch, scope: Stretch, flow: tuple[Value, ...], margin: str
    ) -> None:
        """Write a branch that gives `values` to its join."""
        if step not in join.inside:
            head = f"{margin[: -len(INDENT)]}{step}: "
            self.lines.append(f"{head}[]" if values == flow else f"{head}[from: {self.references(values, scope)}]")
            return
        self.lines.append(f"{margin[: -len(INDENT)]}{step}:")
        self.scope(join.inside[step], flow, margin)
        if self.flow != values:
            self.lines.append(f"{margin}- from: {self.references(values, join.inside[step])}")

    def references(self, values: tuple[Value, ...], scope: Stretch) -> str:
        """References to values as they are looked up from a scope."""
        found = [self.reference(value, scope) for value in values]
        return found[0] if len(found) == 1 else in_flow(found)

    def reference(self, value: Value, scope: Stretch) -> str:
        """A reference to a value, from the innermost scope that holds both it and the line."""
        target = tuple(value.path.split("/"))
        depth = 0
        while depth < min(len(target) - 1, len(scope.path)) and target[depth] == scope.path[depth]:
            depth += 1
        if self._hidden(target[depth], depth, scope):
            common = target[:depth]
            if (common, value) in self.aliases:
                return self.aliases[common, value]
            values = self.missed.setdefault(scope.path[: depth + 1], [])
            if value not in values:
                values.append(value)
        return "/".join(target[depth:]) + (f"/{value.place}" if value.path in self.several else "")

    def _hidden(self, name: str, depth: int, scope: Stretch) -> bool:
        here = self.root
        for place, step in enumerate(scope.path):
            here = here.inside[step]
            if place >= depth and name in here.names:
                return True
        return False

    def outputs(self, graph: Graph) -> list[str]:
        """References that give the outputs their names."""
        found = []
        for output in graph.outputs:
            value = (output.value,)
            if output.name != str(output.value) and self.ends.get(output.name) != value:
                name, _, place = output.name.rpartition("/")
                if not (place.isdigit() and name == output.value.path):
                    self._alias(output.name, output.value)
            found.append(output.name)
        return found

    def _alias(self, name: str, value: Value) -> None:
        if "/" in name or name in self.root.names | self.inputs:
            raise UnresolvableGraph(f"the output `{name}` has a name that other lines have in the expanded form")
        self.lines.append(f"{INDENT}- {{from: {self.reference(value, self.root)}, name: {name}}}")
        self.root.names.add(name)


def _branch_of(value: Value, branches: Stretch) -> str | None:
    """The branch whose node gives a value, if a branch of these does."""
    steps = tuple(value.path.split("/"))
    depth = len(branches.path)
    inside = steps[:depth] == branches.path and len(steps) > depth + 1
    return steps[depth] if inside and steps[depth] in branches.inside else None


def _outputs(node: Node) -> tuple[Value, ...]:
    return tuple(Value(node.path, place) for place in range(1, len(node.shapes) + 1))


def _unused(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _fields(node: Node) -> dict[str, Any]:
    return {name: value for name, value in node.op.model_dump().items() if value is not None}
