"""The generator of random specs: what it makes is sound, and all that it can make turns up."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiled import compiled
from tests.strategies import At, Spec, specs, unnamed_items

KINDS = {
    "chain", "window", "shrink", "join", "concat", "split", "repeat", "for", "block", "standard block",
    "several inputs", "several outputs",
}  # fmt: skip
MANY = settings(max_examples=150, derandomize=True, database=None, deadline=None)


@MANY
@given(specs())
def test_every_spec_is_sound(spec: Spec) -> None:
    assert compiled(spec.text).diagnostics == ()


def test_every_kind_every_rank_and_many_ops_turn_up() -> None:
    kinds: set[str] = set()
    ranks: set[int] = set()
    words: set[str] = set()

    @MANY
    @given(specs())
    def collect(spec: Spec) -> None:
        graph = compiled(spec.text).require_graph()
        kinds.update(spec.kinds)
        ranks.add(graph.inputs[0].shape.rank)
        words.update(node.word for node in graph.nodes)

    collect()
    assert kinds == KINDS
    assert ranks == {2, 3, 4}
    assert len(words) >= 25, sorted(words)


@MANY
@given(st.data())
def test_unnamed_items_have_no_names_and_keep_the_shape(data: st.DataObject) -> None:
    items = data.draw(unnamed_items(At((6, 7), 4)))
    assert "name" not in str(items)
    spec = Spec({"archspec": 1, "inputs": {"image": [6, 7, 4]}, "layers": items})
    graph = compiled(spec.text).require_graph()
    assert [output.shape.dims for output in graph.outputs] == [(6, 7, 4)]
