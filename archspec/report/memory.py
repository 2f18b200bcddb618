"""What a network takes of memory, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from archspec.analysis.liveness import FLOAT32
from archspec.analysis.memory import (
    LARGEST_BATCH,
    Memory,
    inference_memory,
    largest_batch,
    output_bytes,
    training_memory,
)
from archspec.ir.graph import Graph, Node, owners
from archspec.report.table import ruled_table

COLUMNS = ("layer", "op", "output", "weights", "values", "kept")


class Setting(NamedTuple):
    """How the network is run: examples at a time, precision, optimizer, and the memory that there is, in bytes."""

    batch: int
    precision: str
    optimizer: str
    budget: int | None = None


def memory_text(graph: Graph, setting: Setting, *, layers: bool = False) -> str:
    """The parts of memory for inference and for training, the peak of each, and the largest batches that fit.

    Raises `Unsized` where a size is open.
    """
    examples = "1 example" if setting.batch == 1 else f"{setting.batch} examples"
    mixed = "" if setting.precision == "float32" else " with weights in float32"
    head = [graph.name, f"  {examples} at a time in {setting.precision}{mixed}, trained by {setting.optimizer}", ""]
    found = _memories(graph, setting)
    titles = ("", "inference", "training")
    parts = [(word, *(_amount(part[word]) for part in map(_parts, found.values()))) for word in PARTS]
    lines = [*head, *ruled_table([titles, *parts], left=1), ""]
    for word, memory in found.items():
        way = "on the way back" if memory.moment.is_backward else "on the way forth"
        lines.append(f"peak of {word} at `{memory.moment.path}`" + (f", {way}" if word == "training" else ""))
    for word, batch in _fitting(graph, setting).items():
        lines.append(f"largest batch in {(setting.budget or 0) / 1e9:,.3g} GB, {word}: {_batch_text(batch)}")
    if layers:
        kept, owned = found["training"].kept_by, _owned(graph)
        rows = [_row(node, setting, kept, owned) for node in graph.nodes]
        lines += ["", *ruled_table([COLUMNS, *rows], left=3)]
    return "\n".join(lines)


def memory_json(graph: Graph, setting: Setting) -> dict[str, object]:
    """The same as plain data, in bytes. Raises `Unsized` where a size is open."""
    found = _memories(graph, setting)
    fitting, owned = _fitting(graph, setting), _owned(graph)
    return {
        "name": graph.name,
        **setting._asdict(),
        **{
            word: {
                **{key.replace(" ", "_"): amount for key, amount in _parts(memory).items()},
                "kept_for_gradients": memory.kept,
                "peak_at": memory.moment.path,
                "peak_is_backward": memory.moment.is_backward,
                **({"largest_batch": fitting[word]} if word in fitting else {}),
            }
            for word, memory in found.items()
        },
        "layers": [
            {
                "path": node.path,
                "weights": node.params * FLOAT32 if node.path in owned else 0,
                "output": output_bytes(node, setting.batch, setting.precision),
                "kept": found["training"].kept_by.get(node.path, 0),
            }
            for node in graph.nodes
        ],
    }


PARTS = ("weights", "optimizer state", "step", "peak")


def size_text(amount: int) -> str:
    """An amount of memory for people to read, in binary units.

    >>> size_text(1536), size_text(3 << 30)
    ('1.5 KiB', '3.0 GiB')
    """
    value = float(amount)
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if value < 1024 or unit == "TiB":
            break
        value /= 1024
    return f"{amount} B" if unit == "B" else f"{value:,.1f} {unit}"


def _memories(graph: Graph, setting: Setting) -> Mapping[str, Memory]:
    return {
        "inference": inference_memory(graph.for_inference(), setting.batch, setting.precision),
        "training": training_memory(graph, setting.batch, setting.precision, setting.optimizer),
    }


def _parts(memory: Memory) -> dict[str, int]:
    return dict(zip(PARTS, (memory.weights, memory.optimizer_state, memory.step, memory.total), strict=True))


def _fitting(graph: Graph, setting: Setting) -> dict[str, int]:
    """The largest batches within the budget; nothing without one."""
    if setting.budget is None:
        return {}
    inference = graph.for_inference()
    return {
        "inference": largest_batch(lambda batch: inference_memory(inference, batch, setting.precision), setting.budget),
        "training": largest_batch(
            lambda batch: training_memory(graph, batch, setting.precision, setting.optimizer), setting.budget
        ),
    }


def _batch_text(batch: int) -> str:
    if batch == 0:
        return "not even one example"
    return f"{batch:,} or more" if batch >= LARGEST_BATCH else f"{batch:,}"


def _amount(amount: int) -> str:
    return size_text(amount) if amount else "-"


def _row(node: Node, setting: Setting, kept: Mapping[str, int], owned: set[str]) -> tuple[str, ...]:
    shapes = ", ".join(map(str, node.shapes))
    values = output_bytes(node, setting.batch, setting.precision)
    weights = _amount(node.params * FLOAT32) if node.path in owned or not node.weights else "shared"
    return (node.path, node.word, shapes, weights, _amount(values or 0), _amount(kept.get(node.path, 0)))


def _owned(graph: Graph) -> set[str]:
    """The nodes that have their weights first."""
    return {node.path for node in owners(graph.nodes)}
