"""How a model is trained and evaluated: many steps in one graph call, every step through `strategy.run`.

One device, several GPUs and several workers are one path. A device sums its part's losses and divides by the whole
batch; the optimizer adds the devices' gradients up. What is measured is summed in the graph and read once a call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import tensorflow as tf

from archspec.training.augment import augment, draw
from archspec.training.config import Recipe
from archspec.training.decision import confusion, decide
from archspec.training.feed import Feed, own_part
from archspec.training.images import Preparation
from archspec.training.losses import loss_function


@dataclass(frozen=True, slots=True)
class Score:
    """The mean loss and the share of right decisions over `count` examples."""

    loss: float
    accuracy: float
    count: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A score over every example of a split, and its table: row label, column decision."""

    score: Score
    confusion: tuple[tuple[int, ...], ...]


class Loop:
    """The graph functions of one model under one recipe. It changes the model's and the optimizer's variables."""

    def __init__(
        self, model: Any, recipe: Recipe, optimizer: Any, preparation: Preparation, strategy: tf.distribute.Strategy
    ) -> None:
        self.model = model
        self._recipe = recipe
        self.optimizer = optimizer
        self._background = preparation.background
        self._strategy = strategy
        self._losses = [(name, loss_function(loss), loss.weight) for name, loss in recipe.losses.items()]
        self._classes = named_outputs(model, model.output, recipe)[recipe.deciding_output].shape[-1]
        with strategy.scope():
            optimizer.build(model.trainable_variables)
            self._sums = _summed_over_devices([3], "sums")  # of losses, of right decisions, of weights
            self._table = _summed_over_devices([self._classes, self._classes], "confusion")
        self._gradients_of = _compiled(self._gradients, recipe.jit)
        self._updated_by = _compiled(self._update, recipe.jit and strategy.num_replicas_in_sync == 1)
        self._scored_by = _compiled(self._scored, recipe.jit)
        self._graphs: dict[tuple[str, int], Callable[..., None]] = {}

    def train(self, feed: Feed, opened: Any, epoch: int, first: int, rates: Sequence[float]) -> Score:
        """Takes a step for each of the learning rates, from step `first` of an epoch on; both are counted from 0.

        Returns the score over the epoch so far.
        """
        if first == 0:
            self._sums.assign(tf.zeros_like(self._sums))
        graph = self._graph("train", feed, self._train_steps)
        graph(opened, tf.constant(epoch, tf.int64), tf.constant(first, tf.int64), tf.constant(rates, tf.float32))
        return self._read_score()

    def evaluate(self, feed: Feed) -> Evaluation:
        """The score over every example of a feed in sequence."""
        self._sums.assign(tf.zeros_like(self._sums))
        self._table.assign(tf.zeros_like(self._table))
        self._graph("evaluate", feed, self._evaluate_steps)(feed.open(0))
        table = self._strategy.reduce("sum", self._table, axis=None).numpy()
        return Evaluation(self._read_score(), tuple(tuple(int(count) for count in row) for row in table))

    def _graph(self, kind: str, feed: Feed, body: Callable[..., None]) -> Callable[..., None]:
        key = (kind, id(feed))
        if key not in self._graphs:
            self._graphs[key] = tf.function(partial(body, feed), autograph=False, reduce_retracing=True)
        return self._graphs[key]

    def _read_score(self) -> Score:
        loss, right, count = self._strategy.reduce("sum", self._sums, axis=None).numpy()
        return Score(float(loss / count), float(right / count), int(count))

    def _train_steps(self, feed: Feed, opened: Any, epoch: tf.Tensor, first: tf.Tensor, rates: tf.Tensor) -> None:
        rate = self.optimizer.learning_rate.value

        def take_step(epoch: tf.Tensor, step: tf.Tensor, drawn: Any) -> None:
            batch = feed.take(epoch, step, drawn)
            inputs = self._augmented(batch.inputs, epoch * feed.order.steps + step)
            self._sums.assign_add(self._updated_by(inputs, batch.labels))

        def next_step(place: tf.Tensor) -> None:
            rate.assign(rates[place])
            self._strategy.run(take_step, args=(epoch, first + place, feed.draw(opened)))

        _repeat(next_step, tf.size(rates, tf.int64))

    def _evaluate_steps(self, feed: Feed, opened: Any) -> None:
        def take_step(step: tf.Tensor, drawn: Any) -> None:
            batch = feed.take(tf.constant(0, tf.int64), step, drawn)
            sums, table = self._scored_by(batch.inputs, batch.labels, batch.weights)
            self._sums.assign_add(sums)
            self._table.assign_add(table)

        def next_step(step: tf.Tensor) -> None:
            self._strategy.run(take_step, args=(step, feed.draw(opened)))

        _repeat(next_step, tf.constant(feed.order.steps, tf.int64))

    def _augmented(self, inputs: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        if self._recipe.augment is None:
            return inputs
        draws = own_part(draw(self._recipe.seed, step, self._recipe.batch))
        return augment(inputs, self._recipe.augment, draws, self._background)

    def _update(self, inputs: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        gradients, sums = self._gradients_of(inputs, labels)
        if self._recipe.precision == "float16":
            # Keras' loss scaler looks at one device's gradients to decide for all, and then adds all of them up.
            gradients = tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, gradients)
        self.optimizer.apply(gradients, self.model.trainable_variables)
        return sums

    def _gradients(self, inputs: tf.Tensor, labels: tf.Tensor) -> tuple[list[tf.Tensor], tf.Tensor]:
        with tf.GradientTape() as tape:
            outputs = self._outputs(inputs, training=True)
            losses = self._losses_of(labels, outputs)
            total = tf.reduce_sum(losses) / self._recipe.batch + self._penalty()
            scaled = self.optimizer.scale_loss(total)
        variables = [variable.value for variable in self.model.trainable_variables]  # some may feed no loss
        gradients = tape.gradient(scaled, variables, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return gradients, self._summed(labels, self._decided(outputs), losses, tf.ones_like(losses))

    def _scored(self, inputs: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        outputs = self._outputs(inputs, training=False)
        decided = self._decided(outputs)
        sums = self._summed(labels, decided, self._losses_of(labels, outputs), weights)
        return sums, tf.cast(confusion(labels, decided, weights, self._classes), tf.float64)

    def _outputs(self, inputs: tf.Tensor, *, training: bool) -> dict[str, tf.Tensor]:
        given = self.model.input
        outputs = self.model(dict.fromkeys(given, inputs) if isinstance(given, dict) else inputs, training=training)
        return named_outputs(self.model, outputs, self._recipe)

    def _losses_of(self, labels: tf.Tensor, outputs: dict[str, tf.Tensor]) -> tf.Tensor:
        return tf.add_n(
            [weight * loss(labels, tf.cast(outputs[name], tf.float32)) for name, loss, weight in self._losses]
        )

    def _penalty(self) -> tf.Tensor:
        """The layers' own losses, such as regularisers; each device adds its part."""
        penalties = [tf.cast(penalty, tf.float32) for penalty in self.model.losses]
        return tf.add_n([tf.constant(0.0), *penalties]) / self._strategy.num_replicas_in_sync

    def _decided(self, outputs: dict[str, tf.Tensor]) -> tf.Tensor:
        return decide(outputs[self._recipe.deciding_output], self._recipe.decision.rule)

    def _summed(self, labels: tf.Tensor, decided: tf.Tensor, losses: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        right = tf.cast(tf.equal(labels, decided), tf.float32)
        sums = [tf.reduce_sum(losses * weights), tf.reduce_sum(right * weights), tf.reduce_sum(weights)]
        return tf.cast(tf.stack(sums), tf.float64)


def named_outputs(model: Any, outputs: Any, recipe: Recipe) -> dict[str, Any]:
    """A model's outputs by name; the one of a model with a single output is called as the recipe calls it."""
    if isinstance(outputs, dict):
        return outputs
    if isinstance(outputs, list | tuple):
        return dict(zip(model.output_names, outputs, strict=True))
    return {recipe.deciding_output: outputs}


def _repeat(body: Callable[[tf.Tensor], None], times: tf.Tensor) -> None:
    """Runs `body` with 0, 1, … in the graph."""

    def once(place: tf.Tensor) -> list[tf.Tensor]:
        body(place)
        return [place + 1]

    tf.while_loop(lambda place: place < times, once, [tf.constant(0, tf.int64)])


def _compiled(function: Callable[..., Any], jit: bool) -> Callable[..., Any]:
    compiled: Callable[..., Any] = tf.function(function, autograph=False, jit_compile=True) if jit else function
    return compiled


def _summed_over_devices(shape: list[int], name: str) -> tf.Variable:
    """A variable that each device adds to on its own, added up when read."""
    return tf.Variable(
        tf.zeros(shape, tf.float64),
        trainable=False,
        synchronization=tf.VariableSynchronization.ON_READ,
        aggregation=tf.VariableAggregation.SUM,
        name=name,
    )
