"""`archspec explain`: what a code stands for, what is declared of an op or standard block, a word of the language."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from archspec.cli.plugins import named_ops
from archspec.cli.status import OK
from archspec.diagnostics.codes import CODES, explain
from archspec.diagnostics.suggest import nearest
from archspec.elaboration.vocabulary import find_word, names
from archspec.report.words import word_text
from archspec.zoo import UnreadableSpecError


def explain_subject(options: Namespace) -> int:
    """Print the explanation. Raises `UnreadableSpecError` for what is neither a code nor a word."""
    ops = named_ops(options)
    codes = codes_meant(options.subject.upper(), CODES)
    if word := find_word(options.subject, ops):
        print(word_text(word))
    elif len(codes) == 1:
        print(explain(*codes))
    elif said := _of_language(options.subject):
        print(said)
    else:
        near = codes or [_nearest(options.subject, names(ops))]
        cure = (
            f"did you mean {' or '.join(f'`{one}`' for one in near)}?" if near[0] else "`archspec ops` lists the words"
        )
        raise UnreadableSpecError(f"there is no code, op or standard block `{options.subject}`", cure)
    return OK


def codes_meant(text: str, known: Iterable[str]) -> list[str]:
    """The codes that a text can be short for: `E301` for E0301, and `301` for W0301 too.

    >>> codes_meant("E301", ["E0301", "W0301"]), codes_meant("301", ["E0301", "W0301"])
    (['E0301'], ['E0301', 'W0301'])
    """
    letter = text[:1] if text[:1] in ("E", "L", "W") else ""
    number = text.removeprefix(letter).zfill(4)
    return [code for code in known if code[1:] == number and code.startswith(letter)]


def _of_language(subject: str) -> str | None:
    # Imported here: codes and ops are asked for more often, and do without the schema.
    from archspec.schema.language import language_word

    return language_word(subject)


def _nearest(subject: str, words: Iterable[str]) -> str:
    return nearest(subject.upper(), CODES) or nearest(subject, words) or ""
