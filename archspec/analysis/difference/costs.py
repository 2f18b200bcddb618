"""What it costs a reader that one place became another, in nodes to read: one that is removed or added costs 1.

So an edit costs less than a removal and an addition, and a new number of an unnamed line next to nothing: of two ways
to see a change, the one with fewer nodes to read is taken.
"""

from __future__ import annotations

from archspec.analysis.difference.place_tree import Place, is_made
from archspec.ir.graph import Node

EDITED = 1.0
"""A node with other fields."""

OTHER_OP = 1.9
"""A node of another op in the same role."""

RENUMBERED = 0.05
"""`conv_2` that is now `conv_3`: the numbers of unnamed lines move with every line that is put in."""

RENUMBERED_BY_HAND = 0.3
"""`unit2` that is now `unit3`."""

RENAMED = 0.5
"""Where one of both names has a number."""

RENAMED_BY_HAND = 1.0
"""`head` that is now `classifier`."""

LEAST_IN_COMMON = 0.5
"""Of the nodes of two scopes with different names, the part that must be of the same ops."""


def pair_cost(old: Place, new: Place) -> float | None:
    """What it costs that one place is seen as the other; `None` where it cannot be."""
    content = 0.0 if old.digest == new.digest else _content_cost(old, new)
    return None if content is None else content + _name_cost(old, new)


def are_kin(old: Node, new: Node) -> bool:
    """Whether a node may have become one of another op: both with weights or both without, and alike in shapes."""
    return (
        bool(old.weights) == bool(new.weights)
        and len(old.inputs) == len(new.inputs)
        and (old.shapes == old.input_shapes) == (new.shapes == new.input_shapes)
        and [shape.rank for shape in old.shapes] == [shape.rank for shape in new.shapes]
    )


def _content_cost(old: Place, new: Place) -> float | None:
    if old.node is not None and new.node is not None and not old.children and not new.children:
        return _node_cost(old, new, old.node, new.node)
    common = sum(min(many, new.words.get(word, 0)) for word, many in old.words.items())
    has_enough = common >= LEAST_IN_COMMON * min(old.size, new.size)
    if old.name != new.name and (not has_enough or not old.children or not new.children):
        return None
    same = sum(min(many, new.contents.get(content, 0)) for content, many in old.contents.items())
    return EDITED * (common - same) + old.size + new.size - 2 * common


def _node_cost(old: Place, new: Place, node: Node, other: Node) -> float | None:
    if node.word == other.word:
        return EDITED
    if old.name == new.name:
        return EDITED
    return OTHER_OP if are_kin(node, other) else None


def _name_cost(old: Place, new: Place) -> float:
    if old.name == new.name:
        return 0.0
    left, right = old.stem, new.stem
    if left is None and right is None:
        return RENAMED_BY_HAND
    if _is_automatic(old) and _is_automatic(new):
        return RENUMBERED
    return RENUMBERED_BY_HAND if left == right else RENAMED


def _is_automatic(place: Place) -> bool:
    """Whether a name is one that an unnamed line gets: `conv_2`, and for all one can tell `conv_bn_2`."""
    if place.node is not None:
        return is_made(place.node)
    return place.stem is not None and place.stem.endswith("_")
