"""`expect:` contracts: what a spec says must come out, held against what does.

    expect: {trainable: 60000, macs: <= 5M, params: 60M +- 1%, nodes: {c1: {shape: [28, 28, 6]}}}

A value is exact, `<= bound`, `low .. high`, `value +- tolerance` (absolute or in %), or
`{inference: …, training: …}`. Numbers may end in K, M, G or T (thousand, million, …). `cite` is free text.
Reports E0701 (a figure differs), E0702 (a contract that cannot be read) and E0703 (a node that is not there).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from archspec.analysis.cost import Totals, total_of, totals
from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, Severity
from archspec.diagnostics.suggest import nearest
from archspec.ir.graph import Graph, Node
from archspec.ir.shape import Dim
from archspec.syntax import tree

FIGURES: Mapping[str, Callable[[Totals], Dim]] = {
    "params": lambda found: found.params,
    "trainable": lambda found: found.trainable,
    "non_trainable": lambda found: found.non_trainable,
    "macs": lambda found: found.macs,
    "connections": lambda found: found.connections,
    "depth": lambda found: found.depth,
}
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
QUANTITY = r"([0-9][0-9_,]*(?:\.[0-9]+)?(?:[eE]\+?[0-9]+)?)([KMGT]?)"
BOUND = re.compile(rf"(<=|<)\s*{QUANTITY}")
RANGE = re.compile(rf"{QUANTITY}\s*\.\.\s*{QUANTITY}")
TOLERANCE = re.compile(rf"{QUANTITY}\s*\+-\s*{QUANTITY}(%?)")
EXACT = re.compile(QUANTITY)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers that a contract admits, both ends included."""

    low: Fraction
    high: Fraction

    def admit(self, value: int) -> bool:
        """Whether the contract holds for a value."""
        return self.low <= value <= self.high


class ContractCheck:
    """One run over a spec's contracts. `severity` is a warning where the user has changed the spec's settings."""

    def __init__(self, graph: Graph, sink: DiagnosticSink, severity: Severity = Severity.ERROR) -> None:
        self.graphs = {"inference": graph.for_inference(), "training": graph}
        self.sink = sink
        self.severity = severity

    def check(self, expect: tree.Mapping) -> None:
        """Hold every contract against its figure."""
        for entry in expect.entries:
            key = entry.key.text
            if key == "nodes":
                self._check_nodes(entry)
            elif key == "outputs":
                self._check_outputs(entry)
            elif key in FIGURES:
                self._check_figure(entry, lambda mode, key=key: FIGURES[key](totals(self.graphs[mode])))  # type: ignore[misc]
            elif key != "cite":
                self._refuse_key(entry.key, [*FIGURES, "nodes", "outputs", "cite"])

    def _check_figure(self, entry: tree.Entry, figure: Callable[[str], Dim], where: str = "") -> None:
        for mode, node in self._by_mode(entry.value):
            bounds = read_bounds(node)
            if bounds is None:
                self._report(
                    "E0702",
                    f"`{entry.key.text}` must be a figure, got {tree.describe(node)}",
                    node,
                    help_="write a number, `<= 5M`, `5M .. 6M` or `60M +- 1%`",
                )
                continue
            found = figure(mode)
            said = f"{where}`{entry.key.text}`" + (f" in {mode}" if isinstance(entry.value, tree.Mapping) else "")
            if found is None:
                self._report(
                    "E0701",
                    f"{said} is open while an input's size is, and the contract says {tree.describe(node)}",
                    node,
                    help_="state the size with `--input`",
                )
            elif not bounds.admit(found):
                self._report("E0701", f"{said} is {found:,}, and the contract says {tree.describe(node)}", node)

    def _by_mode(self, node: tree.Tree) -> list[tuple[str, tree.Tree]]:
        """The contract for inference, or those for both modes where it tells them apart."""
        if not isinstance(node, tree.Mapping):
            return [("inference", node)]
        for entry in node.entries:
            if entry.key.text not in self.graphs:
                self._refuse_key(entry.key, list(self.graphs))
        return [(entry.key.text, entry.value) for entry in node.entries if entry.key.text in self.graphs]

    def _check_nodes(self, nodes: tree.Entry) -> None:
        entries = nodes.value.entries if isinstance(nodes.value, tree.Mapping) else ()
        if not entries:
            self._report("E0702", "`nodes` must name nodes, each with its contracts", nodes.value)
        for entry in entries:
            path = entry.key.text
            found = tuple(node for node in self.graphs["training"].nodes if _is_under(node, path))
            if not found or not isinstance(entry.value, tree.Mapping):
                near = nearest(path, _prefixes(self.graphs["training"]))
                self._report(
                    "E0703",
                    f"there is no node or block `{path}`",
                    entry.key,
                    help_=f"did you mean `{near}`?" if near else None,
                )
                continue
            for contract in entry.value.entries:
                self._check_node(contract, path, found)

    def _check_node(self, contract: tree.Entry, path: str, nodes: tuple[Node, ...]) -> None:
        key = contract.key.text
        if key == "shape":
            self._check_shape(contract, path, nodes[-1])
        elif key in FIGURES:
            self._check_figure(contract, lambda _mode: FIGURES[key](total_of(nodes)), f"`{path}`: ")
        elif key != "cite":
            self._refuse_key(contract.key, [*FIGURES, "shape", "cite"])

    def _check_outputs(self, outputs: tree.Entry) -> None:
        shapes = {output.name: output.shape.dims for output in self.graphs["training"].outputs}
        for entry in outputs.value.entries if isinstance(outputs.value, tree.Mapping) else ():
            if entry.key.text not in shapes:
                self._report(
                    "E0703", f"there is no output `{entry.key.text}`", entry.key, help_="there are " + ", ".join(shapes)
                )
            else:
                self._compare_shape(entry, entry.key.text, shapes[entry.key.text])

    def _check_shape(self, contract: tree.Entry, path: str, node: Node) -> None:
        self._compare_shape(contract, path, node.shapes[0].dims)

    def _compare_shape(self, contract: tree.Entry, path: str, found: tuple[Dim, ...]) -> None:
        items = contract.value.items if isinstance(contract.value, tree.Sequence) else (contract.value,)
        texts = [item.text if isinstance(item, tree.Scalar) else "" for item in items]
        said = tuple(int(text) if text.isdigit() else None for text in texts)
        if said != found:
            shown = ", ".join("?" if dim is None else str(dim) for dim in found)
            self._report(
                "E0701", f"`{path}` has shape [{shown}], and the contract says [{', '.join(texts)}]", contract.value
            )

    def _refuse_key(self, key: tree.Scalar, known: list[str]) -> None:
        near = nearest(key.text, known)
        self._report(
            "E0702",
            f"a contract has no key `{tree.shorten(key.text)}`",
            key,
            help_=f"did you mean `{near}`?" if near else "there are " + ", ".join(known),
        )

    def _report(self, code: str, headline: str, node: tree.Tree, help_: str | None = None) -> None:
        self.sink.report(Diagnostic(code, headline, Label(node.span), help=help_, severity=self.severity))


