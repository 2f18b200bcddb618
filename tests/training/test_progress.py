"""The progress line's words, and what reaches a terminal or a file."""

from __future__ import annotations

import io

import pytest

from archspec.training.progress import Moment, Pace, ProgressLine, line

MIDDLE = Moment(epoch=1, epochs=10, step=30, steps=100, rate=987.6, seconds_left=3725.0, loss=1.5, accuracy=0.25)
END = Moment(2, 10, 100, 100, 1234.5, 59.6, 0.5, 0.75, 0.7)


def test_the_line_of_a_moment_within_an_epoch() -> None:
    assert line(MIDDLE) == "epoch 1/10 · step 30/100 · loss 1.5000 · accuracy 0.2500 · 988 images/s · 1:02:05 left"


def test_the_line_at_an_epochs_end() -> None:
    assert line(END) == ("epoch 2/10 · loss 0.5000 · accuracy 0.7500 · validation 0.7000 · 1,234 images/s · 1:00 left")


def test_a_file_gets_a_plain_line_an_epoch() -> None:
    stream = io.StringIO()
    progress = ProgressLine(stream, interactive=False)
    for moment in (MIDDLE, END):
        progress.show(moment)
    progress.finish()
    assert stream.getvalue() == line(END) + "\n"


def test_a_terminal_gets_one_line_written_over() -> None:
    stream = io.StringIO()
    progress = ProgressLine(stream, interactive=True)
    for moment in (END, MIDDLE):
        progress.show(moment)
    progress.finish()
    first, second = line(END), line(MIDDLE)
    assert stream.getvalue() == f"\r{first}\r{second.ljust(len(first))}\n"


def test_nothing_shown_ends_no_line() -> None:
    stream = io.StringIO()
    ProgressLine(stream, interactive=True).finish()
    assert stream.getvalue() == ""


def test_the_pace_sets_the_next_calls_length() -> None:
    pace = Pace(total=100)
    assert pace.steps_a_call() == 1
    pace.add(1, seconds=0.5)
    assert pace.steps_a_call() == 2
    assert pace.seconds_left() == pytest.approx(99 * 0.5)
    pace.add(20, seconds=0.1)
    assert pace.steps_a_call() == 200
