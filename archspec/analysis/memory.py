"""How much memory a network takes: weights, optimizer state, what a step holds at its peak, and what fits a budget.

All in bytes. The walk is that of `liveness`; how near it comes to what TensorFlow takes stands in docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from archspec.analysis.liveness import FLOAT32, Moment, Unsized, Walk
from archspec.ir.graph import Graph, Node, owners
from archspec.ir.shape import Dim

COMPUTE_BYTES: Mapping[str, int] = {"float32": 4, "bfloat16": 2, "float16": 2}
"""Bytes of a value that a layer computes, by precision. Weights stay in 32 bits."""


class OptimizerMemory(NamedTuple):
    """Values for each trainable one: those kept from step to step, and those that an update takes for a moment."""

    state: int
    passing: int


OPTIMIZERS: Mapping[str, OptimizerMemory] = {
    "sgd": OptimizerMemory(0, 1),
    "momentum": OptimizerMemory(1, 1),
    "adam": OptimizerMemory(2, 1),
    "adamw": OptimizerMemory(2, 1),
    "nadam": OptimizerMemory(2, 2),
    "rmsprop": OptimizerMemory(1, 2),
    "rmsprop with momentum": OptimizerMemory(2, 3),
    "adagrad": OptimizerMemory(1, 1),
    "lion": OptimizerMemory(1, 3),
}
"""Keras' optimizers. The state is that of its variables; what passes was measured, the updates one after the other.

Plain SGD's is the weight itself: while a gradient's pass still reads it, TensorFlow writes the new value beside it.
"""

LARGEST_BATCH = 1 << 20
"""Examples up to which a batch is tried."""


class Memory(NamedTuple):
    """What one kind of step takes, in bytes. `kept` is what the forward pass of training leaves for the backward pass.

    `step` is the most that is taken at once beside weights and optimizer state: inputs, activations, gradients.
    """

    weights: int
    optimizer_state: int
    kept: int
    step: int
    moment: Moment
    kept_by: Mapping[str, int] = MappingProxyType({})
    """What of `kept` each node took, by path; inputs by their names."""

    @property
    def total(self) -> int:
        """The peak."""
        return self.weights + self.optimizer_state + self.step


def inference_memory(graph: Graph, batch: int = 1, precision: str = "float32") -> Memory:
    """The peak of inference on a batch, from the inference graph. Raises `Unsized` where a size is open."""
    walk = Walk(graph, batch, COMPUTE_BYTES[precision])
    moment = walk.infer()
    return Memory(weight_bytes(graph), 0, 0, moment.size, moment)


def inference_peak(graph: Graph) -> Dim:
    """The peak of inference of one example in 32 bits; open where a size is."""
    try:
        return inference_memory(graph).total
    except Unsized:
        return None


def training_peak(graph: Graph) -> Dim:
    """The peak of a training step on one example in 32 bits, by plain SGD; open where a size is."""
    try:
        return training_memory(graph, 1).total
    except Unsized:
        return None


def training_memory(graph: Graph, batch: int, precision: str = "float32", optimizer: str = "sgd") -> Memory:
    """The peak of a training step on a batch, from the whole graph. Raises `Unsized` where a size is open."""
    held = OPTIMIZERS[optimizer]
    walk = Walk(graph, batch, COMPUTE_BYTES[precision], update_copies=held.passing)
    moment = walk.train()
    trainable = sum(node.trainable for node in owners(graph.nodes))
    return Memory(
        weight_bytes(graph), held.state * trainable * FLOAT32, walk.kept_bytes, moment.size, moment, walk.kept_by
    )


def largest_batch(memory_of: Callable[[int], Memory], budget: int) -> int:
    """The largest batch whose peak is within a budget of bytes; 0 where not even one example is."""
    low, high = 0, 1
    while high <= LARGEST_BATCH and memory_of(high).total <= budget:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if memory_of(middle).total <= budget:
            low = middle
        else:
            high = middle
    return low


def weight_bytes(graph: Graph) -> int:
    """Of all weights, shared ones once."""
    return sum(node.params for node in owners(graph.nodes)) * FLOAT32


def output_bytes(node: Node, batch: int, precision: str) -> int | None:
    """Of a node's outputs; `None` where a size is open."""
    sizes = [shape.size for shape in node.shapes]
    known = [size for size in sizes if isinstance(size, int)]
    return sum(known) * batch * COMPUTE_BYTES[precision] if len(known) == len(sizes) else None
