"""How a run shows itself while it goes on: one line with rate and time left.

`line` is a pure function; `ProgressLine` alone writes, to the stream it is given: over its own line on a terminal, a
line an epoch elsewhere.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol, TextIO

SECONDS_A_CALL = 1.0
"""About how long one graph call may take, so that progress shows; an epoch shorter than that is one call."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a run stands. Metrics are `None` until there are any; `rate` is in images a second."""

    epoch: int
    epochs: int
    step: int
    steps: int
    rate: float
    seconds_left: float
    loss: float | None = None
    accuracy: float | None = None
    validation: float | None = None

    @property
    def ends_an_epoch(self) -> bool:
        """Whether the epoch's last step is done."""
        return self.step == self.steps


class Progress(Protocol):
    """What a run reports to."""

    def show(self, moment: Moment) -> None:
        """Shows where the run stands."""

    def finish(self) -> None:
        """Shows nothing more."""


class Silent:
    """Shows nothing."""

    def show(self, moment: Moment) -> None:
        return

    def finish(self) -> None:
        return


class ProgressLine:
    """Writes moments to a stream."""

    def __init__(self, stream: TextIO, *, interactive: bool) -> None:
        self._stream = stream
        self._interactive = interactive
        self._width = 0

    def show(self, moment: Moment) -> None:
        """Writes the line, or, where lines cannot be written over, only an epoch's last."""
        text = line(moment)
        if self._interactive:
            self._stream.write("\r" + text.ljust(self._width))
            self._width = len(text)
        elif moment.ends_an_epoch:
            self._stream.write(text + "\n")
        self._stream.flush()

    def finish(self) -> None:
        """Ends the line."""
        if self._interactive and self._width:
            self._stream.write("\n")
            self._stream.flush()
        self._width = 0


class Pace:
    """How fast a run's steps go. Time left goes by the clock, so that validation and checkpoints count in.

    The clock starts after the first call, which also builds the graph.
    """

    def __init__(self, total: int) -> None:
        self.steps_a_second = 0.0
        self._left = total
        self._timed = 0
        self._began: float | None = None

    def add(self, steps: int, seconds: float) -> None:
        """Takes note of a call of `steps` steps."""
        self.steps_a_second = steps / seconds
        self._left -= steps
        if self._began is None:
            self._began = time.perf_counter()
        else:
            self._timed += steps

    def steps_a_call(self) -> int:
        """How many steps the next call may take."""
        return max(1, int(self.steps_a_second * SECONDS_A_CALL))

    def seconds_left(self) -> float:
        """How long the rest will take."""
        if self._began is None or not self._timed:
            return self._left / self.steps_a_second
        return self._left * (time.perf_counter() - self._began) / self._timed


def line(moment: Moment) -> str:
    """The moment in one line.

    >>> line(Moment(12, 100, 19, 19, 14210.4, 83.2, 0.5214, 0.9713, 0.9832))
    'epoch 12/100 · loss 0.5214 · accuracy 0.9713 · validation 0.9832 · 14,210 images/s · 1:23 left'
    """
    parts = [f"epoch {moment.epoch}/{moment.epochs}"]
    if not moment.ends_an_epoch:
        parts.append(f"step {moment.step}/{moment.steps}")
    for name, value in (("loss", moment.loss), ("accuracy", moment.accuracy), ("validation", moment.validation)):
        if value is not None:
            parts.append(f"{name} {value:.4f}" if value < 1000 else f"{name} {value:.4g}")
    parts += [f"{moment.rate:,.0f} images/s", f"{_clock(moment.seconds_left)} left"]
    return " · ".join(parts)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
