"""What a YAML syntax error means to the person who wrote the line; the same words for both of PyYAML's parsers."""

from __future__ import annotations

import re

import yaml

from archspec.diagnostics import Diagnostic, Edit, Fix, Label, SourceFile, Span

UNEXPECTED_COLON = "found unexpected ':'"
COLON_HEADLINE = "a space must follow this colon"
QUESTION_HEADLINE = "`?` cannot stand inside `{…}` and `[…]`"
QUESTION_HELP = "put the text in quotes"
BRACES_HELP = "write expressions as `$name` or `$(…)`"
BRACKETS_HELP = "an expression with brackets needs quotes inside `{…}` and `[…]`, or a name in `let:`"
CURED_IN_FLOW = (BRACES_HELP, BRACKETS_HELP)

UNCLOSED = {"{": "}", "[": "]"}

INDENTATION = "this line's indentation does not fit the lines above it"

# A fragment common to what libyaml and the pure-Python parser say, with our words and the cure.
PROBLEMS: tuple[tuple[str, str, str | None], ...] = (
    ("but got '?'", QUESTION_HEADLINE, QUESTION_HELP),
    (UNEXPECTED_COLON, COLON_HEADLINE, None),
    ("expected ',' or '}'", "a comma or `}` must stand here", None),
    ("expected ',' or ']'", "a comma or `]` must stand here", None),
    ("could not find expected ':'", "a key needs a colon after it", "write `key: value`"),
    ("mapping values are not allowed", "a colon cannot stand here", "put text that holds `: ` in quotes"),
    ("cannot start any token", "this character cannot begin a value", "put the text in quotes"),
    ("unexpected end of stream", "a quoted text is not closed", "add the closing quote"),
    ("unexpected document separator", "a quoted text is not closed", "add the closing quote"),
    ("but found '}'", "this `}` closes nothing", None),
    ("but found ']'", "this `]` closes nothing", None),
    ("expected <block end>", INDENTATION, None),
    ("expected key", INDENTATION, None),
    ("expected '-' indicator", INDENTATION, None),
    ("block sequence entries are not allowed", "a list cannot begin here", "put `-` on a line of its own"),
    ("sequence entries are not allowed", "a list cannot begin here", "put `-` on a line of its own"),
    ("unknown escape character", "this escape is unknown", "use single quotes, in which `\\` means itself"),
    ("expected escape sequence", "this escape is unknown", "use single quotes, in which `\\` means itself"),
    (
        "alphabetic or numeric character",
        "an anchor or alias needs a name",
        "put text that begins with `&` or `*` in quotes",
    ),
    ("duplicate anchor", "this anchor's name is taken", "give it another name"),
    ("expected the node content", "a value is missing here", None),
    ("expected node content", "a value is missing here", None),
    ("expected <document start>", "the spec ends above this line", "indent it as the lines above"),
    ("expected alphabetic", "this is not YAML", None),
)


