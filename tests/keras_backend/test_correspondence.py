"""Correspondence: layers are found by structure, in whatever order and under whatever names they were made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archspec.keras_backend.correspondence import NoCorrespondenceError, correspond, skeleton
from archspec.keras_backend.trace import trace

layers = keras.layers


def counterparts(left: keras.Model, right: keras.Model) -> dict[str, str]:
    """The names of `left`'s anchors with their counterparts' in `right`."""
    graphs = skeleton(trace(left)), skeleton(trace(right))
    found = correspond(*graphs)
    return {
        call.layer.name: graphs[1].anchors[at].layer.name for call, at in zip(graphs[0].anchors, found, strict=True)
    }


def model(body: Callable[[Any], Any], channels: int = 4) -> keras.Model:
    image = keras.Input((8, 8, channels))
    return keras.Model(image, body(image))


def conv(name: str, filters: int = 4, size: int = 3) -> Any:
    return layers.Conv2D(filters, size, padding="same", name=name)


def test_branches_made_in_another_order_are_found() -> None:
    left = model(lambda x: layers.Concatenate(name="join")([conv("one", size=1)(x), conv("three")(x)]))

    def other(x: Any) -> Any:
        three = conv("p")(x)
        return layers.Concatenate(name="r")([conv("q", size=1)(x), three])

    assert counterparts(left, model(other)) == {"one": "q", "three": "p", "join": "r"}


def test_the_order_of_a_concatenation_matters_and_that_of_a_sum_does_not() -> None:
    def joined(join: Any, first: str, second: str) -> keras.Model:
        return model(lambda x: join([conv(first)(x), layers.BatchNormalization(name=f"{second}n")(conv(second)(x))]))

    def turned(join: Any, first: str, second: str) -> keras.Model:
        return model(lambda x: join([layers.BatchNormalization(name=f"{second}n")(conv(second)(x)), conv(first)(x)]))

    found = counterparts(joined(layers.Add(name="s"), "a", "b"), turned(layers.Add(name="t"), "c", "d"))
    assert found == {"a": "c", "b": "d", "bn": "dn", "s": "t"}
    with pytest.raises(NoCorrespondenceError):
        counterparts(joined(layers.Concatenate(), "a", "b"), turned(layers.Concatenate(), "c", "d"))


def test_layers_alike_are_told_apart_by_what_uses_them() -> None:
    def body(names: str) -> Callable[[Any], Any]:
        def made(x: Any) -> Any:
            first, second = conv(names[0])(x), conv(names[1])(x)
            return layers.Concatenate(name="join")([conv(names[2])(first), layers.BatchNormalization(name="n")(second)])

        return made

    assert counterparts(model(body("abc")), model(body("def"))) == {
        "a": "d",
        "b": "e",
        "c": "f",
        "n": "n",
        "join": "join",
    }


def test_what_lies_between_anchors_may_differ() -> None:
    fused = model(lambda x: conv("b")(layers.Conv2D(4, 3, padding="same", activation="relu", name="a")(x)))
    apart = model(lambda x: conv("d")(layers.ReLU()(conv("c")(x))))
    assert counterparts(fused, apart) == {"a": "c", "b": "d"}


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_layer_without_counterpart_is_named_with_its_weights(which: str) -> None:
    short, long = model(conv("a")), model(lambda x: conv("extra", size=1)(conv("b")(x)))
    pair = (long, short) if which == "first" else (short, long)
    with pytest.raises(NoCorrespondenceError) as error:
        counterparts(*pair)
    weights = "kernel (1, 1, 4, 4), bias (4,)"
    assert str(error.value) == f"`extra` of the {which} model ({weights}) has no counterpart"


@settings(max_examples=30, deadline=None)
@given(
    choices=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(["add", "conv", "norm"])),
        min_size=2,
        max_size=9,
    ),
    order=st.randoms(use_true_random=False),
)
def test_random_graphs_correspond_to_their_own_rebuilt_in_another_order(choices: Sequence[Any], order: Any) -> None:
    def made(x: Any, shuffled: bool) -> Any:
        values = {-1: x}
        waiting = list(enumerate(choices))
        while waiting:
            ready = [(at, one) for at, one in waiting if {min(one[0], at) - 1, min(one[1], at) - 1} <= set(values)]
            at, (first, second, kind) = order.choice(ready) if shuffled else ready[0]
            a, b = values[min(first, at) - 1], values[min(second, at) - 1]
            if kind == "add":
                pair = [b, a] if shuffled else [a, b]
                values[at] = layers.Add(name=f"n{at}")(pair)
            else:
                values[at] = (conv(f"n{at}") if kind == "conv" else layers.BatchNormalization(name=f"n{at}"))(a)
            waiting = [one for one in waiting if one[0] != at]
        return layers.Concatenate(name="out")([values[at] for at in sorted(values)])

    left, right = model(lambda x: made(x, False)), model(lambda x: made(x, True))
    # In one order and in the other each layer has the same name, and the outputs tell all of them apart.
    assert counterparts(left, right) == {layer.name: layer.name for layer in left.layers[1:]}
    keras.backend.clear_session()
