"""The least time of each layer by the roofline model, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from archspec.analysis.roofline import LayerTime, Machine
from archspec.ir.graph import Graph
from archspec.report.table import ruled_table

COLUMNS = ("layer", "op", "output", "FLOPs", "bytes", "FLOPs/byte", "time", "share", "bound by")


def roofline_text(graph: Graph, layers: Sequence[LayerTime], machine: Machine, batch: int, precision: str) -> str:
    """A table of every layer, and the least time of all."""
    whole = sum((layer.seconds for layer in layers), Fraction(0))
    rows = [
        (node.path, node.word, str(node.shapes[0]), *_cells(layer, whole))
        for node, layer in zip(graph.nodes, layers, strict=True)
    ]
    examples = "1 example" if batch == 1 else f"{batch:,} examples"
    rates = f"{float(machine.peak):.4g} FLOPs/s and {float(machine.bandwidth):.4g} bytes/s"
    head = [graph.name, f"  inference of {examples} in {precision}, at {rates}", ""]
    return "\n".join([*head, *ruled_table([COLUMNS, *rows], left=3), "", *_totals(layers, whole, machine, batch)])


def _totals(layers: Sequence[LayerTime], whole: Fraction, machine: Machine, batch: int) -> list[str]:
    if not whole:
        return ["no time at all"]
    moved = [layer.seconds for layer in layers if layer.is_bound_by_memory]
    share = float(sum(moved, Fraction(0)) / whole)
    balance = f"{float(machine.balance):.3g} FLOPs/byte"
    return [
        f"at least {time_text(whole)}, {float(batch / whole):,.0f} examples a second",
        f"{len(moved)} of {len(layers)} layers are bound by memory, below {balance}: {share:.0%} of the time",
    ]


def roofline_json(
    graph: Graph, layers: Sequence[LayerTime], machine: Machine, batch: int, precision: str
) -> dict[str, object]:
    """The same as plain data, in seconds and bytes."""
    return {
        "name": graph.name,
        "batch": batch,
        "precision": precision,
        "flops_per_second": float(machine.peak),
        "bytes_per_second": float(machine.bandwidth),
        "seconds": float(sum(layer.seconds for layer in layers)),
        "layers": [
            {
                "path": layer.path,
                "flops": layer.flops,
                "bytes": layer.moved,
                "flops_per_byte": float(layer.intensity),
                "seconds": float(layer.seconds),
                "bound_by": _bound(layer) or None,
            }
            for layer in layers
        ],
    }


def time_text(seconds: Fraction) -> str:
    """A time for people to read.

    >>> time_text(Fraction(1, 4000)), time_text(Fraction(3, 2))
    ('250 µs', '1.5 s')
    """
    for unit, factor in (("s", 1), ("ms", 1_000), ("µs", 1_000_000)):
        if seconds * factor >= 1:
            return f"{float(seconds * factor):.3g} {unit}"
    return f"{float(seconds * 1_000_000_000):.3g} ns"


def _cells(layer: LayerTime, whole: Fraction) -> tuple[str, ...]:
    share = f"{float(layer.seconds / whole):.1%}" if whole else ""
    intensity = f"{float(layer.intensity):.1f}" if layer.flops else "-"
    return (f"{layer.flops:,}", f"{layer.moved:,}", intensity, time_text(layer.seconds), share, _bound(layer))


def _bound(layer: LayerTime) -> str:
    if not layer.seconds:
        return ""
    return "memory" if layer.is_bound_by_memory else "compute"
