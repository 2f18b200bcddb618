"""The commands and their options, as argparse takes them."""

from __future__ import annotations

import argparse

from archspec.cli.fact_options import add_facts
from archspec.cli.parser import PRECISIONS, Parser, add_command, add_format, add_plugins, add_spec_command, add_specs


def make_parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = Parser(
        prog="archspec",
        description="Check, build, print and train networks described in YAML.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"archspec {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)

    check = add_command(commands, "check", "report every mistake in specs, or say `ok`; needs no TensorFlow")
    add_specs(check, several=True)
    add_format(check, "json", "github", "sarif")
    check.add_argument("--strict", action="store_true", help="treat warnings as errors")
    _add_fix(check)
    check.epilog = (
        "JSON is {spec, diagnostics} for one spec and {specs: [{spec, diagnostics}, …]} for several, {spec, error} for "
        "one that cannot be read, with `fixed` "
        "beside `diagnostics` after `--fix`; the exit status is the worst of all, after `--fix` of what is left. "
        "A fix is applied only where there is one cure; comments, line ends and the rest of the file stay as they are."
    )

    _add_lint(add_command(commands, "lint", "report what `check` does, and choices that may not be meant"))

    _add_fmt(add_command(commands, "fmt", "rewrite specs in their one layout; words, order and comments stay"))

    add_facts(commands)

    build = add_spec_command(
        commands, "build", "compile a spec to a Keras model, prove its shapes and counts, and save it"
    )
    build.add_argument("-o", "--output", metavar="FILE", help="where to write (default: build/NAME.keras)")
    build.add_argument("--training", action="store_true", help="keep training-only parts in the model")
    build.add_argument(
        "--weights",
        metavar="imagenet|FILE",
        help="fill the model with the published weights of keras.applications, with a file of Keras' weights (`.h5`), "
        "or with those of a model built alike (`.keras`); they are matched by structure and proven by values",
    )

    emit = add_spec_command(commands, "emit", "print the network as plain Keras in Python")
    emit.add_argument("-o", "--output", metavar="FILE", help="write to a file instead")
    emit.add_argument("--training", action="store_true", help="keep training-only parts")

    about = "print a spec fully expanded, with every field; it is itself a spec"
    resolve = add_spec_command(commands, "resolve", about)
    resolve.add_argument("-o", "--output", metavar="FILE", help="write to a file instead")

    _add_train(add_spec_command(commands, "train", "train a network by its spec's `training:` section"))

    zoo = add_command(commands, "zoo", "show the specs that come with archspec")
    zoo.add_argument("action", choices=("list", "show"), help="`list` all, or `show` one's text")
    zoo.add_argument("name", nargs="?", help="the spec to show")

    explain = add_command(commands, "explain", "explain a code, an op, a standard block or a word of the language")
    explain.add_argument("subject", metavar="WORD", help="a code such as E0412, or a word such as `conv` or `repeat`")
    add_plugins(explain)

    add_plugins(add_command(commands, "schema", "print the JSON Schema of the language, for editors"))
    words = "list the words that a layer may be, ops and standard blocks, with what they are"
    add_plugins(add_command(commands, "ops", words))
    prove = add_command(commands, "prove", "hold a plugin's op to what archspec's own are held to, by its example")
    prove.add_argument("plugin", nargs="+", metavar="FILE", help="a plugin, `WORD.py`")
    add_command(commands, "doctor", "look for problems of the installation")
    return parser


def _add_fix(check: Parser) -> None:
    how = check.add_mutually_exclusive_group()
    how.add_argument(
        "--fix",
        action="store_true",
        help="mend what has one certain cure, in the files themselves, and report what is left; "
        "of standard input the mended text is printed",
    )
    how.add_argument("--diff", action="store_true", help="write nothing; print what `--fix` would change")


def _add_lint(lint: Parser) -> None:
    add_specs(lint, several=True)
    add_format(lint, "json", "github", "sarif")
    lint.add_argument("--strict", action="store_true", help="exit with 1 where anything is found")
    what = "codes or their beginnings, such as `L12,W0301`; may be given again"
    lint.add_argument("--select", metavar="CODES", action="append", default=[], help=f"look for these alone: {what}")
    lint.add_argument("--ignore", metavar="CODES", action="append", default=[], help=f"leave these out: {what}")
    lint.set_defaults(fix=False, diff=False)
    lint.epilog = (
        "A comment on the line that a message shows allows a warning or lint, for a reason: "
        "`# archspec: allow L1101 as in the paper`. `archspec explain L1101` says what a code is about. Errors are "
        "reported in any case."
    )


def _add_fmt(fmt: Parser) -> None:
    fmt.add_argument("file", nargs="+", help="a file, or `-` to read standard input and write standard output")
    fmt.add_argument("--check", action="store_true", help="write nothing; list what would change, and exit with 1")
    fmt.add_argument("--diff", action="store_true", help="write nothing; print what would change")


def _add_train(train: Parser) -> None:
    train.add_argument("--run", metavar="DIR", help="where to keep the run (default: runs/NAME-N)")
    train.add_argument("--epochs", type=int, metavar="N", help="instead of the recipe's")
    train.add_argument("--batch", type=int, metavar="N", help="instead of the recipe's")
    train.add_argument("--seed", type=int, metavar="N", help="instead of the recipe's")
    train.add_argument("--data", metavar="SOURCE", help="instead of the recipe's")
    train.add_argument("--precision", choices=PRECISIONS, help="what layers compute in")
    train.add_argument("--jit", action="store_true", default=None, help="compile the step with XLA")


def _version() -> str:
    from archspec import __version__

    return __version__
