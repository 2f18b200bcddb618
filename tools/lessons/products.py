"""Where a network's parameters and multiplications come from: the products, layer by layer, and figures in millions."""

from __future__ import annotations

import math

from archspec.analysis.cost import totals
from archspec.ir.graph import Node
from archspec.report.table import markdown_table
from tools.lessons.specs import graph_of, sizes, variants_of


def products(network: str) -> str:
    """A table of each layer's weights and multiplications as products; those that archspec counts must come out."""
    rows = [_row(node) for node in graph_of(network).nodes if node.params]
    return "\n".join(markdown_table([("layer", "parameters", "multiplications"), *rows], left=3))


def millions(spec: str) -> str:
    """A table of each variant's parameters, exactly and in millions."""
    counted = [(variant, totals(graph_of(f"{spec}@{variant}")).params) for variant in variants_of(spec)]
    rows = [(f"`{variant}`", f"{params:,}", f"{params / 1e6:.0f}") for variant, params in counted]
    return "\n".join(markdown_table([("variant", "parameters", "millions"), *rows], left=1))


def _row(node: Node) -> tuple[str, str, str]:
    kernel, *others = (weight.shape for weight in node.weights)
    parameters = " + ".join(_product(shape) for shape in (kernel, *others))
    positions = sizes(node.shapes[0])[:-1]
    if math.prod(positions) * math.prod(kernel) != node.cost.macs:
        raise ValueError(f"`{node.path}` has other multiplications than its positions times its weights")
    each = f"{math.prod(kernel):,}" if positions else _product(kernel)
    multiplications = f"{_product(positions)} · {each}" if positions else each
    return f"`{node.path}`", f"{parameters} = {node.params:,}", f"{multiplications} = {node.cost.macs:,}"


def _product(sizes: tuple[int, ...]) -> str:
    return "·".join(map(str, sizes))
