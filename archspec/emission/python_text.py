"""Python source laid out as `ruff format` lays it out: on one line, or one item a line with a comma after each.

Knows nothing of networks. Text from outside becomes a literal here and nowhere else, so that none of it can be code.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archspec.ir.keras_call import Literal

WIDTH = 116
"""What is left of the 120 columns of archspec's own source, from which the layers' classes come one level deeper."""

INDENT = 4


@dataclass(frozen=True, slots=True)
class Bracketed:
    """`opening`, items between commas, `closing`. A `packed` one fills its lines with items where it needs several."""

    opening: str
    items: tuple[Code, ...]
    closing: str
    packed: bool = False

    def __str__(self) -> str:
        comma = "," if self.opening.endswith("(") and self.packed and len(self.items) == 1 else ""
        return f"{self.opening}{', '.join(map(str, self.items))}{comma}{self.closing}"


Code = str | Bracketed


def statement(chain: Sequence[Bracketed], margin: int = INDENT) -> str:
    """Brackets that follow one another, `x = f(…)(…)`, indented by `margin`."""
    first, *rest = chain
    tail = "".join(map(str, rest))
    if margin + len(str(first)) + len(tail) <= WIDTH:
        return " " * margin + str(first) + tail
    text = " " * margin + _break(first, margin)
    if margin + len(first.closing) + len(tail) <= WIDTH:
        text += tail
    else:
        text += "".join(_break(bracketed, margin) for bracketed in rest)
    # A formatter would give each number of a filled table its own line.
    return f"{text}  # fmt: skip" if any(_fills_lines(one, margin) for one in chain) else text


def named(name: str, value: Code) -> Code:
    """`name=value`."""
    if isinstance(value, str):
        return f"{name}={value}"
    return Bracketed(f"{name}={value.opening}", value.items, value.closing, value.packed)


def literal(value: Literal) -> Code:
    """A value as Python reads it back.

    >>> str(literal(("a", 1, (2,)))), str(literal(float("inf")))
    ('("a", 1, (2,))', 'float("inf")')
    """
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, tuple):
        return Bracketed("(", tuple(literal(item) for item in value), ")", packed=True)
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value).replace("e+", "e")


def quoted(text: str) -> str:
    r"""A string literal in double quotes; what cannot be printed as it is stands escaped.

    >>> print(quoted('a "b"\n'))
    "a \"b\"\n"
    """
    return '"' + "".join(map(_escaped, text)) + '"'


def docstring(text: str) -> str:
    """A docstring of one line. What could end it, or cannot be printed, is replaced.

    >>> print(docstring('a "b"'))
    \"\"\"a 'b'\"\"\"
    """
    safe = text.replace("\\", "/").replace('"', "'")
    return '"""' + "".join(sign if sign.isprintable() else "?" for sign in safe) + '"""'


def _escaped(sign: str) -> str:
    if sign == '"':
        return '\\"'
    return sign if sign.isprintable() and sign != "\\" else sign.encode("unicode_escape").decode("ascii")


def _break(bracketed: Bracketed, margin: int) -> str:
    """The bracketed items on lines of their own; the text begins where it is put and ends on a line at `margin`."""
    inner = margin + INDENT
    if not bracketed.items:
        return str(bracketed)
    if bracketed.packed and all(isinstance(item, str) for item in bracketed.items):
        lines: Iterable[str] = _fill([str(item) for item in bracketed.items], WIDTH - inner)
    else:
        lines = (_item(item, inner) + "," for item in bracketed.items)
    body = "".join(f"{' ' * inner}{line}\n" for line in lines)
    return f"{bracketed.opening}\n{body}{' ' * margin}{bracketed.closing}"


def _item(item: Code, margin: int) -> str:
    return str(item) if isinstance(item, str) or _fits(item, margin) else _break(item, margin)


def _fits(item: Bracketed, margin: int) -> bool:
    return margin + len(str(item)) + len(",") <= WIDTH


def _fills_lines(code: Code, margin: int) -> bool:
    """Whether a packed table of plain values stands on several lines, where `code` itself does."""
    if isinstance(code, str) or not code.items:
        return False
    inner = margin + INDENT
    return any(
        isinstance(item, Bracketed)
        and not _fits(item, inner)
        and ((item.packed and all(isinstance(one, str) for one in item.items)) or _fills_lines(item, inner))
        for item in code.items
    )


def _fill(words: Sequence[str], width: int) -> list[str]:
    """Words with a comma after each, as many a line as fit."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + len(f" {word},") <= width:
            lines[-1] += f" {word},"
        else:
            lines.append(f"{word},")
    return lines
