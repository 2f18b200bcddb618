"""`archspec train`: the recipe with the command line's changes, the model in the strategy's scope, the run, its end."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from pydantic import ValidationError

from archspec.compiler import Compilation, lower_graph
from archspec.diagnostics import Diagnostic, Label, SpecError
from archspec.keras_backend.build import build
from archspec.keras_backend.proof import prove
from archspec.lowering.lower import LoweredModel
from archspec.training.config import Recipe
from archspec.training.environment import prepare
from archspec.training.errors import DataError, TrainingError
from archspec.training.progress import ProgressLine
from archspec.training.train import Result, train

OK, FAILED = 0, 1


def run_training(compilation: Compilation, options: Namespace) -> int:
    """Train, print the test accuracy and where the run is, and say which status the process ends with.

    Raises `SpecError` (E0902) where the spec has no recipe or an option does not fit it, (E0903) where the run cannot
    start or go on.
    """
    recipe = recipe_of(compilation, options)
    graph = compilation.require_graph()
    directory = Path(options.run) if options.run else _free_directory(graph.name)
    try:
        result = _train(lower_graph(graph, training=True), recipe, directory, compilation)
    except TrainingError as error:
        place = f"{error.file}: " if isinstance(error, DataError) else ""
        raise SpecError((Diagnostic("E0903", place + error.message, None, help=error.cure),)) from None
    print(
        f"test accuracy {result.test.accuracy:.4f}, loss {result.test.loss:.4f} (weights of epoch {result.best_epoch})"
    )
    print(f"run in {directory}")
    return OK


def recipe_of(compilation: Compilation, options: Namespace) -> Recipe:
    """The spec's recipe, with what the command line says instead."""
    if compilation.recipe is None or compilation.document is None:
        span = compilation.document.span if compilation.document else None
        place = Label(span._replace(end_line=span.line)) if span else None
        cure = "`archspec zoo show lenet5` has one to start from"
        raise SpecError((Diagnostic("E0902", "the spec has no `training:` section", place, help=cure),))
    given = {name: getattr(options, name) for name in ("epochs", "batch", "seed", "precision", "jit")}
    changes: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    content = compilation.recipe.model_dump(exclude_unset=True) | changes
    if options.data is not None:
        content["data"] = content.get("data", {}) | {"source": options.data}
    try:
        return Recipe.model_validate(content)
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(map(str, problem["loc"]))
        raise SpecError(
            (Diagnostic("E0902", f"`--{name}`: {problem['msg'].lower()}, got {problem['input']}", None),)
        ) from None


def _train(lowered: LoweredModel, recipe: Recipe, directory: Path, compilation: Compilation) -> Result:
    strategy = prepare(recipe.seed, recipe.precision, deterministic=False)
    with strategy.scope():
        built = build(lowered)
    differences = prove(lowered, built).differences
    if differences:
        raise AssertionError("the built model is not the predicted one: " + "; ".join(map(str, differences[:5])))
    progress = ProgressLine(sys.stderr, interactive=sys.stderr.isatty())
    try:
        return train(
            built.model,
            recipe,
            directory,
            strategy=strategy,
            resolved_spec=compilation.source.text,
            command=["archspec", *sys.argv[1:]],
            progress=progress,
        )
    finally:
        progress.finish()


def _free_directory(name: str) -> Path:
    """`runs/NAME-N` with the first N that is free."""
    number = 1
    while (directory := Path("runs") / f"{name}-{number}").exists():
        number += 1
    return directory
