"""archspec compiles a YAML description of a neural network into facts, a Keras model or Python source.

Names that need Keras are loaded when they are first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from archspec.api import (
        build_model,
        check,
        compile_spec,
        difference,
        emit,
        load_model,
        members,
        open_spec,
        prove_plugin,
        summary,
    )

_API = (
    "build_model", "check", "compile_spec", "difference", "emit", "load_model", "members", "open_spec",
    "prove_plugin", "summary",
)  # fmt: skip

__all__ = [
    "__version__", "build_model", "check", "compile_spec", "difference", "emit", "load_model", "members", "open_spec",
    "prove_plugin", "summary",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _API:
        raise AttributeError(f"module 'archspec' has no attribute '{name}'")
    from archspec import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return [*globals(), *_API]
