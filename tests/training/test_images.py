"""What a stored example becomes: values, size, frame, channels, and what cannot become an input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from archspec.training.config import Data
from archspec.training.data import Dataset, Split
from archspec.training.errors import DataError, TrainingError
from archspec.training.images import Preparation, Sizes, plan_preparation


def planned(stored: tuple[int, ...], wanted: Sizes, **data: Any) -> tuple[Preparation, NDArray[np.uint8]]:
    examples: NDArray[np.uint8] = np.arange(2 * np.prod(stored), dtype=np.uint8).reshape(2, *stored)
    split = Split(examples, np.zeros(2, np.int64))
    return plan_preparation(Data(**data), Dataset("file.npz", split, split, split), wanted), examples


def test_the_training_splits_extremes_become_the_ends_of_the_range() -> None:
    preparation, examples = planned((4, 4, 1), (4, 4, 1), range=(-0.1, 1.175))
    prepared = preparation(examples).numpy()
    expected = -0.1 + examples.astype(np.float64) * 1.275 / 31
    np.testing.assert_allclose(prepared, expected, atol=1e-6)


def test_values_are_kept_without_a_range() -> None:
    preparation, examples = planned((4, 4, 1), (4, 4, 1))
    np.testing.assert_array_equal(preparation(examples).numpy(), examples)


def test_an_image_is_resized_and_centred_in_a_frame_of_the_lowest_value() -> None:
    preparation, examples = planned((4, 4), (11, 12, 1), size=(8,), method="nearest", range=(1.0, 2.0))
    prepared = preparation(examples).numpy()
    assert prepared.shape == (2, 11, 12, 1)
    inside = prepared[:, 1:9, 2:10]
    np.testing.assert_allclose(inside, (1 + examples / 31).repeat(2, 1).repeat(2, 2)[..., None], atol=1e-6)
    outside = prepared.copy()
    outside[:, 1:9, 2:10] = 1.0
    assert (outside == 1.0).all()


def test_bilinear_resizing_interpolates_between_centres() -> None:
    preparation, _ = planned((1, 2), (1, 4, 1))
    np.testing.assert_allclose(preparation(np.array([[[0.0, 4.0]]])).numpy().ravel(), [0, 1, 3, 4])


def test_grey_images_serve_networks_with_colour() -> None:
    preparation, examples = planned((4, 4, 1), (None, None, 3))
    prepared = preparation(examples).numpy()
    assert prepared.shape == (2, 4, 4, 3)
    assert (prepared == examples).all()


def test_lists_of_features_stay_as_they_are() -> None:
    preparation, examples = planned((5,), (5,), range=(0.0, 9.0))
    np.testing.assert_allclose(preparation(examples).numpy(), examples, atol=1e-6)


@pytest.mark.parametrize(
    ("stored", "wanted", "data", "error", "says"),
    [
        ((4, 4, 3), (4, 4, 1), {}, DataError, "1 or 1 channels as the network's input, got 3"),
        ((4, 4, 1), (8, 8, 1), {"size": (9,)}, TrainingError, "got 9x9 for 8x8"),
        ((4,), (5,), {}, DataError, r"must be \(5\) as the network's input, got \(4\)"),
        ((4,), (8, 8, 1), {}, DataError, "images must be"),
        ((5,), (5,), {"size": (2,)}, TrainingError, "`size` is for images"),
    ],
)
def test_what_does_not_fit_is_refused(
    stored: tuple[int, ...], wanted: Sizes, data: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        planned(stored, wanted, **data)


def test_a_range_needs_values_that_differ() -> None:
    split = Split(np.ones((2, 3)), np.zeros(2, np.int64))
    with pytest.raises(DataError, match="must differ"):
        plan_preparation(Data(range=(0.0, 1.0)), Dataset("file.npz", split, split, split), (3,))
