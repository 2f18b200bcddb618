"""Which node of one graph is which of another.

First scope by scope, from the outermost in: children with the same written name belong together, wherever they stand;
the rest is aligned in order (`sequences`), so that a line put in moves the numbers of those below and nothing else.
Then what was left over, wherever it stands: nodes with the same path and op; then those with the same op, fields and
shapes that keep their order, as when lines were put into a block; of those without weights, the ones beside a node
found so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from archspec.analysis.difference.place_tree import Contents, Place, is_made
from archspec.analysis.difference.sequences import align, equal_stretches, longest_rise
from archspec.ir.graph import Graph, Node


@dataclass(frozen=True)
class Pairing:
    """`nodes`: the new path of each old node that is still there. `blocks`: the outermost scopes, old and new."""

    nodes: Mapping[str, str]
    blocks: tuple[tuple[str | None, str | None], ...]


def pair_nodes(old: Graph, new: Graph) -> Pairing:
    """The pairs of two graphs: the same ones, whichever of the two is called old."""
    if _order(old) > _order(new):
        turned = _pair(new, old)
        nodes = {left: right for right, left in turned.nodes.items()}
        return Pairing(nodes, tuple((left, right) for right, left in turned.blocks))
    return _pair(old, new)


def _order(graph: Graph) -> tuple[object, ...]:
    """What tells two graphs apart: an alignment among equals is always that of the smaller one to the larger."""
    return len(graph.nodes), [(node.path, node.word, repr(node.op)) for node in graph.nodes]


def _pair(old: Graph, new: Graph) -> Pairing:
    contents = Contents()
    walk = _ByScope()
    roots = contents.tree(old), contents.tree(new)
    walk.pair_children(*roots)
    _pair_by_path(old, new, walk.nodes)
    _pair_left_over(old, new, walk.nodes, contents)
    return Pairing(walk.nodes, _blocks(*roots, _with_nodes(walk.scopes, walk.nodes)))


@dataclass
class _ByScope:
    """Pairs as they are found, from the outermost scope in."""

    nodes: dict[str, str] = field(default_factory=dict)
    scopes: dict[str, str] = field(default_factory=dict)
    """Of the outermost scopes alone."""

    def pair_children(self, old: Place, new: Place, *, is_outermost: bool = True) -> None:
        """Pair what stands in two scopes that belong together."""
        for left, right in _pairs_of(old.children, new.children):
            if is_outermost:
                self.scopes[left.name] = right.name
            if left.node is not None and right.node is not None:
                self.nodes[left.node.path] = right.node.path
            self.pair_children(left, right, is_outermost=False)


def _pairs_of(old: Sequence[Place], new: Sequence[Place]) -> list[tuple[Place, Place]]:
    """The children of two scopes that belong together."""
    there = {place.name: position for position, place in enumerate(new)}
    named = [(at, there[place.name]) for at, place in enumerate(old) if place.name in there and place.stem is None]
    kept = [match for match in named if _may_be_one(old[match[0]], new[match[1]])]
    found = [(old[left], new[right]) for left, right in kept]
    gone, come = {left for left, _ in kept}, {right for _, right in kept}
    start, begin = 0, 0
    for end, stop in [*longest_rise(kept), (len(old), len(new))]:
        stretch = [place for at, place in enumerate(old[start:end], start) if at not in gone]
        other = [place for at, place in enumerate(new[begin:stop], begin) if at not in come]
        found += [(stretch[left], other[right]) for left, right in align(stretch, other)]
        start, begin = end, stop
    return found


def _may_be_one(old: Place, new: Place) -> bool:
    """Whether two places of one name have something in common beside it: both hold lines, or both are nodes."""
    return bool(old.children) == bool(new.children) or (old.node is not None and new.node is not None)


def _with_nodes(scopes: Mapping[str, str], nodes: Mapping[str, str]) -> dict[str, str]:
    """The pairs of outermost scopes that share a name or a node."""
    shared = {(left.partition("/")[0], right.partition("/")[0]) for left, right in nodes.items()}
    return {left: right for left, right in scopes.items() if left == right or (left, right) in shared}


def _blocks(old: Place, new: Place, scopes: Mapping[str, str]) -> tuple[tuple[str | None, str | None], ...]:
    """The outermost scopes: those of the new graph in its order, then those that were removed."""
    sources = {right: left for left, right in scopes.items()}
    there = [place.name for place in new.children if place.children]
    gone = [place.name for place in old.children if place.children and place.name not in scopes]
    return (*((sources.get(name), name) for name in there), *((name, None) for name in gone))


def _pair_by_path(old: Graph, new: Graph, pairs: dict[str, str]) -> None:
    """Add pairs of nodes that are in none yet and have the same op and the same path, as where lines change places."""
    taken = set(pairs.values())
    for node in old.nodes:
        other = new.by_path.get(node.path)
        if other is None or other.word != node.word or node.path in pairs or other.path in taken:
            continue
        if other.op == node.op or not is_made(node):
            pairs[node.path] = other.path


def _pair_left_over(old: Graph, new: Graph, pairs: dict[str, str], contents: Contents) -> None:
    """Add pairs of nodes that are in none yet and have the same op, fields and shapes."""
    taken = set(pairs.values())
    left = [node for node in old.nodes if node.path not in pairs]
    right = [node for node in new.nodes if node.path not in taken]
    if not left or not right:
        return
    keys = {
        id(node): contents.number((contents.of_node(node), node.input_shapes, node.shapes)) for node in (*left, *right)
    }
    heavy, others = [node for node in left if node.weights], [node for node in right if node.weights]
    for one, other in equal_stretches([keys[id(node)] for node in heavy], [keys[id(node)] for node in others]):
        pairs[heavy[one].path] = others[other].path
    _Beside(left, right, pairs, keys).pair()


class _Beside:
    """Pairs of leftover nodes without weights: of those that follow a pair, then of those that lead to one."""

    def __init__(
        self, old: Sequence[Node], new: Sequence[Node], pairs: dict[str, str], keys: Mapping[int, int]
    ) -> None:
        self._old, self._new, self._keys = old, new, keys
        self._pairs = pairs
        self._back = {right: left for left, right in pairs.items()}

    def pair(self) -> None:
        """Add the pairs that there are."""
        takers: defaultdict[str, list[Node]] = defaultdict(list)
        for node in self._old:
            for value in node.inputs:
                takers[value.path].append(node)
        for node in self._new:
            before = [self._back[value.path] for value in node.inputs if value.path in self._back]
            self._pair_first((taker for path in before for taker in takers[path]), node)
        old, new = ({node.path: node for node in nodes} for nodes in (self._old, self._new))
        for node in reversed(self._new):
            partner = old.get(self._back.get(node.path, ""))
            for given, value in zip(partner.inputs if partner else (), node.inputs, strict=False):
                if given.path in old and value.path in new:
                    self._pair_first((old[given.path],), new[value.path])

    def _pair_first(self, candidates: Iterable[Node], node: Node) -> None:
        """Pair a new node with the first that has no partner either and is equal to it."""
        if node.path in self._back or node.weights:
            return
        key = self._keys[id(node)]
        found = next((one for one in candidates if one.path not in self._pairs and self._keys[id(one)] == key), None)
        if found is not None:
            self._pairs[found.path], self._back[node.path] = node.path, found.path
