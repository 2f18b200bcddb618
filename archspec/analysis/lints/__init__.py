"""What a sound network has that its author may want to think about: lints, one rule to a file, found by name.

A rule's file declares `CODE` and `find`, a pure function from a network to what it finds; its entry in the catalogue
says why, with a wrong and a right example. There is no list of rules. Files that begin with `_` hold what rules share.
A rule goes by facts that ops declare, so that it holds for ops it has never heard of, and says nothing where a fact is
missing.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache
from typing import Protocol, cast

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network, Training
from archspec.analysis.lints._placing import placed
from archspec.diagnostics import Diagnostic
from archspec.ir.graph import Graph

__all__ = ["Rule", "Training", "find_lints", "rules"]


class Rule(Protocol):
    """What a rule's file offers."""

    CODE: str

    def find(self, network: Network) -> Iterable[Finding]:
        """Every place of the network of which the rule has something to say, in graph order."""


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of their codes."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    found = [cast(Rule, importlib.import_module(f"{__name__}.{name}")) for name in names]
    return tuple(sorted(found, key=lambda rule: rule.CODE))


def find_lints(graph: Graph, training: Training | None, is_chosen: Callable[[str], bool]) -> tuple[Diagnostic, ...]:
    """What the chosen rules find, each at the user's own line, once for all nodes that the line makes."""
    network = Network(graph, training)
    chosen = [rule for rule in rules() if is_chosen(rule.CODE)]
    return tuple(one for rule in chosen for one in placed(rule.CODE, tuple(rule.find(network)), graph))
