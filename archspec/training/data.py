"""Which examples a source holds: the bundled digits or an .npz file, read and checked before anything is trained.

Values are as stored; `images` makes them the network's input. Nothing here needs TensorFlow.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archspec.training.errors import DataError

DIGITS = Path(__file__).parent / "digits.npz"
SPLITS = ("train", "validation", "test")
NAMES = "name the arrays x_train, y_train, x_test, y_test and, where there is one, x_validation and y_validation"
MAX_BYTES = 64 * 2**30
"""An array that claims more than this is refused before memory is taken for it."""


@dataclass(frozen=True, slots=True)
class Split:
    """Examples and their labels, in the file's order: `examples` (count, …), `labels` (count,) from 0."""

    examples: NDArray[np.generic]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, places: NDArray[np.int64]) -> Split:
        """The examples at these places."""
        return Split(self.examples[places], self.labels[places])


@dataclass(frozen=True, slots=True)
class Dataset:
    """The three splits of a source; `file` is its name for people."""

    file: str
    train: Split
    validation: Split
    test: Split

    @property
    def splits(self) -> dict[str, Split]:
        """The splits by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


def read(source: str, validation: float, seed: int) -> Dataset:
    """The examples of a recipe's `data.source`. Raises `DataError`.

    A share `validation` of the training examples of every class is set aside where the source has no such split.
    """
    path = DIGITS if source == "digits" else Path(source)
    if path.suffix != ".npz":
        raise DataError(source, "a data source must be `digits` or the path of an .npz file", NAMES)
    name = source if source == "digits" else str(path)
    arrays = _read_arrays(path)
    train, test = (_split(path, arrays, name) for name in ("train", "test"))
    if "x_validation" in arrays or "y_validation" in arrays:
        return Dataset(name, train, _split(path, arrays, "validation"), test)
    train, held = _set_aside(train, validation, seed)
    return Dataset(name, train, held, test)


def check(dataset: Dataset, classes: int, batch: int) -> None:
    """The pre-flight: what would only fail, or go wrong in silence, in the middle of training. Raises `DataError`.

    `classes` is the width of the output that the labels index.
    """
    for name, split in dataset.splits.items():
        _check_split(dataset.file, name, split, classes)
    shapes = {split.examples.shape[1:] for split in dataset.splits.values()}
    if len(shapes) > 1:
        raise DataError(dataset.file, f"all splits must have one shape of example, got {_listed(shapes)}")
    if len(dataset.train) < batch:
        raise DataError(
            dataset.file,
            f"the training split must fill a batch, got {len(dataset.train)} examples for a batch of {batch}",
            f"set `batch` to {len(dataset.train)} or less",
        )


def _read_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    wanted = {f"{axis}_{split}" for axis in "xy" for split in SPLITS}
    try:
        with np.load(path, allow_pickle=False) as archive:
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise DataError(str(path), "the file must be an .npz archive, got a single array", NAMES)
            _check_sizes(path, archive.zip)
            return {name: archive[name] for name in archive.files if name in wanted}
    except FileNotFoundError:
        cure = "a path in a spec is looked up from the spec's folder, one of `--data` from here"
        raise DataError(str(path), "no such file", cure) from None
    except OSError as error:
        raise DataError(str(path), f"the file cannot be read: {error.strerror or error}") from error
    except (ValueError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        # NumPy's own words are left out: of a file that is no archive they say to load it by running it.
        raise DataError(str(path), "the file is damaged, or no .npz archive of plain arrays") from error


def _check_sizes(path: Path, archive: zipfile.ZipFile | None) -> None:
    claimed = sum(member.file_size for member in archive.infolist()) if archive else 0
    if claimed > MAX_BYTES:
        raise DataError(str(path), f"arrays may take up to {MAX_BYTES:,} bytes, the file claims {claimed:,}")


def _split(path: Path, arrays: dict[str, NDArray[np.generic]], name: str) -> Split:
    missing = [key for key in (f"x_{name}", f"y_{name}") if key not in arrays]
    if missing:
        raise DataError(str(path), f"the file must hold {' and '.join(missing)}", NAMES)
    examples, labels = arrays[f"x_{name}"], arrays[f"y_{name}"]
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise DataError(str(path), f"y_{name} must be a list of whole numbers, got {labels.dtype} {labels.shape}")
    if examples.ndim < 2 or not (np.issubdtype(examples.dtype, np.number) or examples.dtype == np.bool_):
        raise DataError(str(path), f"x_{name} must be numbers, (count, …), got {examples.dtype} {examples.shape}")
    if len(examples) != len(labels):
        raise DataError(str(path), f"x_{name} and y_{name} must be equally long, got {len(examples)} and {len(labels)}")
    return Split(examples, labels.astype(np.int64))


def _set_aside(split: Split, share: float, seed: int) -> tuple[Split, Split]:
    """What is left and what is set aside: of every class the same share, at least one example where it has two."""
    random = np.random.default_rng(seed)
    held = []
    for label in np.unique(split.labels):
        places = random.permutation(np.flatnonzero(split.labels == label))
        held.append(places[: min(max(1, round(share * len(places))), len(places) - 1)])
    aside = np.sort(np.concatenate(held)) if held else np.zeros(0, np.int64)
    left = np.setdiff1d(np.arange(len(split)), aside)
    return split.take(left), split.take(aside)


def _check_split(file: str, name: str, split: Split, classes: int) -> None:
    if not len(split):
        raise DataError(file, f"the {name} split must hold examples, got none")
    low, high = int(split.labels.min()), int(split.labels.max())
    if low < 0 or high >= classes:
        place = int(np.flatnonzero((split.labels < 0) | (split.labels >= classes))[0])
        raise DataError(
            file,
            f"labels must be from 0 to {classes - 1}, the output's width less one, "
            f"got {split.labels[place]} at y_{name}[{place}]",
            "widen the network's output, or number the classes from 0",
        )
    if not np.issubdtype(split.examples.dtype, np.floating):
        return
    for place, example in enumerate(split.examples):
        if not np.isfinite(example).all():
            raise DataError(file, f"values must be finite, got NaN or infinity in x_{name}[{place}]")


def _listed(shapes: set[tuple[int, ...]]) -> str:
    return " and ".join(str(shape) for shape in sorted(shapes))
