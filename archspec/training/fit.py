"""Whether a recipe fits its network: what would only fail, or go wrong in silence, once training has begun.

Framework-free, so that `check` says it at the recipe's own line.
"""

from __future__ import annotations

from dataclasses import dataclass

from archspec.ir.graph import Graph, Output
from archspec.training.config import Recipe


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that does not fit; `output` names the loss to blame, `None` the recipe. A warning may be meant so."""

    code: str
    message: str
    cure: str | None = None
    output: str | None = None
    is_warning: bool = False


def misfits(recipe: Recipe, graph: Graph) -> list[Misfit]:
    """Everything that does not fit, in the order of the losses."""
    outputs = {output.name: output for output in graph.outputs}
    found: list[Misfit] = []
    if len(graph.inputs) != 1:
        found.append(Misfit("E0904", f"training needs a network with one input, got {len(graph.inputs)}"))
    widths = set()
    for name, loss in recipe.losses.items():
        if name not in outputs:
            known = ", ".join(f"`{one}`" for one in outputs)
            found.append(Misfit("E0901", f"the network has no output `{name}`", f"it has {known}", name))
            continue
        shape = outputs[name].shape
        if shape.rank != 1:
            cure = "flatten it or pool globally, and end in a dense layer of one unit for each class"
            found.append(Misfit("E0904", f"a trained output must be (classes), got {shape}", cure, name))
            continue
        widths.add(shape.channels)
        found += _against_softmax(loss.loss, outputs[name], graph)
    if len(widths) > 1:
        found.append(
            Misfit(
                "E0904", f"trained outputs must be equally wide, got {', '.join(map(str, sorted(map(str, widths))))}"
            )
        )
    return found


def _against_softmax(loss: str, output: Output, graph: Graph) -> list[Misfit]:
    """The misfit of a cross-entropy with the function that the output ends in."""
    node = graph.by_path.get(output.value.path)
    ends = node is not None and node.op.ends_in == "softmax"
    if loss == "cross_entropy_of_probabilities" and not ends:
        cure = "end the output in a softmax, or use `cross_entropy_of_logits`"
        return [
            Misfit(
                "W0901",
                f"`{loss}` needs probabilities, and `{output.name}` ends in no softmax",
                cure,
                output.name,
                True,
            )
        ]
    if loss == "cross_entropy_of_logits" and ends:
        cure = "use `cross_entropy_of_probabilities`, or leave the softmax out"
        return [
            Misfit(
                "W0901",
                f"`{loss}` is of values before a softmax, and `{output.name}` ends in one",
                cure,
                output.name,
                True,
            )
        ]
    return []
