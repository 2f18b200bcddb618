"""Members of a search space over ResNet-50 a second, by `archspec enumerate`'s engine against compiling each alone.

    python -m tools.bench.enumerate_resnet50 [ROUNDS]

Both sides run in one process, in turn, on one core, over the same members: their order in each round is another, and
the engine begins each round knowing nothing. Every member has other widths or depths than all others, and what both
sides count is held equal.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Sequence

from archspec.analysis.cost import totals
from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.settings import Settings, read_setting
from archspec.enumeration import Enumeration, Member

SPEC = """
archspec: 1
name: resnet50_space
parameters:
  first:  {type: int, default: 64, search: [48, 64, 80]}
  second: {type: int, default: 128, search: [96, 128, 160]}
  third:  {type: int, default: 256, search: [192, 224, 256, 288, 320]}
  fourth: {type: int, default: 512, search: [384, 512, 640]}
  depth:  {type: int, default: 6, search: {from: 4, to: 8}}
let:
  widths: [$first, $second, $third, $fourth]
  depths: [3, 4, $depth, 3]
inputs: {image: [224, 224, 3]}
layers:
  - {conv_bn_relu: {filters: 64, kernel: 7, stride: 2, padding: half}, name: conv1}
  - max_pool: {size: 3, stride: 2, padding: half}
  - for: {width: $widths, units: $depths, stride: [1, 2, 2, 2]}
    name: conv$(index + 1)
    layers:
      - for: {unit: $(range(units))}
        layers:
          - residual_bottleneck: {width: $width, stride: $(stride if unit == 1 else 1)}
            name: unit$unit
  - global_average_pool
  - {dense: {units: 1000, activation: softmax}, name: predictions}
"""
BUDGET = "params <= 30M and macs <= 5G"
ALONE = 30
"""Members that a round compiles alone: enough for a time, and the others would only take longer."""


def main() -> None:
    """Print each round's figures and their medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    source = SourceFile("resnet50_space.yaml", SPEC)
    speeds, ratios = [], []
    for number in range(1, rounds + 1):
        began = time.perf_counter()
        enumeration = Enumeration(source, where=BUDGET)
        found = list(enumeration)
        speed = enumeration.tried / (time.perf_counter() - began)
        some = random.Random(number).sample(found, ALONE)
        ratio = speed / alone(source, some)
        speeds.append(speed)
        ratios.append(ratio)
        said = f"{enumeration.tried} members, {enumeration.met} meet the budget"
        print(f"round {number}: {said}, {speed:.0f} a second, {ratio:.1f} times as many as alone", flush=True)
    print(
        f"median of {rounds}: {statistics.median(speeds):.0f} members a second ({min(speeds):.0f} to {max(speeds):.0f})"
    )
    print(f"median of {rounds}: {statistics.median(ratios):.1f} times as many as compiled alone")


def alone(source: SourceFile, members: Sequence[Member]) -> float:
    """Members a second, each compiled by itself. Fails where a figure is another."""
    began = time.perf_counter()
    for member in members:
        read = [read_setting("--set", f"{name}={value}", DiagnosticSink()) for name, value in member.written.items()]
        graph = compile_spec(source, Settings(parameters=dict(filter(None, read)))).require_graph()
        found = totals(graph.for_inference())
        if (found.params, found.macs, found.depth) != tuple(member.figures[key] for key in ("params", "macs", "depth")):
            raise SystemExit(f"{member.written}: enumerated and compiled differ")
    return len(members) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
