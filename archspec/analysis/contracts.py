"""`expect:` contracts: what a spec says must come out, held against what does.

    expect: {trainable: 60000, macs: <= 5M, params: 60M +- 1%, nodes: {c1: {shape: [28, 28, 6]}}}

A value is one of the forms in `bounds`, or `{inference: …, training: …}` with one for each. One value speaks of the
inference graph; for a node that is there in training alone, of the training graph. `cite` is free text.
Reports E0701 (a figure differs), E0702 (a contract that cannot be read) and E0703 (a node that is not there).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from archspec.analysis.bounds import read_bounds
from archspec.analysis.cost import Totals, total_of, totals
from archspec.analysis.figures import FIGURES, MEMORY
from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, Severity
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import NO_CURE, Cure, did_you_mean
from archspec.ir.graph import Graph, Node
from archspec.ir.shape import Dim, Shape, is_known, show
from archspec.syntax import tree


class ContractCheck:
    """One run over a spec's contracts. `severity` is a warning where the user has changed the spec's settings."""

    def __init__(self, graph: Graph, sink: DiagnosticSink, severity: Severity = Severity.ERROR) -> None:
        # Where nothing is there in training alone, the two are one and are counted once.
        inference = graph.for_inference() if graph.has_training_only_parts else graph
        self.graphs = {"inference": inference, "training": graph}
        self.sink = sink
        self.severity = severity

    def check(self, expect: tree.Mapping) -> None:
        """Hold every contract against its figure."""
        for entry in expect.entries:
            key = entry.key.text
            if key in FIGURES:
                self._check_figure(entry, {mode: FIGURES[key](one) for mode, one in self._totals.items()})
            elif key == MEMORY:
                self._check_figure(entry, self._peaks())
            elif key == "nodes":
                self._check_nodes(entry)
            elif key == "outputs":
                self._check_outputs(entry)
            elif key != "cite":
                self._refuse_key(entry.key, [*FIGURES, MEMORY, "nodes", "outputs", "cite"], expect.entries)

    @cached_property
    def _totals(self) -> dict[str, Totals]:
        inference, training = self.graphs["inference"], self.graphs["training"]
        of_inference = totals(inference)
        return {"inference": of_inference, "training": of_inference if training is inference else totals(training)}

    def _peaks(self) -> dict[str, Dim]:
        # Imported here: hardly any spec speaks of memory.
        from archspec.analysis.memory import inference_peak, training_peak

        return {
            "inference": inference_peak(self.graphs["inference"]),
            "training": training_peak(self.graphs["training"]),
        }

    def _check_figure(self, entry: tree.Entry, found: Mapping[str, Dim], where: str = "") -> None:
        """Hold one figure against its contract, or against those of both modes where these are told apart."""
        if not isinstance(entry.value, tree.Mapping):
            self._compare_figure(entry.key.text, entry.value, found["inference"], f"{where}`{entry.key.text}`")
            return
        if not entry.value.entries:
            head = f"`{entry.key.text}` must be a figure, or one for `inference` and one for `training`"
            self._report("E0702", head, entry.value)
        for mode in entry.value.entries:
            name = mode.key.text
            if name in found:
                said = f"{where}`{entry.key.text}` in {name}"
                self._compare_figure(entry.key.text, mode.value, found[name], said)
            else:
                self._refuse_key(mode.key, list(found), entry.value.entries)

    def _compare_figure(self, figure: str, contract: tree.Tree, value: Dim, said: str) -> None:
        bounds = read_bounds(contract.text) if isinstance(contract, tree.Scalar) else None
        if bounds is None:
            self._report(
                "E0702",
                f"`{figure}` must be a figure, got {tree.describe(contract)}",
                contract,
                Cure("write a number, `<= 5M`, `5M .. 6M` or `60M +- 1%`"),
            )
            return
        if not is_known(value):
            self._report(
                "E0701",
                f"{said} is open while an input's size is, and the contract says {tree.describe(contract)}",
                contract,
                Cure("state the size with `--input`"),
            )
        elif not bounds.admit(value):
            self._report("E0701", f"{said} is {value:,}, and the contract says {tree.describe(contract)}", contract)

    def _check_nodes(self, nodes: tree.Entry) -> None:
        for entry in self._entries(nodes, "nodes, each with its contracts"):
            path = entry.key.text
            if not self._under("training", path):
                cure = did_you_mean(path, _prefixes(self.graphs["training"]))
                self._report("E0703", f"there is no node or block `{tree.shorten(path)}`", entry.key, cure)
                continue
            contracts = self._entries(entry, "contracts")
            for contract in contracts:
                self._check_node(contract, path, contracts)

    def _check_node(self, contract: tree.Entry, path: str, beside: tuple[tree.Entry, ...]) -> None:
        key = contract.key.text
        stays = "inference" if self._under("inference", path) else "training"
        if key == "shape":
            self._compare_shape(contract, self._under(stays, path)[-1].shapes, path)
        elif key in FIGURES:
            found = {mode: FIGURES[key](total_of(self._under(mode, path))) for mode in self.graphs}
            self._check_figure(contract, {**found, "inference": found[stays]}, f"`{path}`: ")
        elif key != "cite":
            self._refuse_key(contract.key, [*FIGURES, "shape", "cite"], beside)

    def _check_outputs(self, outputs: tree.Entry) -> None:
        shapes = {output.name: output.shape for output in self.graphs["training"].outputs}
        for entry in self._entries(outputs, "outputs, each with its shape"):
            if entry.key.text in shapes:
                self._compare_shape(entry, (shapes[entry.key.text],), entry.key.text)
            elif entry.key.text != "cite":
                cure = Cure("there are " + ", ".join(f"`{name}`" for name in shapes))
                self._report("E0703", f"there is no output `{tree.shorten(entry.key.text)}`", entry.key, cure)

    def _compare_shape(self, contract: tree.Entry, found: tuple[Shape, ...], path: str) -> None:
        """Hold the only value's shape against its contract: numbers, formulas, or `?` or a word for any open size."""
        items = contract.value.items if isinstance(contract.value, tree.Sequence) else (contract.value,)
        texts = [item.text for item in items if isinstance(item, tree.Scalar) and not item.is_null]
        if not texts or len(texts) < len(items):
            head = f"a shape must be a list of sizes, got {tree.describe(contract.value)}"
            self._report("E0702", head, contract.value)
            return
        if len(found) != 1 or len(texts) != found[0].rank or not all(map(_admits, texts, found[0].dims)):
            shown = " and ".join(f"[{str(shape)[1:-1]}]" for shape in found)
            head = f"`{path}` has shape {shown}, and the contract says [{tree.shorten(', '.join(texts))}]"
            self._report("E0701", head, contract.value)

    def _under(self, mode: str, path: str) -> tuple[Node, ...]:
        """The node of that path, or the nodes of the block, branch or shared layers, in graph order."""
        nodes = self.graphs[mode].nodes
        return tuple(
            node
            for node in nodes
            if f"{node.path}/".startswith(f"{path}/") or f"{node.definition}/".startswith(f"{path}/")
        )

    def _entries(self, entry: tree.Entry, what: str) -> tuple[tree.Entry, ...]:
        """The entries of a mapping that must hold some; otherwise E0702, and none."""
        if isinstance(entry.value, tree.Mapping) and entry.value.entries:
            return entry.value.entries
        head = f"`{tree.shorten(entry.key.text)}` must name {what}, got {tree.describe(entry.value)}"
        self._report("E0702", head, entry.value)
        return ()

    def _refuse_key(self, key: tree.Scalar, known: list[str], beside: tuple[tree.Entry, ...]) -> None:
        """Report E0702 for a key that is none, with the nearest; `beside` are it and those that stand with it."""
        taken = {entry.key.text for entry in beside}
        cure = did_you_mean(key.text, known, "there are " + ", ".join(known), taken)
        self._report("E0702", f"a contract has no key `{tree.shorten(key.text)}`", key, cure)

    def _report(self, code: str, headline: str, node: tree.Tree, cure: Cure = NO_CURE) -> None:
        if isinstance(node, tree.Broken):
            return  # reported by the reader
        fix = respell(node.span, node.text, cure.instead) if isinstance(node, tree.Scalar) else ()
        found = Diagnostic(code, headline, Label(node.span), help=cure.help, severity=self.severity, fix=fix)
        self.sink.report(found)


def _admits(said: str, dim: Dim) -> bool:
    """Whether a size is what a contract says. A number is compared as text: a file may hold one of a million digits."""
    if said == "?" or said.isidentifier():
        return not is_known(dim)
    return said == show(dim)


def _prefixes(graph: Graph) -> set[str]:
    """Every path of a node and of what holds it."""
    found: set[str] = set()
    for path in {path for node in graph.nodes for path in (node.path, node.definition)}:
        steps = path.split("/")
        found.update("/".join(steps[:length]) for length in range(1, len(steps) + 1))
    return found
