"""A trainable factor and a trainable addend for each channel, or one of each for all: a normalisation's without one.

out = gamma · in + beta

Networks without normalisation have these in its place: `shared: true` with `offset: false` and an `initial` of 0 is
SkipInit's, `scale: false` with `shared: true` is a bias of Fixup's.

Shape:   (batch, …, channels) -> the same; every rank of at least 1.
Weights: gamma (channels,) if `scale`; beta (channels,) if `offset`; (1,) each if `shared`.
Cost:    none.
Errors:  E0401 the number of input channels is open; E0502 neither `scale` nor `offset`.
Source:  Touvron et al., "ResMLP", arXiv:2105.03404, equation 1; shared: De, Smith, arXiv:2002.10444, section 4, and
         Zhang, Dauphin, Ma, "Fixup initialization", arXiv:1901.09321, section 3.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field, model_validator

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, Weight, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape


class ChannelAffine(Op):
    """A factor and an addend for each channel."""

    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {patches: [196, 384]}
        layers:
          - channel_affine
          - dense: 384
    """

    scale: bool = Field(True, description="whether there are trainable factors")
    offset: bool = Field(True, description="whether there are trainable addends, which begin at 0")
    shared: bool = Field(False, description="whether one factor and one addend serve all channels")
    initial: float = Field(1.0, description="what the factors are before training")

    @model_validator(mode="after")
    def _one_at_least(self) -> ChannelAffine:
        if not (self.scale or self.offset):
            raise ValueError("needs `scale`, `offset` or both")
        return self

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        known_channels(inputs[0])
        return inputs

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        many = 1 if self.shared else known_channels(inputs[0])
        return tuple(Weight(name, (many,)) for name in self._trained())

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return Footprint(keeps_inputs=self.scale, keeps_outputs=False, in_place=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer(
            "archspec.ops.channel_affine:channel_affine_layer",
            {"scale": self.scale, "offset": self.offset, "shared": self.shared, "initial": self.initial},
        )
        return lower_to(layer, weights={name: name for name in self._trained()})

    def _trained(self) -> tuple[str, ...]:
        return ("gamma",) * self.scale + ("beta",) * self.offset


@cache
def channel_affine_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class ChannelAffine(keras.layers.Layer):
        """gamma · in + beta, trainable, for each channel, or one of each where `shared`."""

        def __init__(self, scale: bool, offset: bool, shared: bool, initial: float, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.scale = scale
            self.offset = offset
            self.shared = shared
            self.initial = initial

        def build(self, input_shape: Any) -> None:
            shape = (1,) if self.shared else (input_shape[-1],)
            begin = keras.initializers.Constant(self.initial)
            self.gamma = self.add_weight(name="gamma", shape=shape, initializer=begin) if self.scale else None
            self.beta = self.add_weight(name="beta", shape=shape, initializer="zeros") if self.offset else None

        def call(self, inputs: Any) -> Any:
            scaled = inputs if self.gamma is None else inputs * self.gamma
            return scaled if self.beta is None else scaled + self.beta

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def get_config(self) -> dict[str, Any]:
            own = {"scale": self.scale, "offset": self.offset, "shared": self.shared, "initial": self.initial}
            return {**super().get_config(), **own}

    return ChannelAffine
