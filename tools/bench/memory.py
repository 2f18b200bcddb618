"""Predicted against measured memory: the peak of inference and of a training step, each in a process of its own.

    python -m tools.bench.memory [CASE…]

A case is SPEC:BATCH:MODE, where the mode is `inference` or an optimizer's name; without any, those in `CASES` run.
Measured is what the resident set grows by within a step, at its most, and what stood before it: weights, optimizer
state, inputs. It is the median over steps, which differ in how many gradients wait for their update at once. Python,
TensorFlow and the traced graph, which are there whatever the network, are not counted. The C library is told to hand
memory back at once, so that the resident set is what is in use. Linux alone.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from archspec import zoo
from archspec.analysis.memory import OPTIMIZERS, Memory, inference_memory, training_memory
from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink

ROOT = Path(__file__).parents[2]
STEPS = 5
CASES = (
    "vgg16:1:inference", "vgg16:8:inference", "vgg16:8:sgd", "vgg16:8:momentum", "vgg16:8:adam",
    "resnet50:16:inference", "resnet50:8:momentum", "resnet50:16:momentum", "resnet50:32:momentum",
    "keras/resnet50:16:adam", "googlenet:16:inference", "googlenet:16:momentum", "googlenet:64:momentum",
    "tests/zoo/blocks/mobilenet_v2.yaml:16:inference", "tests/zoo/blocks/mobilenet_v2.yaml:32:rmsprop",
    "tests/zoo/blocks/densenet121.yaml:16:momentum", "tests/zoo/blocks/inception_v3.yaml:16:adam",
    "tests/zoo/blocks/squeezenet.yaml:32:sgd", "tests/zoo/blocks/shufflenet_v2.yaml:32:momentum",
    "lenet5:1024:adam", "lenet5:8192:adam",
)  # fmt: skip


def main() -> None:
    """Print a row for each case, and the median and the largest error."""
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(*split(sys.argv[2]))))
        return
    print(f"{'network':<42} {'batch':>6} {'step':<10} {'predicted':>10} {'measured':>10} {'error':>7}")
    errors = []
    for case in sys.argv[1:] or CASES:
        spec, batch, mode = split(case)
        predicted = predict(spec, batch, mode).total
        measured = run(case)
        errors.append(predicted / measured - 1)
        amounts = f"{predicted / 2**20:>6,.0f} MiB {measured / 2**20:>6,.0f} MiB"
        print(f"{spec:<42} {batch:>6} {mode:<10} {amounts} {errors[-1]:>+7.1%}", flush=True)
    sizes = sorted(map(abs, errors))
    print(f"error: median {statistics.median(sizes):.1%}, largest {sizes[-1]:.1%}, of {len(sizes)}")


def split(case: str) -> tuple[str, int, str]:
    """A case's spec, batch and mode."""
    spec, batch, mode = case.rsplit(":", 2)
    return spec, int(batch), mode


def predict(spec: str, batch: int, mode: str) -> Memory:
    """What archspec says."""
    graph = compile_spec(zoo.open_spec(spec, DiagnosticSink())).require_graph().for_inference()
    return inference_memory(graph, batch) if mode == "inference" else training_memory(graph, batch, optimizer=mode)


def run(case: str) -> float:
    """The measured bytes, from a process of its own."""
    settings = {
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "MALLOC_MMAP_THRESHOLD_": "65536",
        "MALLOC_TRIM_THRESHOLD_": "65536",
        "MALLOC_MMAP_MAX_": "1000000",
    }
    command = [sys.executable, "-m", "tools.bench.memory", "--measure", case]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout.splitlines()[-1]))


def measure(spec: str, batch: int, mode: str) -> int:
    """The most that a step takes, in bytes; run in a fresh process."""
    import gc

    import keras
    import tensorflow as tf

    import archspec

    warm_up(tf, keras)
    model = archspec.build_model(spec)
    inputs = tf.random.normal((batch, *model.inputs[0].shape[1:]))
    labels = tf.zeros((batch,), tf.int32)
    held = sum(math.prod(weight.shape) for weight in model.weights) * 4 + math.prod(inputs.shape) * 4
    if mode == "inference":
        step: Any = tf.function(lambda images, _: model(images, training=False), autograph=False)
    else:
        optimizer = optimizer_of(mode, keras)
        optimizer.build(model.trainable_variables)
        held += OPTIMIZERS[mode].state * sum(math.prod(weight.shape) for weight in model.trainable_weights) * 4
        step = step_of(model, optimizer, tf)
    step.get_concrete_function(inputs, labels)
    peaks = []
    for _ in range(STEPS):
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew
        before = resident("VmRSS")
        step(inputs, labels)
        peaks.append(resident("VmHWM") - before + held)
    return int(statistics.median(peaks[1:]))  # the first step makes what stays


def step_of(model: Any, optimizer: Any, tf: Any) -> Any:
    """One training step as a graph. The loss is of distances where the output is not a distribution."""

    def step(images: Any, labels: Any) -> Any:
        with tf.GradientTape() as tape:
            outputs = model(images, training=True)
            wanted = tf.one_hot(labels, outputs.shape[-1])
            loss = tf.reduce_mean(tf.square(outputs - wanted))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    return tf.function(step, autograph=False)


def optimizer_of(name: str, keras: Any) -> Any:
    """Keras' optimizer of that name; `momentum` is SGD with it."""
    return keras.optimizers.SGD(0.01, momentum=0.9) if name == "momentum" else keras.optimizers.get(name)


def warm_up(tf: Any, keras: Any) -> None:
    """A few steps of a small network, so that what the libraries make once is there."""
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.Flatten()])
    optimizer = keras.optimizers.SGD()
    optimizer.build(model.trainable_variables)
    step = step_of(model, optimizer, tf)
    for _ in range(STEPS):
        step(tf.zeros((4, 8, 8, 3)), tf.zeros((4,), tf.int32))


def resident(which: str) -> int:
    """An amount of this process's memory, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(which))


if __name__ == "__main__":
    main()
