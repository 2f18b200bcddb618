"""What an archspec command prints, as a block that the documentation's tests run again."""

from __future__ import annotations

import io
import shlex
from contextlib import redirect_stderr, redirect_stdout

from archspec.cli import main
from archspec.cli.status import OK


def console(arguments: str) -> str:
    """The command and its output; its warnings are left out."""
    printed, warned = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(warned):
        status = main(shlex.split(arguments))
    if status != OK:
        raise ValueError(f"`archspec {arguments}` ended with {status}: {warned.getvalue()}")
    return f"```console\n$ archspec {arguments}\n{printed.getvalue()}```"
