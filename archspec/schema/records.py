"""A record of pydantic models as JSON Schema: the `training:` section."""

from __future__ import annotations

import inspect
import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from archspec.elaboration.field_types import FieldType, as_value
from archspec.schema.values import Json, field_schema, mapping_schema, without_texts


def record_schema(model: type[BaseModel]) -> Json:
    """What a section takes: its fields, or its principal field alone."""
    properties = {name: _field(info) for name, info in model.model_fields.items()}
    needed = [name for name, info in model.model_fields.items() if info.is_required()]
    principal: str | None = getattr(model, "principal", None)
    if principal is not None and not set(needed) - {principal}:
        return mapping_schema({**properties}, needed, without_texts(properties[principal]))
    made: Json = {"type": "object", "properties": {**properties}, "additionalProperties": False}
    return {**made, "required": needed} if needed else made


def _field(info: FieldInfo) -> Json:
    members = [member for member in _members(info.annotation) if member is not type(None)]
    described: Json = {"description": info.description or ""}
    (first, *others) = members
    if not others and isinstance(first, type) and issubclass(first, BaseModel):
        return {**described, **record_schema(first)}
    if get_origin(first) is dict:
        value = get_args(first)[1]
        return {**described, "type": "object", "minProperties": 1, "additionalProperties": _named(value)}
    annotation: Any = Union[tuple(members)]  # noqa: UP007 - made from a tuple
    for bound in info.metadata:
        annotation = Annotated[annotation, bound]
    default = None if info.default is None or info.is_required() else as_value(info.default)
    return field_schema(FieldType(annotation, info.description or "", default), required=info.is_required())


def _named(model: type[BaseModel]) -> Json:
    return {"description": inspect.cleandoc(model.__doc__ or ""), **record_schema(model)}


def _members(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
