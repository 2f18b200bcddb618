"""One text laid out in other ways, for the formatter's tests: PyYAML's own events say whether it still says the same.

The texts to begin with are indented by two columns a level, lists under their keys too. Nothing here calls archspec.
"""

from __future__ import annotations

import re
from itertools import accumulate
from random import Random

import yaml
from yaml import tokens

OPENING = (tokens.FlowMappingStartToken, tokens.FlowSequenceStartToken)
CLOSING = (tokens.FlowMappingEndToken, tokens.FlowSequenceEndToken)

FRAGMENTS = (
    "- ", "-   ", "a: ", "b:", "'c': ", "k1: ", "k2: ", "\nk3: ", "\n  k4: ", "? ", ": ", "{", "}", "[", "]", ", ", ",",
    ":", "\n", "\n  ", "\n    ", "\n\n", "\n ", " ", "  ", "\n- ", "\n  - ", "# x\n", "#y\n", "&p ", "*p", "x", "y z",
    "5", "~\n", "$(a)", '""', "'s'", '"q\n   r"', '"\\ \n  t"', "'u\n\n v'", "|\n", "|+\n", ">-\n", "|2\n", "\\", "%",
    "...\n",
)  # fmt: skip
"""What random edits put in: all that YAML has, in pieces."""


def said(text: str) -> list[tuple[object, ...]]:
    """What a text says to YAML, with quoting, anchors, and the choice between flow and block."""
    return [
        (
            type(event).__name__,
            *(getattr(event, name, None) for name in ("anchor", "value", "style")),
            bool(getattr(event, "flow_style", None)),  # of a list at its key's column it is `None`
        )
        for event in yaml.parse(text, Loader=yaml.SafeLoader)
        if not isinstance(event, yaml.DocumentStartEvent | yaml.DocumentEndEvent)
    ]


def comments(text: str) -> list[list[str]]:
    """The words of each comment of a text that has the sign `#` in comments alone."""
    return [line.partition("#")[2].split() for line in text.splitlines() if "#" in line]


def reindented(text: str, random: Random) -> str:
    """Another width for each level and other room after dashes; what goes over several lines moves as a whole."""
    columns = [0, *accumulate(random.randint(2, 5) for _ in range(40))]
    continued = _continued(text)
    lines, shift = [], 0
    for number, line in enumerate(text.split("\n")):
        spaces, dashes, rest = re.fullmatch(r"( *)((?:- )*)(.*)", line).groups()  # type: ignore[union-attr] # it always fits
        if number in continued:
            lines.append((" " * (len(spaces) + shift) + line.lstrip(" ")).rstrip(" "))
            continue
        level, inner = len(spaces) // 2, len(spaces) // 2 + len(dashes) // 2
        shift = columns[inner] - 2 * inner
        gaps = ["-".ljust(columns[one + 1] - columns[one]) for one in range(level, inner)]
        lines.append((" " * columns[level] + "".join(gaps) + rest).rstrip(" "))
    return "\n".join(lines)


def respaced(text: str, random: Random) -> str:
    """More room in brackets, after commas and at line ends, blank lines, comments that touch their sign."""
    scanned = list(yaml.scan(text, Loader=yaml.SafeLoader))
    for token in reversed(scanned):
        if isinstance(token, (*OPENING, tokens.FlowEntryToken)):
            text = _with_room(text, token.end_mark.index, random)
        elif isinstance(token, CLOSING):
            text = _with_room(text, token.start_mark.index, random)
    text = re.sub("# ", lambda sign: random.choice(("#", "# ", "#   ")), text)
    text = re.sub("\n", lambda end: " " * random.choice((0, 0, 1, 3)) + "\n" * random.choice((1, 1, 1, 2, 4)), text)
    text = random.choice(("", "\n", "---\n", "  \n---\n")) + text + random.choice(("", "\n", "\n \n", "...\n"))
    return text.replace("\n", random.choice(("\n", "\r\n")))


def edited(text: str, random: Random) -> str:
    """A text after a few blind edits; most are no YAML any more."""
    lines = text.split("\n")
    start = random.randrange(len(lines))
    if random.random() < 0.7:
        text = "\n".join(["m:"] * random.randint(0, 1) + lines[start : start + random.randint(3, 25)])
    for _ in range(random.randint(1, 3)):
        place, other = random.randrange(len(text) + 1), random.randrange(len(text) + 1)
        put = (random.choice(FRAGMENTS), "", text[other : other + random.randint(1, 40)])
        kind = random.randrange(3)
        text = text[:place] + put[kind] + text[place + (random.randint(1, 6) if kind == 1 else 0) :]
    return text


def _with_room(text: str, place: int, random: Random) -> str:
    """Spaces put in, but not before a line's end or at its beginning."""
    if text[place : place + 1] == "\n" or not text[:place].rpartition("\n")[2].strip():
        return text
    return text[:place] + " " * random.choice((0, 0, 1, 2)) + text[place:]


def _continued(text: str) -> set[int]:
    """The numbers, from 0, of lines that begin inside brackets or inside a text."""
    found: set[int] = set()
    opened: list[int] = []
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        first, last = token.start_mark.line, token.end_mark.line
        if isinstance(token, OPENING):
            opened.append(first)
        elif isinstance(token, CLOSING):
            found.update(range(opened.pop() + 1, last + 1))
        elif isinstance(token, tokens.ScalarToken):
            found.update(range(first + 1, last + (token.end_mark.column > 0)))
    return found
