"""Published networks made of standard blocks, held to figures that others computed (named in each spec)."""

from __future__ import annotations

from pathlib import Path

import pytest

import archspec
from archspec.compiler import check_variants
from archspec.elaboration.settings import Settings

SPECS = sorted((Path(__file__).parent / "blocks").glob("*.yaml"))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_a_network_of_standard_blocks_has_its_published_figures(spec: Path) -> None:
    assert "expect:" in spec.read_text()
    compilation = archspec.compile_spec(archspec.open_spec(spec))
    assert compilation.diagnostics == ()
    assert check_variants(compilation, Settings()) == ()


def test_there_is_a_network_for_each_family() -> None:
    assert len(SPECS) >= 8
