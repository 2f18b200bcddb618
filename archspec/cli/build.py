"""`archspec build`: the network as a Keras model, proven and saved."""

from __future__ import annotations

import importlib
import os
import sys
from argparse import Namespace
from pathlib import Path

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

    built = build(lowered)
    proof = require_proof(graph, lowered, built)
    print(f"proved {proof.values} nodes, {proof.weights} weights, {proof.params:,} parameters: predicted = built")
    try:
        save_model(built.model, path)
    except OSError as error:
        raise zoo.UnreadableSpecError(f"`{path}` cannot be written: {(error.strerror or str(error)).lower()}") from None
    print(f"wrote {path} ({path.stat().st_size / 1e6:.1f} MB)")
    return OK


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
