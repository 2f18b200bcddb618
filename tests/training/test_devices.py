"""One seed, one result: repeated on one device, and divided among two."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the runs in a process of their own came to."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.training.on_two_devices", str(tmp_path_factory.mktemp("runs"))],
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_two_runs_with_one_seed_are_equal_bit_for_bit(outcome: Any) -> None:
    assert outcome["equal"]


def test_two_devices_give_what_one_gives(outcome: Any) -> None:
    assert outcome["weights"][0] < 1e-6
    assert outcome["moved"] > 0.01  # so the weights compared are trained ones
    one_loss, two_loss, _ = outcome["losses"]
    assert two_loss == pytest.approx(one_loss, rel=1e-5)


def test_half_precision_scales_its_losses_on_two_devices(outcome: Any) -> None:
    assert outcome["losses"][2] < 1.5  # a guess costs log(10) = 2.3; without an agreed scale it is not finite


def test_streamed_examples_reach_the_devices_as_resident_ones_do(outcome: Any) -> None:
    assert outcome["weights"][1] == 0
