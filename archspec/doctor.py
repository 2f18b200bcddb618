"""Looks at the installation: the clash of names, the parser, TensorFlow and Keras. Imports neither of the last two."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec

import yaml

OWN = "archspec-nn"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    state: str
    good: bool = True

    def __str__(self) -> str:
        return f"{'ok ' if self.good else 'BAD'}  {self.what}: {self.state}"


def examine() -> list[Finding]:
    """All findings, good and bad."""
    return [
        Finding("python", platform.python_version()),
        _name_clash(metadata.packages_distributions().get("archspec", [])),
        Finding(
            "yaml",
            f"PyYAML {yaml.__version__}, "
            + ("libyaml" if yaml.__with_libyaml__ else "without libyaml: reading is slower"),
        ),
        *(_installed(name) for name in ("pydantic", "tensorflow", "keras")),
    ]


def _name_clash(owners: list[str]) -> Finding:
    """Another project owns the name `archspec` on the package index, and its files would lie over ours.

    >>> _name_clash(["archspec-nn", "archspec"]).good
    False
    """
    others = sorted(set(owners) - {OWN})
    if not others:
        return Finding("package", f"only {OWN} provides `archspec`" if owners else "running from a source tree")
    return Finding(
        "package",
        f"{', '.join(others)} also provides `archspec` (conda uses it): install {OWN} in an environment of its own",
        good=False,
    )


def _installed(name: str) -> Finding:
    if find_spec(name) is None:
        return Finding(name, "not installed: `build` and `train` need it", good=False)
    return Finding(name, metadata.version(name))
