"""Every op, found in the folder: its docstring is whole, and its rules agree with the Keras layers it lowers to."""

from __future__ import annotations

import builtins
import dis
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import yaml
from pydantic import ValidationError

from archspec.inference.infer import infer
from archspec.ir.op import Op
from archspec.ir.shape import Shape, is_known
from archspec.keras_backend.build import apply, resolve, variables_named
from archspec.op_proof import SECTIONS
from archspec.ops import find, words
from tests.gradient_support import hull, support
from tests.op_cases import Case, cases

WORDS = sorted(words())


def op_class(word: str) -> type[Op]:
    found = find(word)
    assert found is not None
    return found


def first_case(word: str) -> tuple[Op, Case]:
    (first, *_) = cases(word)
    return op_class(word)(**first.fields), first


def symbols(case: Case) -> list[Any]:
    return [keras.Input(shape.dims) for shape in case.inputs]


def arrays(case: Case) -> list[Any]:
    rng = np.random.default_rng(0)
    if case.below:
        return [rng.integers(case.below, size=(2, *shape.dims)).astype("float32") for shape in case.inputs]  # type: ignore[arg-type]
    return [rng.normal(size=(2, *shape.dims)).astype("float32") for shape in case.inputs]  # type: ignore[arg-type]


def model_of(word: str) -> tuple[Any, dict[str, Any]]:
    """The word's first case as a model, and its layers by the lowering's keys."""
    op, case = first_case(word)
    inputs = symbols(case)
    outputs, layers = apply(op.to_keras(case.inputs), inputs, "op")
    return keras.Model(inputs, outputs), layers


def as_list(outputs: Any) -> list[Any]:
    """A model's outputs, one or several, as a list."""
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def test_no_op_lacks_cases() -> None:
    assert [word for word in WORDS if not cases(word)] == []
    assert len(WORDS) > 40


@pytest.mark.parametrize("word", WORDS)
def test_the_docstring_is_whole(word: str) -> None:
    text = sys.modules[op_class(word).__module__].__doc__ or ""
    places = [text.find(f"\n{section}") for section in SECTIONS]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("word", WORDS)
def test_the_declaration_is_whole(word: str) -> None:
    op = op_class(word)
    for name, field in op.model_fields.items():
        assert field.description, name
        assert "\n" not in field.description
    assert op.__doc__
    assert op.principal is None or op.principal in op.model_fields
    required = {name for name, field in op.model_fields.items() if field.is_required()}
    assert op.principal is not None or not required, "an op whose fields are required has one that may stand alone"
    example = yaml.safe_load(op.example)
    assert example["archspec"] == 1
    assert example["inputs"]
    assert word in str(example["layers"])


@pytest.mark.parametrize("word", [word for word in WORDS if op_class(word).not_inferred_from])
def test_fields_said_not_to_be_inferred_from_are_not(word: str) -> None:
    for case in cases(word):
        op = op_class(word)(**case.fields)
        inferred = infer(op, case.inputs)
        for name in op.not_inferred_from:
            # No value of a field at all, so that whoever computes with it fails.
            assert infer(op.model_copy(update={name: object()}), case.inputs) == inferred


@pytest.mark.parametrize("word", WORDS)
def test_values_of_another_type_are_refused_by_the_fields_name(word: str) -> None:
    op = op_class(word)
    (case, *_) = cases(word)
    for name in op.model_fields:
        with pytest.raises(ValidationError) as caught:
            op(**{**case.fields, name: {"no": "field takes this"}})
        assert {error["loc"][0] for error in caught.value.errors()} == {name}
    with pytest.raises(ValidationError, match="extra_forbidden"):
        op(**{**case.fields, "surplus": 1})


@pytest.mark.parametrize("word", WORDS)
def test_shapes_are_keras_shapes(word: str) -> None:
    for case in cases(word):
        op = op_class(word)(**case.fields)
        inferred = op.infer_shapes(case.inputs)
        outputs, _ = apply(op.to_keras(case.inputs), symbols(case), "op")
        assert tuple(Shape(tuple(output.shape[1:])) for output in outputs) == inferred, case


@pytest.mark.parametrize("word", WORDS)
def test_computed_values_have_the_inferred_shapes(word: str) -> None:
    op, case = first_case(word)
    model, _ = model_of(word)
    outputs = as_list(model(arrays(case)))
    assert tuple(Shape(tuple(output.shape[1:])) for output in outputs) == op.infer_shapes(case.inputs)


@pytest.mark.parametrize("word", WORDS)
def test_weights_are_the_built_variables(word: str) -> None:
    for case in cases(word)[:1] + cases(word)[-1:]:
        op = op_class(word)(**case.fields)
        lowering = op.to_keras(case.inputs)
        _, layers = apply(lowering, symbols(case), "op")
        declared = {weight.name: (weight.shape, weight.trainable) for weight in op.weights(case.inputs)}
        built = {}
        for name, place in lowering.variables.items():
            (variable,) = variables_named(place.name, layers[place.layer].weights)
            built[name] = (tuple(variable.shape), variable.trainable)
        assert built == declared
        assert sum(len(layer.weights) for layer in layers.values()) == len(declared)


