"""What a field `kernel_norm` makes of a layer's kernel each time before it is used, and the layer that does so.

    weight:       g · kernel / |kernel|, with a trainable length g for each filter
    spectral:     kernel / sigma, the largest singular value of the kernel as a matrix of filters
    standardize:  (kernel - mean) / sqrt(variance + 1e-5), of each filter

What is trained is the kernel as it was before. keras.layers.SpectralNormalization overwrites it instead, so that no
gradient passes through sigma, as it does in the paper; the others Keras lacks.

Sources: Salimans, Kingma, "Weight normalization", arXiv:1602.07868, equation 2; Miyato et al., "Spectral normalization
for generative adversarial networks", arXiv:1802.05957, algorithm 1; Qiao et al., "Micro-batch training with
batch-channel normalization and weight standardization", arXiv:1903.10520, equation 6.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from archspec.ir.keras_call import KerasLayer
from archspec.ir.op import Weight

KernelNorm = Literal["none", "weight", "spectral", "standardize"]
KERNEL_NORM_HELP = (
    "what is made of the kernel before its use: a trained length (`weight`), a largest singular value of 1 "
    "(`spectral`), or a mean of 0 and a variance of 1 (`standardize`) of each filter"
)

EXTRA = {"weight": ("g", True), "spectral": ("vector_u", False)}
"""The weight that a norm owns, with a number for each filter, and whether it is trained."""


def kernel_norm_weights(norm: KernelNorm, filters: int) -> tuple[Weight, ...]:
    """What a layer owns besides, for its norm."""
    if norm not in EXTRA:
        return ()
    name, is_trained = EXTRA[norm]
    return (Weight(name, (filters,), is_trained),)


def with_kernel_norm(norm: KernelNorm, layer: KerasLayer) -> KerasLayer:
    """A layer with its kernel normalised."""
    if norm == "none":
        return layer
    # A name of its own, where Keras would count.
    inner = layer._replace(kwargs={**layer.kwargs, "name": "inner"})
    return KerasLayer("archspec.ops._kernel_norm:normalized_kernel_layer", {"layer": inner, "norm": norm})


@cache
def normalized_kernel_layer() -> Any:
    """The layer around another one with a kernel."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class NormalizedKernel(keras.layers.Wrapper):
        """A layer whose kernel is normalised before each use: `weight`, `spectral` or `standardize`."""

        def __init__(self, layer: Any, norm: str, **kwargs: Any) -> None:
            super().__init__(layer, **kwargs)
            self.norm = norm

        def build(self, input_shape: Any) -> None:
            super().build(input_shape)
            filters = (self.layer.kernel.shape[-1],)
            if self.norm == "weight":
                # The layer begins as it would without.
                self.g = self.add_weight(
                    name="g",
                    shape=filters,
                    initializer=lambda shape, dtype: keras.ops.cast(self.lengths(self.rows()), dtype),
                )
            if self.norm == "spectral":
                self.vector_u = self.add_weight(
                    name="vector_u", shape=filters, initializer="random_normal", trainable=False
                )

        def rows(self) -> Any:
            """The kernel with a column for each filter, in 32 bits."""
            kernel = keras.ops.cast(self.layer.kernel, "float32")
            return keras.ops.reshape(kernel, (-1, kernel.shape[-1]))

        def lengths(self, rows: Any) -> Any:
            """The length of each filter."""
            return keras.ops.sqrt(keras.ops.maximum(keras.ops.sum(keras.ops.square(rows), axis=0), 1e-12))

        def unit(self, vector: Any) -> Any:
            """A vector of length 1."""
            return vector * keras.ops.rsqrt(keras.ops.maximum(keras.ops.sum(keras.ops.square(vector)), 1e-12))

        def normalized(self, rows: Any, training: bool) -> Any:
            """The kernel that is used."""
            if self.norm == "weight":
                return rows / self.lengths(rows) * keras.ops.cast(self.g, "float32")
            if self.norm == "standardize":
                mean, variance = keras.ops.moments(rows, axes=0, keepdims=True)
                return (rows - mean) * keras.ops.rsqrt(variance + 1e-5)
            fixed = keras.ops.stop_gradient(rows)
            u = keras.ops.cast(self.vector_u, "float32")
            v = self.unit(keras.ops.matmul(fixed, u))
            u = self.unit(keras.ops.matmul(v, fixed))
            if training:
                self.vector_u.assign(u)
            return rows / keras.ops.sum(keras.ops.matmul(v, rows) * u)

        def call(self, inputs: Any, training: bool = False) -> Any:
            kernel = keras.ops.reshape(self.normalized(self.rows(), training), self.layer.kernel.shape)
            place = id(self.layer.kernel)
            trained, others = (
                [kernel if id(variable) == place else variable for variable in variables]
                for variables in (self.layer.trainable_variables, self.layer.non_trainable_variables)
            )
            return self.layer.stateless_call(trained, others, inputs)[0]

        def compute_output_shape(self, input_shape: Any) -> Any:
            return self.layer.compute_output_shape(input_shape)

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "norm": self.norm}

    return NormalizedKernel
