"""Lowering as data: named Keras layer definitions and their applications, for two readers.

`keras_backend` makes the calls, `emission` prints them; neither holds a rule about any op. Needs no Keras.
The records of the shared vocabulary are named tuples: every command makes their classes when it starts, and a frozen
dataclass takes seven times as long to make.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

Literal = None | bool | int | float | str | tuple["Literal", ...]
"""What a keyword argument may be: all of it can be printed as Python and read back."""

Argument: TypeAlias = "Literal | KerasLayer"
"""A literal, or an object that is made as a layer is: an initializer, or a layer inside another."""


class KerasLayer(NamedTuple):
    """A layer's constructor and its keyword arguments (`name` is added by the lowering).

    `target` is a dotted name under `keras` (`keras.layers.Conv2D`), or, for a layer that Keras lacks,
    `module:function` where the cached `function` returns the layer's class (`archspec.ops.pad:pad_layer`).
    """

    target: str
    kwargs: Mapping[str, Argument] = MappingProxyType({})

    @property
    def targets(self) -> Iterator[str]:
        """Its own target and those of the objects among its arguments."""
        yield self.target
        for value in self.kwargs.values():
            if isinstance(value, KerasLayer):
                yield from value.targets


class Application(NamedTuple):
    """One call of a defined layer.

    `inputs` and `results` are names of values: `in/1`, `in/2`, … are the op's inputs, the rest are results of
    earlier applications. One input is passed as it is, several as a list; one result is a tensor, several a list.
    `training` fixes the layer's training flag where the op demands one; `None` follows the model's. `apart` passes
    several inputs as arguments of their own, for a layer that takes no list; `options` are the call's own keywords.
    """

    layer: str
    inputs: tuple[str, ...]
    results: tuple[str, ...]
    training: bool | None = None
    apart: bool = False
    options: Mapping[str, Literal] = MappingProxyType({})


class Variable(NamedTuple):
    """Where a weight lives in Keras: the key of a layer definition, and the variable's name in that layer.

    Where layers inside that layer have variables of one name, it is as much of the path's end as tells them apart:
    `query/kernel`.
    """

    layer: str
    name: str


class Lowering(NamedTuple):
    """One node as Keras calls.

    `layers` maps a key to a definition: `""` becomes the layer named after the node's path, `pad` the layer
    `<path>.pad`. `outputs` names the values that are the node's outputs, in order. `variables` maps each of the op's
    weights, by name, to its Keras variable.
    """

    layers: Mapping[str, KerasLayer]
    applications: tuple[Application, ...]
    outputs: tuple[str, ...]
    variables: Mapping[str, Variable] = MappingProxyType({})


def lower_to(
    layer: KerasLayer,
    *,
    weights: Mapping[str, str] | None = None,
    inputs: int = 1,
    outputs: int = 1,
    before: Mapping[str, KerasLayer] | None = None,
    after: Mapping[str, KerasLayer] | None = None,
) -> Lowering:
    """The usual lowering: one layer, with layers of one input before and after it in a chain.

    `weights` maps the op's weight names to `layer`'s variable names. `before` needs a single op input, `after` a
    single result.
    """
    given = tuple(f"in/{place}" for place in range(1, inputs + 1))
    applications: list[Application] = []
    for key in before or {}:
        applications.append(Application(key, given, (key,)))
        given = (key,)
    results = ("out",) if outputs == 1 else tuple(f"out/{place}" for place in range(1, outputs + 1))
    applications.append(Application("", given, results))
    for key in after or {}:
        applications.append(Application(key, results, (key,)))
        results = (key,)
    return Lowering(
        layers={**(before or {}), "": layer, **(after or {})},
        applications=tuple(applications),
        outputs=results,
        variables={weight: Variable("", name) for weight, name in (weights or {}).items()},
    )
