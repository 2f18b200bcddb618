"""Makes each spatial axis a whole number of times as long, of 1-, 2- or 3-dimensional inputs.

nearest: out[y, x, c] = in[floor(y / size), floor(x / size), c]; each value `size` times over. Else the weighted mean of
the values around: with `align: centres` those around (y + 1/2) / size - 1/2, with `corners` those around
y·(height - 1) / (height·size - 1). At the edges the weights of the values that are there are made to sum to 1, and
`bicubic` is Keys' kernel with a = -1/2, as in Keras; PyTorch's has -3/4.

Shape:   (batch, height, width, channels) -> (batch, height·size, width·size, channels); likewise with 1 or 3 axes.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank; E0402 not one size for all axes or for each.
Source:  nearest: Lin et al., "Feature pyramid networks for object detection", arXiv:1612.03144, section 3; bilinear:
         Long et al., "Fully convolutional networks for semantic segmentation", arXiv:1411.4038, section 3.3.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, spatial_rank
from archspec.ir.reach import AXES, Reach
from archspec.ir.shape import Shape, map_dims, show
from archspec.ops._resizing import (
    ALIGNMENT_HELP,
    INTERPOLATION_HELP,
    Alignment,
    Interpolation,
    resizing_definition,
    resizing_reach,
)
from archspec.ops._window import PerAxis, per_axis


class Upsample(Op):
    """The input at a multiple of its size."""

    principal: ClassVar[str | None] = "size"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [14, 14, 32]}
        layers:
          - upsample: 2
          - upsample: {size: 2, interpolation: bilinear}
    """

    size: PerAxis = Field(description="how many times as long each axis becomes")
    interpolation: Interpolation = Field("nearest", description=INTERPOLATION_HELP)
    align: Alignment = Field("centres", description=ALIGNMENT_HELP)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        sizes = zip(given.spatial, self._factors(given), strict=True)
        return (Shape((*(map_dims(lambda n, by=by: n * by, size) for size, by in sizes), given.channels)),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        axes = zip(AXES[len(given.spatial)], given.spatial, self._factors(given), output.spatial, strict=True)
        return tuple(f"{name}: {show(size)}·{factor} = {show(count)}" for name, size, factor, count in axes)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        ones = (1,) * len(given.spatial)
        return resizing_reach(ones, self._factors(given))

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        factors = self._factors(given)
        if self.align == "corners" or (self.interpolation, len(factors)) not in (
            ("bilinear", 2),
            *(("nearest", rank) for rank in AXES),
        ):
            return lower_to(resizing_definition(self.interpolation, self.align, factor=factors))
        layer = KerasLayer(
            f"keras.layers.UpSampling{len(factors)}D", {"size": factors if len(factors) > 1 else factors[0]}
        )
        if self.interpolation == "nearest":
            return lower_to(layer)
        return lower_to(layer._replace(kwargs={**layer.kwargs, "interpolation": self.interpolation}))

    def _factors(self, given: Shape) -> tuple[int, ...]:
        return per_axis(self.size, spatial_rank(given), "size")
