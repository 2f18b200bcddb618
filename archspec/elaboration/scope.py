"""Names and what they stand for: the scopes of nodes, and the bindings of expressions.

Two kinds of name live apart: those of nodes (`from: skip`), looked up from the line's scope outwards to the edge of
the block, and those of numbers (`$width`), which are parameters, `let`s and the columns of loops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from archspec.diagnostics import Span
from archspec.ir.graph import SharedUse
from archspec.ir.graph import Value as GraphValue
from archspec.ir.shape import Shape
from archspec.syntax.evaluation import Value
from archspec.syntax.expression_tree import TooMuchWorkError
from archspec.syntax.limits import MAX_WORK

if TYPE_CHECKING:
    from archspec.elaboration.arguments import Argument, Written
    from archspec.elaboration.context import Context
    from archspec.syntax import ast


@dataclass(frozen=True, slots=True)
class Wire:
    """One value that flows. `shape` is `None` where an error has made it unknown; such a wire has no source either."""

    source: GraphValue | None
    shape: Shape | None
    training_only: bool = False


Flow = tuple[Wire, ...] | None
"""What flows from line to line: one or more values, or `None` where an error has hidden even their number."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a node's name stands for.

    `inner` is the scope behind it (a branch, a pass), `outputs` what a block lets be seen of its inside. `off` says why
    where the line is not there, `automatic` where the name was made and not written.
    """

    flow: Flow
    span: Span
    inner: Scope | None = None
    outputs: dict[str, Flow] = field(default_factory=dict)
    off: str = ""
    automatic: bool = False


class Scope:
    """The names of one stretch of layers. Its path is the prefix of its nodes' paths.

    Mutable by design: filled line by line as the walk goes on, so that a reference sees only what stands before it.
    """

    def __init__(self, path: str, parent: Scope | None, shared: SharedUse | None = None) -> None:
        self.path = path
        self.parent = parent
        self.shared = shared
        """The use of shared layers that this stretch belongs to, the innermost."""
        self.names: dict[str, Named] = {}
        self.hides_names = False
        """Whether an error has kept names out of this scope: what is not found in it may be one of them."""
        self._unnamed: dict[str, int] = {}

    def join(self, name: str) -> str:
        """The path of a name in this scope."""
        return f"{self.path}/{name}" if self.path else name

    def number(self, word: str) -> str:
        """The name of the next node without one: its op and its place among the unnamed of that op in this scope."""
        self._unnamed[word] = self._unnamed.get(word, 0) + 1
        return f"{word}_{self._unnamed[word]}"

    def definition(self, name: str) -> str:
        """The path of a name's weights: as `join`, but inside shared layers theirs."""
        path = self.join(name)
        return path if self.shared is None else self.shared.definition + path[len(self.shared.path) :]

    def next_number(self, word: str) -> str:
        """What `number` would give."""
        return f"{word}_{self._unnamed.get(word, 0) + 1}"

    def inside(self, name: str) -> Scope:
        """A scope for what a name of this one holds."""
        return Scope(self.join(name), self, self.shared)

    def closed(self, name: str) -> Scope:
        """A scope for a block's body, which sees no name of this one."""
        return Scope(self.join(name), None, self.shared)

    def outwards(self) -> Iterator[Scope]:
        """This scope and those around it, to the edge of the block."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def find(self, name: str) -> Named | None:
        """What a name stands for here or further out."""
        return next((scope.names[name] for scope in self.outwards() if name in scope.names), None)

    def holders(self, name: str) -> list[str]:
        """The names in sight, branches and passes, inside which a written name of this kind stands."""
        seen = ((holder, one.inner) for scope in self.outwards() for holder, one in scope.names.items())
        return [holder for holder, inner in seen if inner and name in inner.names and not inner.names[name].automatic]

    def may_hold(self, name: str) -> bool:
        """Whether a name is here or further out, or may be but for an error."""
        return any(scope.hides_names or name in scope.names for scope in self.outwards())

    def visible(self) -> list[str]:
        """The names that someone wrote and that can be referred to from here."""
        return [name for scope in self.outwards() for name, named in scope.names.items() if not named.automatic]


class Work:
    """What elaborating one spec has taken. Mutable by design; shared by all its contexts.

    `done` counts the operations of expressions, which are bounded; `effort` the lines placed too, for who compiles
    a spec many times.
    """

    def __init__(self, watched: str | None = None) -> None:
        self.watched = watched
        """The path of the node whose fields are asked after; then all lines are walked, and none taken from memory."""
        self.seen: Written | None = None
        """What was written for it."""
        self.done = 0
        self.steps = 0
        self.nesting = 0
        """How deep in blocks, branches and loops the line being placed stands."""
        self.deepest = 0
        """The deepest nesting since somebody asked."""
        self.reported = False

    def charge(self, operations: int) -> None:
        """Account for work. Raises `TooMuchWorkError` beyond the bound."""
        self.done += operations
        if self.done > MAX_WORK:
            raise TooMuchWorkError

    @property
    def effort(self) -> int:
        """A measure of the time taken: a line takes about as long as ten operations."""
        return self.done + 10 * self.steps


class CyclicDefinition(Exception):  # noqa: N818 - becomes a diagnostic at the definition
    """A `let` or a default that needs its own value; carries the names in order."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(" -> ".join(names))
        self.names = names


class Pass(NamedTuple):
    """A pass of a loop: what it goes over, its number from 1, and where it stands."""

    passes: ast.Passes
    number: int
    context: Context


class Bindings:
    """The values of names in expressions. Definitions are evaluated when first asked for, so their order is free."""

    def __init__(self, parent: Bindings | None = None) -> None:
        self.parent = parent
        self.arguments: Mapping[str, Argument] = {}
        """What is written for the names here that are a block's or file's parameters, where something is."""
        self.passed: Pass | None = None
        """The pass of a loop that binds the names here."""
        self._values: dict[str, Value] = {}
        self._definitions: dict[str, Callable[[], Value]] = {}
        self._evaluating: list[str] = []

    def set(self, name: str, value: Value) -> None:
        """Bind a name to a value."""
        self._values[name] = value

    def define(self, name: str, definition: Callable[[], Value]) -> None:
        """Bind a name to a value that is found when it is first asked for."""
        self._definitions[name] = definition

    def get(self, name: str) -> Value | None:
        """The value of a name, or `None` where it is bound nowhere. Raises `CyclicDefinition`."""
        if name in self._values:
            return self._values[name]
        if name not in self._definitions:
            return self.parent.get(name) if self.parent else None
        if name in self._evaluating:
            raise CyclicDefinition((*self._evaluating[self._evaluating.index(name) :], name))
        self._evaluating.append(name)
        try:
            value = self._definitions[name]()
        finally:
            self._evaluating.pop()
        self._values[name] = value
        return value

    def found(self, name: str) -> Value | None:
        """The value of a name, `None` where no definition of it has been evaluated yet."""
        if name in self._values or name in self._definitions or self.parent is None:
            return self._values.get(name)
        return self.parent.found(name)

    def names(self) -> list[str]:
        """Every name bound here or further out."""
        return [*self._values, *self._definitions, *(self.parent.names() if self.parent else [])]

    def given(self) -> tuple[tuple[str, Value], ...]:
        """The names here that are bound to a value, and not to a definition still to be evaluated."""
        return tuple(self._values.items())

    def own(self) -> list[str]:
        """The names bound here."""
        return list(dict.fromkeys([*self._values, *self._definitions]))
