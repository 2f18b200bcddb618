"""How large the gradient of each layer's kernel is while plain and residual networks train on the bundled digits.

The networks and the recipe are those of `specs/lessons/shortcut.yaml`; nothing is tuned for either kind. The result
goes to a file beside the page, since it takes minutes and its last digits differ between machines.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

import archspec
from archspec import zoo
from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink
from archspec.training.config import Recipe
from archspec.training.data import read
from archspec.training.images import plan_preparation
from archspec.training.losses import loss_function
from archspec.training.optimizer import make_optimizer

SPEC = "lessons/shortcut"
VARIANTS = ("plain20", "residual20", "plain56", "residual56")
SEEDS = (1, 2, 3)
STEPS = 150
LAST = 10
"""Steps at the end whose loss is averaged."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One network's gradients: the mean over the steps for each seed and each kernel, the first layer's first."""

    variant: str
    normalize: bool
    norms: tuple[tuple[float, ...], ...]
    losses: tuple[float, ...]
    """For each seed, the mean loss of the last steps."""


def measure() -> str:
    """Train every network from every seed; the file's text."""
    networks = [_measured(variant, normalize) for normalize in (False, True) for variant in VARIANTS]
    head = {"spec": SPEC, "seeds": SEEDS, "steps": STEPS, "last": LAST}
    made_with = {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
    content = {**head, "made_with": made_with, "networks": [asdict(network) for network in networks]}
    return json.dumps(content, indent=1) + "\n"


def _measured(variant: str, normalize: bool) -> Measured:
    runs = [_train(variant, normalize, seed) for seed in SEEDS]
    print(f"{variant}, {'with' if normalize else 'without'} batch normalization: loss {runs[0][1]:.3f}", flush=True)
    return Measured(variant, normalize, tuple(norms for norms, _ in runs), tuple(loss for _, loss in runs))


def _train(variant: str, normalize: bool, seed: int) -> tuple[tuple[float, ...], float]:
    """The mean norm of each kernel's gradient over the steps, and the mean loss of the last ones."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    recipe = _recipe()
    model = archspec.build_model(SPEC, variant=variant, normalize=normalize)
    images, labels = _examples(recipe, model)
    step = _step(model, recipe)
    order = np.random.default_rng(seed)
    taken = [step(*_batch(images, labels, recipe.batch, order)) for _ in range(STEPS)]
    norms = np.mean([norms.numpy() for norms, _ in taken], axis=0)
    losses = [float(loss) for _, loss in taken]
    return tuple(float(f"{norm:.4g}") for norm in norms), round(float(np.mean(losses[-LAST:])), 4)


def _recipe() -> Recipe:
    recipe = compile_spec(zoo.open_spec(SPEC, DiagnosticSink())).recipe
    assert recipe is not None
    return recipe


def _examples(recipe: Recipe, model: Any) -> tuple[Any, Any]:
    dataset = read(recipe.data.source, recipe.data.validation, recipe.seed)
    prepare = plan_preparation(recipe.data, dataset, model.input_shape[1:])
    return prepare(tf.constant(dataset.train.examples)).numpy(), dataset.train.labels


def _batch(images: Any, labels: Any, size: int, order: np.random.Generator) -> tuple[Any, Any]:
    places = order.choice(len(labels), size, replace=False)
    return tf.constant(images[places]), tf.constant(labels[places])


def _step(model: Any, recipe: Recipe) -> Any:
    """A step of training that gives the norms of the kernels' gradients and the loss."""
    (loss,) = recipe.losses.values()
    loss_of = loss_function(loss)
    optimizer = make_optimizer(recipe.optimizer, recipe.precision)
    kernels = [place for place, variable in enumerate(model.trainable_variables) if variable.name == "kernel"]

    def step(inputs: Any, labels: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            total = tf.reduce_mean(loss_of(labels, model(inputs, training=True)))
        gradients = tape.gradient(total, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return tf.stack([tf.norm(gradients[place]) for place in kernels]), total

    return tf.function(step)
