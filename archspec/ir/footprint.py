"""What an op holds in memory besides its inputs, outputs and weights, as Keras runs it on TensorFlow.

A rule of each op, in values per example. The gradient of a product needs its factors, that of a rectifier its result,
that of a sum nothing: from this follows what a training step must keep until it comes back.
"""

from __future__ import annotations

from typing import NamedTuple

from archspec.ir.shape import Dim


class Footprint(NamedTuple):
    """One op's part in a step's memory. An op that does not say is taken to keep its inputs and outputs."""

    keeps_inputs: bool = True
    """Whether the gradient needs the inputs."""
    keeps_outputs: bool = True
    """Whether the gradient needs the outputs."""
    copied: Dim = 0
    """The values of a padded copy of the input that takes the input's place, also for the gradient."""
    between: Dim = 0
    """The values between inputs and outputs that the gradient needs."""
    passing: Dim = 0
    """The values that are there only while the op runs."""
    passing_in_training: Dim = 0
    """The same in training, where the op does more."""
    in_place: bool = False
    """Whether the output takes the first input's memory where nobody else needs that any more."""
    is_view: bool = False
    """Whether the output is the input's memory under another shape."""
    only_in_training: bool = False
    """Whether the op hands its input through in inference."""
    in_float32: bool = False
    """Whether what is kept is in 32 bits also where the model computes in 16."""


KEEPS_NOTHING = Footprint(keeps_inputs=False, keeps_outputs=False)
"""Of an op whose gradient needs nothing but shapes."""