def explain_yaml_error(source: SourceFile, error: yaml.MarkedYAMLError) -> Diagnostic:
    """E0105 at the place of the problem, with the place where the unfinished construct began.

    A bracket that is still open where its line ends is itself the place to show, not the line after it.
    """
    span = _at(source, error.problem_mark or error.context_mark)
    said = (error.problem or error.context or "").replace("did not find ", "")
    headline, cure = next(
        ((words, cure) for fragment, words, cure in PROBLEMS if fragment in said), ("this is not YAML", None)
    )
    if headline in (COLON_HEADLINE, QUESTION_HEADLINE):
        key = source.line(span.line)[: span.column - 1].rpartition(" ")[2].strip("[{,")
        fix = space_after_colon(span) if headline == COLON_HEADLINE else ()
        return Diagnostic("E0105", headline, Label(span), help=cure or colon_help(key), fix=fix)
    begin = _at(source, error.context_mark) if error.context_mark is not None else span
    bracket = source.line(begin.line)[begin.column - 1 : begin.column]
    is_at_line_end = begin.line < span.line or not source.line(span.line)[span.column - 1 :].strip()
    if "comma or" in headline and is_at_line_end and bracket in UNCLOSED:
        cure = _expression_help(source.line(begin.line)) or f"add `{UNCLOSED[bracket]}`"
        return Diagnostic("E0105", f"this `{bracket}` is not closed", Label(begin), help=cure)
    if headline.endswith(("quoted text is not closed", "needs a colon after it")):
        return Diagnostic("E0105", headline, Label(begin), help=cure)
    if "comma or" in headline and source.line(span.line)[span.column - 1 : span.column] == ":":
        # The comma is missing before the key, and is missed at its colon.
        word = re.search(r"\w*$", source.line(span.line)[: span.column - 1])
        start = word.start() + 1 if word else span.column
        span = span._replace(column=start, end_column=max(span.column, start + 1))
    labels = (Label(begin, "in what begins here"),) if begin != span else ()
    before = source.line(span.line)[: span.column]
    colon_cure = _line_above_cure(source, span) or _colon_cure(before) if "a colon cannot" in headline else None
    if headline == INDENTATION and re.match(r"\s*- .*[}\]]\s*$", before[:-1]):
        headline, cure = "nothing can follow the closing bracket", "put all of the line into one pair of braces"
    expression_cure = _expression_help(before)
    fix = _cure_in_flow(source, span) if "comma or" in headline and expression_cure in CURED_IN_FLOW else ()
    if colon_cure and not expression_cure:
        fix = _space_in_the_line_above(source, span) if colon_cure.startswith("write a space") else ()
    return Diagnostic("E0105", headline, Label(span), labels, help=expression_cure or colon_cure or cure, fix=fix)


def space_after_colon(colon: Span) -> Fix:
    """The space that a colon lacks before a list or mapping."""
    after = colon.source.line(colon.line)[colon.column : colon.column + 1]
    return (Edit(colon.end, " "),) if colon.text == ":" and after in ("[", "{") else ()


def _space_in_the_line_above(source: SourceFile, span: Span) -> Fix:
    place = source.line(span.line - 1).index(":") + 2
    return (Edit(Span(source, span.line - 1, place, span.line - 1, place), " "),)


def _cure_in_flow(source: SourceFile, span: Span) -> Fix:
    # Imported here: only a mistake needs it.
    from archspec.syntax.expression_cures import cure_in_flow

    return cure_in_flow(source, span.line, span.column)


def _line_above_cure(source: SourceFile, span: Span) -> str | None:
    """The cure where the line above is the mistake: a bare word with a modifier under it, a colon without a space."""
    above = source.line(span.line - 1).strip()
    key = source.line(span.line)[: span.column - 1].strip()
    if word := re.fullmatch(r"- (\w+)", above):
        return f"write `- {{{word[1]}, {key}: …}}`: a bare word takes what stands beside it in braces"
    if touching := re.fullmatch(r"(?:- )?(\w+):([^\s:]+)", above):
        return f"write a space after the colon of the line above: `{touching[1]}: {touching[2]}`"
    return None


def _colon_cure(before: str) -> str | None:
    """What a second colon on a line most likely stands for."""
    if fields := re.fullmatch(r"\s*(?:- )?(\w+): .*\b\w+:", before):
        return f"put fields into braces: `{fields[1]}: {{…}}`"
    if re.fullmatch(r"\s+\w+:", before):
        return "indent this line as the key that it stands beside"
    return None


def colon_help(key: str) -> str:
    """The cure for a colon that touches what follows it."""
    return f"write `{key}: …`" if re.fullmatch(r"\w{1,40}", key) else "write `key: value`"


def _expression_help(before: str) -> str | None:
    """The cure where the problem follows an expression: brackets and braces end at YAML's own."""
    if "$(" in before and " ? " in before:
        return "write a conditional as `x if condition else y`"
    if "${" in before:
        return BRACES_HELP
    if "$" in before and ("{" in before or "[" in before):
        return BRACKETS_HELP
    return None


def _at(source: SourceFile, mark: yaml.Mark | None) -> Span:
    """The character at a mark; where the text has ended, its last line's end, for libyaml counts one line more."""
    if mark is None:
        return Span(source, 1, 1, 1, 1)
    line, column = mark.line + 1, mark.column + 1
    if line >= len(source.lines) and not source.line(line).strip():
        while line > 1 and not source.line(line).strip():
            line -= 1
        column = len(source.line(line).rstrip()) + 1
    return Span(source, line, column, line, column + 1)
