"""Whether the comments that allow warnings can be followed, and allow anything.

Reports L1401 for a code that nothing on the line has, and L1402 for a comment that cannot be followed. No comment can
allow these two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from archspec.diagnostics import Diagnostic, Label, Severity, Span
from archspec.diagnostics.suggest import nearest
from archspec.syntax.allowances import Allowance

USELESS, UNCLEAR = "L1401", "L1402"

EXAMPLE = "`# archspec: allow L1101 as in the paper`"


def judge_comments(
    comments: tuple[Allowance, ...],
    used: Collection[tuple[Span, str]],
    is_chosen: Callable[[str], bool],
    *,
    is_whole: bool,
) -> tuple[Diagnostic, ...]:
    """What is wrong with comments, of which those `used` suppress something, each by its place and code.

    Whether one suppresses nothing is judged for the chosen codes, and only where all that there is was looked for.
    """
    if not comments:
        return ()
    # Imported here: it reads the catalogue.
    from archspec.diagnostics.codes import CODES

    return tuple(
        found
        for comment in comments
        for found in (_misread(comment, CODES) or (_useless(comment, used, is_chosen) if is_whole else ()))
        if is_chosen(found.code)
    )


def _useless(
    comment: Allowance, used: Collection[tuple[Span, str]], is_chosen: Callable[[str], bool]
) -> Iterator[Diagnostic]:
    for code in dict.fromkeys(comment.codes):
        if is_chosen(code) and (comment.place, code) not in used:
            headline = f"the comment allows {code}, and nothing on this line has it"
            yield _warning(
                USELESS, headline, comment, "remove it; a finding is allowed on the line that its message shows"
            )


def _misread(comment: Allowance, known: Iterable[str]) -> tuple[Diagnostic, ...]:
    """The first thing that keeps a comment from being followed, if there is one."""
    if comment.verb != "allow":
        headline = f"a comment can `allow` a code, and not `{comment.verb}` it"
        return (_warning(UNCLEAR, headline, comment, f"write it like {EXAMPLE}"),)
    for code in comment.codes:
        if code not in known:
            near = nearest(code, known)
            cure = f"did you mean `{near}`?" if near else "`docs/lints.md` has the codes of lints"
            return (_warning(UNCLEAR, f"there is no code `{code}` to allow", comment, cure),)
        if code.startswith("E"):
            return (_warning(UNCLEAR, f"{code} is an error, and only warnings can be allowed", comment, "mend it"),)
        if code in (USELESS, UNCLEAR):
            headline = f"{code} is about such comments, and none can allow it"
            return (_warning(UNCLEAR, headline, comment, f"mend the comment, or run with `--ignore {code}`"),)
    if not comment.codes:
        return (_warning(UNCLEAR, "the comment names no code to allow", comment, f"write it like {EXAMPLE}"),)
    if not comment.reason:
        headline = "the comment gives no reason, and allows nothing without one"
        return (_warning(UNCLEAR, headline, comment, f"write why, as in {EXAMPLE}"),)
    return ()


def _warning(code: str, headline: str, comment: Allowance, cure: str) -> Diagnostic:
    return Diagnostic(code, headline, Label(comment.place), help=cure, severity=Severity.WARNING)
