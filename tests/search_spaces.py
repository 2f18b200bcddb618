"""Small networks with a space each, that try what a memory of blocks must tell apart."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from itertools import product

from archspec.syntax import ast
from archspec.syntax.tree import Sequence, Tree


def _spec(text: str, *, inputs: str = "{image: [16, 16, 4]}") -> str:
    return f"archspec: 1\ninputs: {inputs}\n{textwrap.dedent(text).strip()}\n"


SPACES: Mapping[str, str] = {
    "stages of residual units": _spec("""
        parameters:
          first: {type: int, default: 4, search: [4, 6]}
          second: {type: int, default: 8, search: [4, 8, 10]}
          depth: {type: int, default: 2, search: [1, 2, 3]}
        let: {widths: [$first, $second, 12]}
        layers:
          - for: {width: $widths}
            name: stage$index
            layers:
              - for: {unit: $(range(depth))}
                layers:
                  - residual_bottleneck: {width: $width, stride: $(2 if unit == 1 and width > 4 else 1)}
                    name: unit$unit
          - {dense: 3, from: stage2/unit1}
    """),
    "defaults that read a parameter": _spec("""
        parameters:
          rate: {type: number, default: 0.1, search: [0.1, 0.2]}
          bias: {type: bool, default: true, search: [true, false]}
        defaults: {conv: {bias: $bias}, conv_bn: {momentum: $rate}}
        blocks:
          unit:
            parameters: {width: int}
            layers: [conv: {filters: $width, kernel: 1}, conv_bn: {filters: 4, kernel: 1}]
        layers: [unit: 4, unit: 4, unit: 5]
    """),
    "one and true": _spec("""
        parameters:
          cell: {type: rows, default: [[1]], search: [[[1]], [[true]]]}
        blocks:
          twice:
            parameters: {table: rows}
            layers: [{for: [there], rows: $table, layers: [{relu, when: $(there == true)}]}, relu]
        layers:
          - {conv: {filters: 4, kernel: 1}}
          - twice: $cell
    """),
    "a block that is searched": _spec("""
        parameters:
          unit: {type: block, default: plain, search: [plain, gated, relu]}
          width: {type: int, default: 4, search: [4, 5]}
        blocks:
          plain: {layers: [conv: {filters: 4, kernel: 3, padding: same}]}
          gated: {layers: [multiply: {main: [conv: {filters: 4, kernel: 1}], gate: [sigmoid]}]}
          stack: {parameters: {unit: block, width: int}, layers: [use: $unit, {conv: {filters: $width, kernel: 1}}]}
        layers:
          - repeat: 2
            name: part$index
            layers: [stack: {unit: $unit, width: $width}, relu]
    """),
    "layers as an argument": _spec("""
        parameters: {width: {type: int, default: 4, search: [4, 5, 6]}}
        blocks:
          wrap: {parameters: {body: layers}, layers: [use: $body, relu, use: $body]}
          fixed: {layers: [conv: {filters: 4, kernel: 1}]}
        layers:
          - {fixed, name: first}
          - wrap: [{conv: {filters: $width, kernel: 1}}, fixed]
          - wrap: [{conv: {filters: 4, kernel: 1, padding: same}, from: first}]
    """),
    "shared layers and a path beside them": _spec("""
        parameters:
          width: {type: int, default: 4, search: [4, 5, 6]}
          times: {type: int, default: 2, search: [1, 2, 3]}
        shared: {head: [unit: 3, dense: 2]}
        blocks:
          unit: {parameters: {width: int}, layers: [conv: {filters: $width, kernel: 1}, relu]}
          twin:
            parameters: {width: int}
            shared: {inner: [conv: {filters: $width, kernel: 1}]}
            layers: [add: {a: [inner], b: [relu, inner]}]
        layers:
          - unit: 4
          - twin: $width
          - twin: $width
          - concat:
              each: {for: {pass: $(range(times))}, layers: [head]}
              other: [twin: 2]
    """),
    "shared layers inside passes": _spec("""
        parameters:
          width: {type: int, default: 4, search: [4, 5, 6]}
          times: {type: int, default: 2, search: [1, 2, 3]}
        shared: {head: [conv: {filters: 4, kernel: 1}]}
        blocks: {unit: {layers: [relu]}}
        layers:
          - repeat: $times
            name: stage$index
            layers: [head, unit]
          - conv: {filters: $width, kernel: 1}
    """),
    "several values in and out": _spec("""
        parameters:
          width: {type: int, default: 4, search: [4, 5]}
          same: {type: bool, default: true, search: [true, false]}
        blocks:
          cell:
            inputs: [cur, prev]
            parameters: {width: int}
            layers:
              - {conv: {filters: $width, kernel: 1}, from: prev, name: left}
              - {conv: {filters: $width, kernel: 1}, from: cur, name: right}
              - {conv: {filters: 9, kernel: 1}, from: cur, name: spare}
              - {add: {a: [from: left], b: [from: right]}, name: out}
            outputs: [out, cur, spare]
        layers:
          - {conv: {filters: 4, kernel: 1}, name: a}
          - {conv: {filters: 4, kernel: 1}, name: b}
          - {cell: $width, from: [a, b], when: $same, name: one}
          - {cell: $width, from: [a, a], when: $(not same), name: one_of_one}
          - {cell: $width, from: [b, a], name: two}
          - {cell: $width, from: [two/out, two/cur], name: three}
          - {concat: {x: [from: three/out], y: [from: three/2]}}
    """),
    "parts of training": _spec("""
        parameters: {width: {type: int, default: 4, search: [3, 4, 5]}}
        blocks:
          head: {parameters: {width: int}, layers: [global_average_pool, dense: $width]}
        layers:
          - {conv: {filters: $width, kernel: 3}}
          - {side: [head: $width], name: aux, only: training}
          - {head: $width, name: main}
        outputs: [main, aux]
    """),
    "members that are not legal": _spec("""
        parameters:
          kernel: {type: int, default: 3, search: [3, 9, 17]}
          width: {type: int, default: 4, search: [4, 5]}
        blocks:
          unit:
            parameters: {width: {type: int, max: 8}, kernel: int}
            layers: [add: {main: [conv: {filters: $width, kernel: $kernel, padding: same}], skip: []}]
          pair: {parameters: {kernel: int}, layers: [conv: {filters: 4, kernel: $kernel}, relu]}
        layers: [pair: $kernel, unit: {width: $width, kernel: 3}, unit: {width: 4, kernel: 3}]
    """),
    "names behind passes, sides and joins": _spec("""
        parameters: {width: {type: int, default: 4, search: [2, 4, 6]}, last: {type: int, default: 4, search: [4, 8]}}
        blocks:
          tapped:
            parameters: {width: int}
            layers: [{conv: {filters: $width, kernel: 1}, name: tap}, relu]
            outputs: [tap, end]
        layers:
          - repeat: 2
            name: stage$index
            layers:
              - name: join
                add:
                  main: [{conv: {filters: $width, kernel: 1}, name: inner}]
                  other: [conv: {filters: $width, kernel: 1}]
              - {side: [{conv: {filters: 3, kernel: 1}, name: deep}], name: aside}
              - {relu, name: off, when: $(width > 4)}
          - concat:
              a: [from: stage1/join/main/inner]
              b: [from: stage2/aside/deep]
              c: [conv: {filters: $last, kernel: 1}]
    """),
    "an open size": _spec(
        """
        parameters: {width: {type: int, default: 4, search: [4, 8]}, times: {type: int, default: 2, search: [1, 2]}}
        layers:
          - repeat: $times
            name: stage$index
            layers: [residual_basic: {width: $width, stride: 2}, residual_basic: $width]
        """,
        inputs="{image: [height, width, 4]}",
    ),
    "a table and loops in branches": _spec("""
        parameters:
          table: {type: rows, default: [[1, 4]], search: [[[1, 4], [3, 4]], [[3, 4], [3, 4], [1, 5]]]}
          rates: {type: ints, default: [1], search: [[1], [1, 2], [2, 1]]}
        blocks:
          unit:
            parameters: {kernel: int, width: int}
            layers: [conv_bn: {filters: $width, kernel: $kernel, padding: half}]
        layers:
          - {for: [kernel, width], rows: $table, name: row$index, layers: [unit: $row]}
          - concat:
              atrous: {for: {rate: $rates}, layers: [conv: {filters: 2, kernel: 3, padding: same, dilation: $rate}]}
              plain: [unit: {kernel: 1, width: 2}]
    """),
}
"""Specs of one file each, by what they try."""


def choices_of(document: ast.Document) -> list[dict[str, Tree]]:
    """What each member of a spec's space sets; the spaces are lists."""
    spaces = {one.name.text: one.search.items for one in document.parameters if isinstance(one.search, Sequence)}
    return [dict(zip(spaces, choices, strict=True)) for choices in product(*spaces.values())]
