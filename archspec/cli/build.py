"""`archspec build`: the network as a Keras model, proven and saved."""

from __future__ import annotations

import importlib
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archspec import zoo
from archspec.cli.output import print_warnings
from archspec.cli.status import OK
from archspec.compiler import Compilation, lower_graph


def build_model(compilation: Compilation, options: Namespace) -> int:
    """A proven Keras model, saved."""
    graph = compilation.require_graph()
    print_warnings(compilation)
    path = Path(options.output or f"build/{graph.name}.keras")
    if path.suffix != ".keras":
        raise zoo.UnreadableSpecError(f"`build` writes Keras' own format, got `{path}`", "end the name in `.keras`")
    lowered = lower_graph(graph, training=options.training)
    import_keras()
    from archspec.keras_backend.build import build
    from archspec.keras_backend.proof import require_proof
    from archspec.keras_backend.save import save_model

    if options.weights:
        with _told():
            from archspec.keras_backend.published import form_of, require_source

            require_source(options.weights, form_of(compilation.document))
    built = build(lowered)
    proof = require_proof(graph, lowered, built)
    print(f"proved {proof.values} nodes, {proof.weights} weights, {proof.params:,} parameters: predicted = built")
    if options.weights:
        _take_weights(built.model, compilation, options)
    try:
        save_model(built.model, path)
    except OSError as error:
        raise zoo.UnreadableSpecError(f"`{path}` cannot be written: {(error.strerror or str(error)).lower()}") from None
    print(f"wrote {path} ({path.stat().st_size / 1e6:.1f} MB)")
    return OK


def has_variant_for(compilation: Compilation, options: Namespace) -> bool:
    """Whether the spec has a variant called as the weights are, and no variant was asked for."""
    document = compilation.document
    named = () if document is None else (variant.name.text for variant in document.variants)
    return options.variant is None and options.weights in named


def _take_weights(model: Any, compilation: Compilation, options: Namespace) -> None:
    from archspec.keras_backend.published import form_of, take_weights

    with _told():
        taken = take_weights(model, options.weights, form_of(compilation.document), compilation.ops)
    print(
        f"took the weights of {taken.layers} layers from {options.weights}: {taken.values} values compared, "
        f"the largest difference {taken.largest:.1g} of a value's largest"
    )


@contextmanager
def _told() -> Iterator[None]:
    """Have weights that cannot be taken be told as a file that cannot be read is."""
    from archspec.keras_backend.published import WeightsError

    try:
        yield
    except WeightsError as error:
        raise zoo.UnreadableSpecError(error.message, error.cure) from None


def import_keras() -> None:
    """Import Keras and its backend with their start-up notes kept off the terminal, unless the import fails.

    TensorFlow writes them to the process' standard error before any setting of its own takes effect.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tempfile  # here, since importing it takes a tenth of `check`'s time

    sys.stderr.flush()
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as notes:
        os.dup2(notes.fileno(), 2)
        try:
            importlib.import_module("keras").backend.backend()
        except Exception:
            notes.seek(0)
            os.write(terminal, notes.read())
            raise
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
