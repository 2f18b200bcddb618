"""The command line: the only place that prints or sets an exit status.

0 clean or warnings only, 1 errors in the input, 2 wrong usage or an unreadable file, 70 an internal error or
a plugin's.
"""

from __future__ import annotations

import argparse
import errno
import gc
import io
import os
import sys
from collections.abc import Sequence

from archspec.cli.options import make_parser
from archspec.cli.status import FOUND_ERRORS, INTERNAL_ERROR, INTERRUPTED, OK, WRONG_USAGE
from archspec.diagnostics import SpecError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    parser = make_parser()
    given = list(sys.argv[1:] if arguments is None else arguments)
    options, left = parser.parse_known_args(given)
    if left:
        options.parser.error(f"unrecognized arguments: {' '.join(left)}")
    # One command makes its objects and ends; collecting cycles among them only costs time.
    gc.disable()
    # pydantic would import whatever installed package offers it a plugin; reading a spec imports nothing of the kind.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _encode_stdout()
    try:
        status = _run(options)
        if sys.stdout is not None:  # it is, where the process was started without one
            sys.stdout.flush()
        return status
    except SystemExit:
        raise
    except BrokenPipeError:
        _silence_stdout()
        return OK
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            print(f"archspec: the output cannot be written: {os.strerror(error.errno).lower()}", file=sys.stderr)
            _silence_stdout()
            return WRONG_USAGE
        if options.debug:
            raise
        if _was_interrupted(error):
            print("interrupted", file=sys.stderr)
            return INTERRUPTED
        from archspec.plugins.failure import failure_in

        if failed := failure_in(error):
            print(f"archspec: {failed}", file=sys.stderr)
            print("help: mend the plugin; run again with `--debug` to see the traceback", file=sys.stderr)
            return INTERNAL_ERROR
        print(f"archspec: internal error: {type(error).__name__}: {error}", file=sys.stderr)
        print("help: this is a bug in archspec; run again with `--debug` and report what it prints", file=sys.stderr)
        return INTERNAL_ERROR


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind an error: what is imported at that moment may wrap it in one of its own."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _run(options: argparse.Namespace) -> int:
    # Imported here: `--help` and wrong usage need none of it.
    from archspec.cli import commands
    from archspec.cli.output import print_diagnostics, print_unreadable
    from archspec.zoo import UnreadableSpecError

    try:
        status: int = getattr(commands, f"run_{options.command}")(options)
    except UnreadableSpecError as error:
        print_unreadable(error)
        return WRONG_USAGE
    except SpecError as error:
        print_diagnostics(error.diagnostics, options)
        return FOUND_ERRORS
    return status


def _encode_stdout() -> None:
    """Let a locale without the signs that are printed not end a command: files are UTF-8, a terminal gets escapes."""
    out = sys.stdout
    if not isinstance(out, io.TextIOWrapper) or out.encoding.lower().replace("-", "") == "utf8":
        return
    if out.isatty():
        out.reconfigure(errors="backslashreplace")
    else:
        out.reconfigure(encoding="utf-8")


def _silence_stdout() -> None:
    """After a closed pipe: keep Python from complaining once more when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