@pytest.mark.parametrize("word", WORDS)
def test_gradients_reach_inputs_and_weights(word: str) -> None:
    op, case = first_case(word)
    model, _ = model_of(word)
    inputs = [tf.constant(values) for values in arrays(case)]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = sum(tf.reduce_sum(output) for output in as_list(model(inputs)))
    gradients = tape.gradient(total, [*inputs, *(weight.value for weight in model.trainable_weights)])
    for place, gradient in enumerate(gradients, start=1):
        is_whole = bool(case.below) and place <= len(inputs)
        assert (gradient is None) == (is_whole or place in op.only_measured)
        assert gradient is None or np.isfinite(tf.convert_to_tensor(gradient).numpy()).all()


@pytest.mark.parametrize("word", WORDS)
def test_a_position_depends_on_what_it_is_said_to_see(word: str) -> None:
    for given in [one for one in cases(word) if all(is_known(shape.size) for shape in one.inputs)][:12]:
        op = op_class(word)(**given.fields)
        reach = op.reach(given.inputs)
        assert reach is not None
        inputs = {f"in{place}": keras.Input(one.dims, name=f"in{place}") for place, one in enumerate(given.inputs)}
        outputs, _ = apply(op.to_keras(given.inputs), list(inputs.values()), "op")
        model = keras.Model(inputs if len(inputs) > 1 else next(iter(inputs.values())), outputs[0])
        arrays_of = {name: np.repeat(array, 16, axis=0) for name, array in zip(inputs, arrays(given), strict=True)}
        noise = np.random.default_rng(1)
        scale = 0 if given.below else 1
        batch = {
            name: (array + noise.normal(scale=scale, size=array.shape)).astype("float32")
            for name, array in arrays_of.items()
        }
        position = tuple(int(size) // 2 for size in outputs[0].shape[1:-1])
        for shape, seen in zip(given.inputs, support(model, batch, 0, position).values(), strict=True):
            found = hull(seen)
            if found is None:
                continue
            places = position if len(position) == len(reach) else (0,) * len(reach)
            for axis, (place, window) in enumerate(zip(places, reach, strict=True)):
                low, high = found[axis]
                if window is not None and shape.dims[axis] != 1:
                    assert window.before is not None
                    first = place * window.step - window.before
                    assert first <= low and high < first + window.extent


@pytest.mark.parametrize("word", WORDS)
def test_compiled_values_are_the_same(word: str) -> None:
    # Keras compiles training steps with XLA unless told otherwise.
    _, case = first_case(word)
    model, _ = model_of(word)
    inputs = [tf.constant(values) for values in arrays(case)]
    compiled = tf.function(model, jit_compile=True)
    for plain, fast in zip(as_list(model(inputs)), as_list(compiled(inputs)), strict=True):
        np.testing.assert_allclose(plain, fast, atol=1e-5)


@pytest.mark.parametrize("word", WORDS)
def test_a_saved_model_gives_the_same_values(word: str, tmp_path: Path) -> None:
    _, case = first_case(word)
    model, layers = model_of(word)
    for layer in layers.values():
        again = type(layer).from_config(layer.get_config())
        assert again.get_config() == layer.get_config()
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for before, after in zip(as_list(model(arrays(case))), as_list(loaded(arrays(case))), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.fixture(params=["mixed_float16", "mixed_bfloat16"])
def half_precision(request: pytest.FixtureRequest) -> Iterator[str]:
    """A policy that computes in 16 bits and keeps weights in 32."""
    keras.config.set_dtype_policy(request.param)
    yield request.param.removeprefix("mixed_")
    keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("word", WORDS)
def test_it_computes_in_half_precision(word: str, half_precision: str) -> None:
    _, case = first_case(word)
    model, _ = model_of(word)
    for output in as_list(model(arrays(case))):
        assert output.dtype == half_precision
        assert np.isfinite(tf.cast(output, "float32").numpy()).all()
    # What counts is a whole number under every policy.
    floats = {weight.dtype for weight in model.weights if not weight.dtype.startswith("int")}
    assert floats <= {"float32"}


@pytest.mark.parametrize("word", WORDS)
def test_layers_of_our_own_need_only_keras_and_their_arguments(word: str) -> None:
    # Their source is printed into files that run without archspec, so it may not read its module's names.
    lowerings = [op_class(word)(**case.fields).to_keras(case.inputs) for case in cases(word)]
    for target in {layer.target for lowering in lowerings for layer in lowering.layers.values()}:
        layer = resolve(target)
        assert issubclass(layer, keras.layers.Layer)
        if not target.startswith("keras."):
            assert layer is resolve(target), "the class must be made once"
            assert keras.saving.get_registered_name(layer) == f"archspec>{layer.__name__}"
            functions = [thing for thing in vars(layer).values() if isinstance(thing, FunctionType)]
            assert {name for function in functions for name in names_from_outside(function.__code__)} <= {"keras"}


def names_from_outside(code: CodeType) -> Iterator[str]:
    """The names that a function reads from its module or from a function around it."""
    for instruction in dis.get_instructions(code):
        name = instruction.argval
        if instruction.opname == "LOAD_GLOBAL" and not hasattr(builtins, name):
            yield name
    yield from set(code.co_freevars) - {"__class__"}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from set(names_from_outside(constant)) - set(code.co_varnames) - set(code.co_cellvars)


def test_names_from_outside_are_found() -> None:
    def reads() -> Any:
        return np, [Path for _ in range(3)]

    assert set(names_from_outside(reads.__code__)) == {"np", "Path"}
