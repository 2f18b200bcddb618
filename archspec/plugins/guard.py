"""A plugin's op with its rules watched: what one raises or wrongly gives is the plugin's failure, by its file's name.

archspec's own ops have types and tests for this. Here the rules of a stranger to both meet stages that trust them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import new_class
from typing import Any, ClassVar

from pydantic import ValidationError

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import Lowering
from archspec.ir.op import Cost, Op, ShapeError, Weight
from archspec.ir.reach import Reach
from archspec.ir.shape import Shape
from archspec.plugins.failure import PluginError
from archspec.plugins.rules import (
    wrong_cost,
    wrong_derivation,
    wrong_footprint,
    wrong_lowering,
    wrong_reach,
    wrong_shapes,
    wrong_weights,
)
from archspec.plugins.source import PluginSource


class Guarded(Op):
    """Stands before a plugin's own class in the order of classes, and hands each call on to it."""

    plugin_path: ClassVar[str]
    plugin_word: ClassVar[str]

    def __init__(self, **fields: Any) -> None:
        with self._blamed("a validator", ValidationError):
            super().__init__(**fields)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        inputs = _static(inputs)
        with self._blamed("`infer_shapes`", ShapeError):
            # The plugin's own rule: a class without one is refused when it is loaded.
            found = super().infer_shapes(inputs)  # type: ignore[safe-super]
        self._require(wrong_shapes(found), "infer_shapes")
        return found

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        inputs = _static(inputs)
        with self._blamed("`weights`", ShapeError):
            found = super().weights(inputs)
        self._require(wrong_weights(found), "weights")
        return found

    def cost(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Cost:
        inputs = _static(inputs)
        with self._blamed("`cost`", ShapeError):
            found = super().cost(inputs, outputs)
        self._require(wrong_cost(found), "cost")
        return found

    def reach(self, inputs: tuple[Shape, ...]) -> Reach | None:
        inputs = _static(inputs)
        with self._blamed("`reach`"):
            found = super().reach(inputs)
        self._require(wrong_reach(found, inputs), "reach")
        return found

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        inputs = _static(inputs)
        with self._blamed("`footprint`"):
            found = super().footprint(inputs, outputs)
        self._require(wrong_footprint(found), "footprint")
        return found

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        inputs = _static(inputs)
        with self._blamed("`derivation`"):
            found = super().derivation(inputs, outputs)
        self._require(wrong_derivation(found), "derivation")
        return found

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        inputs = _static(inputs)
        with self._blamed("`to_keras`"):
            found = super().to_keras(inputs)  # type: ignore[safe-super]
        names = {weight.name for weight in self.weights(inputs)}
        outputs = len(self.infer_shapes(inputs))
        self._require(wrong_lowering(found, len(inputs), outputs, names, type(self).__module__), "to_keras")
        return found

    @classmethod
    @contextmanager
    def _blamed(cls, what: str, *said: type[Exception]) -> Iterator[None]:
        """Have what is raised inside be the plugin's failure, but for what it may say to a spec's author."""
        try:
            yield
        except Exception as error:
            if isinstance(error, (PluginError, *said)):
                raise
            message = f"{what} of `{cls.plugin_word}` raised {type(error).__name__}: {error}"
            raise PluginError(cls.plugin_path, message) from error

    def _require(self, wrong: str | None, rule: str) -> None:
        if wrong is not None:
            raise PluginError(self.plugin_path, f"`{rule}` of `{self.plugin_word}` {wrong}")


def _static(inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """The shapes as a plugin is promised them: an open size is `None`, and formulas end here."""
    return tuple(Shape(given.static_dims) for given in inputs)


def guarded(op: type[Op], source: PluginSource) -> type[Op]:
    """The op with its rules watched. Raises `RefusedError` with E1004 for fields that pydantic can make nothing of."""
    own = {"__module__": op.__module__, "__doc__": op.__doc__}
    own |= {"plugin_path": source.file.name, "plugin_word": source.word}
    made: type[Op] = new_class(op.__name__, (Guarded, op), {}, lambda names: names.update(own))
    try:
        made.model_rebuild(force=True)
    except Exception as error:  # pydantic's, of several kinds
        said = str(error).partition("\n")[0]
        raise source.refused("E1004", f"the fields of `{op.__name__}`: {said}", source.line_of(op.__name__)) from error
    return made
