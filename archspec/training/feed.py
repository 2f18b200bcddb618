"""Which examples each step gets on each device: resident in the graph where they fit, else streamed from memory.

Both give the same batches, since both follow one `Order`, a pure function of seed, epoch and step: a resumed run needs
no iterator's state, and several devices see what one would.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from archspec.training.data import Split
from archspec.training.images import Preparation

CHUNK = 256
"""Examples prepared at once, so that preparing takes little memory beside its result."""


class Batch(NamedTuple):
    """One device's part of a step: inputs (share, …), labels (share,), weights (share,), 0 for padding, else 1."""

    inputs: tf.Tensor
    labels: tf.Tensor
    weights: tf.Tensor


@dataclass(frozen=True, slots=True)
class Order:
    """Which of `count` examples make up each step of `batch`.

    With a seed: a new permutation each epoch, whose incomplete last batch is left out. Without: every example once, in
    sequence, the last batch padded with the last example at weight 0.
    """

    count: int
    batch: int
    seed: int | None

    @property
    def steps(self) -> int:
        """Steps in an epoch."""
        return self.count // self.batch if self.seed is not None else -(-self.count // self.batch)

    def places(self, epoch: tf.Tensor, step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """The examples' places and weights in a step (both counted from 0, int64), for the whole batch."""
        index = step * self.batch + tf.range(self.batch, dtype=tf.int64)
        if self.seed is None:
            return tf.minimum(index, self.count - 1), tf.cast(index < self.count, tf.float32)
        seed = tf.stack([tf.constant(self.seed, tf.int64), epoch])
        places = tf.random.experimental.index_shuffle(index, seed, tf.constant(self.count - 1, tf.int64))
        return places, tf.ones([self.batch], tf.float32)


def own_part(values: tf.Tensor) -> tf.Tensor:
    """This device's rows of something that the whole batch has; called in replica context."""
    replica = tf.distribute.get_replica_context()
    share = values.shape[0] // replica.num_replicas_in_sync
    return values[replica.replica_id_in_sync_group * share :][:share]


class Feed(ABC):
    """A split under an order. `open` for an epoch, then for each step `draw` outside and `take` inside the devices."""

    order: Order

    @abstractmethod
    def open(self, epoch: int) -> Any:
        """What `draw` draws from in an epoch: nothing, or an iterator."""

    @abstractmethod
    def draw(self, opened: Any) -> Any:
        """What the devices need to be handed for the next step."""

    @abstractmethod
    def take(self, epoch: tf.Tensor, step: tf.Tensor, drawn: Any) -> Batch:
        """This device's batch; called in replica context."""


class Resident(Feed):
    """All examples, prepared once, on every device."""

    def __init__(self, split: Split, preparation: Preparation, order: Order, strategy: tf.distribute.Strategy) -> None:
        self.order = order
        prepared = prepare_all(split, preparation)
        with strategy.scope():
            self._inputs = tf.Variable(prepared, trainable=False, name="inputs")
            self._labels = tf.Variable(split.labels, trainable=False, name="labels")

    def open(self, epoch: int) -> Any:
        return ()

    def draw(self, opened: Any) -> Any:
        return ()

    def take(self, epoch: tf.Tensor, step: tf.Tensor, drawn: Any) -> Batch:
        places, weights = (own_part(values) for values in self.order.places(epoch, step))
        return Batch(tf.gather(self._inputs, places), tf.gather(self._labels, places), weights)


class Streamed(Feed):
    """Examples fetched from the computer's memory and prepared step by step, ahead of the devices."""

    def __init__(self, split: Split, preparation: Preparation, order: Order, strategy: tf.distribute.Strategy) -> None:
        self.order = order
        self._split = split
        self._preparation = preparation
        self._strategy = strategy

    def open(self, epoch: int) -> Any:
        def of_worker(context: tf.distribute.InputContext) -> tf.data.Dataset:
            return self._dataset(epoch, context)

        return iter(self._strategy.distribute_datasets_from_function(of_worker))

    def draw(self, opened: Any) -> Any:
        return next(opened)

    def take(self, epoch: tf.Tensor, step: tf.Tensor, drawn: Any) -> Batch:
        return Batch(*drawn)

    def _dataset(self, epoch: int, context: tf.distribute.InputContext) -> tf.data.Dataset:
        """One element for each step and device of a worker, in that order."""
        devices = context.num_replicas_in_sync // context.num_input_pipelines
        share = self.order.batch // context.num_replicas_in_sync

        def fetch(element: tf.Tensor) -> tuple[tf.Tensor, ...]:
            step, device = element // devices, element % devices + context.input_pipeline_id * devices
            places, weights = self.order.places(tf.constant(epoch, tf.int64), step)
            own = places[device * share :][:share]
            examples, labels = tf.numpy_function(self._fetch, [own], [self._split.examples.dtype, tf.int64])
            examples.set_shape([share, *self._split.examples.shape[1:]])
            labels.set_shape([share])
            return self._preparation(examples), labels, tf.ensure_shape(weights[device * share :][:share], [share])

        elements = tf.data.Dataset.range(self.order.steps * devices)
        return elements.map(fetch, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True).prefetch(2 * devices)

    def _fetch(self, places: np.ndarray[Any, np.dtype[np.int64]]) -> tuple[Any, Any]:
        part = self._split.take(places)
        return part.examples, part.labels


def make_feed(
    split: Split, preparation: Preparation, order: Order, strategy: tf.distribute.Strategy, *, resident: bool
) -> Feed:
    """The split under an order, resident or streamed."""
    return (Resident if resident else Streamed)(split, preparation, order, strategy)


def prepared_bytes(count: int, preparation: Preparation) -> int:
    """The bytes that `count` prepared examples take."""
    return count * int(np.prod(preparation.shape)) * 4


def prepare_all(split: Split, preparation: Preparation) -> np.ndarray[Any, np.dtype[np.float32]]:
    """All examples of a split as the network's input."""
    prepared = np.empty((len(split), *preparation.shape), np.float32)
    for start in range(0, len(split), CHUNK):
        prepared[start : start + CHUNK] = preparation(split.examples[start : start + CHUNK])
    return prepared
