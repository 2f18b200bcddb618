"""Everything that `archspec lint` says of a spec: what `check` finds, the lints, and comments without effect.

    compile -> lints, for the spec and for each variant -> what comments suppress taken out -> comments judged

A comment is judged in the file that is linted, and only where all that it can be for has been looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from archspec.analysis.comments import judge_comments
from archspec.analysis.lints import Training, find_lints
from archspec.compiler import Compilation, check_variants
from archspec.diagnostics import Diagnostic, Severity, Suppressed
from archspec.elaboration.settings import Settings
from archspec.syntax.allowances import allowances, sift
from archspec.syntax.shared_text import keep_own_fixes


class Linted(NamedTuple):
    """What was found and stands, and what comments suppress."""

    found: tuple[Diagnostic, ...]
    suppressed: tuple[Suppressed, ...]


def lint(compilation: Compilation, settings: Settings, is_chosen: Callable[[str], bool]) -> Linted:
    """The findings of the chosen codes, by position; errors always."""

    def findings(one: Compilation) -> tuple[Diagnostic, ...]:
        chosen = [found for found in one.diagnostics if found.severity is Severity.ERROR or is_chosen(found.code)]
        lints = () if one.graph is None else find_lints(one.graph, _training(one), is_chosen)
        return (*chosen, *keep_own_fixes(one.source, lints))

    own = findings(compilation)
    of_variants = check_variants(compilation, settings, lambda one: own if one is compilation else findings(one))
    found, suppressed = sift(_once_a_line((*own, *of_variants)))
    comments = judge_comments(
        allowances(compilation.source) if compilation.document else (),
        {(one.comment, one.diagnostic.code) for one in suppressed},
        is_chosen,
        is_whole=_is_whole(compilation, settings, found),
    )
    return Linted(tuple(sorted((*found, *comments), key=_file_and_place(found))), suppressed)


def _training(compilation: Compilation) -> Training | None:
    recipe = compilation.recipe
    if recipe is None:
        return None
    return Training(recipe.precision, {name: loss.loss for name, loss in recipe.losses.items()})


def _once_a_line(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings, and of a lint that several variants have at one line the first."""
    kept: dict[object, Diagnostic] = {}
    for one in found:
        is_lint = one.code.startswith("L") and one.primary is not None
        kept.setdefault((one.code, str(one.primary.span)) if is_lint and one.primary else one, one)
    return tuple(kept.values())


def _file_and_place(found: Iterable[Diagnostic]) -> Callable[[Diagnostic], tuple[int, int, int]]:
    """The order of findings: by file in the order first met, then by position."""
    files: dict[str, int] = {}
    for one in found:
        if one.primary:
            files.setdefault(one.primary.span.source.name, len(files))
    return lambda one: (files.get(one.primary.span.source.name, 0) if one.primary else -1, *one.position)


def _is_whole(compilation: Compilation, settings: Settings, found: tuple[Diagnostic, ...]) -> bool:
    """Whether all was looked at that a comment can be for: every variant, under the file's own settings."""
    as_written = not (settings.variant or settings.parameters or settings.inputs)
    return as_written and compilation.graph is not None and all(one.code != "W0801" for one in found)
