"""Every shipped network names where it was published, and what it does otherwise, in words."""

from __future__ import annotations

from typing import Any

import pytest

import archspec
from archspec import zoo
from archspec.diagnostics import DiagnosticSink
from archspec.syntax.reader import read
from archspec.syntax.tree import Mapping, Scalar, Sequence

NETWORKS = [name for name in zoo.names() if not name.startswith(zoo.LESSONS)]


def section(name: str, word: str) -> Any:
    """A top-level section of a shipped spec as it is written, or `None`."""
    root = read(archspec.open_spec(name), DiagnosticSink())
    assert isinstance(root, Mapping)
    return root.get(word)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_names_its_publication(name: str) -> None:
    reference = section(name, "reference")
    assert isinstance(reference, Mapping)
    assert reference.get("title")
    assert reference.get("id") or reference.get("journal")


@pytest.mark.parametrize("name", NETWORKS)
def test_what_a_network_does_otherwise_is_said_in_sentences(name: str) -> None:
    meta = section(name, "meta")
    deviations = meta.get("deviations") if isinstance(meta, Mapping) else None
    if deviations is None:
        return
    assert isinstance(deviations, Sequence)
    for one in deviations.items:
        assert isinstance(one, Scalar)
        assert len(one.text.split()) > 3
