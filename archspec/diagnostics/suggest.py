"""The nearest known word to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

MOST_WORDS = 2_000


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` most likely stands for, or `None` where none is near.

    >>> nearest("batchnorm", ["batch_norm", "dense"]), nearest("zzz", ["dense"])
    ('batch_norm', None)
    """
    # Imported here: only a mistake needs it.
    import difflib

    candidates = sorted(set(known))[:MOST_WORDS]
    if len(word) > 64:
        return None
    folded = {_fold(candidate): candidate for candidate in reversed(candidates)}
    if exact := folded.get(_fold(word)):
        return exact if exact != word else None
    found = difflib.get_close_matches(_fold(word), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def _fold(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")
