"""The counts of three specs of `language/` that nobody published: each layer by hand, from its paper, and by Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import yaml

import archspec
from tests.elaboration.test_language_examples import SPECS


def weights(*layers: tuple[int, int, int], biases: bool = True) -> int:
    """Of square kernels of a size, from some channels to others."""
    return sum(size**2 * channels * filters + filters * biases for size, channels, filters in layers)


def test_unet() -> None:
    """Figure 1: pairs of 3x3 on each level, 2x2 between levels on the way up, 1x1 to two classes; each with a bias."""
    widths = [64, 128, 256, 512, 1024]
    down = [
        one
        for given, width in zip([1, *widths], widths, strict=False)
        for one in ((3, given, width), (3, width, width))
    ]
    up = [
        one
        for wide, width in ((1024, 512), (512, 256), (256, 128), (128, 64))
        for one in ((2, wide, width), (3, wide, width), (3, width, width))
    ]
    assert (weights(*down, *up, (1, 64, 2)), len(down + up) + 1) == (31_030_658, 23)
    assert yaml.safe_load(SPECS["unet"])["expect"]["params"] == weights(*down, *up, (1, 64, 2))


def test_unet_is_that_written_in_keras() -> None:
    built = keras.Input((572, 572, 1))
    value, skips = built, []
    for width in (64, 128, 256, 512):
        for _ in range(2):
            value = keras.layers.Conv2D(width, 3)(value)
        skips.append(value)
        value = keras.layers.MaxPooling2D(2)(value)
    for _ in range(2):
        value = keras.layers.Conv2D(1024, 3)(value)
    # 64 to 56, 136 to 104, 280 to 200 and 568 to 392: half of the difference on each side.
    for width, margin in ((512, 4), (256, 16), (128, 40), (64, 88)):
        value = keras.layers.Conv2DTranspose(width, 2, 2)(value)
        value = keras.layers.Concatenate()([keras.layers.Cropping2D(margin)(skips.pop()), value])
        for _ in range(2):
            value = keras.layers.Conv2D(width, 3)(value)
    value = keras.layers.Conv2D(2, 1)(value)
    assert value.shape == (None, 388, 388, 2)
    assert keras.Model(built, value).count_params() == 31_030_658


@pytest.mark.parametrize(
    ("scale", "params", "macs"), [(2, 21_284, 6_122_176), (3, 22_729, 6_538_336), (4, 24_752, 7_120_960)]
)
def test_espcn(scale: int, params: int, macs: int) -> None:
    """Section 3.2: (5, 64), (3, 32) and a last 3, to as many channels as an image of one has after the shuffle."""
    layers = ((5, 1, 64), (3, 64, 32), (3, 32, scale**2))
    assert weights(*layers) == params
    assert 17 * 17 * weights(*layers, biases=False) == macs


@pytest.mark.parametrize("scale", [2, 3])
def test_espcn_is_its_layers_in_turn_and_the_papers_shuffle(tmp_path: Path, scale: int) -> None:
    (tmp_path / "espcn.yaml").write_text(SPECS["espcn"])
    model = archspec.build_model(tmp_path / "espcn.yaml", variant=f"x{scale}")
    values = np.random.default_rng(0).normal(size=(2, 17, 17, 1)).astype("float32")
    layers = [layer for layer in model.layers if layer.weights]
    expected: Any = values
    for layer in layers:
        kernel, bias = layer.get_weights()
        expected = keras.ops.conv(expected, kernel, padding="same") + bias
        expected = keras.ops.tanh(expected) if layer is not layers[-1] else expected
    # The paper's equation 4, of one channel: the value at (y, x) is that of channel r·(y mod r) + x mod r.
    rows, columns = np.indices((17 * scale, 17 * scale))
    channels = scale * (rows % scale) + columns % scale
    expected = np.asarray(expected)[:, rows // scale, columns // scale, channels][..., None]
    np.testing.assert_allclose(model(values), expected, atol=1e-5)


def test_dcgan() -> None:
    """Figure 1: 100 numbers to 4x4x1024, then 5x5 of stride 2 to 512, 256, 128, 3; a scale and a shift per channel."""
    widths = [(5, 1024, 512), (5, 512, 256), (5, 256, 128), (5, 128, 3)]
    norms = 2 * (16384 + 512 + 256 + 128)
    assert 100 * 16384 + weights(*widths, biases=False) + norms == 18_885_760
    # Every value of a layer's input, of 4x4 to 32x32, is multiplied by a whole kernel of each filter.
    macs = [side**2 * weights(layer, biases=False) for side, layer in zip((4, 8, 16, 32), widths, strict=True)]
    assert 100 * 16384 + sum(macs) == 640_614_400
