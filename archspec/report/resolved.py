"""A typed graph as a spec again: everything expanded, every field written, and the same network when it is read.

Takes a `Graph`; returns YAML text; reports nothing. Paths are kept, since they are the weights' names: a scope becomes
a loop of one pass with that name, a named join keeps its branches, and a name made from a line's place is written.

    stage1/unit1/conv (conv, 8 filters)  ->  - repeat: 1
                                               name: stage1
                                               layers: …
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archspec.ir.graph import Graph, Node, Value
from archspec.ir.shape import Shape

INDENT = "  "


@dataclass
class _Scope:
    """The lines of one scope in graph order: nodes, and scopes inside it by name. Filled while the tree is made."""

    path: tuple[str, ...]
    lines: list[Node | _Scope] = field(default_factory=list)
    inside: dict[str, _Scope] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    join: Node | None = None
    """The named join whose branches stand here."""


class UnresolvableGraph(Exception):  # noqa: N818 - a limit of this form, said to the user as it is
    """A graph that this form cannot hold; the message says why."""


def resolved_text(graph: Graph, sections: Mapping[str, Any] | None = None) -> str:
    """The spec. `sections` are added at its end as they are (`training`). Raises `UnresolvableGraph`."""
    root = _tree(graph.nodes)
    lines = ["archspec: 1", f"name: {graph.name}", f"inputs: {_flow(_inputs(graph))}", "layers:"]
    flow = tuple(Value(given.name) for given in graph.inputs)
    inputs = {given.name for given in graph.inputs}
    several = {node.path for node in graph.nodes if len(node.shapes) > 1}
    hidden = _Writer(root, inputs, several, {})
    hidden.scope(root, flow, INDENT)
    writer = _Writer(root, inputs, several, hidden.missed)
    writer.scope(root, flow, INDENT)
    lines += writer.lines
    lines.append(f"outputs: {_flow(writer.outputs(graph))}")
    for name, content in (sections or {}).items():
        lines += [f"{name}:", *(f"{INDENT}{key}: {_flow(value)}" for key, value in content.items())]
    return "\n".join(lines) + "\n"


def _tree(nodes: Iterable[Node]) -> _Scope:
    """The nodes by the scopes that their paths spell out."""
    root = _Scope(())
    for node in nodes:
        *steps, last = node.path.split("/")
        scope = root
        for step in steps:
            if step not in scope.inside:
                scope.inside[step] = _Scope((*scope.path, step))
                scope.lines.append(scope.inside[step])
                scope.names.add(step)
            scope = scope.inside[step]
        if last in scope.inside:
            scope.inside[last].join = node
        else:
            scope.lines.append(node)
        scope.names.add(last)
    return root


class _Writer:
    """Writes lines in order and knows what flows. Mutable by design: `lines` and `flow` change as it goes.

    A node can be hidden from a line further in by a name in between. A first writer finds these (`missed`); a second
    one, told of them, gives each a name of its own before the line that holds the reference.
    """

    def __init__(
        self, root: _Scope, inputs: set[str], several: set[str], hidden: Mapping[tuple[str, ...], list[Value]]
    ) -> None:
        self.root = root
        self.inputs = inputs
        self.several = several
        """The nodes of several values: a reference to one of these says which."""
        self.hidden = hidden
        """By the path of a line: the values to be named before it."""
        self.missed: dict[tuple[str, ...], list[Value]] = {}
        self.aliases: dict[tuple[tuple[str, ...], Value], str] = {}
        self.lines: list[str] = []
        self.flow: tuple[Value, ...] = ()
        self.ends: dict[str, tuple[Value, ...]] = {}
        """What flows at the end of each scope, which is what a reference to the scope gives."""

    def scope(self, scope: _Scope, flow: tuple[Value, ...], margin: str) -> None:
        """Write the lines of a scope, onto which `flow` flows."""
        self.flow = flow
        for line in scope.lines:
            if isinstance(line, _Scope):
                self.name_hidden(line, scope, margin)
            if isinstance(line, Node):
                self.node(line, scope, margin)
            elif line.join is not None:
                self.join(line, line.join, scope, margin)
            else:
                self.lines += [f"{margin}- repeat: 1", f"{margin}  name: {line.path[-1]}", f"{margin}  layers:"]
                self.scope(line, self.flow, margin + 2 * INDENT)
        self.ends["/".join(scope.path)] = self.flow

    def name_hidden(self, line: _Scope, scope: _Scope, margin: str) -> None:
        """Name the values that lines inside `line` refer to and could not see by their own names."""
        for value in self.hidden.get(line.path, []):
            alias = f"seen_{len(self.aliases) + 1}_from_{line.path[-1]}"
            self.lines.append(f"{margin}- {{from: {self.reference(value, scope)}, name: {alias}}}")
            self.aliases[scope.path, value] = alias
            self.flow = (value,)

    def node(self, node: Node, scope: _Scope, margin: str) -> None:
        """Write one node: its op with all its fields, its name, and what it takes where that is not what flows."""
        fields = _fields(node)
        entries = [f"{node.word}: {_flow(fields)}" if fields and not node.op.is_join else node.word]
        entries.append(f"name: {node.path.rpartition('/')[2]}")
        if node.inputs != self.flow:
            entries.append(f"from: {self.references(node.inputs, scope)}")
        if fields and node.op.is_join:
            entries.append(f"with: {_flow(fields)}")
        if node.training_only:
            entries.append("only: training")
        self.lines.append(f"{margin}- {{{', '.join(entries)}}}")
        self.flow = _outputs(node)

    def join(self, branches: _Scope, node: Node, scope: _Scope, margin: str) -> None:
        """Write a named join with its branches: those that hold nodes, and the identities between them."""
        self.lines.append(f"{margin}- {node.word}:")
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
            self.lines.append(f"{margin}  with: {_flow(fields)}")
        if node.training_only:
            self.lines.append(f"{margin}  only: training")
        self.flow = _outputs(node)

    def branch(
        self, step: str, values: tuple[Value, ...], join: _Scope, scope: _Scope, flow: tuple[Value, ...], margin: str
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

    def references(self, values: tuple[Value, ...], scope: _Scope) -> str:
        """References to values as they are looked up from a scope."""
        found = [self.reference(value, scope) for value in values]
        return found[0] if len(found) == 1 else _flow(found)

    def reference(self, value: Value, scope: _Scope) -> str:
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

    def _hidden(self, name: str, depth: int, scope: _Scope) -> bool:
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


def _branch_of(value: Value, branches: _Scope) -> str | None:
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


def _inputs(graph: Graph) -> dict[str, list[int | str]]:
    return {given.name: _sizes(given.shape) for given in graph.inputs}


def _sizes(shape: Shape) -> list[int | str]:
    return ["open" if dim is None else dim for dim in shape.dims]


def _fields(node: Node) -> dict[str, Any]:
    return {name: value for name, value in node.op.model_dump().items() if value is not None}


def _flow(value: Any) -> str:
    """A value in YAML's flow style, so that it reads back as it is."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple) and len(value) == 1 and not isinstance(value[0], tuple):
        return _flow(value[0])  # a lone number stands for a list of one
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)
