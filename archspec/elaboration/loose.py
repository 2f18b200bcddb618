"""Which arguments of a block only set fields of its nodes that inference does not read, and those fields again.

The units of a stage often differ in a rate of stochastic depth alone. Such an argument is loose: it stands in the
fields of ops that declare them `not_inferred_from`, and in `when`s. A body that was walked with another value of it is
placed again with these ops made anew, as long as its `when`s come out as they did.

    - {stochastic_depth: $drop, when: $(drop > 0), name: drop}        `drop` is loose
    - {dense: $units}                                                 `units` is not
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from archspec.diagnostics import DiagnosticSink, Span
from archspec.elaboration.arguments import collect, make
from archspec.elaboration.context import Context
from archspec.elaboration.modules import find_block
from archspec.elaboration.scope import Work
from archspec.ir.op import Op
from archspec.syntax import ast, tree
from archspec.syntax.items import parse_branches
from archspec.syntax.written_expressions import names_read


class Line(NamedTuple):
    """A line of one op with fields that inference does not read."""

    use: ast.Use
    op: type[Op]


class Loose(NamedTuple):
    """A block's loose parameters, and where they stand: conditions and lines of ops."""

    names: frozenset[str]
    reads: frozenset[str] = frozenset()
    """All that these places read."""
    conditions: tuple[tree.Scalar, ...] = ()
    lines: tuple[Line, ...] = ()

    def answers(self, body: Context) -> Hashable:
        """What the conditions come to; `None` where that cannot be told before the walk."""
        if not self.reads <= {name for name, _ in body.bindings.given()}:
            return None  # a default may be wrong, which is for the walk to find
        aside = _aside(body)
        answers = tuple([aside.holds(one) for one in self.conditions])
        return None if None in answers else answers

    def ops(self, body: Context) -> Mapping[Span, Op] | None:
        """The ops of the lines, by their words' places, as a body's arguments make them; `None` after a mistake."""
        aside = _aside(body)
        made: dict[Span, Op] = {}
        for use, op in self.lines:
            written = collect(use.word.text, use.word.span, use.value, op.principal, op.model_fields, aside)
            one = make(op, written, aside) if written is not None else None
            if one is None:
                return None
            made[use.word.span] = one
        return made


NONE = Loose(frozenset())


def loose_of(block: ast.Block, body: Context) -> Loose:
    """The loose parameters of a block, seen from its body."""
    found = _Found(body)
    found.take(block.layers)
    parameters = frozenset(one.name.text for one in block.parameters)
    others = [one for parameter in block.parameters for one in (parameter.default, parameter.one_of) if one is not None]
    others += [
        one for parameter in block.parameters for one in (parameter.minimum, parameter.maximum) if one is not None
    ]
    found.tighten(entry.value for entry in block.let)
    found.tighten((*others, *(block.outputs or ())))
    for shared in block.shared:
        found.take(shared.layers, is_tight=True)
    return found.loose(parameters) if found.is_readable else NONE


@dataclass
class _Found:
    """What the lines of a body read, told apart by where. Mutable by design: filled line by line."""

    body: Context
    tight: set[str] = field(default_factory=set)
    conditions: list[tree.Scalar] = field(default_factory=list)
    lines: list[tuple[Line, frozenset[str]]] = field(default_factory=list)
    is_readable: bool = True

    def loose(self, parameters: frozenset[str]) -> Loose:
        """The parameters that stand in loose places alone, and in some."""
        # What a line computes from other names than parameters is known within the walk alone.
        for _, names in self.lines:
            self.tight |= names if names - parameters else set()
        names = frozenset(name for _, names in self.lines for name in names) - self.tight
        if not names:
            return NONE
        conditions = tuple(one for one in self.conditions if names_read((one,)) & names)
        lines = [(line, read) for line, read in self.lines if read & names]
        reads = frozenset(names_read(conditions)).union(*(read for _, read in lines))
        return Loose(names, reads, conditions, tuple(line for line, _ in lines))

    def tighten(self, trees: Iterable[tree.Tree]) -> None:
        """Note what is read where its value may change anything."""
        self.tight |= names_read(trees)

    def take(self, items: Iterable[ast.Item], *, is_tight: bool = False) -> None:
        """Note what lines read: all of it tightly in loops, which place a line more than once."""
        for item in items:
            if isinstance(item, ast.Unreadable):
                self.is_readable = False
                continue
            self._take_modifiers(item.modifiers, is_tight)
            if isinstance(item, ast.Use):
                self._take_use(item, is_tight)
            elif isinstance(item, ast.Side):
                self.take(item.layers, is_tight=is_tight)
            elif isinstance(item, ast.Loop):
                self._take_passes(item.passes)
                self.take(item.layers, is_tight=True)

    def _take_modifiers(self, modifiers: ast.Modifiers, is_tight: bool) -> None:
        self.tighten(one for one in (modifiers.name, modifiers.arguments, *(modifiers.source or ())) if one is not None)
        if modifiers.when is not None and is_tight:
            self.tighten((modifiers.when,))
        elif modifiers.when is not None:
            self.conditions.append(modifiers.when)

    def _take_passes(self, passes: ast.Passes) -> None:
        self.tighten(one for one in (passes.repeats, passes.rows) if one is not None)
        self.tighten(entry.value for entry in passes.columns)

    def _take_use(self, use: ast.Use, is_tight: bool) -> None:
        word = use.word.text
        block = find_block(word, self.body.module)
        op = None if block and not block.module.is_standard else self.body.ops.find(word)
        if use.value is None:
            return
        if word == "parallel" or (op is not None and op.is_join):
            for branch in parse_branches(use.value, use.word, DiagnosticSink()) or ():
                self._take_modifiers(branch.modifiers, is_tight)
                if branch.passes is not None:
                    self._take_passes(branch.passes)
                self.take(branch.layers, is_tight=is_tight or branch.passes is not None)
        elif op is None or is_tight:
            self.tighten((use.value,))
        else:
            self._take_fields(Line(use, op), use.value)

    def _take_fields(self, line: Line, value: tree.Tree) -> None:
        """Note what the fields of an op's line read, written as a mapping or as the one that stands alone."""
        fields: list[tuple[str | None, tree.Tree]] = [(line.op.principal, value)]
        if isinstance(value, tree.Mapping):
            fields = [(entry.key.text, entry.value) for entry in value.entries]
        apart = [one for name, one in fields if name in line.op.not_inferred_from]
        self.tighten(one for name, one in fields if name not in line.op.not_inferred_from)
        if read := names_read(apart):
            self.lines.append((line, frozenset(read)))


def _aside(body: Context) -> Context:
    """The same place, where neither mistakes nor work count."""
    return replace(body, sink=DiagnosticSink(), work=Work())
