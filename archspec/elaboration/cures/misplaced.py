"""A modifier written among the fields of its op, moved beside the op.

Loaded only where one is. What cannot be moved by cutting one stretch and writing it elsewhere is left to a person.
"""

from __future__ import annotations

import re

from archspec.diagnostics import Edit, Fix, Span
from archspec.syntax import tree


def beside(fields: tree.Tree | None, modifier: Span, word: Span) -> Fix:
    """The fix that moves the modifier whose key is at a place out of `fields`, which stand behind `word`.

    None where it stands elsewhere: in a patch, or in the file's `defaults`.

    - conv: {filters: 8, name: a}      ->    - conv: {filters: 8}
                                               name: a
    """
    if not isinstance(fields, tree.Mapping):
        return ()
    entry = next((entry for entry in fields.entries if entry.key.span == modifier), None)
    if entry is None:
        return ()
    written = _written(entry)
    line = word.source.line(word.line)
    if written is None or not re.match(r"\s*:", line[word.end_column - 1 :]):
        return ()
    if fields.span.text is None or not fields.span.text.startswith("{"):
        return _out_of_block(fields, entry, written, word)
    cut = _cut(fields, entry)
    if cut is None or line[word.end_column - 1 : fields.span.column - 1].strip() != ":":
        return ()
    before = line[: word.column - 1]
    if before.rstrip().endswith("{"):
        return (cut, Edit(fields.span.end, f", {written}"))
    if before.rstrip().endswith("["):
        return (Edit(word.start, "{"), cut, Edit(fields.span.end, f", {written}}}"))
    behind = line[fields.span.end_column - 1 :].strip()
    if before.strip(" -") or (behind and not behind.startswith("#")):
        return ()
    return (cut, _line_after(fields.span.end, word, written))


def _out_of_block(fields: tree.Mapping, entry: tree.Entry, written: str, word: Span) -> Fix:
    """The modifier's line, moved below the last of the fields, which stand on lines of their own."""
    key = entry.key.span
    last = fields.entries[-1]
    source = key.source
    before = source.line(word.line)[: word.column - 1]
    if before.strip(" -") or source.line(key.line).strip() != written or fields.span.line == word.line:
        return ()
    if last is entry:
        return (Edit(key._replace(column=1, end_line=key.line, end_column=key.column), " " * (word.column - 1)),)
    if _written(last) is None:
        return ()
    cut = Edit(Span(source, key.line, 1, key.line + 1, 1), "")
    return (cut, _line_after(last.value.span.end, word, written))


def _line_after(place: Span, word: Span, written: str) -> Edit:
    """A new line below a place, indented as the op's word is."""
    column = len(place.source.line(place.line)) + 1
    return Edit(Span(place.source, place.line, column, place.line, column), "\n" + " " * (word.column - 1) + written)


def _cut(fields: tree.Mapping, entry: tree.Entry) -> Edit | None:
    """The removal of an entry of a mapping in braces, with one of the commas around it."""
    place = fields.entries.index(entry)
    whole = entry.key.span.to(entry.value.span)
    if place:
        before = fields.entries[place - 1].value.span
        whole = before.end.to(whole)
    elif len(fields.entries) > 1:
        whole = whole.to(fields.entries[1].key.span.start)
    text = whole.text
    pattern = rf"\s*,\s*{re.escape(entry.key.text)}\s*:.*" if place else rf"{re.escape(entry.key.text)}\s*:.*"
    return Edit(whole, "") if text is not None and re.fullmatch(pattern, text) else None


def _written(entry: tree.Entry) -> str | None:
    """A key and its value as they stand in one line; `None` for a missing value, and one of several lines."""
    is_missing = isinstance(entry.value, tree.Scalar) and entry.value.is_null
    return None if is_missing else entry.key.span.to(entry.value.span).text
