"""Local response normalisation: each value is divided by the energy of the neighbouring channels at its position.

out[c] = in[c] / (k + alpha · Σ_j in[j]²) ** beta, with j over the `size` channels around c that exist

Two conventions are in use. In the paper that introduced it, and by default here, alpha multiplies the sum, and k = 2.
In Caffe, hence in its AlexNet and GoogLeNet, alpha multiplies the mean, the sum divided by `size`, and k = 1: write
`{k: 1, mean: true}`. The same alpha acts `size` times weaker there. Channels beyond the ends count as zeros in both,
and the mean divides by `size` at the ends too.

Shape:   any of rank at least 1, channels last -> the same.
Weights: none.
Cost:    none: MACs count convolutions and matrix products alone.
Errors:  E0401 an input without axes; E0402 an even `size`.
Source:  Krizhevsky et al., "ImageNet classification with deep convolutional neural networks", 2012, section 3.3;
         Jia et al., "Caffe: convolutional architecture for fast feature embedding", 2014, layer LRN.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape, map_dims
from archspec.ops._window import Positive


class LocalResponseNorm(Op):
    """Divides each value by the energy of the channels around it."""

    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - conv: {filters: 16, kernel: 3, activation: relu}
          - local_response_norm
    """

    size: Positive = Field(5, description="channels in a neighbourhood, the value's own in their middle; odd")
    alpha: float = Field(1e-4, ge=0, description="what multiplies the squares' sum, or their mean")
    beta: float = Field(0.75, ge=0, description="the power to which the divisor is raised")
    k: float = Field(2.0, gt=0, description="the divisor's value where all neighbours are zero")
    mean: bool = Field(False, description="whether alpha multiplies the squares' mean, as in Caffe, and not their sum")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        if self.size % 2 == 0:
            raise ShapeError(
                f"`size` must be odd, so that a channel is in the middle of its neighbours, got {self.size}",
                field="size",
            )
        if given.rank == 0:
            raise ShapeError("the input must have channels, got ()")
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The divisor and its base are kept; the squares' padded copy and a slice of it for each neighbour pass by.
        many = self.size + 1
        between, passing = (
            map_dims(lambda one: 2 * one, inputs[0].size),
            map_dims(lambda one: many * one, inputs[0].size),
        )
        return Footprint(keeps_outputs=False, between=between, passing=passing)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer(
            "archspec.ops.local_response_norm:local_response_norm_layer",
            {"size": self.size, "alpha": self.alpha, "beta": self.beta, "k": self.k, "mean": self.mean},
        )
        return lower_to(layer)


@cache
def local_response_norm_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class LocalResponseNormalization(keras.layers.Layer):
        """in / (k + alpha · Σ in²) ** beta over `size` neighbouring channels; with `mean`, alpha / size for alpha."""

        def __init__(self, size: int, alpha: float, beta: float, k: float, mean: bool, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.size = size
            self.alpha = alpha
            self.beta = beta
            self.k = k
            self.mean = mean

        def call(self, inputs: Any) -> Any:
            half = self.size // 2
            widths = ((0, 0),) * (len(inputs.shape) - 1) + ((half, half),)
            squares = keras.ops.pad(keras.ops.square(inputs), widths)
            # An end of 0 would mean the first channel; the last neighbour's slice ends where the channels do.
            ends = (start + 1 - self.size or None for start in range(self.size))
            energy = sum(squares[..., start:end] for start, end in enumerate(ends))
            factor = self.alpha / self.size if self.mean else self.alpha
            return inputs / keras.ops.power(self.k + factor * energy, self.beta)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def get_config(self) -> dict[str, Any]:
            return {
                **super().get_config(),
                "size": self.size,
                "alpha": self.alpha,
                "beta": self.beta,
                "k": self.k,
                "mean": self.mean,
            }

    return LocalResponseNormalization
