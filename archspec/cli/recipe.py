"""The recipe of a run: the spec's `training:` section with what the command line says instead. Needs no Keras."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from pydantic import ValidationError

from archspec.compiler import Compilation
from archspec.diagnostics import Diagnostic, Label, SpecError
from archspec.elaboration.field_types import field_types
from archspec.elaboration.wording import describe
from archspec.training.config import Recipe


def recipe_of(compilation: Compilation, options: Namespace) -> Recipe:
    """The recipe. Raises `SpecError` (E0902) where the spec has none, or an option does not fit it."""
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
    elif compilation.recipe.data.source != "digits":
        # A spec's own paths are its folder's, wherever the command runs; one on the command line is the shell's.
        own = Path(compilation.source.name).parent / compilation.recipe.data.source
        content["data"] = content["data"] | {"source": str(own)}
    try:
        return Recipe.model_validate(content)
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0])
        wanted = field_types(Recipe)[name].annotation
        headline = f"`--{name}` must be {describe(wanted)}, got {problem['input']}"
        raise SpecError((Diagnostic("E0902", headline, None),)) from None
