"""Standardisation of the input's channels by the mean and the variance that the data had, fixed or to be measured.

out = (in - mean) / max(sqrt(variance), 1e-7)

With `mean` and `variance` written, these are constants. Without them they are weights that no gradient changes: 0 and 1
until Keras' `adapt` measures them, or trained weights are loaded. `batch_norm`, by contrast, measures while it trains.

Shape:   (batch, …, channels) -> the same; every rank of at least 1.
Weights: none with `mean` and `variance`; else mean (channels,), variance (channels,) and count (), a whole number that
         Keras keeps of old; training changes none of them.
Cost:    none.
Errors:  E0401 the number of input channels is open; E0402 neither one number nor one for each channel; E0502 one of
         `mean` and `variance` alone, or as many numbers in one as are not in the other.
Source:  LeCun et al., "Efficient backprop", 1998, section 4.3; keras.layers.Normalization.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, Weight, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape
from archspec.ops._per_channel import PerChannel, check_per_channel, lone_or_all

Variance = Annotated[tuple[Annotated[float, Field(ge=0)], ...], Field(min_length=1)]


class Normalization(Op):
    """Each channel without its mean, divided by its standard deviation."""

    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [32, 32, 3]}
        layers:
          - normalization: {mean: [0.485, 0.456, 0.406], variance: [0.052, 0.05, 0.051]}
          - conv: {filters: 8, kernel: 3}
    """

    mean: PerChannel | None = Field(None, description="one number, or one for each channel; a weight unless written")
    variance: Variance | None = Field(None, description="the standard deviation's square, in the manner of `mean`")

    @model_validator(mode="after")
    def _both_or_neither(self) -> Normalization:
        if (self.mean is None) != (self.variance is None):
            raise ValueError("needs both `mean` and `variance`, or neither")
        if self.mean and self.variance and len(self.mean) != len(self.variance):
            raise ValueError(
                f"needs as many numbers in `mean` as in `variance`, got {len(self.mean)} and {len(self.variance)}"
            )
        return self

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        known_channels(given)
        check_per_channel(self.mean or (0.0,), given, "mean")
        return inputs

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        if self.mean is not None:
            return ()
        shape = (known_channels(given),)
        return Weight("mean", shape, False), Weight("variance", shape, False), Weight("count", (), False)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING._replace(in_place=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        if self.mean is None or self.variance is None:
            layer = KerasLayer("keras.layers.Normalization")
            return lower_to(layer, weights={name: name for name in ("mean", "variance", "count")})
        arguments = {"mean": lone_or_all(self.mean), "variance": lone_or_all(self.variance)}
        return lower_to(KerasLayer("keras.layers.Normalization", arguments))
