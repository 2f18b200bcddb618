"""The bundled digits' splits, reading of files, and the pre-flight's refusals, each naming the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from archspec.training.data import DIGITS, Dataset, check, read
from archspec.training.errors import DataError


def digits() -> Dataset:
    return read("digits", 0.1, 0)


def keys(dataset: Dataset, split: str) -> list[bytes]:
    return [example.tobytes() for example in dataset.splits[split].examples]


def test_the_digits_are_all_of_the_set_without_overlap() -> None:
    dataset = digits()
    assert [len(split) for split in dataset.splits.values()] == [1259, 179, 359]
    together = [key for split in dataset.splits for key in keys(dataset, split)]
    assert len(set(together)) == len(together) == 1797  # the size of the set by its documentation; no image is twice


def test_the_digits_are_bytes_from_0_to_16() -> None:
    for split in digits().splits.values():
        assert split.examples.dtype == np.uint8
        assert split.examples.shape[1:] == (8, 8, 1)
        assert (np.min(split.examples), np.max(split.examples)) == (0, 16)


def test_every_split_has_every_class_in_its_share() -> None:
    # Class counts of the 1,797 digits, as the set's documentation gives them.
    counts = np.array([178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    dataset = digits()
    assert np.bincount(np.concatenate([s.labels for s in dataset.splits.values()])).tolist() == counts.tolist()
    for name, share in (("train", 0.7), ("validation", 0.1), ("test", 0.2)):
        np.testing.assert_allclose(np.bincount(dataset.splits[name].labels), share * counts, atol=1.01)


def test_the_licence_is_beside_the_data() -> None:
    note = DIGITS.with_suffix(".LICENCE.txt").read_text(encoding="utf-8")
    assert "CC BY 4.0" in note
    assert "Alpaydin" in note


def test_validation_is_set_aside_class_by_class_where_a_file_has_none(npz: Path) -> None:
    dataset = read(str(npz), 0.25, 7)
    assert np.bincount(dataset.validation.labels).tolist() == [4, 3, 3]  # of 14, 13 and 13
    assert len(dataset.train) == 30
    assert not set(keys(dataset, "train")) & set(keys(dataset, "validation"))
    assert keys(dataset, "validation") == keys(read(str(npz), 0.25, 7), "validation")
    assert keys(dataset, "validation") != keys(read(str(npz), 0.25, 8), "validation")


def refused(path: Path, **arrays: Any) -> str:
    if arrays:
        np.savez(path, **arrays)
    with pytest.raises(DataError) as caught:
        check(read(str(path), 0.1, 0), 3, 4)
    assert str(path) in str(caught.value)
    return caught.value.message


GOOD = {
    "x_train": np.zeros((9, 4, 4), np.float32),
    "y_train": np.arange(9) % 3,
    "x_test": np.zeros((3, 4, 4), np.float32),
    "y_test": np.arange(3),
}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"y_train": np.array([0, 1, 2, 3, 0, 1, 2, 0, 1])}, "labels must be from 0 to 2, .* got 3 at y_train"),
        ({"y_test": np.array([0, -1, 2])}, "got -1 at y_test"),
        ({"y_train": np.zeros(8, int)}, "equally long, got 9 and 8"),
        ({"y_train": np.zeros(9)}, "whole numbers, got float64"),
        ({"x_test": np.full((3, 4, 4), np.nan)}, r"NaN or infinity in x_test\[0\]"),
        ({"x_test": np.zeros((3, 5, 4))}, "one shape of example"),
        ({"x_train": np.array(["a"] * 9)}, "must be numbers"),
        ({"x_train": np.array([{}] * 9)}, "no .npz archive of plain arrays"),
        ({"x_test": np.zeros((0, 4, 4)), "y_test": np.zeros(0, int)}, "test split must hold examples"),
        (
            {"x_train": np.zeros((6, 4, 4)), "y_train": np.arange(6) % 3},
            "fill a batch, got 3 examples for a batch of 4",
        ),
    ],
)
def test_bad_arrays_are_refused(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    message = refused(tmp_path / "bad.npz", **{**GOOD, **changes})
    assert re.search(says, message), message


def test_a_good_file_passes(tmp_path: Path) -> None:
    np.savez(tmp_path / "good.npz", **GOOD)  # type: ignore[arg-type]
    check(read(str(tmp_path / "good.npz"), 0.1, 0), 3, 4)


def test_files_that_are_no_archives_are_named(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "absent.npz")
    (tmp_path / "text.npz").write_text("hello")
    assert "damaged" in refused(tmp_path / "text.npz")
    (tmp_path / "cut.npz").write_bytes(DIGITS.read_bytes()[:20_000])
    assert "damaged" in refused(tmp_path / "cut.npz")
    flipped = bytearray(DIGITS.read_bytes())
    flipped[10_000] ^= 1
    (tmp_path / "flipped.npz").write_bytes(bytes(flipped))
    assert "damaged" in refused(tmp_path / "flipped.npz")
    (tmp_path / "folder.npz").mkdir()
    assert "cannot be read" in refused(tmp_path / "folder.npz")
    assert "must be `digits` or the path" in refused(tmp_path / "images.zip")


def test_missing_arrays_are_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "few.npz", x_train=GOOD["x_train"]) == "the file must hold y_train"
