"""Random edits of sound specs end in diagnostics or success, never in another exception, and soon.

`tools/fuzz_specs.py N` runs as many as asked; what it finds becomes a case here or in `tests/diagnostics/`.
"""

from __future__ import annotations

import pytest

from tests.mutations import EDITS, Outcome, mutant, try_out

COUNT = 700
PARTS = 10


@pytest.mark.parametrize("part", range(PARTS))
def test_random_edits_end_in_diagnostics_or_success(part: int) -> None:
    each = COUNT // PARTS
    for seed in range(part * each, (part + 1) * each):
        outcome = try_out(mutant(seed))
        assert outcome.failure is None, (seed, outcome.failure)


def test_the_edits_reach_every_stage_and_leave_some_specs_sound() -> None:
    found = [try_out(mutant(seed)).codes for seed in range(120)]
    areas = {code[:3] for codes in found for code in codes}
    assert areas >= {"E01", "E02", "E03", "E05", "E06"}
    assert any(not codes for codes in found)


def test_every_edit_is_used() -> None:
    assert len(set(EDITS)) >= 10


def test_another_exception_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("conv")

    monkeypatch.setattr("tests.mutations.compile_spec", fail)
    assert try_out(b"archspec: 1\n").failure == "KeyError: 'conv'"


def test_a_slow_text_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.mutations.SECONDS", -1.0)
    outcome = try_out(b"archspec: 1\n")
    assert isinstance(outcome, Outcome)
    assert outcome.failure is not None
    assert outcome.failure.startswith("took")
