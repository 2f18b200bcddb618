"""`archspec train`: the model built and proven in the strategy's scope, the run, and what is said of its end."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from archspec.cli.status import OK
from archspec.compiler import Compilation, lower_graph
from archspec.diagnostics import Diagnostic, SpecError
from archspec.keras_backend.build import build
from archspec.keras_backend.proof import require_proof
from archspec.keras_backend.save import save_model
from archspec.lowering.lower import LoweredModel
from archspec.report.resolved import UnresolvableGraph
from archspec.resolving import resolve
from archspec.training.config import Recipe
from archspec.training.environment import prepare, sees_gpu
from archspec.training.errors import DataError, TrainingError
from archspec.training.progress import ProgressLine
from archspec.training.train import Result, train


def run_training(compilation: Compilation, recipe: Recipe, run: str | None) -> int:
    """Train, print the test accuracy and where the run is, and say which status the process ends with.

    Raises `SpecError` (E0903) where the run cannot start or go on.
    """
    graph = compilation.require_graph()
    directory = Path(run) if run else _free_directory(graph.name)
    try:
        result = _train(lower_graph(graph, training=True), recipe, directory, compilation)
    except TrainingError as error:
        place = f"{error.file}: " if isinstance(error, DataError) else ""
        raise SpecError((Diagnostic("E0903", place + error.message, None, help=error.cure),)) from None
    print(
        f"test accuracy {result.test.accuracy:.4f}, loss {result.test.loss:.4f} (weights of epoch {result.best_epoch})"
    )
    print(f"run in {directory}, trained model in {directory / 'model.keras'}")
    return OK


def _train(lowered: LoweredModel, recipe: Recipe, directory: Path, compilation: Compilation) -> Result:
    # On a CPU determinism costs nothing measurable, and two runs with one seed are then equal; on a GPU it is slow.
    strategy = prepare(recipe.seed, recipe.precision, deterministic=not sees_gpu())
    with strategy.scope():
        built = build(lowered)
    require_proof(compilation.require_graph(), lowered, built)
    progress = ProgressLine(sys.stderr, interactive=sys.stderr.isatty())
    try:
        result = train(
            built.model,
            recipe,
            directory,
            strategy=strategy,
            resolved_spec=_resolved(replace(compilation, recipe=recipe)),
            command=["archspec", *sys.argv[1:]],
            plugins=tuple(compilation.ops.plugins.values()),
            progress=progress,
        )
    finally:
        progress.finish()
    save_model(built.model, directory / "model.keras")
    return result


def _resolved(compilation: Compilation) -> str:
    """The spec to stand with the run: expanded, or as written where the network has no expanded form."""
    try:
        return resolve(compilation)
    except UnresolvableGraph:
        return compilation.source.text


def _free_directory(name: str) -> Path:
    """`runs/NAME-N` with the first N that is free."""
    number = 1
    while (directory := Path("runs") / f"{name}-{number}").exists():
        number += 1
    return directory
