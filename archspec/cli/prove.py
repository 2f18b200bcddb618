"""`archspec prove`: each plugin's op proven by its example, or what is wrong with it."""

from __future__ import annotations

from archspec.cli.status import FOUND_ERRORS, OK
from archspec.op_proof import op_problems
from archspec.ops import Vocabulary


def prove_plugins(ops: Vocabulary) -> int:
    """Print `proven` or each problem, a line each; whether there were any, as a status."""
    status = OK
    for plugin in ops.plugins.values():
        problems = op_problems(plugin.word, ops)
        for problem in problems:
            print(f"{plugin.path}: {problem}")
        if problems:
            status = FOUND_ERRORS
        else:
            print(f"proven: {plugin.word}, from {plugin.path}")
    return status
