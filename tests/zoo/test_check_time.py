"""The whole zoo is checked in seconds: a guard against what would make it minutes, and no measurement."""

from __future__ import annotations

import time

from archspec import zoo
from archspec.cli import main

SECONDS = 60
"""Of the processor. It takes some six; see docs/benchmarks.md."""


def test_the_zoo_with_all_variants_is_checked_within_a_minute() -> None:
    began = time.process_time()
    assert main(["check", *zoo.names()]) == 0
    assert time.process_time() - began < SECONDS
