"""Every spec under `keras/` against the totals of Keras' own model: `tests/figures/keras_applications.json`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import archspec
from archspec.syntax import tree

FIGURES: dict[str, list[int]] = json.loads(
    (Path(__file__).parents[1] / "figures" / "keras_applications.json").read_text()
)
del FIGURES["_about"]


@pytest.mark.parametrize("name", FIGURES)
def test_totals_are_those_of_keras(name: str) -> None:
    totals = archspec.summary(f"keras/{name}")["totals"]
    assert isinstance(totals, dict)
    assert [totals["params"], totals["trainable"], totals["macs"]] == FIGURES[name]


@pytest.mark.parametrize("name", FIGURES)
def test_the_contract_states_them_and_the_reference_names_the_function(name: str) -> None:
    document = archspec.compile_spec(archspec.open_spec(f"keras/{name}")).document
    assert document is not None and document.expect is not None
    stated = [document.expect.get(key) for key in ("params", "trainable", "macs")]
    assert [int(one.text) for one in stated if isinstance(one, tree.Scalar)] == FIGURES[name]
    assert isinstance(document.reference, tree.Mapping)
    form = document.reference.get("form")
    assert isinstance(form, tree.Scalar)
    assert form.text.removeprefix("keras.applications.").lower() == name


def test_all_of_them_are_here() -> None:
    assert len(FIGURES) == 40
