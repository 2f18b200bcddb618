"""The inner product of two vectors, or with `normalize` the cosine of the angle between them.

out = Σ_c one[c] · other[c], with `normalize` of both at a length of 1

Shape:   (batch, channels), (batch, channels) -> (batch, 1).
Weights: none.
Cost:    none: of two values that are both computed; connections are those of weights.
Errors:  E0412 the inputs are not two vectors of one size.
Source:  keras.layers.Dot; as a score of similarity: Bromley et al., "Signature verification using a Siamese time delay
         neural network", 1993.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import Application, KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape, map_dims
from archspec.ops._join import equal_vectors


class Dot(Op):
    """The inner product of two vectors."""

    inputs: ClassVar[int | None] = None
    is_join: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [16]}
        layers:
          - dot:
              one: [dense: 8]
              other: [dense: 8]
            with: {normalize: true}
    """

    normalize: bool = Field(False, description="whether both vectors are brought to a length of 1 before")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        if len(inputs) != 2:
            raise ShapeError(f"`dot` needs two inputs, got {len(inputs)}")
        equal_vectors("`dot`", inputs)
        return (Shape((1,)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        normal = map_dims(lambda size: 2 * size * self.normalize, inputs[0].size)
        return Footprint(keeps_outputs=False, between=normal)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        scores = KerasLayer("keras.layers.Dot", {"axes": -1})
        if not self.normalize:
            return lower_to(scores, inputs=2)
        # Keras' own normalization of its inputs leaves the range of 16 bits.
        unit = KerasLayer("archspec.ops.l2_normalize:l2_normalize_layer", {"epsilon": 1e-12})
        made = tuple(Application(key, (f"in/{place}",), (key,)) for place, key in enumerate(("one", "other"), 1))
        return Lowering(
            {"one": unit, "other": unit, "": scores}, (*made, Application("", ("one", "other"), ("out",))), ("out",)
        )
