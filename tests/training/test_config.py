"""The recipe's fields: what is accepted, what is refused, and where the fault is said to be."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from archspec.training.config import OPTIMIZER_FIELDS, SCHEDULE_FIELDS, Optimizer, Recipe, Schedule, Section

SMALL: dict[str, Any] = {"losses": {"output": "cross_entropy_of_logits"}, "optimizer": "sgd"}


def read(**changes: Any) -> Recipe:
    return Recipe.model_validate({**SMALL, **changes})


def faults(**changes: Any) -> list[str]:
    """Where the faults are."""
    with pytest.raises(ValidationError) as caught:
        read(**changes)
    return [".".join(map(str, fault["loc"])) for fault in caught.value.errors()]


def test_a_principal_field_may_stand_alone() -> None:
    recipe = read(schedule="cosine", decision="smallest", data="digits")
    assert (recipe.optimizer.name, recipe.schedule.name, recipe.decision.rule) == ("sgd", "cosine", "smallest")
    assert recipe.losses["output"].loss == "cross_entropy_of_logits"


def test_the_first_trained_output_decides_unless_another_is_named() -> None:
    losses = {"main": "cross_entropy_of_logits", "side": {"loss": "cross_entropy_of_logits", "weight": 0.3}}
    assert read(losses=losses).deciding_output == "main"
    assert read(losses=losses, decision={"output": "side"}).deciding_output == "side"
    assert faults(losses=losses, decision={"output": "tail"}) == ["decision"]


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"epoch": 3}, ["epoch"]),
        ({"epochs": 0}, ["epochs"]),
        ({"batch": "64"}, ["batch"]),
        ({"batch": True}, ["batch"]),
        ({"seed": 2**32}, ["seed"]),
        ({"jit": 1}, ["jit"]),
        ({"precision": "float64"}, ["precision"]),
        ({"losses": {}}, ["losses"]),
        ({"losses": {"output": "cross_entropy"}}, ["losses.output.loss"]),
        ({"losses": {"output": "posterior_of_distances"}}, ["losses.output"]),
        ({"losses": {"output": {"loss": "cross_entropy_of_logits", "constant": 1.0}}}, ["losses.output.constant"]),
        ({"optimizer": {"name": "adam", "momentum": 0.9}}, ["optimizer.momentum"]),
        ({"optimizer": {"name": "sgd", "learning_rate": float("nan")}}, ["optimizer.learning_rate"]),
        ({"schedule": {"name": "cosine", "factor": 0.5}}, ["schedule.factor"]),
        ({"schedule": "step"}, ["schedule"]),
        ({"schedule": {"name": "step", "drops": (20, 10), "factor": 0.1}}, ["schedule"]),
        ({"data": {"range": (1.0, 1.0)}}, ["data.range"]),
        ({"data": {"size": (28, 28, 1)}}, ["data.size"]),
        ({"augment": {"scale": 1.0, "shear": 90.0}}, ["augment.scale", "augment.shear"]),
        ({"initial": {"kernels": "ones"}}, ["initial.kernels"]),
    ],
)
def test_a_fault_is_refused_at_its_field(changes: dict[str, Any], places: list[str]) -> None:
    assert faults(**changes) == places


def test_several_faults_are_reported_at_once() -> None:
    assert faults(epochs=0, jit="yes", optimizer={"name": "sgd", "rho": 0.9}) == ["optimizer.rho", "epochs", "jit"]


@pytest.mark.parametrize(
    ("section", "table", "shared"),
    [(Optimizer, OPTIMIZER_FIELDS, {"learning_rate", "weight_decay"}), (Schedule, SCHEDULE_FIELDS, {"warm_up"})],
)
def test_every_field_belongs_to_a_name(section: type[Section], table: dict[str, set[str]], shared: set[str]) -> None:
    assert set().union(*table.values()) | shared | {"name"} == set(section.model_fields)


def test_every_field_has_a_description() -> None:
    sections: list[type[Section]] = [Recipe, *Section.__subclasses__()]
    missing = [f"{s.__name__}.{n}" for s in sections for n, field in s.model_fields.items() if not field.description]
    assert len(sections) > 8
    assert missing == []


def test_the_recipe_loads_no_framework() -> None:
    program = "import sys, archspec.training.config; print({'keras', 'tensorflow', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
