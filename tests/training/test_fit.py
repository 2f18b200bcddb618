"""What a recipe demands of its network, and what is only warned of."""

from __future__ import annotations

import pytest

from archspec.compiler import compile_spec
from archspec.diagnostics import SourceFile

NET = """archspec: 1
inputs: {{image: [8, 8, 1]}}
layers: [{layers}]
training:
  losses: {{{losses}}}
  optimizer: adam
  epochs: 1
"""


def codes(layers: str, losses: str) -> list[str]:
    source = SourceFile("net.yaml", NET.format(layers=layers, losses=losses))
    return [found.code for found in compile_spec(source).diagnostics]


@pytest.mark.parametrize(
    "end",
    [
        "{dense: {units: 10, activation: softmax}, name: digit}",
        "dense: 10, {softmax, name: digit}",
        "dense: 10, {activation: softmax, name: digit}",
    ],
)
def test_every_way_to_end_in_a_softmax_is_seen(end: str) -> None:
    layers = "flatten, " + end.replace("dense: 10,", "{dense: 10},")
    assert codes(layers, "digit: cross_entropy_of_probabilities") == []
    assert codes(layers, "digit: cross_entropy_of_logits") == ["W0901"]


def test_values_before_a_softmax_fit_their_own_loss_alone() -> None:
    layers = "flatten, {dense: 10, name: digit}"
    assert codes(layers, "digit: cross_entropy_of_logits") == []
    assert codes(layers, "digit: cross_entropy_of_probabilities") == ["W0901"]
    assert codes(layers, "digit: mean_squared_error") == []


def test_an_output_that_is_no_list_of_classes_is_refused() -> None:
    assert codes("{conv: {filters: 10, kernel: 3}, name: digit}", "digit: mean_squared_error") == ["E0904"]
