"""The parser of the expression language: text to a small tree. Evaluation is in `evaluation`.

    scalar = text with  $word | $word.channels | $( expr )
    expr   = or / and / not, comparisons, + - * / // % **, unary -, x if c else y, f(x, …), list[i], 'word', number,
             true, false, name, node.channels

Written by hand: Python's own parser would let Python in. Never `eval`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from archspec.syntax.expression_tree import Apply, Channels, Constant, Expression, ExpressionError, Name, Template
from archspec.syntax.limits import MAX_DIGITS, MAX_EXPRESSION, MAX_EXPRESSION_DEPTH

FUNCTIONS = ("min", "max", "ceil", "floor", "round", "make_divisible", "len", "sum", "range", "take")
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
"""What may end a quantity: thousand, million, …"""
KEYWORDS = ("or", "and", "not", "if", "else", "true", "false")

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>'[^']*')"
    r"|(?P<sign>\*\*|//|==|!=|<=|>=|[-+*/%<>()\[\],.]))"
)

QUANTITY = re.compile(r"\s*(?P<number>\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?[KMGT]?(?![A-Za-z0-9_]))")
"""As `TOKEN`, with quantities: `5M`, `1_000_000`."""


BRACED = re.compile(r"\$\{([^{}]*)\}")
"""How other languages write an expression in a text."""


@lru_cache(maxsize=4096)
def parse_template(text: str) -> Template:
    """The parts of a scalar's text. Raises `ExpressionError`.

    >>> parse_template("skip_$level").parts[0]
    'skip_'
    """
    parts: list[str | Expression] = []
    place = 0
    while (sign := text.find("$", place)) >= 0:
        if sign > place:
            parts.append(text[place:sign])
        expression, place = _parse_dollar(text, sign)
        parts.append(expression)
    if place < len(text):
        parts.append(text[place:])
    return Template(tuple(parts))


def _parse_dollar(text: str, sign: int) -> tuple[Expression, int]:
    """The expression that begins at a `$`, and the place after it."""
    if text.startswith("$(", sign):
        end = _closing(text, sign + 1)
        return _Parser(text, sign + 2, end).parse(), end + 1
    word = WORD.match(text, sign + 1)
    if not word:
        rule = "a `$` needs a name or `(` after it"
        if braced := BRACED.match(text, sign):
            raise ExpressionError(rule, sign, braced.end(), "write `$(…)`", f"$({braced[1]})")
        cure = "write `$(…)`" if text.startswith("${", sign) else "write `$name` or `$(…)`"
        raise ExpressionError(rule, sign, sign + 2, cure)
    end = word.end()
    if not text.startswith(".", end):
        return Name(word.group(), sign + 1, end), end
    attribute = WORD.match(text, end + 1)
    if not attribute or attribute.group() != "channels":
        got = "." + (attribute.group() if attribute else "")
        cure = f"text after a name begins after parentheses: `$({word.group()}){got}`"
        raise ExpressionError(f"only `.channels` may follow a name, got `{got}`", end, end + len(got), cure)
    return Channels(word.group(), sign + 1, attribute.end()), attribute.end()


def _closing(text: str, opening: int) -> int:
    """The place of the parenthesis that closes the one at `opening`, words in quotes passed over."""
    depth = 0
    quoted = False
    for place in range(opening, len(text)):
        sign = text[place]
        quoted ^= sign == "'"
        depth += 0 if quoted else (sign == "(") - (sign == ")")
        if depth == 0:
            return place
    raise ExpressionError("this `$(` is not closed", opening - 1, len(text), "add `)`")


def parse_condition(text: str) -> Expression:
    """A text that is one expression, in which numbers may be quantities. Raises `ExpressionError`.

    >>> parse_condition("params <= 5M").arguments[1].value
    5000000
    """
    return _Parser(text, 0, len(text), has_units=True).parse()


class _Parser:
    """Recursive descent over `text[start:end]`; one method a level of precedence, loosest first."""

    def __init__(self, text: str, start: int, end: int, *, has_units: bool = False) -> None:
        if end - start > MAX_EXPRESSION:
            raise ExpressionError(f"an expression may have {MAX_EXPRESSION} characters, got {end - start}", start, end)
        self.text = text
        self.start = start
        self.end = end
        self.depth = 0
        self.has_units = has_units
        self.tokens = self._tokenize()
        self.place = 0

    def parse(self) -> Expression:
        """The one expression that the text holds."""
        found = self._conditional()
        if self.place < len(self.tokens):
            token, start, end = self.tokens[self.place]
            raise ExpressionError(f"an operator or the end must stand here, got `{token}`", start, end, _cure(token))
        return found

    def _tokenize(self) -> list[tuple[str, int, int]]:
        tokens = []
        place = self.start
        while self.text[place : self.end].strip():
            match = self.has_units and QUANTITY.match(self.text, place, self.end)
            match = match or TOKEN.match(self.text, place, self.end)
            if not match or match.lastgroup is None:
                start = place + len(self.text[place : self.end]) - len(self.text[place : self.end].lstrip())
                sign = self.text[start]
                raise ExpressionError(f"`{sign}` is not part of an expression", start, start + 1, _cure(sign))
            tokens.append((match.group(match.lastgroup), match.start(match.lastgroup), match.end(match.lastgroup)))
            place = match.end()
        return tokens

    def _peek(self) -> str:
        return self.tokens[self.place][0] if self.place < len(self.tokens) else ""

    def _next(self) -> tuple[str, int, int]:
        if self.place >= len(self.tokens):
            raise ExpressionError("the expression ends too early", self.end, self.end + 1)
        self.place += 1
        return self.tokens[self.place - 1]

    def _expect(self, token: str) -> int:
        if self.place >= len(self.tokens):
            raise ExpressionError(f"`{token}` must stand here", self.end, self.end + 1)
        got, start, end = self._next()
        if got != token:
            raise ExpressionError(f"`{token}` must stand here, got `{got}`", start, end)
        return end

    def _conditional(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_EXPRESSION_DEPTH:
            raise ExpressionError(f"an expression may be nested {MAX_EXPRESSION_DEPTH} deep", self.start, self.end)
        value = self._binary(0)
        if self._peek() == "if":
            self._next()
            condition = self._binary(0)
            self._expect("else")
            other = self._conditional()
            value = Apply("if", (condition, value, other), value.start, other.end)
        self.depth -= 1
        return value

    LEVELS = (("or",), ("and",), ("not",), ("==", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "/", "//", "%"))

    def _binary(self, level: int) -> Expression:
        if level == len(self.LEVELS):
            return self._unary()
        signs = self.LEVELS[level]
        if signs == ("not",):
            return self._not(level)
        left = self._binary(level + 1)
        while self._peek() in signs:
            sign, start, end = self._next()
            right = self._binary(level + 1)
            if "==" in signs and self._peek() in signs:
                raise ExpressionError("comparisons cannot be chained", start, end, "join two with `and`")
            left = Apply(sign, (left, right), left.start, right.end)
        return left

    def _not(self, level: int) -> Expression:
        if self._peek() != "not":
            return self._binary(level + 1)
        self._count_nesting()
        _, start, _ = self._next()
        operand = self._not(level)
        return Apply("not", (operand,), start, operand.end)

    def _unary(self) -> Expression:
        if self._peek() != "-":
            return self._power()
        self._count_nesting()
        _, start, _ = self._next()
        operand = self._unary()
        return Apply("negate", (operand,), start, operand.end)

    def _count_nesting(self) -> None:
        """Signs before one operand nest too; `- - - …` must not exhaust Python's stack."""
        self.depth += 1
        if self.depth > MAX_EXPRESSION_DEPTH:
            raise ExpressionError(f"an expression may be nested {MAX_EXPRESSION_DEPTH} deep", self.start, self.end)

    def _power(self) -> Expression:
        base = self._postfix()
        if self._peek() != "**":
            return base
        self._count_nesting()
        self._next()
        exponent = self._unary()
        return Apply("**", (base, exponent), base.start, exponent.end)

    def _postfix(self) -> Expression:
        value = self._atom()
        while self._peek() == "[":
            self._next()
            index = self._conditional()
            value = Apply("[]", (value, index), value.start, self._expect("]"))
        return value

    def _atom(self) -> Expression:
        token, start, end = self._next()
        if token == "(":
            inner = self._conditional()
            self._expect(")")
            return inner
        if token[0].isdigit():
            return Constant(_number(token, start, end), start, end)
        if token[0] == "'":
            return Constant(token[1:-1], start, end)
        if token in ("true", "false"):
            return Constant(token == "true", start, end)
        if not WORD.match(token) or token in KEYWORDS:
            raise ExpressionError(f"a value must stand here, got `{token}`", start, end, _cure(token))
        if self._peek() == "(":
            return self._call(token, start, end)
        if self._peek() == ".":
            self._next()
            attribute, _, stop = self._next()
            if attribute != "channels":
                raise ExpressionError(f"only `.channels` may follow a name, got `.{attribute}`", end, stop)
            return Channels(token, start, stop)
        return Name(token, start, end)

    def _call(self, name: str, start: int, end: int) -> Expression:
        if name not in FUNCTIONS:
            raise ExpressionError(f"`{name}` is not a function", start, end, "there are " + ", ".join(FUNCTIONS))
        self._next()
        arguments = []
        while self._peek() != ")":
            arguments.append(self._conditional())
            if self._peek() != ")":
                self._expect(",")
        return Apply(name, tuple(arguments), start, self._expect(")"))


def _number(text: str, start: int, end: int) -> int | Fraction:
    exponent = re.search(r"[eE]([+-]?\d+)", text)
    if len(text) > MAX_DIGITS or (exponent and (len(exponent[1]) > 4 or abs(int(exponent[1])) > MAX_DIGITS)):
        raise ExpressionError(f"a number may have {MAX_DIGITS} digits", start, end)
    digits = text.rstrip("".join(UNITS))
    value = Fraction(digits.replace("_", "")) * UNITS[text[len(digits) :]]
    return value.numerator if value.denominator == 1 else value


def _cure(token: str) -> str | None:
    """What people mean by signs of other languages."""
    return {
        "?": "write a conditional as `x if condition else y`",
        "&": "write `and`",
        "|": "write `or`",
        "!": "write `not` or `!=`",
        "=": "write `==` to compare",
        "^": "write `**` for powers",
        "$": "inside `$(…)` names are bare: leave the `$` out",
        '"': "write words in single quotes",
        "{": "write `(`",
        "[": "lists are written in `let:`, or made by `range` and `take`",
    }.get(token)
