"""`archspec roofline`: the least time of each layer of inference, from the rates that the command line states."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError, Namespace
from fractions import Fraction

from archspec.analysis.liveness import Unsized
from archspec.analysis.roofline import Machine, roofline
from archspec.cli.output import print_json, print_warnings, status_of
from archspec.compiler import Compilation
from archspec.report.roofline import roofline_json, roofline_text
from archspec.zoo import UnreadableSpecError

UNITS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}


def print_roofline(compilation: Compilation, options: Namespace) -> int:
    """Print the report. Raises `UnreadableSpecError` where a size is open."""
    graph = compilation.require_network().for_inference()
    print_warnings(compilation)
    machine = Machine(options.peak, options.bandwidth)
    batch, precision = options.batch or 1, options.precision or "float32"
    try:
        layers = roofline(graph, machine, batch, precision)
    except Unsized as error:
        cure = "state the inputs' sizes with `--input`"
        raise UnreadableSpecError(f"the size of `{error.path}` is open, and so is its time", cure) from None
    if options.format == "json":
        print_json(roofline_json(graph, layers, machine, batch, precision))
    else:
        print(roofline_text(graph, layers, machine, batch, precision))
    return status_of(compilation)


def read_rate(text: str) -> Fraction:
    """A number a second, from `19.5T`, `19.5TFLOPS` or `1555GB/s`, in thousands.

    >>> read_rate("19.5TFLOPS"), read_rate("1555 GB/s")
    (Fraction(19500000000000, 1), Fraction(1555000000000, 1))
    """
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*([kmgtp]?)(?:flops?|b)?(?:/s|ps)?", text.strip().lower())
    if found is None or not found[2] or not Fraction(found[1]):
        raise ArgumentTypeError(f"a rate is written as 19.5T or 1555GB/s, got {text}")
    return Fraction(found[1]) * int(1000 ** UNITS[found[2]])
