"""The networks under `specs/torchvision/` against torchvision's, layer by layer: `tests/figures/torchvision.json`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import archspec
from archspec import zoo
from archspec.ops.stochastic_depth import StochasticDepth

Rows = Counter[tuple[tuple[int, ...], int, int]]

FIGURES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "figures" / "torchvision.json").read_text())
del FIGURES["_about"]

FAMILIES = {
    "alexnet": "torchvision/alexnet",
    "convnext": "torchvision/convnext",
    "densenet": "torchvision/densenet",
    "efficientnet_b": "torchvision/efficientnet",
    "efficientnet_v2": "torchvision/efficientnet_v2",
    "googlenet": "torchvision/googlenet",
    "inception_v3": "torchvision/inception_v3",
    "mnasnet": "torchvision/mnasnet",
    "mobilenet_v2": "torchvision/mobilenet_v2",
    "mobilenet_v3": "torchvision/mobilenet_v3",
    "resn": "torchvision/resnet",
    "squeezenet": "torchvision/squeezenet",
    "vgg": "torchvision/vgg",
    "wide_resnet": "torchvision/resnet",
}
"""How the names of torchvision's functions begin, and the spec that has the functions' names as variants, or is one."""

NETWORKS = {name: next(spec for start, spec in FAMILIES.items() if name.startswith(start)) for name in FIGURES}

SHUFFLENET_V2 = {
    "shufflenet_v2_x0_5": (1_366_792, 0.04),
    "shufflenet_v2_x1_0": (2_278_604, 0.145),
    "shufflenet_v2_x1_5": (3_503_624, 0.296),
    "shufflenet_v2_x2_0": (7_393_996, 0.583),
}
"""`num_params` and `_ops` in billions of three decimals, as torchvision 0.29.2 publishes them with its weights."""


def summary_of(spec: str, function: str, training: bool = False) -> dict[str, Any]:
    name = function.removesuffix("__no_aux").removesuffix("__with_aux")
    variant = None if spec.endswith(f"/{name}") else name
    return archspec.summary(spec, variant=variant, training=training)


def rows_of(summary: dict[str, Any]) -> Rows:
    """How often each (shape, trained values, MACs) comes among the layers that are modules in torchvision.

    A layer scale is none: its values are the unit's own there. The totals have them.
    """
    trained = [row for row in summary["layers"] if row["trainable"] and row["op"] != "layer_scale"]
    return Counter((sizes(row["output_shape"]), row["trainable"], row["macs"]) for row in trained)


def counted(figures: dict[str, Any]) -> Rows:
    """A table's rows as `rows_of` has them."""
    return Counter({(sizes(shape), params, macs): times for times, shape, params, macs in figures["rows"]})


def sizes(shape: list[int]) -> tuple[int, ...]:
    """A shape; (1, 1, channels) as (channels), since torchvision keeps the axes that a global pooling leaves."""
    return tuple(shape[-1:] if shape[:-1] == [1, 1] else shape)


@pytest.mark.parametrize("function", FIGURES)
def test_every_layer_has_torchvisions_shape_trained_values_and_macs(function: str) -> None:
    figures = FIGURES[function]
    summary = summary_of(NETWORKS[function], function, training=function.endswith("__with_aux"))
    assert rows_of(summary) == counted(figures)


@pytest.mark.parametrize("function", FIGURES)
def test_totals_are_torchvisions_and_those_of_its_weights_metadata(function: str) -> None:
    figures = FIGURES[function]
    found = summary_of(NETWORKS[function], function, training=function.endswith("__with_aux"))["totals"]
    assert found["trainable"] == figures["trainable"]
    assert found["non_trainable"] == figures["moving"]
    assert found["macs"] == figures["macs"]
    if "aux" not in function:
        assert found["trainable"] == figures["published"]["num_params"]
        assert round(found["macs"] / 1e9, 3) == figures["published"]["_ops"]


@pytest.mark.parametrize("function", SHUFFLENET_V2)
def test_shufflenet_v2_has_the_figures_of_its_weights_metadata(function: str) -> None:
    found = summary_of("torchvision/shufflenet_v2", function)["totals"]
    assert (found["trainable"], round(found["macs"] / 1e9, 3)) == SHUFFLENET_V2[function]


def test_a_spec_without_variants_is_the_function_of_its_name_and_the_others_have_one_for_each() -> None:
    known = {name.split("__")[0] for name in FIGURES} | set(SHUFFLENET_V2)
    for spec in zoo.names():
        if spec.startswith("torchvision/"):
            variants = {one.name.text for one in _document(spec).variants} or {spec.removeprefix("torchvision/")}
            assert variants <= known, spec


def _document(spec: str) -> Any:
    return archspec.compile_spec(archspec.open_spec(spec)).document


@pytest.mark.parametrize(
    ("function", "rates"),
    [
        # Of 16 units the place, counted from 0, a sixteenth of 0.2; only units that add their input have one.
        ("efficientnet_b0", [0.2 * place / 16 for place in (2, 4, 6, 7, 9, 10, 12, 13, 14)]),
        # Of 18 units the place, the last with the whole of 0.1, and the first with none.
        ("convnext_tiny", [0.1 * place / 17 for place in range(1, 18)]),
    ],
)
def test_later_units_are_dropped_more_often(function: str, rates: list[float]) -> None:
    spec = NETWORKS[function]
    graph = archspec.compile_spec(archspec.open_spec(spec)).require_graph()
    found = [node.op.rate for node in graph.nodes if isinstance(node.op, StochasticDepth)]
    assert found == pytest.approx(rates)
