"""The commands that say what is known of a network, as argparse takes them: summary, geometry, memory, diff, …"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from archspec.cli.parser import PRECISIONS, Parser, add_command, add_format, add_plugins, add_spec_command

if TYPE_CHECKING:
    from fractions import Fraction

OPTIMIZERS = ("sgd", "momentum", "adam", "adamw", "nadam", "rmsprop", "adagrad", "lion")
"""`momentum` is sgd with it."""

NETWORK = "a spec, or SPEC@VARIANT"


def add_facts(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the commands."""
    summary = add_spec_command(commands, "summary", "print a table of every layer: path, op, shape, parameters, MACs")
    add_format(summary, "json")
    summary.add_argument("--depth", type=_depth, metavar="N", help="subtotals of blocks N steps deep; 0: totals")
    summary.add_argument("--training", action="store_true", help="count training-only parts in")

    about = "print each layer's receptive field, effective stride and unread borders, and which input sizes are legal"
    geometry = add_spec_command(commands, "geometry", about)
    add_format(geometry, "json")
    geometry.add_argument("--formulas", action="store_true", help="write shapes as formulas of the input's sizes")
    geometry.add_argument("--training", action="store_true", help="with the training-only parts")

    why = add_spec_command(commands, "why", "print where a node's fields and figures come from, with the formulas")
    why.add_argument("node", metavar="NODE", help="the path of a node or block, as `summary` shows it")
    add_format(why, "json")

    _add_roofline(add_spec_command(commands, "roofline", "print the least time of each layer, from a machine's rates"))
    _add_memory(add_spec_command(commands, "memory", "print what inference and a training step take of memory"))
    _add_diff(add_command(commands, "diff", "show how two networks differ: what was edited, and what follows from it"))
    _add_compare(add_command(commands, "compare", "print a table over specs, variants and input sizes"))
    about = "list the members of a search space that meet a budget; builds nothing"
    _add_enumerate(add_spec_command(commands, "enumerate", about))


def _add_memory(memory: Parser) -> None:
    add_format(memory, "json")
    memory.add_argument("--batch", type=_count, metavar="N", help="examples at a time (default: the recipe's, or 1)")
    memory.add_argument("--precision", choices=PRECISIONS, help="what layers compute in (default: the recipe's)")
    memory.add_argument("--optimizer", choices=OPTIMIZERS, help="what trains it (default: the recipe's, or sgd)")
    memory.add_argument("--budget", type=_amount, metavar="SIZE", help="find the largest batch in 8GB, 512MiB, …")
    memory.add_argument("--layers", action="store_true", help="list each layer's part")


def _add_roofline(roofline: Parser) -> None:
    add_format(roofline, "json")
    peak = "FLOPs a second that the machine computes at its best, as 19.5T"
    roofline.add_argument("--peak", type=_rate, metavar="RATE", required=True, help=peak)
    bandwidth = "bytes a second from and to its memory, as 1555G"
    roofline.add_argument("--bandwidth", type=_rate, metavar="RATE", required=True, help=bandwidth)
    roofline.add_argument("--batch", type=_count, metavar="N", help="examples at a time (default: 1)")
    roofline.add_argument("--precision", choices=PRECISIONS, help="what layers compute in (default: float32)")


def _rate(text: str) -> Fraction:
    from archspec.cli.roofline import read_rate  # here, as for all that only one command needs

    return read_rate(text)


def _depth(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a depth is a number from 0 on, got {text}")
    return int(text[:6])


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:10]) <= 1 << 20:
        raise argparse.ArgumentTypeError(f"a batch is a number from 1 to {1 << 20:,}, got {text}")
    return int(text)


def _amount(text: str) -> int:
    from archspec.cli.memory import read_amount  # here, as for all that only one command needs

    return read_amount(text)


def _add_diff(diff: Parser) -> None:
    diff.add_argument("left", metavar="A", help=NETWORK)
    diff.add_argument("right", metavar="B", nargs="?", help=f"{NETWORK}, or @VARIANT of A (default: A)")
    for side, whose in (("", "both"), ("-left", "A"), ("-right", "B")):
        diff.add_argument(
            f"--set{side}", metavar="NAME=VALUE", action="append", default=[], help=f"set a parameter of {whose}"
        )
        diff.add_argument(
            f"--input{side}", metavar="NAME=HxWxC", action="append", default=[], help=f"set an input's shape of {whose}"
        )
    add_plugins(diff)
    add_format(diff, "markdown", "json")
    diff.add_argument("--training", action="store_true", help="count training-only parts in")
    diff.add_argument("--exit-code", action="store_true", help="exit with 1 where the networks differ")


def _add_compare(compare: Parser) -> None:
    compare.add_argument("spec", nargs="+", help=f"{NETWORK}; several may be given")
    compare.add_argument("--variants", action="store_true", help="a row for each variant of each spec")
    compare.add_argument(
        "--size", metavar="SIZE,…", action="append", default=[],
        help="a row for each size, such as `224,299x299`: the sizes of every image input, whose channels stay",
    )  # fmt: skip
    compare.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="set a parameter of all")
    compare.add_argument("--input", metavar="NAME=HxWxC", action="append", default=[], help="set an input's shape")
    add_plugins(compare)
    add_format(compare, "csv", "markdown", "json")
    compare.add_argument("--columns", metavar="NAME,…", help="the columns, in their order")
    compare.add_argument("--sort", metavar="NAME", help="the column to sort by, the least first")
    compare.add_argument("--reverse", action="store_true", help="sort the largest first")
    compare.add_argument("--training", action="store_true", help="count training-only parts in")


def _add_enumerate(command: Parser) -> None:
    command.add_argument("--where", metavar="CONDITION", help="such as 'params <= 5M and macs <= 300M and width > 32'")
    command.add_argument(
        "--search",
        metavar="NAME=VALUES",
        action="append",
        default=[],
        help="search a parameter: `[32, 64]`, `16..128/16`",
    )
    figures = ("params", "trainable", "non_trainable", "macs", "flops", "connections", "depth")
    command.add_argument("--sort", choices=figures, help="list the smallest first")
    command.add_argument("--reverse", action="store_true", help="with `--sort`, the largest first")
    command.add_argument("--limit", type=int, metavar="N", help="list no more than N")
    add_format(command, "csv", "json", "jsonl", "sets")
    command.epilog = (
        "`sets` is a line of `--set` options for each member, quoted for a shell: "
        'archspec enumerate net.yaml --format sets | while read -r line; do eval "archspec train net.yaml $line"; done'
    )
