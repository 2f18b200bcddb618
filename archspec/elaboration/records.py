"""A mapping of a spec as a pydantic model with models inside: the `training:` section."""

from __future__ import annotations

import types
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from archspec.diagnostics import Span
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import did_you_mean
from archspec.elaboration.context import Context
from archspec.elaboration.field_types import FieldType, coerce, is_known
from archspec.syntax import tree
from archspec.syntax.evaluation import shown

Model = TypeVar("Model", bound=BaseModel)


def read_record(model: type[Model], node: tree.Mapping, what: str, context: Context) -> Model | None:
    """The model that a mapping describes, or `None` after errors.

    Reports E0501 (unknown key), E0502 (wrong value), E0504 (a lone value where none may stand) and E0505 (missing).
    """
    before = context.sink.errors
    values = _fields(model, node, what, context)
    if context.sink.errors > before:
        return None
    try:
        return model.model_validate(values)
    except ValidationError as error:
        for problem in error.errors():
            span, name = _locate(node, problem["loc"])
            if problem["type"] == "missing":
                context.report("E0505", f"`{name or what}` needs `{problem['loc'][-1]}`", span)
            else:
                message = problem["msg"].removeprefix("Value error, ")
                context.report(
                    "E0502",
                    message if message.startswith("`") else f"`{name or what}`: {message[:1].lower()}{message[1:]}",
                    span,
                )
        return None


def _fields(model: type[BaseModel], node: tree.Tree, what: str, context: Context) -> dict[str, Any]:
    """The written fields as Python values, unchecked against each other."""
    if isinstance(node, tree.Scalar | tree.Sequence):
        principal = getattr(model, "principal", None)
        if principal is None or (isinstance(node, tree.Scalar) and node.is_null):
            context.report(
                "E0504",
                f"`{what}` must be a mapping, got {tree.describe(node)}",
                node.span,
                help_="it has " + ", ".join(model.model_fields),
            )
            return {}
        return {principal: _field(model, principal, node, f"{what}.{principal}", context)}
    if not isinstance(node, tree.Mapping):
        return {}
    values = {}
    for entry in node.entries:
        name = entry.key.text
        if name in model.model_fields:
            values[name] = _field(model, name, entry.value, f"{what}.{name}", context)
            continue
        otherwise = f"`{what}` has " + ", ".join(model.model_fields)
        cure = did_you_mean(name, model.model_fields, otherwise, {one.key.text for one in node.entries})
        fix = respell(entry.key.span, name, cure.instead)
        headline = f"`{what}` has no field `{tree.shorten(name)}`"
        context.report("E0501", headline, entry.key.span, help_=cure.help, fix=fix)
    return values


def _field(model: type[BaseModel], name: str, node: tree.Tree, what: str, context: Context) -> Any:
    info = model.model_fields[name]
    annotation = _without_none(info.annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _fields(annotation, node, what, context)
    if get_origin(annotation) is dict:
        return _named(get_args(annotation)[1], node, what, context)
    for bound in info.metadata:
        annotation = Annotated[annotation, bound]
    value = context.value(node, annotation)
    if not is_known(value):
        return None
    field = FieldType(annotation)
    wanted = field.check(value)
    if wanted is not None:
        # Imported here: only a mistake needs it.
        from archspec.elaboration.cures.values import cure_value

        headline = f"`{what}` must be {wanted}, got {shown(value)}"
        cure = cure_value(node, value, wanted, field, name, context.bindings.names())
        context.report("E0502", headline, node.span, help_=cure.help, fix=cure.fix)
    return coerce(value, annotation)


def _named(model: type[BaseModel], node: tree.Tree, what: str, context: Context) -> dict[str, Any]:
    if not isinstance(node, tree.Mapping):
        context.report("E0504", f"`{what}` must be a mapping by name, got {tree.describe(node)}", node.span)
        return {}
    return {entry.key.text: _fields(model, entry.value, f"{what}.{entry.key.text}", context) for entry in node.entries}


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    members = tuple(member for member in get_args(annotation) if member is not type(None))
    return members[0] if len(members) == 1 else Union[members]  # noqa: UP007 - made from a tuple


def _locate(node: tree.Mapping, steps: tuple[int | str, ...]) -> tuple[Span, str]:
    """The place that a pydantic location names, and its dotted name, as far as the tree goes along."""
    span = node.entries[0].key.span if node.entries else node.span
    names: list[str] = []
    here: tree.Tree | None = node
    for step in steps:
        entry = (
            next((one for one in here.entries if one.key.text == step), None)
            if isinstance(here, tree.Mapping)
            else None
        )
        if entry is None:
            break
        names.append(entry.key.text)
        span, here = entry.key.span, entry.value
    return span, ".".join(names)
