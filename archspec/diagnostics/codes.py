"""The catalogue of codes: for each its title, an explanation, a wrong and a right spec.

The entries are YAML in `catalogue/`, one file for each area. Imported by what explains codes, never by what reports
them: `check` must not pay for it.

    E01 reading   E02 document   E03 names and wiring   E04 shapes   E05 fields   E06 expressions   E07 contracts
    E08 limits    E09 training   E10 plugins   W03 what has no effect
    L11 layers in a row   L12 windows   L13 the whole network   L14 comments that allow

`L` codes are lints, of which `archspec lint` alone speaks; `check` reports the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER = Path(__file__).with_name("catalogue")


@dataclass(frozen=True)
class Code:
    """One kind of finding. `wrong` is a spec that yields it and nothing else, `right` one that yields nothing.

    A lint says `why` it speaks of what may be meant, and when to `keep` it. The options stand after `archspec check`
    where the mistake is in them. A code that no spec can show has `unshown`, the reason, instead of the two.
    """

    title: str
    explanation: str
    wrong: str = ""
    right: str = ""
    wrong_options: tuple[str, ...] = ()
    right_options: tuple[str, ...] = ()
    unshown: str = ""
    why: str = ""
    keep: str = ""


def explain(code: str) -> str:
    """A code's whole entry, as text. Raises `KeyError` for a code that does not exist."""
    entry = CODES[code]
    parts = [f"{code}: {entry.title}", entry.explanation]
    if entry.unshown:
        parts.append(f"No example: {entry.unshown}.")
    if entry.why:
        parts.append(f"Why: {entry.why}")
    for word, spec, options in (
        ("Wrong", entry.wrong, entry.wrong_options),
        ("Right", entry.right, entry.right_options),
    ):
        if spec:
            with_options = f", with `{' '.join(options)}`" if options else ""
            parts.append(f"{word}{with_options}:\n\n" + _indented(spec))
    if entry.keep:
        parts.append(f"When to keep it: {entry.keep}")
    return "\n\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip().splitlines())


def _load() -> dict[str, Code]:
    # The files are the package's own, so YAML's loader may read them.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: dict[str, Code] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for code, fields in yaml.load(path.read_text(encoding="utf-8"), Loader=loader).items():
            wrong_options, right_options = (tuple(fields.pop(f"{word}_options", ())) for word in ("wrong", "right"))
            texts: dict[str, str] = {name: text.strip("\n") for name, text in fields.items()}
            entries[code] = Code(**texts, wrong_options=wrong_options, right_options=right_options)
    return entries


CODES: dict[str, Code] = _load()
