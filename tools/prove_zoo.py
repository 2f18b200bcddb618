"""Proves the whole zoo by Keras, which takes about half an hour on two cores.

python -m tools.prove_zoo                 everything; what is found of keras/* is written for `tools.make_zoo`
python -m tools.prove_zoo keras/vgg16 …   these specs alone; writes nothing

Every network, in every variant, is built, and its shapes, weights and counts are compared with those predicted; its
emitted source is run, and must give a model with these parameters. Every
model of keras.applications is also held against the spec of its name, value by value, with random weights.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter

import keras

from archspec.analysis.cost import total_of
from archspec.compiler import lower_graph
from archspec.emission.keras_source import emit
from archspec.keras_backend.build import build
from archspec.keras_backend.carry import TOLERANCE
from archspec.keras_backend.proof import prove
from archspec.lowering.lower import LoweredModel
from tests.emission.running import run_source
from tests.zoo.equality import compare_with_keras
from tools.zoo.entries import Entry, entries
from tools.zoo.page import MEASURED

KERAS = "keras/"


def main() -> int:
    """Prove what is asked for; 1 where something is not as predicted."""
    asked = sys.argv[1:]
    chosen = [one for one in entries() if not asked or one.spec in asked]
    measured: dict[str, dict[str, float]] = {}
    failed = []
    for entry in chosen:
        began = perf_counter()
        problems = _differences(entry)
        said = ""
        if entry.spec.startswith(KERAS) and entry.variant is None:
            measured[entry.name], more = _against_keras(entry)
            problems += more
            said = f", {measured[entry.name]['values']} values equal to {measured[entry.name]['largest']:.1g}"
        failed += [f"{entry.name}: {problem}" for problem in problems]
        print(f"{entry.name}: {'DIFFERS' if problems else 'proven'}{said} ({perf_counter() - began:.0f} s)", flush=True)
    if not asked:
        MEASURED.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    print("\n".join(failed) or f"{len(chosen)} networks proven")
    return 1 if failed else 0


def _differences(entry: Entry) -> list[str]:
    """Where the built model is not the predicted one, in inference and, where it has parts of its own, in training."""
    graph = entry.compilation.require_graph()
    found: list[str] = []
    for training in (False, True) if len(graph.for_inference().nodes) < len(graph.nodes) else (False,):
        lowered = lower_graph(graph, training=training)
        found += map(str, prove(lowered, build(lowered)).differences)
        keras.backend.clear_session()
        predicted, emitted = (
            total_of(graph.nodes if training else graph.for_inference().nodes).params,
            _emitted(lowered),
        )
        if emitted != predicted:
            found.append(f"the emitted source builds {emitted:,} parameters, and {predicted:,} are predicted")
    return found


def _emitted(lowered: LoweredModel) -> int:
    """The parameters of what the emitted source builds."""
    params: int = run_source(emit(lowered)).count_params()
    keras.backend.clear_session()
    return params


def _against_keras(entry: Entry) -> tuple[dict[str, float], list[str]]:
    """What was compared with Keras' own model, and what is wrong."""
    found = compare_with_keras(entry.spec.removeprefix(KERAS))
    keras.backend.clear_session()
    wrong = [f"`{one.layer}` differs by {one.share:.2g}" for one in found.compared if not (one.share or 0) <= TOLERANCE]
    if found.layers != found.weighted or found.params[0] != found.params[1]:
        wrong.append(
            f"weights of {found.layers} layers of {found.weighted}, {found.params[0]} and {found.params[1]} in all"
        )
    return {"values": len(found.compared), "of": len(found.deviations), "largest": found.largest}, wrong


if __name__ == "__main__":
    sys.exit(main())
