"""The exit statuses, which are part of the command line's contract."""

OK = 0
"""Done; warnings may have been printed."""

FOUND_ERRORS = 1
"""The input has errors."""

WRONG_USAGE = 2
"""The command line is wrong, or a file cannot be read or written."""

INTERNAL_ERROR = 70
"""A bug in archspec, or in a plugin."""

INTERRUPTED = 130
"""Ended by Ctrl-C."""
