"""Random small affine maps of a batch of images, in the graph.

A map depends only on the seed and on the image's place in the order of training, not on which device draws it nor on
what was drawn before, so runs can be resumed, and divided among devices, without changing what is seen.
"""

from __future__ import annotations

import math

import tensorflow as tf

from archspec.training.config import Augment

DRAWS = 6
"""Numbers drawn for each image: two shifts, a rotation, two changes of size, a shear."""


def draw(seed: int, step: tf.Tensor, batch: int) -> tf.Tensor:
    """(batch, DRAWS) numbers from -1 to 1 for the whole batch of a step, over all devices."""
    return tf.random.stateless_uniform([batch, DRAWS], tf.stack([tf.constant(seed, tf.int64), step]), -1.0, 1.0)


def augment(images: tf.Tensor, augment: Augment, draws: tf.Tensor, background: float) -> tf.Tensor:
    """Each image (height, width, channels) under its own map; what comes from outside is `background`."""
    height, width = images.shape[1:3]
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=transforms(augment, draws, height, width),
        output_shape=[height, width],
        fill_value=background,
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
    )


def transforms(augment: Augment, draws: tf.Tensor, height: int, width: int) -> tf.Tensor:
    """(count, 8): for an output point (x, y) the input point (a·x + b·y + c, d·x + e·y + f), then two zeros.

    The linear part keeps the image's centre; it is scale · rotation · shear.
    """
    shift_x, shift_y, turn, scale_x, scale_y, lean = tf.unstack(draws, DRAWS, axis=1)
    angle = turn * math.radians(augment.rotate)
    shear = tf.tan(lean * math.radians(augment.shear))
    wide, high = 1 + scale_x * augment.scale, 1 + scale_y * augment.scale
    a, b = wide * tf.cos(angle), wide * (shear * tf.cos(angle) - tf.sin(angle))
    d, e = high * tf.sin(angle), high * (shear * tf.sin(angle) + tf.cos(angle))
    x, y = (width - 1) / 2, (height - 1) / 2
    c = x - a * x - b * y + shift_x * augment.shift
    f = y - d * x - e * y + shift_y * augment.shift
    zero = tf.zeros_like(a)
    return tf.stack([a, b, c, d, e, f, zero, zero], axis=1)