def read_bounds(node: tree.Tree) -> Bounds | None:
    """The bounds that a contract's text states, or `None` for what is none.

    >>> from archspec.diagnostics import SourceFile, Span
    >>> def bounds(text): return read_bounds(tree.Scalar(text, False, Span(SourceFile("", ""), 1, 1, 1, 1)))
    >>> bounds("5M .. 6M").high == 6_000_000, bounds("200 +- 1%").low == 198, bounds("about 5") is None
    (True, True, True)
    """
    text = node.text.strip() if isinstance(node, tree.Scalar) else ""
    if exact := EXACT.fullmatch(text):
        value = _quantity(*exact.groups())
        return Bounds(value, value)
    if bound := BOUND.fullmatch(text):
        sign, *quantity = bound.groups()
        value = _quantity(*quantity)
        return Bounds(Fraction(0), value if sign == "<=" else value - 1)
    if found := RANGE.fullmatch(text):
        return Bounds(_quantity(*found.groups()[:2]), _quantity(*found.groups()[2:]))
    if found := TOLERANCE.fullmatch(text):
        value, slack = _quantity(*found.groups()[:2]), _quantity(*found.groups()[2:4])
        slack = value * slack / 100 if found[5] else slack
        return Bounds(value - slack, value + slack)
    return None


def _quantity(digits: str, unit: str) -> Fraction:
    return Fraction(digits.replace(",", "").replace("_", "")) * UNITS[unit]


def _is_under(node: Node, path: str) -> bool:
    return node.path == path or node.path.startswith(path + "/")


def _prefixes(graph: Graph) -> set[str]:
    """Every path of a node and of what holds it."""
    found: set[str] = set()
    for node in graph.nodes:
        steps = node.path.split("/")
        found.update("/".join(steps[:length]) for length in range(1, len(steps) + 1))
    return found
