"""The patches of specs that extend others, applied while the lines that they change are placed.

A patch names a line, a pass of a loop or a branch by its path, as `summary` shows it. What a patch places is a line of
the file that the patch stands in: it has that file's numbers, defaults and blocks, and the names in sight at its place.
Where one spec extends another that extends a third, the patches of each apply to what those before it have left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from archspec.diagnostics import Label, Span
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import did_you_mean
from archspec.elaboration.arguments import Argument
from archspec.elaboration.context import REMOVED, Context
from archspec.elaboration.scope import Named
from archspec.syntax import ast, tree


@dataclass
class Change:
    """What the patches of one file do at one path. Mutable by design: filled patch by patch, and marked when met."""

    level: int
    home: Context
    """The file that the patches stand in."""
    path: str
    first: ast.Patch
    before: tuple[ast.Item, ...] = ()
    after: tuple[ast.Item, ...] = ()
    content: ast.Patch | None = None
    """The patch that replaces, removes or sets what stands here: one of them."""
    met: bool = False

    @property
    def is_removal(self) -> bool:
        """Whether what stands here goes."""
        return self.content is not None and self.content.operation.text == "remove"

    @property
    def replacement(self) -> tuple[ast.Item, ...] | None:
        """The lines that stand here instead, if others do."""
        replaces = self.content is not None and self.content.operation.text == "replace"
        return self.content.layers if self.content is not None and replaces else None

    def within(self, place: Context) -> Context:
        """The context of the lines that the patches place: their own file's, at the place that they change."""
        home = self.home
        return replace(
            place, module=home.module, bindings=home.bindings, shared=home.shared, level=self.level + 1, overrides=()
        )

    def overrides(self) -> tuple[Argument, ...]:
        """The fields that `set` gives, as written in its file."""
        return tuple(
            Argument(entry.key.text, entry.key.span, entry.value.span, self.home, entry.value)
            for entry in (self.content.fields if self.content is not None else ())
        )

    def removed(self) -> Named:
        """What the name of a removed line stands for."""
        assert self.content is not None
        return Named(None, self.content.operation.span, off=REMOVED)

    def refuse_settings(self, what: str) -> None:
        """Report E0314 for `set` where there are no fields."""
        if self.content is not None and self.content.operation.text == "set":
            headline = f"`{self.path}` is {what} and has no fields to set"
            self.home.report("E0314", headline, self.content.path.span, help_="patch the lines in it")

    def refuse_insertions(self) -> None:
        """Report E0314 for lines inserted beside a branch."""
        if self.before or self.after:
            headline = f"`{self.path}` is a branch, and no line can be put before or after it"
            self.home.report(
                "E0314", headline, self.first.path.span, help_="put it before or after a line in the branch"
            )


class Patches:
    """All patches of a spec and of those that it extends. Mutable by design: each is marked when its line is met."""

    def __init__(self, homes: tuple[Context, ...]) -> None:
        """`homes` are the files that extend others, the eldest first."""
        self._seen: set[str] = set()
        self._levels: list[dict[str, Change]] = []
        self.last_met: Change | None = None
        """The change met last: what no longer fits after it is likely its doing."""
        for level, home in enumerate(homes):
            self._levels.append({})
            extends = home.module.document.extends
            for patch in extends.patches if extends else ():
                self._add(patch, level, home)

    def at(self, path: str, level: int) -> Change | None:
        """The change to what stands at a path, of the first file from `level` on that has one which was not yet met."""
        if level >= len(self._levels):
            return None
        self._seen.add(path)
        for changes in self._levels[level:]:
            change = changes.get(path)
            if change is not None and not change.met:
                change.met = True
                self.last_met = change
                return change
        return None

    def reaches(self, path: str) -> bool:
        """Whether a patch changes a line inside what stands at a path."""
        return any(changed.startswith(f"{path}/") for changes in self._levels for changed in changes)

    def report_unmet(self) -> None:
        """Report E0313 for each path at which nothing stood."""
        for change in (change for changes in self._levels for change in changes.values()):
            if change.met:
                continue
            place = change.first.path
            patched = {one.path for changes in self._levels for one in changes.values()}
            otherwise = "`archspec summary` of the extended spec shows the paths"
            cure = did_you_mean(change.path, self._seen, otherwise, taken=patched)
            headline = f"nothing stands at `{tree.shorten(change.path)}` in the extended spec"
            fix = respell(place.span, place.text, cure.instead)
            change.home.report("E0313", headline, place.span, help_=cure.help, fix=fix)

    def _add(self, patch: ast.Patch, level: int, home: Context) -> None:
        path = home.word(patch.path)
        if path is None:
            return
        change = self._levels[level].setdefault(path, Change(level, home, path, patch))
        operation = patch.operation.text
        if operation == "insert_before":
            change.before += patch.layers
        elif operation == "insert_after":
            change.after += patch.layers
        elif change.content is None:
            change.content = patch
        else:
            self._refuse_second(patch, change.content, path, home)

    def _refuse_second(self, patch: ast.Patch, first: ast.Patch, path: str, home: Context) -> None:
        home.report(
            "E0314",
            f"`{tree.shorten(path)}` is patched twice: `{first.operation.text}` and `{patch.operation.text}`",
            patch.path.span,
            labels=(Label(first.path.span, "the first"),),
            help_="keep one of them; one `set` takes several fields",
        )


def as_one_item(lines: tuple[ast.Item, ...], name: str, span: Span) -> ast.Item:
    """Lines that stand in another's place: one takes its name, unless it has its own; several stand in its scope."""
    written = tree.Scalar(name, False, span)
    if len(lines) == 1 and isinstance(lines[0], ast.Use | ast.Continue | ast.Side):
        line = lines[0]
        return line if line.modifiers.name else line._replace(modifiers=line.modifiers._replace(name=written))
    once = ast.Passes(repeats=tree.Scalar("1", False, span))
    return ast.Loop(once, lines, ast.Modifiers(name=written), span)
