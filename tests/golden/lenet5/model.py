"""lenet5 as plain Keras."""

from typing import Any

import keras


@keras.saving.register_keras_serializable("archspec")
class ScaledTanh(keras.layers.Layer):
    """f(x) = 1.7159·tanh(2/3·x), so that f(1) = 1 and f(-1) = -1. LeCun et al., 1998, appendix A."""

    def call(self, inputs: Any) -> Any:
        return 1.7159 * keras.ops.tanh(inputs * (2 / 3))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape


@keras.saving.register_keras_serializable("archspec")
class TrainablePool(keras.layers.Layer):
    """The sum of each window times a trainable coefficient plus a trainable bias, one pair per channel."""

    def __init__(self, pool_size: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pool_size = tuple(pool_size)
        self.area = 1
        for size in self.pool_size:
            self.area *= size

    def build(self, input_shape: Any) -> None:
        channels = (input_shape[-1],)
        mean = keras.initializers.Constant(1 / self.area)
        self.coefficient = self.add_weight(name="coefficient", shape=channels, initializer=mean)
        self.bias = self.add_weight(name="bias", shape=channels, initializer="zeros")

    def call(self, inputs: Any) -> Any:
        means = keras.ops.average_pool(inputs, self.pool_size, self.pool_size, "valid", "channels_last")
        return means * self.area * self.coefficient + self.bias

    def compute_output_shape(self, input_shape: Any) -> Any:
        pairs = zip(input_shape[1:-1], self.pool_size, strict=True)
        spatial = (None if length is None else length // size for length, size in pairs)
        return (input_shape[0], *spatial, input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "pool_size": self.pool_size}


@keras.saving.register_keras_serializable("archspec")
class PartialConv(keras.layers.Layer):
    """Convolution whose output map f sees the input maps `connections[f]`; the kernel holds those pairs alone."""

    def __init__(
        self,
        connections: Any,
        kernel_size: Any,
        strides: Any,
        padding: str,
        use_bias: bool,
        activation: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.connections = tuple(tuple(row) for row in connections)
        self.kernel_size = tuple(kernel_size)
        self.strides = tuple(strides)
        self.padding = padding
        self.use_bias = use_bias
        self.activation = keras.activations.get(activation)

    def build(self, input_shape: Any) -> None:
        channels, filters, pairs = input_shape[-1], len(self.connections), sum(map(len, self.connections))
        self.places = self._places(channels)
        area = 1
        for size in self.kernel_size:
            area *= size
        # Units' inputs cannot be read off the kernel's shape: a list of them, for each pair, for initialisations.
        self.fan_in = [area * len(row) for row in self.connections for _ in row]
        # Glorot's bound, with the windows' mean numbers of maps in and out.
        limit = (6 / (area * pairs * (1 / filters + 1 / channels))) ** 0.5
        self.kernel = self.add_weight(
            name="kernel",
            shape=(*self.kernel_size, pairs),
            initializer=keras.initializers.RandomUniform(-limit, limit),
        )
        if self.use_bias:
            self.bias = self.add_weight(name="bias", shape=(filters,), initializer="zeros")

    def _places(self, channels: int) -> Any:
        """For each (channel, filter) of the dense kernel its pair's number, or that of the zeros after all."""
        pairs = [(channel, row) for row, seen in enumerate(self.connections) for channel in seen]
        numbers = {pair: number for number, pair in enumerate(pairs)}
        filters = range(len(self.connections))
        return [[numbers.get((channel, row), len(pairs)) for row in filters] for channel in range(channels)]

    def call(self, inputs: Any) -> Any:
        with_zeros = keras.ops.pad(self.kernel, (*((0, 0) for _ in self.kernel_size), (0, 1)))
        dense = keras.ops.take(with_zeros, keras.ops.convert_to_tensor(self.places, "int32"), axis=-1)
        outputs = keras.ops.conv(inputs, dense, self.strides, self.padding, "channels_last")
        if self.use_bias:
            outputs = outputs + self.bias
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        spatial = []
        for length, size, step in zip(input_shape[1:-1], self.kernel_size, self.strides, strict=True):
            reach = 1 if self.padding == "same" else size
            spatial.append(None if length is None else (length - reach) // step + 1)
        return (input_shape[0], *spatial, len(self.connections))

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "connections": self.connections,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "use_bias": self.use_bias,
            "activation": keras.activations.serialize(self.activation),
        }


@keras.saving.register_keras_serializable("archspec")
class RadialBasis(keras.layers.Layer):
    """Squared distance of the last axis to each of the fixed `codes`."""

    def __init__(self, codes: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.codes = tuple(tuple(row) for row in codes)

    def build(self, input_shape: Any) -> None:
        self.fixed = self.add_weight(
            name="codes",
            shape=(len(self.codes), input_shape[-1]),
            initializer=lambda shape, dtype: keras.ops.convert_to_tensor(self.codes, dtype),
            trainable=False,
        )

    def call(self, inputs: Any) -> Any:
        return keras.ops.sum(keras.ops.square(keras.ops.expand_dims(inputs, -2) - self.fixed), axis=-1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (*input_shape[:-1], len(self.codes))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "codes": self.codes}


def build_model() -> keras.Model:
    """The network with fresh weights."""
    if keras.config.image_data_format() != "channels_last":
        raise ValueError("this network takes channels-last images, and Keras is set to channels-first")
    image = keras.Input((32, 32, 1), name="image")
    c1 = keras.layers.Conv2D(
        filters=6,
        kernel_size=(5, 5),
        strides=(1, 1),
        padding="valid",
        dilation_rate=(1, 1),
        groups=1,
        use_bias=True,
        activation=None,
        name="c1",
    )(image)
    scaled_tanh_1 = ScaledTanh(name="scaled_tanh_1")(c1)
    s2 = TrainablePool(pool_size=(2, 2), name="s2")(scaled_tanh_1)
    scaled_tanh_2 = ScaledTanh(name="scaled_tanh_2")(s2)
    c3 = PartialConv(
        connections=(
            (0, 1, 2),
            (1, 2, 3),
            (2, 3, 4),
            (3, 4, 5),
            (0, 4, 5),
            (0, 1, 5),
            (0, 1, 2, 3),
            (1, 2, 3, 4),
            (2, 3, 4, 5),
            (0, 3, 4, 5),
            (0, 1, 4, 5),
            (0, 1, 2, 5),
            (0, 1, 3, 4),
            (1, 2, 4, 5),
            (0, 2, 3, 5),
            (0, 1, 2, 3, 4, 5),
        ),
        kernel_size=(5, 5),
        strides=(1, 1),
        padding="valid",
        use_bias=True,
        activation=None,
        name="c3",
    )(scaled_tanh_2)
    scaled_tanh_3 = ScaledTanh(name="scaled_tanh_3")(c3)
    s4 = TrainablePool(pool_size=(2, 2), name="s4")(scaled_tanh_3)
    scaled_tanh_4 = ScaledTanh(name="scaled_tanh_4")(s4)
    c5 = keras.layers.Conv2D(
        filters=120,
        kernel_size=(5, 5),
        strides=(1, 1),
        padding="valid",
        dilation_rate=(1, 1),
        groups=1,
        use_bias=True,
        activation=None,
        name="c5",
    )(scaled_tanh_4)
    scaled_tanh_5 = ScaledTanh(name="scaled_tanh_5")(c5)
    flatten_1 = keras.layers.Flatten(name="flatten_1")(scaled_tanh_5)
    f6 = keras.layers.Dense(units=84, use_bias=True, activation=None, name="f6")(flatten_1)
    scaled_tanh_6 = ScaledTanh(name="scaled_tanh_6")(f6)
    output = RadialBasis(
        codes=(
            (
                -1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, -1.0, -1.0,
                -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0,
                1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0,
                1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, 1.0,
                1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0,
            ),
            (
                -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0,
                1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0,
                -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0,
                1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0,
                -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0,
            ),
            (
                -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0,
                1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0,
                -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0,
                -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0,
                1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0,
            ),
            (
                1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0,
                1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0,
                -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0,
                1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0,
                1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0,
            ),
            (
                -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0,
                1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0, -1.0, 1.0,
                1.0, -1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0,
                1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0,
                -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0,
            ),
            (
                1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0,
                -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, 1.0, 1.0,
                1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0,
                1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0,
                1.0, 1.0, 1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0,
            ),
            (
                -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0,
                -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0,
                1.0, 1.0, -1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0,
                1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, 1.0,
                1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0,
            ),
            (
                1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0,
                1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0,
                -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0,
                1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0,
                -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0,
            ),
            (
                -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0,
                -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0,
                1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0,
                1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0,
                -1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0,
            ),
            (
                -1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, -1.0, -1.0,
                -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0,
                1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0,
                1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0,
                -1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0,
            ),
        ),
        name="output",
    )(scaled_tanh_6)  # fmt: skip
    return keras.Model(inputs=image, outputs=output, name="lenet5")


if __name__ == "__main__":
    build_model().summary()
