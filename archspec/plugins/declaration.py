"""A plugin's module -> its op: what the file must declare, as each of archspec's own op files does."""

from __future__ import annotations

import ast
from types import ModuleType

from archspec.elaboration.field_types import field_types
from archspec.ir.op import Op
from archspec.ops import layer_functions
from archspec.plugins.source import PluginSource


def declared_op(module: ModuleType, source: PluginSource) -> type[Op]:
    """The one op of a plugin's module. Raises `RefusedError` with E1004 for what an op's file may not be."""
    declared = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Op) and thing.__module__ == module.__name__
    ]
    if len(declared) != 1:
        names = ", ".join(f"`{one.__name__}`" for one in declared) or "none"
        line = source.line_of(declared[1].__name__) if declared else 1
        cure = "one op to a file" if declared else "write `class Name(Op): …`, with `from archspec.ir.op import Op`"
        raise source.refused("E1004", f"a plugin declares exactly one subclass of `Op`, got {names}", line, cure)
    (op,) = declared
    _check_class(op, source)
    _check_layers(module, source)
    return op


def _check_class(op: type[Op], source: PluginSource) -> None:
    line = source.line_of(op.__name__)
    missing = sorted(op.__abstractmethods__)
    if missing:
        names = " and ".join(f"`{name}`" for name in missing)
        raise source.refused(
            "E1004", f"`{op.__name__}` has no rule {names}", line, "an op without its rules is never passed through"
        )
    if op.principal is not None and op.principal not in op.model_fields:
        fields = ", ".join(f"`{name}`" for name in op.model_fields) or "none"
        raise source.refused("E1004", f"`principal` must be one of the fields, {fields}, got `{op.principal}`", line)
    if op.inputs is not None and (not isinstance(op.inputs, int) or op.inputs < 1):
        raise source.refused("E1004", f"`inputs` must be a number of at least 1, or `None`, got {op.inputs!r}", line)
    try:
        field_types(op)
    except TypeError as error:
        raise source.refused("E1004", f"`{op.__name__}`: {error}", line) from error


def _check_layers(module: ModuleType, source: PluginSource) -> None:
    """Hold each layer's function to what makes its class once, in every process and in an emitted file."""
    cached = layer_functions(module)
    for function in source.tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        name = function.name
        classes = [node for node in ast.walk(function) if isinstance(node, ast.ClassDef)]
        if not name.endswith("_layer"):
            if any(_registers(decorator) for one in classes for decorator in one.decorator_list):
                headline = f"the name of a layer's function must end in `_layer`, got `{name}`"
                cure = "that is how `load_model` finds it"
                raise source.refused("E1004", headline, function.lineno, cure)
            continue
        if name not in cached:
            cure = "write `@cache` above it, with `from functools import cache`"
            raise source.refused("E1004", f"the layer's function `{name}` is not cached", function.lineno, cure)
        if len(classes) != 1:
            headline = f"a layer's function declares exactly one class, got {len(classes)} in `{name}`"
            raise source.refused("E1004", headline, function.lineno)
        if not any(_registers(decorator, source.word) for decorator in classes[0].decorator_list):
            headline = (
                f"`{classes[0].name}` is not registered under `{source.word}`, and no saved model could be opened"
            )
            cure = f'write `@keras.saving.register_keras_serializable("{source.word}")` above it'
            raise source.refused("E1004", headline, classes[0].lineno, cure)


def _registers(decorator: ast.expr, word: str | None = None) -> bool:
    """Whether a decorator is `….register_keras_serializable("word")`, for any word where none is given."""
    if not isinstance(decorator, ast.Call) or not ast.unparse(decorator.func).endswith("register_keras_serializable"):
        return False
    given = [*decorator.args, *(one.value for one in decorator.keywords if one.arg == "package")]
    if word is None:
        return True
    return bool(given) and isinstance(given[0], ast.Constant) and given[0].value == word
