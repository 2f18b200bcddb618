"""Several paths as one: `stage3/unit[1-6]/conv` for six of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

NUMBER = re.compile(r"[0-9]+")


def template(path: str) -> str:
    """A path without its numbers: equal for those that may be told as one.

    >>> template("stage3/unit12/conv_1")
    'stage#/unit#/conv_#'
    """
    return NUMBER.sub("#", path)


def pattern(paths: Sequence[str]) -> str:
    """Paths of one template as one: a number that varies is a range, or `*` where some of the range are missing.

    >>> pattern(["a1/b_1", "a1/b_2", "a1/b_3"]), pattern(["a1/b", "a4/b"])
    ('a1/b_[1-3]', 'a*/b')
    """
    numbers = zip(*(NUMBER.findall(path) for path in paths), strict=True)
    shown = iter([_shown(sorted(set(map(int, column)))) for column in numbers])
    return NUMBER.sub(lambda _: next(shown), paths[0])


def moved(old: str, new: str) -> str:
    """Two paths as one, with what differs between them in braces.

    >>> moved("net/unit1/conv", "net/unit2/conv"), moved("conv_1", "conv_2")
    ('net/{unit1 -> unit2}/conv', 'conv_1 -> conv_2')
    """
    left, right = old.split("/"), new.split("/")
    shared = min(len(left), len(right)) - 1
    start = next((place for place in range(shared) if left[place] != right[place]), shared)
    left, right, front = left[start:], right[start:], left[:start]
    shared = min(len(left), len(right)) - 1
    end = next((place for place in range(shared) if left[-1 - place] != right[-1 - place]), shared)
    back = left[len(left) - end :]
    middle = f"{'/'.join(left[: len(left) - end])} -> {'/'.join(right[: len(right) - end])}"
    return "/".join([*front, f"{{{middle}}}" if front or back else middle, *back])


def _shown(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return str(numbers[0])
    first, last = numbers[0], numbers[-1]
    return f"[{first}-{last}]" if last - first == len(numbers) - 1 else "*"
