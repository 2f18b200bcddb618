"""Identifiers for values: valid, each given once, readable."""

from __future__ import annotations

import keyword

from hypothesis import given, settings
from hypothesis import strategies as st

from archspec.emission.namespace import Namespace

NAMES = st.text(max_size=12) | st.sampled_from(
    [*keyword.kwlist, *keyword.softkwlist, "keras", "a.b", "a-b", "a_b", "a_b_2", "1"]
)


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(st.lists(NAMES, max_size=30))
def test_every_name_gets_an_identifier_of_its_own(names: list[str]) -> None:
    space = Namespace(["keras", "build_model"])
    given_out = [space.take(name) for name in names]
    assert all(name.isidentifier() and not keyword.iskeyword(name) for name in given_out)
    assert len({*given_out, "keras", "build_model"}) == len(names) + 2


def test_a_name_that_python_can_have_is_kept() -> None:
    assert Namespace().take("conv_1") == "conv_1"


def test_a_path_reads_as_one() -> None:
    assert Namespace().take("stage1.unit-2.conv") == "stage1_unit_2_conv"
