"""Lines that refer to no node around them: what they mean depends on what flows in and on the names that they read."""

from __future__ import annotations

from collections.abc import Iterable

from archspec.syntax import ast, tree
from archspec.syntax.expression_tree import Channels, ExpressionError, Name, within
from archspec.syntax.expressions import parse_template


def names_of_closed(items: Iterable[ast.Item]) -> frozenset[str] | None:
    """The names that lines read, those that their own loops bind left out; `None` where a node may be referred to."""
    found: set[str] = set()
    for item in items:
        read = _names_of(item)
        if read is None:
            return None
        found |= read
    return frozenset(found)


def _names_of(item: ast.Item) -> frozenset[str] | None:
    if isinstance(item, ast.Unreadable | ast.Continue) or item.modifiers.source is not None:
        return None
    modifiers = item.modifiers
    outside = [one for one in (modifiers.when,) if one is not None]
    inside = [one for one in (modifiers.name, modifiers.arguments) if one is not None]
    if isinstance(item, ast.Use):
        return _read([*outside, *inside, *([item.value] if item.value is not None else [])])
    inner = names_of_closed(item.layers)
    if isinstance(item, ast.Side) or inner is None:
        read = _read([*outside, *inside])
        return None if inner is None or read is None else inner | read
    passes = item.passes
    bound = {"index", "first", "last", *(entry.key.text for entry in passes.columns)}
    bound |= {"row", *(name.text for name in passes.row_names)} if passes.row_names else set()
    counted = [*outside, *(entry.value for entry in passes.columns)]
    counted += [one for one in (passes.repeats, passes.rows) if one is not None]
    around, within = _read(counted), _read(inside)
    return None if around is None or within is None else around | ((inner | within) - bound)


def _read(trees: Iterable[tree.Tree]) -> frozenset[str] | None:
    """The names that values read; `None` where one refers to a node, or may do so once it is read as lines."""
    found: set[str] = set()
    for node in trees:
        if isinstance(node, tree.Broken) or "from" in _keys(node):
            return None
        for scalar in tree.scalars(node):
            if "$" not in scalar.text:
                continue
            try:
                parts = parse_template(scalar.text).parts
            except ExpressionError:
                return None
            for expression in within(*(part for part in parts if not isinstance(part, str))):
                if isinstance(expression, Channels):
                    return None
                if isinstance(expression, Name):
                    found.add(expression.name)
    return frozenset(found)


def _keys(node: tree.Tree) -> set[str]:
    """Every key in a value."""
    return {entry.key.text for one in tree.within(node) if isinstance(one, tree.Mapping) for entry in one.entries}
