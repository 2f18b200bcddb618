"""Weights from elsewhere into a built model: those published with keras.applications, or those of any Keras model.

Keras itself makes the model that the weights belong to, with its own code and from its own files. It is matched with
ours by structure, its weights are copied, and then both compute one image: every value must agree. So nothing is taken
on trust, neither the names in a file nor the order of what is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

import keras
import numpy as np

from archspec.keras_backend.carry import TOLERANCE, Deviation, match
from archspec.keras_backend.correspondence import NoCorrespondenceError
from archspec.keras_backend.load import load_model
from archspec.ops import OWN, Vocabulary
from archspec.syntax import ast, tree

APPLICATIONS = "keras.applications."
"""What a spec's `reference: {form: …}` begins with where it is one of Keras' own models."""

FORMATS = "`imagenet`, a file of Keras' weights (`.h5`), or a whole model (`.keras`)"


class WeightsError(Exception):
    """Weights that cannot be had or do not fit; `cure` is what to do about it."""

    def __init__(self, message: str, cure: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


def form_of(document: ast.Document | None) -> str:
    """What a spec's reference says of its form, such as `keras.applications.VGG16`; nothing where it does not."""
    reference = document.reference if document else None
    form = reference.get("form") if isinstance(reference, tree.Mapping) else None
    return form.text if isinstance(form, tree.Scalar) else ""


@dataclass(frozen=True)
class Taken:
    """How many layers got weights, how many values were compared, and the largest share by which one differs."""

    layers: int
    values: int
    largest: float


def take_weights(model: Any, weights: str, form: str, vocabulary: Vocabulary = OWN) -> Taken:
    """Fill a built model with weights, and prove that it computes what they were published with.

    `weights` is `imagenet`, a file of Keras' weights (`.h5`), or a whole model (`.keras`). `form` is what the spec's
    reference says; the first two need it to name a model of `keras.applications`. Raises `WeightsError`.
    """
    require_source(weights, form)
    source = _model_in(weights, vocabulary) if weights.endswith(".keras") else _application(form, weights, model)
    try:
        found = match(source, model)
        layers = found.carry()
    except NoCorrespondenceError as error:
        raise WeightsError(
            f"the weights do not fit: {str(error).replace('first model', 'source').replace('second model', 'spec')}",
            "weights fit the architecture that they were trained with, number of classes included",
        ) from None
    deviations = found.deviations([_image(given) for given in source.inputs])
    _require_equal(deviations)
    compared = [one.share for one in deviations if one.share is not None]
    return Taken(layers, len(compared), max(compared))


def require_source(weights: str, form: str) -> None:
    """Raises `WeightsError` where there can be no weights of that name, before anything is built."""
    if weights != "imagenet":
        if not weights.endswith((".h5", ".keras")):
            raise WeightsError(f"`{weights}` is none of Keras' formats", f"give {FORMATS}")
        if not Path(weights).is_file():
            raise WeightsError(f"there is no file `{weights}`", f"give {FORMATS}")
        if weights.endswith(".keras"):
            return
    if not form.startswith(APPLICATIONS) or form.removeprefix(APPLICATIONS) not in dir(keras.applications):
        raise WeightsError(
            f"`{weights}` needs a spec whose `reference` has `form: keras.applications.NAME`",
            "`archspec zoo list` shows them under `keras/`; a whole model, `FILE.keras`, fits any spec built like it",
        )


def _model_in(path: str, vocabulary: Vocabulary) -> Any:
    if not is_zipfile(path):
        raise WeightsError(f"`{path}` is no model that Keras saved")
    try:
        return load_model(path, vocabulary)
    except (OSError, ValueError, TypeError) as error:
        raise WeightsError(f"`{path}` is no model that Keras can load: {_first_line(error)}") from None


def _application(form: str, weights: str, model: Any) -> Any:
    """The model of keras.applications with its weights, of our input's size."""
    function = getattr(keras.applications, form.removeprefix(APPLICATIONS))
    classes = {} if weights == "imagenet" else {"classes": model.output_shape[-1]}
    shape = model.input_shape[1:]
    try:
        source = function(weights=weights, **classes)
        if source.input_shape[1:] == shape:
            return source
        sized = function(weights=None, input_shape=shape, classes=source.output_shape[-1])
        sized.set_weights(source.get_weights())
        return sized
    except (
        Exception
    ) as error:  # Keras and what it reads with raise whatever they like: a plain Exception for a download
        raise WeightsError(f"Keras could not load `{weights}` into {form}: {_first_line(error)}") from None


def _image(given: Any) -> Any:
    """Values that reach every part of a network: from all over the range of a picture's."""
    return np.random.default_rng(0).uniform(0, 255, size=(1, *given.shape[1:])).astype("float32")


def _require_equal(deviations: tuple[Deviation, ...]) -> None:
    different = [one for one in deviations if one.share is not None and not one.share <= TOLERANCE]
    if different:
        first = different[0]
        raise WeightsError(
            f"the weights fit, but the network computes something else: {len(different)} values differ, the first is "
            f"that of `{first.layer}`, by {first.share:.2g} of its largest"
        )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
