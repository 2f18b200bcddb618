"""What a checkpoint is: one .npz file with everything that a run's future depends on, and its own check sums.

It holds all of the model's variables, Keras' seed generators among them (which `model.weights` lacks), all of the
optimizer's, and a `State`. It is written whole or not at all, and read only if every array has its SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from archspec.training.durable import write_whole
from archspec.training.errors import CheckpointError

Arrays = dict[str, NDArray[np.generic]]
MANIFEST = "manifest"
HEADER_BYTES = 4096
"""More than NumPy writes before an array's values."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a run stands: epochs and steps done, the best validation so far, and what it was made with."""

    epoch: int
    step: int
    best_accuracy: float
    best_loss: float
    seed: int
    spec_sha256: str
    versions: Mapping[str, str]


def named_variables(model: Any) -> dict[str, Any]:
    """All of a model's variables by path, in path order.

    Keras numbers seed generators by process, so they are called by their place in the model instead.
    """
    weights = {id(variable) for variable in model.weights}
    seeds = [variable for variable in model.variables if id(variable) not in weights]
    named = {variable.path: variable for variable in model.weights}
    named |= {f"seed_generator/{place}": variable for place, variable in enumerate(seeds, start=1)}
    if len(named) < len(model.variables):
        raise ValueError("two of the model's variables share a path")
    return dict(sorted(named.items()))


def weights_sha256(model: Any) -> str:
    """A hash over path, type, shape and value of all of a model's variables in path order."""
    digest = hashlib.sha256()
    for name, variable in named_variables(model).items():
        digest.update(f"{name}:{_sha256(_value(variable))}\n".encode())
    return digest.hexdigest()


def save(path: Path, model: Any, optimizer: Any, state: State) -> None:
    """Writes a checkpoint."""
    arrays = {name: _value(variable) for name, variable in _all_variables(model, optimizer).items()}
    manifest = {"state": asdict(state), "sha256": {name: _sha256(array) for name, array in arrays.items()}}
    arrays[MANIFEST] = np.frombuffer(json.dumps(manifest).encode(), np.uint8)

    write_whole(path, lambda file: np.savez(file, allow_pickle=False, **cast(Any, arrays)))


def restore(path: Path, model: Any, optimizer: Any) -> State:
    """Sets all variables to a checkpoint's. Nothing is set unless all of it is sound. Raises `CheckpointError`."""
    variables = _all_variables(model, optimizer)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path, archive, variables)
        with np.load(path, allow_pickle=False) as archive:
            arrays: Arrays = {name: archive[name] for name in archive.files}
        manifest = json.loads(arrays.pop(MANIFEST).tobytes())
        state, sums = State(**manifest["state"]), dict(manifest["sha256"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise CheckpointError(path, f"the checkpoint cannot be read: {error}") from error
    _check_arrays(path, arrays, variables, sums)
    for name, variable in variables.items():
        variable.assign(arrays[name])
    return state


def _all_variables(model: Any, optimizer: Any) -> dict[str, Any]:
    own = {f"optimizer/{place}/{variable.name}": variable for place, variable in enumerate(optimizer.variables)}
    return {f"model/{name}": variable for name, variable in named_variables(model).items()} | own


def _check_sizes(path: Path, archive: zipfile.ZipFile, variables: Mapping[str, Any]) -> None:
    """Refuses an archive whose members would take more memory than the variables do."""
    for member in archive.infolist():
        variable = variables.get(member.filename.removesuffix(".npy"))
        values = int(np.prod(variable.shape)) if variable is not None else len(variables) * 1024
        if member.file_size > values * 8 + HEADER_BYTES:
            raise CheckpointError(path, f"`{member.filename}` is larger than this model's, {member.file_size:,} bytes")


def _check_arrays(path: Path, arrays: Arrays, variables: Mapping[str, Any], sums: Mapping[str, str]) -> None:
    if set(arrays) != set(variables):
        odd = ", ".join(sorted(set(arrays) ^ set(variables))[:3])
        raise CheckpointError(path, f"the checkpoint is of another model or optimizer; not in both: {odd}")
    for name, array in arrays.items():
        if _sha256(array) != sums.get(name):
            raise CheckpointError(path, f"the checkpoint is damaged: `{name}` has another check sum than was written")
        if array.shape != tuple(variables[name].shape):
            raise CheckpointError(
                path, f"`{name}` must be {tuple(variables[name].shape)} as in the model, got {array.shape}"
            )


def _value(variable: Any) -> NDArray[np.generic]:
    return np.asarray(variable.numpy())


def _sha256(array: NDArray[np.generic]) -> str:
    digest = hashlib.sha256(f"{array.dtype.str} {array.shape} ".encode())
    digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
