"""A mistake in a plugin that shows while it is used: said to be the plugin's, with its file, and not archspec's."""

from __future__ import annotations

from types import TracebackType

PACKAGE = "archspec_plugins"
"""What the names of plugins' modules begin with; no such package exists, so nothing else can be taken for one."""


class PluginError(Exception):
    """A rule of a plugin's op that failed, or that gave what no rule may. What a rule raised is its `__cause__`."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"the plugin `{path}`: {message}")


def failure_in(error: BaseException) -> str | None:
    """What to say of an error that a plugin is to blame for, with its file and line; `None` for any other."""
    if isinstance(error, PluginError):
        cause = _place(error.__cause__) if error.__cause__ else ""
        return str(error) + cause
    place = _place(error)
    return f"a plugin failed: {type(error).__name__}: {error}{place}" if place else None


def _place(error: BaseException) -> str:
    """Where an error passed through a plugin's code last, as the end of a sentence; nothing where it did not."""
    place = ""
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if str(trace.tb_frame.f_globals.get("__name__", "")).startswith(f"{PACKAGE}."):
            place = f" ({code.co_filename}, line {trace.tb_lineno}, in {code.co_name})"
        trace = trace.tb_next
    return place
