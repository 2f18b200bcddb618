"""What all commands' parsers share: wording of wrong usage, specs, plugins, formats."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from archspec.cli.status import WRONG_USAGE
from archspec.diagnostics.suggest import nearest

PRECISIONS = ("float32", "bfloat16", "float16")
"""What layers may compute in."""


class Parser(argparse.ArgumentParser):
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


def add_command(commands: argparse._SubParsersAction[Parser], name: str, what: str) -> Parser:
    made = commands.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
    made.add_argument("--debug", action="store_true", help="show the traceback of an internal error")
    made.set_defaults(parser=made)
    return made


def add_spec_command(commands: argparse._SubParsersAction[Parser], name: str, what: str) -> Parser:
    made = add_command(commands, name, what)
    add_specs(made, several=False)
    return made


def add_specs(command: Parser, *, several: bool) -> None:
    what = "a file, `-` for standard input, or a shipped spec's name such as `vgg16`"
    command.add_argument("spec", nargs="+" if several else None, help=what + ("; several may be given" * several))
    command.add_argument("--variant", metavar="NAME", help="the variant to use")
    command.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="set a parameter")
    command.add_argument("--input", metavar="NAME=HxWxC", action="append", default=[], help="set an input's shape")
    add_plugins(command)


def add_plugins(command: Parser) -> None:
    command.add_argument(
        "--plugin", metavar="FILE", action="append", default=[], help="a Python file that declares an op; it is run"
    )
    command.add_argument("--project", metavar="FILE", help="a YAML file that names plugins (or set ARCHSPEC_PROJECT)")


def add_format(command: Parser, *formats: str) -> None:
    command.add_argument("--format", choices=("text", *formats), default="text", help="how to print (default: text)")
