"""Bodies placed again with other ops where no more differs: the same graph, or the same findings, as a walk."""

from __future__ import annotations

from collections.abc import Hashable

import pytest

from archspec.elaboration import session
from archspec.elaboration.body import Body
from archspec.elaboration.scope import Work
from tests.compiled import compiled
from tests.elaboration.test_memory import Counting, Forgetful, texts

UNIT = """
    archspec: 1
    inputs: {{image: [8, 8, 4]}}
    blocks:
      unit:
        parameters: {{drop: number}}
        layers:
          - add:
              main:
                - {{conv: {{filters: 4, kernel: 3, padding: same}}, name: conv}}
                - {line}
              identity: []
    layers:
{uses}
"""
LINE = "{stochastic_depth: $drop, when: $(drop > 0), name: drop}"


class Recalling(Counting):
    """A memory that says how many bodies it gave back, over all memories made."""

    given = 0

    def _recall(self, key: Hashable, work: Work) -> Body | None:
        found = super()._recall(key, work)
        Recalling.given += found is not None
        return found


def both(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str], int]:
    """What a spec gives with a memory and without, and how many bodies were given back."""
    Recalling.given = 0
    outcomes = []
    for memory in (Recalling, Forgetful):
        monkeypatch.setattr(session, "Memory", memory)
        found = compiled(text)
        outcomes.append([*texts(found.graph), *map(str, found.diagnostics), str(found.effort)])
    return outcomes[0], outcomes[1], Recalling.given


def spec(*rates: str, line: str = LINE) -> str:
    """A network of units, each with its rate."""
    return UNIT.format(line=line, uses="\n".join(f"      - unit: {{drop: {rate}}}" for rate in rates))


def test_units_that_differ_in_a_rate_are_walked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with_memory, without, given = both(spec("0.1", "0.2", "0.3"), monkeypatch)
    assert with_memory == without
    assert given == 2


def test_each_has_its_own_rate() -> None:
    graph = compiled(spec("0.1", "0.2", "0.3")).require_graph()
    rates = [dict(node.op)["rate"] for node in graph.nodes if node.word == "stochastic_depth"]
    assert rates == [0.1, 0.2, 0.3]


def test_a_condition_that_comes_out_otherwise_is_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    with_memory, without, given = both(spec("0.1", "0", "0.3", "0"), monkeypatch)
    assert with_memory == without
    assert given == 2  # the third like the first, the fourth like the second


def test_a_rate_that_is_none_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    with_memory, without, _ = both(spec("0.1", "1.5"), monkeypatch)
    assert with_memory == without
    assert compiled(spec("0.1", "1.5")).diagnostics[0].code == "E0502"


@pytest.mark.parametrize(
    "line",
    [
        "{stochastic_depth: $drop, name: drop$(floor(drop * 10))}",
        "{dense: $(floor(drop * 40))}",
        "{repeat: 1, layers: [stochastic_depth: $drop]}",
        "{conv: {filters: $(4 if drop > 0.15 else 4), kernel: 1}}",
        "{dropout: $drop, from: conv}",
        "{side: [{stochastic_depth: $drop}]}",
    ],
)
def test_whatever_else_reads_it_the_graph_is_that_of_a_walk(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_memory, without, _ = both(spec("0.1", "0.2", "0.1", "0.2", line=line), monkeypatch)
    assert with_memory == without


def test_a_name_is_not_loose(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "{stochastic_depth: $drop, name: drop$(floor(drop * 10))}"
    _, _, given = both(spec("0.1", "0.2", line=line), monkeypatch)
    assert given == 0
