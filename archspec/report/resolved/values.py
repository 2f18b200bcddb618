"""Values as YAML's flow style writes them, so that they read back as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def in_flow(value: Any) -> str:
    """A value in YAML's flow style, so that it reads back as it is."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {in_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple) and len(value) == 1 and not isinstance(value[0], tuple):
        return in_flow(value[0])  # a lone number stands for a list of one
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(in_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)
