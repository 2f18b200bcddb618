"""How one network differs from another: which nodes are the same, edited, renamed, new, gone, and what follows from it.

    conv_1, relu_1, conv_2   and   conv_1, relu_1, dropout_1, conv_2 with 8 filters
    -> added dropout_1; conv_2 changed: filters 4 -> 8

Pure: two graphs to a value, for `report` to put into words. Diagnostics have no part in it.
"""

from __future__ import annotations

from collections.abc import Iterable

from archspec.analysis.cost import total_of
from archspec.analysis.difference.changes import BlockChange, Change, Difference, FieldChange, Pair, Part
from archspec.analysis.difference.pairing import Pairing, pair_nodes
from archspec.analysis.difference.wiring import Wiring
from archspec.analysis.figures import figures_of, network_figures
from archspec.ir.graph import Graph, Input, Node, Output, owners
from archspec.ir.op import Op
from archspec.ir.printer import set_fields


def difference(old: Graph, new: Graph) -> Difference:
    """The difference of two graphs. Each node of both is accounted for once; a graph differs in nothing from itself."""
    pairing = pair_nodes(old, new)
    sources = {right: left for left, right in pairing.nodes.items()}
    before, after = _parts(old), _parts(new)
    wiring = Wiring(old, new, pairing.nodes)
    pairs = [_pair(before[sources[path]], part, wiring) for path, part in after.items() if path in sources]
    return Difference(
        old,
        new,
        tuple(pairs),
        removed=tuple(part for path, part in before.items() if path not in pairing.nodes),
        added=tuple(part for path, part in after.items() if path not in sources),
        inputs=tuple(_input_changes(old.inputs, new.inputs)),
        outputs=tuple(_output_changes(old.outputs, new.outputs, wiring)),
        blocks=tuple(_block_changes(old, new, pairing)),
        before=network_figures(old),
        after=network_figures(new),
    )


def _parts(graph: Graph) -> dict[str, Part]:
    """Each node by its path, with the parameters that count at it."""
    owned = {node.path for node in owners(graph.nodes)}
    return {node.path: Part(node, node.params if node.path in owned else 0) for node in graph.nodes}


def _pair(old: Part, new: Part, wiring: Wiring) -> Pair:
    changed = tuple(_field_changes(old.node.op, new.node.op))
    rewired = wiring.rewired(old.node, new.node)
    return Pair(old, new, changed, rewired, not wiring.same_weights(old.node, new.node))


def _field_changes(old: Op, new: Op) -> Iterable[FieldChange]:
    """The fields with other values. Between two ops, one at its default on both sides says nothing, and is left out."""
    names = dict.fromkeys((*type(old).model_fields, *type(new).model_fields))
    told = names if type(old) is type(new) else {*set_fields(old), *set_fields(new)}
    for name in names:
        before, after = getattr(old, name, None), getattr(new, name, None)
        if name in told and before != after:
            yield FieldChange(name, before, after)


def _input_changes(old: tuple[Input, ...], new: tuple[Input, ...]) -> Iterable[Change[Input]]:
    there = {given.name: given for given in new}
    names = {given.name for given in old}
    for given in old:
        if there.get(given.name) != given:
            yield Change(given, there.get(given.name))
    yield from (Change(None, given) for given in new if given.name not in names)


def _output_changes(old: tuple[Output, ...], new: tuple[Output, ...], wiring: Wiring) -> Iterable[Change[Output]]:
    """Outputs that are not what they were: of the same name, or else of the same node."""
    left = {output.name: output for output in new}
    partners = {one.name: left.pop(one.name) for one in old if one.name in left}
    for one in old:
        moved = [name for name, other in left.items() if wiring.becomes(one.value, other.value)]
        if one.name not in partners and moved:
            partners[one.name] = left.pop(moved[0])
    for one in old:
        other = partners.get(one.name)
        if other is None or not _is_same_output(one, other, wiring):
            yield Change(one, other)
    yield from (Change(None, output) for output in new if output.name in left)


def _is_same_output(old: Output, new: Output, wiring: Wiring) -> bool:
    told = (old.name, old.shape, old.training_only) == (new.name, new.shape, new.training_only)
    return told and wiring.becomes(old.value, new.value)


def _block_changes(old: Graph, new: Graph, pairing: Pairing) -> Iterable[BlockChange]:
    """The outermost scopes whose figures differ, in the new graph's order, those that were removed last."""
    before, after = _by_block(old), _by_block(new)
    for left, right in pairing.blocks:
        one, other = (figures_of(total_of(nodes)) for nodes in (before.get(left, ()), after.get(right, ())))
        if one != other:
            yield BlockChange(left, right, one, other)


def _by_block(graph: Graph) -> dict[str | None, tuple[Node, ...]]:
    found: dict[str | None, list[Node]] = {}
    for node in graph.nodes:
        found.setdefault(node.path.partition("/")[0], []).append(node)
    return {name: tuple(nodes) for name, nodes in found.items()}
