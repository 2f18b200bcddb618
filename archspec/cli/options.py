"""The commands and their options, as argparse takes them."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from archspec.cli.status import WRONG_USAGE
from archspec.diagnostics.suggest import nearest


class _Parser(argparse.ArgumentParser):
    """argparse with the nearest right word in its messages."""

    def error(self, message: str) -> NoReturn:
        words = message.replace("'", " ").replace(",", " ").replace("(", " ").replace(")", " ").split()
        cure = None
        if "invalid choice:" in message:
            given = words[words.index("choice:") + 1]
            cure = nearest(given, words[words.index("from") + 1 :])
            if cure and len(given) < 4 and given[0] != cure[0]:
                cure = None  # of so few letters another first one makes another word: `foo` is no slip of `zoo`
        elif "unrecognized arguments:" in message:
            options = [option for action in self._actions for option in action.option_strings]
            cure = nearest(words[words.index("arguments:") + 1], options)
        print(f"{self.prog}: {message}" + (f"\nhelp: did you mean `{cure}`?" if cure else ""), file=sys.stderr)
        raise SystemExit(WRONG_USAGE)


PRECISIONS = ("float32", "bfloat16", "float16")
OPTIMIZERS = ("sgd", "momentum", "adam", "adamw", "nadam", "rmsprop", "adagrad", "lion")
"""`momentum` is sgd with it."""


def make_parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = _Parser(
        prog="archspec",
        description="Check, build, print and train networks described in YAML.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"archspec {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    check = _command(commands, "check", "report every mistake in specs, or say `ok`; needs no TensorFlow")
    _add_specs(check, several=True)
    _add_format(check, "json", "github", "sarif")
    check.add_argument("--strict", action="store_true", help="treat warnings as errors")
    _add_fix(check)
    check.epilog = (
        "JSON is {spec, diagnostics} for one spec and {specs: [{spec, diagnostics}, …]} for several, {spec, error} for "
        "one that cannot be read, with `fixed` "
        "beside `diagnostics` after `--fix`; the exit status is the worst of all, after `--fix` of what is left. "
        "A fix is applied only where there is one cure; comments, line ends and the rest of the file stay as they are."
    )

    _add_lint(_command(commands, "lint", "report what `check` does, and choices that may not be meant"))

    _add_fmt(_command(commands, "fmt", "rewrite specs in their one layout; words, order and comments stay"))

    summary = _spec_command(commands, "summary", "print a table of every layer: path, op, shape, parameters, MACs")
    _add_format(summary, "json")
    summary.add_argument("--training", action="store_true", help="count training-only parts in")

    about = "print each layer's receptive field, effective stride and unread borders, and which input sizes are legal"
    geometry = _spec_command(commands, "geometry", about)
    _add_format(geometry, "json")
    geometry.add_argument("--formulas", action="store_true", help="write shapes as formulas of the input's sizes")
    geometry.add_argument("--training", action="store_true", help="with the training-only parts")

    why = _spec_command(commands, "why", "print where a node's fields and figures come from, with the formulas")
    why.add_argument("node", metavar="NODE", help="the path of a node or block, as `summary` shows it")
    _add_format(why, "json")

    _add_memory(_spec_command(commands, "memory", "print what inference and a training step take of memory"))
    _add_diff(_command(commands, "diff", "show how two networks differ: what was edited, and what follows from it"))
    _add_compare(_command(commands, "compare", "print a table over specs, variants and input sizes"))

    build = _spec_command(
        commands, "build", "compile a spec to a Keras model, prove its shapes and counts, and save it"
    )
    build.add_argument("-o", "--output", metavar="FILE", help="where to write (default: build/NAME.keras)")
    build.add_argument("--training", action="store_true", help="keep training-only parts in the model")

    emit = _spec_command(commands, "emit", "print the network as plain Keras in Python")
    emit.add_argument("-o", "--output", metavar="FILE", help="write to a file instead")
    emit.add_argument("--training", action="store_true", help="keep training-only parts")

    resolve = _spec_command(commands, "resolve", "print a spec fully expanded, with every field; it is itself a spec")
    resolve.add_argument("-o", "--output", metavar="FILE", help="write to a file instead")

    _add_enumerate(
        _spec_command(commands, "enumerate", "list the members of a search space that meet a budget; builds nothing")
    )

    _add_train(_spec_command(commands, "train", "train a network by its spec's `training:` section"))

    zoo = _command(commands, "zoo", "show the specs that come with archspec")
    zoo.add_argument("action", choices=("list", "show"), help="`list` all, or `show` one's text")
    zoo.add_argument("name", nargs="?", help="the spec to show")

    explain = _command(commands, "explain", "explain a code, an op, a standard block or a word of the language")
    explain.add_argument("subject", metavar="WORD", help="a code such as E0412, or a word such as `conv` or `repeat`")
    _add_plugins(explain)

    _add_plugins(_command(commands, "schema", "print the JSON Schema of the language, for editors"))
    words = "list the words that a layer may be, ops and standard blocks, with what they are"
    _add_plugins(_command(commands, "ops", words))
    prove = _command(commands, "prove", "hold a plugin's op to what archspec's own are held to, by its example")
    prove.add_argument("plugin", nargs="+", metavar="FILE", help="a plugin, `WORD.py`")
    _command(commands, "doctor", "look for problems of the installation")
    return parser


def _command(commands: argparse._SubParsersAction[_Parser], name: str, what: str) -> _Parser:
    made = commands.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
    made.add_argument("--debug", action="store_true", help="show the traceback of an internal error")
    made.set_defaults(parser=made)
    return made


def _spec_command(commands: argparse._SubParsersAction[_Parser], name: str, what: str) -> _Parser:
    made = _command(commands, name, what)
    _add_specs(made, several=False)
    return made


def _add_specs(command: _Parser, *, several: bool) -> None:
    what = "a file, `-` for standard input, or a shipped spec's name such as `vgg16`"
    command.add_argument("spec", nargs="+" if several else None, help=what + ("; several may be given" * several))
    command.add_argument("--variant", metavar="NAME", help="the variant to use")
    command.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="set a parameter")
    command.add_argument("--input", metavar="NAME=HxWxC", action="append", default=[], help="set an input's shape")
    _add_plugins(command)


def _add_plugins(command: _Parser) -> None:
    command.add_argument(
        "--plugin", metavar="FILE", action="append", default=[], help="a Python file that declares an op; it is run"
    )
    command.add_argument("--project", metavar="FILE", help="a YAML file that names plugins (or set ARCHSPEC_PROJECT)")


def _add_format(command: _Parser, *formats: str) -> None:
    command.add_argument("--format", choices=("text", *formats), default="text", help="how to print (default: text)")


def _add_fix(check: _Parser) -> None:
    how = check.add_mutually_exclusive_group()
    how.add_argument(
        "--fix",
        action="store_true",
        help="mend what has one certain cure, in the files themselves, and report what is left; "
        "of standard input the mended text is printed",
    )
    how.add_argument("--diff", action="store_true", help="write nothing; print what `--fix` would change")


def _add_lint(lint: _Parser) -> None:
    _add_specs(lint, several=True)
    _add_format(lint, "json", "github", "sarif")
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


def _add_fmt(fmt: _Parser) -> None:
    fmt.add_argument("file", nargs="+", help="a file, or `-` to read standard input and write standard output")
    fmt.add_argument("--check", action="store_true", help="write nothing; list what would change, and exit with 1")
    fmt.add_argument("--diff", action="store_true", help="write nothing; print what would change")


def _add_memory(memory: _Parser) -> None:
    _add_format(memory, "json")
    memory.add_argument("--batch", type=_count, metavar="N", help="examples at a time (default: the recipe's, or 1)")
    memory.add_argument("--precision", choices=PRECISIONS, help="what layers compute in (default: the recipe's)")
    memory.add_argument("--optimizer", choices=OPTIMIZERS, help="what trains it (default: the recipe's, or sgd)")
    memory.add_argument("--budget", type=_amount, metavar="SIZE", help="find the largest batch in 8GB, 512MiB, …")
    memory.add_argument("--layers", action="store_true", help="list each layer's part")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:10]) <= 1 << 20:
        raise argparse.ArgumentTypeError(f"a batch is a number from 1 to {1 << 20:,}, got {text}")
    return int(text)


def _amount(text: str) -> int:
    from archspec.cli.memory import read_amount  # here, as for all that only one command needs

    return read_amount(text)


NETWORK = "a spec, or SPEC@VARIANT"


def _add_diff(diff: _Parser) -> None:
    diff.add_argument("left", metavar="A", help=NETWORK)
    diff.add_argument("right", metavar="B", nargs="?", help=f"{NETWORK}, or @VARIANT of A (default: A)")
    for side, whose in (("", "both"), ("-left", "A"), ("-right", "B")):
        diff.add_argument(
            f"--set{side}", metavar="NAME=VALUE", action="append", default=[], help=f"set a parameter of {whose}"
        )
        diff.add_argument(
            f"--input{side}", metavar="NAME=HxWxC", action="append", default=[], help=f"set an input's shape of {whose}"
        )
    _add_plugins(diff)
    _add_format(diff, "markdown", "json")
    diff.add_argument("--training", action="store_true", help="count training-only parts in")
    diff.add_argument("--exit-code", action="store_true", help="exit with 1 where the networks differ")


def _add_compare(compare: _Parser) -> None:
    compare.add_argument("spec", nargs="+", help=f"{NETWORK}; several may be given")
    compare.add_argument("--variants", action="store_true", help="a row for each variant of each spec")
    compare.add_argument(
        "--size", metavar="SIZE,…", action="append", default=[],
        help="a row for each size, such as `224,299x299`: the sizes of every image input, whose channels stay",
    )  # fmt: skip
    compare.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="set a parameter of all")
    compare.add_argument("--input", metavar="NAME=HxWxC", action="append", default=[], help="set an input's shape")
    _add_plugins(compare)
    _add_format(compare, "csv", "markdown", "json")
    compare.add_argument("--columns", metavar="NAME,…", help="the columns, in their order")
    compare.add_argument("--sort", metavar="NAME", help="the column to sort by, the least first")
    compare.add_argument("--reverse", action="store_true", help="sort the largest first")
    compare.add_argument("--training", action="store_true", help="count training-only parts in")


def _add_enumerate(command: _Parser) -> None:
    command.add_argument("--where", metavar="CONDITION", help="such as 'params <= 5M and macs <= 300M and width > 32'")
    command.add_argument(
        "--search",
        metavar="NAME=VALUES",
        action="append",
        default=[],
        help="search a parameter: `[32, 64]`, `16..128/16`",
    )
    figures = ("params", "trainable", "non_trainable", "macs", "connections", "depth")
    command.add_argument("--sort", choices=figures, help="list the smallest first")
    command.add_argument("--descending", action="store_true", help="with `--sort`, the largest first")
    command.add_argument("--limit", type=int, metavar="N", help="list no more than N")
    _add_format(command, "csv", "json", "jsonl", "sets")
    command.epilog = (
        "`sets` is a line of `--set` options for each member, quoted for a shell: "
        'archspec enumerate net.yaml --format sets | while read -r line; do eval "archspec train net.yaml $line"; done'
    )


def _add_train(train: _Parser) -> None:
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
