"""AST -> typed graph: walks the layers in graph order and infers every node as it is placed.

Takes a `Module` with its parameters bound; returns a `Graph` of primitive ops, or `None` where errors were reported.

    - conv: {filters: 8, kernel: 3}          conv_1  conv  (26, 26, 8)
    - repeat: 2                        ->    relu_1  relu  (26, 26, 8)
      layers: [relu]                         relu_2  relu  (26, 26, 8)
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archspec.diagnostics import DiagnosticSink, Origin
from archspec.elaboration.boundary import place_inputs, place_outputs
from archspec.elaboration.context import Context
from archspec.elaboration.memory import Memory
from archspec.elaboration.modules import Module, lineage
from archspec.elaboration.placement import NodeList, TooMuchError
from archspec.elaboration.scope import Flow, Named, Scope, Work
from archspec.elaboration.shared import share
from archspec.elaboration.unused import check_blocks, check_defaults, check_inputs, keep_used
from archspec.elaboration.walk import Walk
from archspec.ir.graph import Graph, Input
from archspec.ops import OWN, Vocabulary
from archspec.syntax import tree

if TYPE_CHECKING:
    from archspec.elaboration.patching import Patches


def elaborate(
    module: Module,
    input_shapes: dict[str, tree.Tree],
    sink: DiagnosticSink,
    work: Work | None = None,
    ops: Vocabulary = OWN,
    memory: Memory | None = None,
) -> Graph | None:
    """The graph that a file describes. `input_shapes` replaces the shapes written for the inputs so named;
    `memory` holds what the file's blocks gave under other settings.

    Reports E0215 to E0218, E0301 to E0312, E0401 to E0403, E0412, E0501 to E0509, E0602 to E0604, E0801 to E0807
    and the warnings W0301 and W0302.
    """
    family = lineage(module)
    document = family[0].document
    scope = Scope("", None)
    own = Context(module, scope, module.bindings, sink, work=work or Work(), ops=ops)
    homes = _homes(family, own)
    inputs = place_inputs(document, _replaced_shapes(homes, input_shapes), homes[0])
    flows: dict[str, Flow] = {name: (wire,) for name, wire in inputs.items()}
    patches = _patches(homes)
    context = replace(homes[0], inputs=flows, patches=patches)
    for entry in document.inputs:
        scope.names[entry.key.text] = Named(context.inputs[entry.key.text], entry.key.span)
    memory = memory or Memory()
    memory.begin(family, ops)
    walk = Walk(NodeList(), memory)
    try:
        flow = walk.items(document.layers, tuple(inputs.values()) or None, context)
    except TooMuchError:
        return None
    speaker = next((home for home in reversed(homes) if home.module.document.outputs is not None), homes[0])
    outputs = place_outputs(document, speaker.module.document.outputs, flow, replace(speaker, inputs=flows))
    for home in homes:
        check_defaults(home.module, home)
    check_blocks(module, own)
    if patches is not None and not sink.errors:
        patches.report_unmet()
    if sink.errors:
        return None
    if not outputs:
        raise AssertionError("something has no value, and no mistake was reported")
    nodes = keep_used(list(walk.nodes.by_path.values()), outputs, sink)
    check_inputs(document, nodes, outputs, context)
    shapes = {name: wire.shape for name, wire in inputs.items() if wire.shape is not None}
    return Graph(
        name=module.document.name,
        inputs=tuple(Input(name, shape) for name, shape in shapes.items()),
        nodes=nodes,
        outputs=outputs,
    )


def _homes(family: tuple[Module, ...], own: Context) -> tuple[Context, ...]:
    """The top of each file of a family, at the network's own scope; one that is extended is used where that is said."""
    homes: list[Context] = []
    use = None
    for module in reversed(family):
        home = replace(own, module=module, bindings=module.bindings, use=use)
        homes.append(share(module.document.shared, home))
        use = Origin(module.document.extends.span, use) if module.document.extends else None
    return tuple(reversed(homes))


def _patches(homes: tuple[Context, ...]) -> Patches | None:
    """The patches of the files that extend others, if any does."""
    if len(homes) == 1:
        return None
    # Imported here: most specs extend none.
    from archspec.elaboration.patching import Patches

    return Patches(homes[1:])


def _replaced_shapes(homes: tuple[Context, ...], given: dict[str, tree.Tree]) -> dict[str, tuple[tree.Tree, Context]]:
    """The shapes in place of the eldest file's: those of files that extend it, and those given from outside."""
    written = {entry.key.text: (entry.value, home) for home in homes[1:] for entry in home.module.document.inputs}
    return {**written, **{name: (node, homes[-1]) for name, node in given.items()}}
