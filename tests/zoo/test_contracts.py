"""Every shipped network keeps its contracts, by itself and in each variant."""

from __future__ import annotations

import pytest

import archspec
from archspec import zoo
from archspec.compiler import check_variants
from archspec.elaboration.settings import Settings

NETWORKS = [name for name in zoo.names() if not name.startswith(zoo.LESSONS)]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_shipped_network_keeps_its_contracts_in_every_variant(name: str) -> None:
    compilation = archspec.compile_spec(archspec.open_spec(name))
    assert compilation.document is not None and compilation.document.expect is not None
    assert compilation.diagnostics == ()
    assert check_variants(compilation, Settings()) == ()


def test_the_zoo_is_there() -> None:
    assert len(NETWORKS) > 65
