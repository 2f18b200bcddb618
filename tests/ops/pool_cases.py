"""Generated poolings: fields, an input's shape, and the windows that they stand for, found apart from the ops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.ops.by_hand import Pairs, same_pairs


@dataclass(frozen=True)
class PoolCase:
    """`fields` of a pooling with size, stride, padding and round, and what they mean for an input of `shape`."""

    fields: dict[str, Any]
    shape: tuple[int, ...]
    size: tuple[int, ...]
    stride: tuple[int, ...]
    margins: Pairs
    up: bool

    @property
    def fits(self) -> bool:
        """Whether the window is within the padded input."""
        axes = zip(self.shape[:-1], self.size, self.margins, strict=True)
        return all(length + before + after >= extent for length, extent, (before, after) in axes)


@st.composite
def pool_cases(draw: st.DrawFn) -> PoolCase:
    """Poolings over 1 to 3 axes with a size, a stride and a padding for each."""
    rank = draw(st.sampled_from([1, 2, 2, 3]))

    def numbers(low: int, high: int) -> tuple[int, ...]:
        return tuple(draw(st.integers(low, high)) for _ in range(rank))

    spatial, size, stride = numbers(1, 7 if rank < 3 else 4), numbers(1, 4), numbers(1, 4)
    before, after = ([draw(st.integers(0, extent - 1)) for extent in size] for _ in range(2))
    amounts: Pairs = tuple(zip(before, after, strict=True))
    word = draw(st.sampled_from(["valid", "same", "half", "amounts"]))
    margins = {
        "valid": ((0, 0),) * rank,
        "same": same_pairs(spatial, size, stride),
        "half": tuple(((extent - 1) // 2,) * 2 for extent in size),
        "amounts": amounts,
    }[word]
    rounding = draw(st.sampled_from(["down", "up"]))
    fields = {"size": size, "stride": stride, "padding": amounts if word == "amounts" else word, "round": rounding}
    return PoolCase(fields, (*spatial, 2), size, stride, margins, rounding == "up" and word != "same")
