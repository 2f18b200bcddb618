"""What the files under `tests/golden` hold, computed anew. `python -m tools.update_goldens` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archspec.api import compile_spec, open_spec
from archspec.compiler import lower_graph
from archspec.elaboration.modules import standard_words
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
    "inception": "{b1: 1, r3: 2, b3: 3, r5: 4, b5: 5, pool: 6}",
    "residual_basic": "{width: 8, stride: 2}",
    "residual_bottleneck": "{width: 8}",
}
"""A use of each block of the standard library."""


def contents() -> dict[Path, str]:
    """Every golden file's text, by its path under `FOLDER`."""
    found: dict[Path, str] = {}
    for name in SPECS:
        graph = compile_spec(open_spec(name)).require_graph()
        found[Path(name, "expanded.txt")] = print_graph(graph)
        found[Path(name, "summary.txt")] = summary_text(graph) + "\n"
    found[Path(SPECS[0], "model.py")] = emit(lower_graph(compile_spec(open_spec(SPECS[0])).require_graph()))
    for word in sorted(standard_words()):
        found[Path("stdlib", f"{word}.txt")] = print_graph(use_of(word))
    return found


def use_of(word: str) -> Graph:
    """A network that is one use of a standard block, with what it leaves out at its defaults."""
    return graph_of(
        f"archspec: 1\nname: {word}\ninputs: {{image: [16, 16, 4]}}\nlayers:\n  - {word}: {STANDARD_BLOCKS[word]}\n"
    )
