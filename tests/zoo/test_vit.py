"""The four published forms of the vision transformer against torchvision's figures and hand arithmetic.

torchvision publishes `num_params` and, of multiply-accumulates and in thousand millions, `_ops` for vit_b_16,
vit_b_32, vit_l_16 and vit_l_32. The products of attention are among the latter.
"""

from __future__ import annotations

import pytest

from archspec import zoo
from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink
from archspec.elaboration.settings import Settings

PUBLISHED = {
    "b_16": (86_567_656, 17.564),
    "b_32": (88_224_232, 4.409),
    "l_16": (304_326_632, 61.555),
    "l_32": (306_535_400, 15.378),
}
FORMS = {"b_16": (16, 12, 768), "b_32": (32, 12, 768), "l_16": (16, 24, 1024), "l_32": (32, 24, 1024)}
"""Table 1: patch, layers, width; the hidden dense layer is four times as wide."""


@pytest.mark.parametrize("variant", PUBLISHED)
def test_it_has_the_published_figures(variant: str) -> None:
    source = zoo.open_spec("vit", DiagnosticSink())
    graph = compile_spec(source, Settings(variant=variant)).require_graph()
    patch, blocks, width = FORMS[variant]
    patches = (224 // patch) ** 2
    steps = patches + 1
    each = 4 * steps * width**2 + 2 * steps**2 * width + 2 * steps * width * 4 * width
    macs = sum(node.cost.macs for node in graph.nodes)  # type: ignore[misc] # all sizes are known
    assert macs == patches * patch**2 * 3 * width + blocks * each + 1000 * width
    assert (sum(node.trainable for node in graph.nodes), round(macs / 1e9, 3)) == PUBLISHED[variant]
