"""What a file declares and nothing uses: defaults without a line, and nodes whose value goes nowhere."""

from __future__ import annotations

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, Severity
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import did_you_mean
from archspec.elaboration.context import Context
from archspec.elaboration.modules import Module, find_block
from archspec.ir.graph import Node, Output, needed
from archspec.syntax import ast, tree
from archspec.syntax.names import is_name


def check_defaults(module: Module, context: Context) -> None:
    """Report E0509 for a default of a word that is none, of a join, or that no line of the file uses, and E0501."""
    if not module.defaults:
        return
    written = _words_written(module.document)
    for word, default in module.defaults.items():
        block = find_block(word, module)
        op = None if block else context.ops.find(word)
        if block is None and op is None:
            cure = did_you_mean(word, filter(is_name, written), taken=module.defaults)
            headline = f"`{tree.shorten(word)}` is neither an op nor a block"
            fix = respell(default.word.span, word, cure.instead)
            context.report("E0509", headline, default.word.span, help_=cure.help, fix=fix)
        elif op is not None and op.is_join:
            context.report(
                "E0509",
                f"`{word}` is a join, and joins have no defaults",
                default.word.span,
                help_="write the fields after `with:`",
            )
        elif word not in written:
            context.report(
                "E0509",
                f"no line of this file uses `{word}`",
                default.word.span,
                help_="a block's inner lines are set by the block's own parameters",
            )


def check_blocks(module: Module, context: Context) -> None:
    """Warn W0302 of each block, and of shared layers, that no line of the file uses: their bodies are not checked."""
    document = module.document
    declared = [(f"the block `{block.name.text}` is", block.name) for block in document.blocks]
    for holder in _holders(document):
        declared += [(f"the shared layers `{one.word.text}` are", one.word) for one in holder.shared]
    if not declared or not (document.layers or document.extends) or context.sink.errors:
        return
    written = _words_written(document)
    for what, word in declared:
        if word.text not in written:
            context.sink.report(
                Diagnostic(
                    "W0302",
                    f"{what} never used, and not checked",
                    Label(word.span),
                    help="use it in `layers:`, or remove it",
                    severity=Severity.WARNING,
                )
            )


def check_inputs(
    document: ast.Document, nodes: tuple[Node, ...], outputs: tuple[Output, ...], context: Context
) -> None:
    """Warn W0301 of each input that nothing takes up."""
    used = {value.path for node in nodes for value in node.inputs} | {output.value.path for output in outputs}
    for entry in document.inputs:
        if entry.key.text not in used:
            context.sink.report(
                Diagnostic(
                    "W0301",
                    f"the input `{entry.key.text}` is never used",
                    Label(entry.key.span),
                    help=f"take it up with `from: {entry.key.text}`, or remove it",
                    severity=Severity.WARNING,
                )
            )


def keep_used(nodes: list[Node], outputs: tuple[Output, ...], sink: DiagnosticSink) -> tuple[Node, ...]:
    """The nodes that an output depends on. Reports W0301 for each line whose value goes nowhere."""
    kept = needed(nodes, outputs)
    if len(kept) < len(nodes):
        paths = {node.path for node in kept}
        _report_unused([node for node in nodes if node.path not in paths], sink)
    return kept


def _report_unused(unused: list[Node], sink: DiagnosticSink) -> None:
    read = {value.path for node in unused for value in node.inputs}
    for node in unused:
        if node.path in read:
            continue  # the end of an unused chain is reported, not each of its links
        sink.report(
            Diagnostic(
                "W0301",
                f"the value of `{node.path}` is never used, and the node is left out",
                Label(node.origin.outermost),
                help="name it in `outputs:`, take it up with `from:`, or remove the line",
                severity=Severity.WARNING,
            )
        )


def _holders(document: ast.Document) -> tuple[ast.Document | ast.Block, ...]:
    """What holds lines: the file itself and its blocks."""
    return (document, *document.blocks)


def _words_written(document: ast.Document) -> set[str]:
    """Every word that could be a use in the file: those of its items, and of the trees inside joins and arguments."""
    words: set[str] = set()
    items: list[ast.Item] = []
    for holder in _holders(document):
        items += [*holder.layers, *(item for one in holder.shared for item in one.layers)]
    if document.extends is not None:
        items += [item for patch in document.extends.patches for item in patch.layers]
        values = (*document.extends.parameters, *(one for patch in document.extends.patches for one in patch.fields))
        words.update(word for entry in values for word in _words_in(entry.value))
    while items:
        item = items.pop()
        if isinstance(item, ast.Loop | ast.Side):
            items.extend(item.layers)
        elif isinstance(item, ast.Use):
            words.add(item.word.text)
            trees = [one for one in (item.value, item.modifiers.arguments) if one is not None]
            words.update(word for one in trees for word in _words_in(one))
    for parameter in (*document.parameters, *(one for block in document.blocks for one in block.parameters)):
        for value in (parameter.default, parameter.search):
            words.update(_words_in(value) if value is not None else ())
    for variant in document.variants:
        words.update(word for entry in variant.parameters for word in _words_in(entry.value))
    return words


def _words_in(node: tree.Tree) -> set[str]:
    words: set[str] = set()
    for one in tree.within(node):
        if isinstance(one, tree.Scalar):
            words.add(one.text)
        elif isinstance(one, tree.Mapping):
            words.update(entry.key.text for entry in one.entries)
    return words
