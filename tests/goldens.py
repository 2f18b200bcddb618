"""What the files under `tests/golden` hold, computed anew. `python -m tools.update_goldens` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archspec.api import compile_spec, open_spec
from archspec.compiler import lower_graph
from archspec.emission.keras_source import emit
from archspec.ir.graph import Graph
from archspec.ir.printer import print_graph
from archspec.report.summary import summary_text
from tests.compiled import graph_of

FOLDER = Path(__file__).parent / "golden"
UPDATE = "python -m tools.update_goldens"

SPECS = ("lenet5", "googlenet", "resnet50")
"""Those whose graph and summary, in training, are kept; of the first the emitted source too."""

STANDARD_BLOCKS: Mapping[str, str] = {
    "conv_bn": "{filters: 8, kernel: 3, stride: 2, padding: half, activation: hard_swish}",
    "conv_bn_relu": "{filters: 8, kernel: 3, padding: half}",
    "conv_relu": "{filters: 8, kernel: 3}",
    "convnext_unit": "{drop: 0.1}",
    "dense_block": "{layers: 2, growth: 3}",
    "dense_transition": "{compression: 0.5}",
    "depthwise_bn": "{kernel: 3, stride: 2, padding: half, activation: relu6}",
    "depthwise_separable": "{filters: 8, stride: 2}",
    "fire": "{squeeze: 2, one: 3, three: 5}",
    "first_token": "",
    "glu": "{gate: gelu}",
    "fused_mbconv": "{filters: 4, drop: 0.1}",
    "inception": "{b1: 1, r3: 2, b3: 3, r5: 4, b5: 5, pool: 6}",
    "inception_v3_a": "{pool: 32}",
    "inception_v3_b": "{width: 128}",
    "inception_v3_c": "",
    "inception_v3_reduce_a": "",
    "inception_v3_reduce_b": "",
    "inverted_residual": "{filters: 4}",
    "l2_scale": "{initial: 10}",
    "maxout": "",
    "mbconv": "{filters: 4, drop: 0.1}",
    "mlpconv": "{filters: 8, kernel: 5, second: 6, third: 7}",
    "residual_basic": "{width: 8, stride: 2}",
    "residual_bottleneck": "{width: 8}",
    "residual_next": "{width: 8, filters: 6, groups: 4}",
    "residual_preactivation_basic": "{width: 8, stride: 2}",
    "residual_preactivation": "{width: 8, stride: 2}",
    "shuffle_unit": "{filters: 16, groups: 2, first_groups: 1, stride: 2}",
    "shuffle_unit_v2": "{filters: 4}",
    "squeeze_excite": "{filters: 2}",
    "tokens": "",
    "transformer_block": "{heads: 2, hidden: 6, dropout: 0.1, drop_path: 0.1}",
}
"""A use of each block of the standard library."""

OF_SEQUENCES = ("first_token", "transformer_block")
"""The blocks whose input is a sequence; of the others it is an image."""


def contents() -> dict[Path, str]:
    """Every golden file's text, by its path under `FOLDER`."""
    found: dict[Path, str] = {}
    for name in SPECS:
        graph = compile_spec(open_spec(name)).require_graph()
        found[Path(name, "expanded.txt")] = print_graph(graph)
        found[Path(name, "summary.txt")] = summary_text(graph) + "\n"
    found[Path(SPECS[0], "model.py")] = emit(lower_graph(compile_spec(open_spec(SPECS[0])).require_graph()))
    for word in STANDARD_BLOCKS:
        found[Path("stdlib", f"{word}.txt")] = print_graph(use_of(word))
    return found


def use_of(word: str, **fields: str) -> Graph:
    """A network that is one use of a standard block, with what it leaves out at its defaults."""
    given = STANDARD_BLOCKS[word].strip("{}")
    written = ", ".join(filter(None, [given, *(f"{name}: {value}" for name, value in fields.items())]))
    use = f"{word}: {{{written}}}" if written else word
    sizes = "[16, 4]" if word in OF_SEQUENCES else "[16, 16, 4]"
    return graph_of(f"archspec: 1\nname: {word}\ninputs: {{image: {sizes}}}\nlayers:\n  - {use}\n")
