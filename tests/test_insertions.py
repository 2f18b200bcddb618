"""A named node inserted anywhere in any spec changes no other path and no weight: principle 1 of the language."""

from __future__ import annotations

import itertools
import random

import pytest

from tests.insertions import Place, insert, named, others, places, sound, without_sections
from tests.networks import WRITTEN_OUT, text_of

PLACES = 5
"""Of each network, drawn by its name; `tools/insert_everywhere.py` takes all."""


@pytest.mark.parametrize("name", WRITTEN_OUT)
def test_a_named_node_leaves_every_other_path_and_weight_alone(name: str) -> None:
    text = without_sections(text_of(name))
    before = others(sound(text))
    found = places(text)
    drawn = random.Random(name).sample(found, len(found))
    graphs = itertools.islice(((place, graph) for place in drawn if (graph := named(text, place))), PLACES)
    compared = [others(graph) == before or place for place, graph in graphs]
    assert compared == [True] * min(PLACES, len(found))


SPEC = """archspec: 1
inputs: {x: [4]}
blocks:
  unit:
    layers:
      - relu
layers:
  - {dense: 2, name: a}
  - dense: 3
  - add: {main: [dense: 3, relu], skip: []}
  - repeat: 2
    layers: [unit]
  - parallel:
      left: [relu]
      right: []
    name: both
  - add
  - dense: 4
"""


def test_the_places_are_all_those_where_a_line_may_stand() -> None:
    # 8 around the lines of `layers`; 3 in `main`, 1 in `skip`; 2 in the loop; 2 and 1 in the branches; 2 in the block.
    found = places(SPEC)
    assert len(found) == 8 + 3 + 1 + 2 + 2 + 1 + 2
    assert len({insert(SPEC, place, "{relu, name: inserted}") for place in found}) == len(found)
    # Where two values flow, between `parallel` and `add`, no op of one input can stand.
    assert [named(SPEC, place) for place in found].count(None) == 1


def test_the_node_stands_in_every_network_that_is_compared() -> None:
    for place in places(SPEC):
        graph = named(SPEC, place)
        if graph is not None and place.line < 7:
            assert sum(node.path.endswith("inserted") for node in graph.nodes) == 2, "the block is used twice"


def test_an_unnamed_node_with_weights_renumbers_and_would_be_seen() -> None:
    # `dense: 3` becomes dense_2, and the last dense_3.
    place = next(place for place in places(SPEC) if place.own_line and place.line == 8)
    before = others(sound(SPEC))
    unnamed = sound(insert(SPEC, place, "dense: 4"))
    assert [path for path, weights in before if weights] == ["a", "dense_1", "main/dense_1", "dense_2"]
    assert [path for path, weights in others(unnamed) if weights] == [
        "dense_1", "a", "dense_2", "main/dense_1", "dense_3",
    ]  # fmt: skip
    without_it = tuple(node for node in others(unnamed) if node[0] != "dense_1")
    assert without_it != before


def test_an_insertion_that_is_no_line_is_no_silent_success() -> None:
    with pytest.raises(AssertionError):
        named(SPEC, Place(1, 1, own_line=True))
