"""Where the bundled digits come from: converts scikit-learn's copy of the UCI digits to the package's data file.

Run once, by hand: `python tools/make_digits.py`. It needs scikit-learn, which archspec itself does not. It
writes the same bytes again: the split follows from SEED, and the file holds no date.
"""

from __future__ import annotations

import importlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TARGET = Path(__file__).parents[1] / "archspec" / "training" / "digits.npz"
SEED = 1998
SHARES = {"test": 0.2, "validation": 0.1}  # of each class; the rest is for training
NO_DATE = (1980, 1, 1, 0, 0, 0)

LICENCE = """\
The file digits.npz holds the 1,797 images of the test set of

    E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998.
    https://doi.org/10.24432/C50P49

in the copy that scikit-learn ships. The data set is licensed under the Creative Commons Attribution 4.0 International
licence (CC BY 4.0, https://creativecommons.org/licenses/by/4.0/).

Changes: the images, 8x8 whole numbers from 0 to 16, are stored as bytes, and divided class by class, in a seeded
random order, into train, validation and test by tools/make_digits.py.
"""


def main() -> None:
    """Writes the data file and the licence note beside it."""
    digits = importlib.import_module("sklearn.datasets").load_digits()  # by name: it ships no types
    images = digits.images.astype(np.uint8)[..., np.newaxis]
    labels = digits.target.astype(np.uint8)
    arrays: dict[str, NDArray[np.uint8]] = {}
    for split, places in divide(labels).items():
        arrays[f"x_{split}"], arrays[f"y_{split}"] = images[places], labels[places]
    TARGET.write_bytes(pack(arrays))
    TARGET.with_suffix(".LICENCE.txt").write_text(LICENCE, encoding="utf-8")
    print(TARGET, {name: array.shape for name, array in arrays.items()})


def divide(labels: NDArray[np.uint8]) -> dict[str, NDArray[np.int64]]:
    """The examples of each split: of every class the same share, in a random order that follows from SEED."""
    random = np.random.default_rng(SEED)
    parts: dict[str, list[NDArray[np.int64]]] = {"train": [], **{split: [] for split in SHARES}}
    for label in np.unique(labels):
        places = random.permutation(np.flatnonzero(labels == label))
        for split, share in SHARES.items():
            count = round(share * np.count_nonzero(labels == label))
            parts[split].append(places[:count])
            places = places[count:]
        parts["train"].append(places)
    return {split: np.sort(np.concatenate(classes)) for split, classes in parts.items()}


def pack(arrays: Mapping[str, NDArray[np.uint8]]) -> bytes:
    """An .npz file whose bytes depend on nothing but the arrays."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.getvalue())
    return packed.getvalue()


if __name__ == "__main__":
    main()
