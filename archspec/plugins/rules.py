"""What a rule of an op may give: each function says what is wrong with a value, or `None`.

archspec's own ops are held to this by types and tests; a plugin's are when their rules are called.
"""

from __future__ import annotations

from collections.abc import Collection

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering
from archspec.ir.op import Cost, Weight
from archspec.ir.reach import Window
from archspec.ir.shape import Shape


def wrong_shapes(found: object) -> str | None:
    """What `infer_shapes` may not give."""
    if not isinstance(found, tuple) or not found or not all(isinstance(shape, Shape) for shape in found):
        return f"must give a tuple of `Shape`s, one for each output, got {_shown(found)}"
    for shape in found:
        if not isinstance(shape.dims, tuple) or not all(dim is None or _is_size(dim) for dim in shape.dims):
            return f"must give sizes that are whole numbers of at least 1, or `None` where open, got {shape}"
    return None


def wrong_weights(found: object) -> str | None:
    """What `weights` may not give."""
    if not isinstance(found, tuple) or not all(isinstance(weight, Weight) for weight in found):
        return f"must give a tuple of `Weight`s, got {_shown(found)}"
    for weight in found:
        if not isinstance(weight.shape, tuple) or not all(map(_is_size, weight.shape)):
            return f"must give shapes of whole numbers of at least 1, got {weight.shape} for `{weight.name}`"
    names = [weight.name for weight in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    return f"must give each weight a name of its own, got `{twice}` twice" if twice else None


def wrong_cost(found: object) -> str | None:
    """What `cost` may not give."""
    if not isinstance(found, Cost):
        return f"must give a `Cost`, got {_shown(found)}"
    if not all(count is None or (_is_whole(count) and count >= 0) for count in found):
        return f"must count in whole numbers of at least 0, or `None` where open, got {tuple(found)}"
    return None


def wrong_reach(found: object, inputs: tuple[Shape, ...]) -> str | None:
    """What `reach` may not give."""
    if found is None:
        return None
    axes = max(inputs[0].rank - 1, 0)
    if not isinstance(found, tuple) or len(found) != axes:
        return f"must give `None`, or one `Window` or `None` for each of {axes} spatial axes, got {_shown(found)}"
    for window in found:
        if window is not None and not (
            isinstance(window, Window) and _is_size(window.extent) and _is_size(window.step)
        ):
            return f"must give windows with an `extent` and a `step` of at least 1, got {_shown(window)}"
    return None


def wrong_footprint(found: object) -> str | None:
    """What `footprint` may not give."""
    if not isinstance(found, Footprint):
        return f"must give a `Footprint`, got {_shown(found)}"
    counts = (found.copied, found.between, found.passing, found.passing_in_training)
    if not all(count is None or (_is_whole(count) and count >= 0) for count in counts):
        return f"must count in whole numbers of at least 0, or `None` where open, got {counts}"
    return None


def wrong_derivation(found: object) -> str | None:
    """What `derivation` may not give."""
    if not isinstance(found, tuple) or not all(isinstance(line, str) for line in found):
        return f"must give a tuple of texts, got {_shown(found)}"
    return None


def wrong_lowering(found: object, inputs: int, outputs: int, weights: Collection[str], module: str) -> str | None:
    """What `to_keras` may not give, for an op with so many inputs and outputs and weights of these names.

    `module` is the plugin's own; layers come from Keras, from it, or from archspec.
    """
    if not isinstance(found, Lowering):
        return f"must give a `Lowering`, got {_shown(found)}"
    return (
        next((wrong for layer in found.layers.values() if (wrong := _wrong_layer(layer, module))), None)
        or _wrong_wiring(found, inputs)
        or _wrong_variables(found, weights)
        or (None if len(found.outputs) == outputs else f"must name {outputs} outputs, got {len(found.outputs)}")
    )


def _wrong_layer(layer: KerasLayer, module: str) -> str | None:
    home, _, function = layer.target.partition(":")
    is_known = (home == module and function.endswith("_layer")) or home.startswith("archspec.ops.")
    if function and not is_known:
        return f'must name a layer of its own as f"{{__name__}}:…_layer", got `{layer.target}`'
    if not function and not home.startswith("keras."):
        return f"must name layers as `keras.layers.…`, got `{layer.target}`"
    inner = [value for value in layer.kwargs.values() if isinstance(value, KerasLayer)]
    wrong = next((name for name, value in layer.kwargs.items() if value not in inner and not _is_literal(value)), None)
    if wrong is None:
        return next((found for one in inner if (found := _wrong_layer(one, module))), None)
    return f"must give arguments that are numbers, words, `None` and tuples of these, got {_shown(layer.kwargs[wrong])}"


def _wrong_wiring(found: Lowering, inputs: int) -> str | None:
    known = {f"in/{place}" for place in range(1, inputs + 1)}
    for call in found.applications:
        if call.layer not in found.layers:
            return f"must define each layer that it applies, got `{call.layer}`"
        unknown = next((name for name in call.inputs if name not in known), None)
        if unknown is not None:
            return f"must apply layers to inputs and earlier results, got `{unknown}`"
        odd = next((value for value in call.options.values() if not _is_literal(value)), None)
        if odd is not None:
            return f"must give calls options that are numbers, words, `None` and tuples of these, got {_shown(odd)}"
        known.update(call.results)
    unknown = next((name for name in found.outputs if name not in known), None)
    return None if unknown is None else f"must name results as outputs, got `{unknown}`"


def _wrong_variables(found: Lowering, weights: Collection[str]) -> str | None:
    missing = next((name for name in weights if name not in found.variables), None)
    if missing is not None:
        return f"must say which variable of Keras the weight `{missing}` is"
    surplus = next((name for name in found.variables if name not in weights), None)
    if surplus is not None:
        return f"must map weights that `weights` declares, got `{surplus}`"
    lost = next((place.layer for place in found.variables.values() if place.layer not in found.layers), None)
    return None if lost is None else f"must map weights to layers that it defines, got `{lost}`"


def _is_literal(value: object) -> bool:
    """Whether a value can be printed as Python and read back."""
    if isinstance(value, tuple):
        return all(map(_is_literal, value))
    return value is None or isinstance(value, bool | int | float | str)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _shown(value: object) -> str:
    text = f"`{value!r}`"
    return text if len(text) <= 100 else f"a {type(value).__name__}"
