"""Positioned tree -> AST: the document and its declarations. Items are in `items`.

Takes the reader's tree; returns a `Document`, or `None` where nothing can be made of it. Reports E0201 to E0214, E0222
and E0601 (an expression that cannot be parsed), and goes on where it can.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import TypeVar

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, SourceFile, Span
from archspec.diagnostics.suggest import Cure, did_you_mean
from archspec.syntax import ast, tree
from archspec.syntax.items import RESERVED, parse_items, parse_references, report_unknown_key
from archspec.syntax.limits import MAX_NAME, MAX_VARIANTS
from archspec.syntax.names import check_name, check_variable
from archspec.syntax.version import STATED, check_version
from archspec.syntax.written_expressions import FREE, check_expressions, warn_of_unread

DOCUMENT_KEYS = (
    "archspec", "name", "reference", "meta", "parameters", "variants", "let", "inputs", "defaults", "blocks", "layers",
    "outputs", "expect", "training",
)  # fmt: skip
BLOCK_KEYS = ("about", "reference", "parameters", "inputs", "let", "layers", "outputs")
PARAMETER_KEYS = ("type", "default", "min", "max", "one_of", "about")

Made = TypeVar("Made")


def parse(source: SourceFile, root: tree.Tree, sink: DiagnosticSink) -> ast.Document | None:
    """The document that a tree describes."""
    if not isinstance(root, tree.Mapping):
        if not isinstance(root, tree.Broken):
            cure = f"begin the file with `{STATED}`"
            headline = f"a spec must be a mapping, got {tree.describe(root)}"
            sink.report(Diagnostic("E0201", headline, Label(root.span), help=cure))
        return None
    check_keys(root, DOCUMENT_KEYS, "a spec", sink)
    check_version(root, sink)
    check_expressions(root, sink)
    _check_inputs(root, sink)
    name = as_scalar(root.get("name"), "name", sink)
    _refuse_too_many_variants(root.get("variants"), sink)
    parameters, let = _parse_numbers(root, sink)
    # The bodies of blocks are closed: they read names of their own.
    warn_of_unread(root, [entry.value for entry in root.entries if entry.key.text not in ("blocks", *FREE)], sink)
    return ast.Document(
        source=source,
        name=check_name(name, sink).text if name is not None else _name_of(source),
        parameters=parameters,
        variants=_each(root.get("variants"), "variants", _parse_variant, sink),
        let=let,
        inputs=_named(root.get("inputs"), "inputs", sink),
        defaults=_each(root.get("defaults"), "defaults", _parse_default, sink),
        blocks=_each(root.get("blocks"), "blocks", _parse_block, sink),
        layers=parse_items(root.get("layers"), "layers", sink),
        outputs=parse_references(root.get("outputs"), sink),
        expect=as_mapping(root.get("expect"), "expect", sink),
        training=as_mapping(root.get("training"), "training", sink),
        reference=root.get("reference"),
        span=root.entries[0].key.span if root.entries else root.span,
    )


def check_keys(mapping: tree.Mapping, known: Iterable[str], where: str, sink: DiagnosticSink) -> bool:
    """Whether every key is known. Reports E0202 for each that is not, with the nearest that is."""
    allowed = tuple(known)
    present = {entry.key.text for entry in mapping.entries}
    for entry in mapping.entries:
        if entry.key.text in allowed:
            continue
        cure = did_you_mean(entry.key.text, allowed, f"{where} has " + ", ".join(allowed), present)
        if " " in entry.key.text:
            cure = Cure("inside `{…}` a comma ends a value: put text that holds one in quotes")
        report_unknown_key(where, entry.key, cure, sink)
    return all(entry.key.text in allowed for entry in mapping.entries)


def as_mapping(node: tree.Tree | None, what: str, sink: DiagnosticSink) -> tree.Mapping | None:
    """A mapping, or `None` for nothing; E0203 for anything else."""
    if node is None or isinstance(node, tree.Mapping):
        return node
    if not isinstance(node, tree.Broken):
        cure = "write a space after the colon" if isinstance(node, tree.Scalar) and ":" in node.text else None
        if what == "inputs":
            cure = "give each input a name: `inputs: {image: [224, 224, 3]}`"
        sink.report(
            Diagnostic("E0203", f"`{what}` must be a mapping, got {tree.describe(node)}", Label(node.span), help=cure)
        )
    return None


def _check_inputs(root: tree.Mapping, sink: DiagnosticSink) -> None:
    """Report E0215 for a network without inputs; a library of blocks has no layers and needs none."""
    inputs = root.get("inputs")
    if root.get("layers") is None or (
        inputs is not None and not (isinstance(inputs, tree.Mapping) and not inputs.entries)
    ):
        return
    span = root.entries[0].key.span if inputs is None else inputs.span
    cure = "write `inputs: {image: [224, 224, 3]}`"
    sink.report(Diagnostic("E0215", "a network must declare its `inputs`", Label(span), help=cure))


def _name_of(source: SourceFile) -> str:
    """The name of a spec that states none: its file's, as far as it can be a name."""
    stem = re.sub(r"[^A-Za-z0-9_-]", "_", PurePath(source.name).stem)
    stem = stem.strip("_-")
    named = f"net_{stem}" if stem[:1].isdigit() else stem
    return named[:MAX_NAME] or "network"


def _parse_numbers(
    mapping: tree.Mapping, sink: DiagnosticSink
) -> tuple[tuple[ast.Parameter, ...], tuple[tree.Entry, ...]]:
    """The parameters and the `let`s of a file or block, which share one set of names. Reports E0222."""
    parameters = _each(mapping.get("parameters"), "parameters", _parse_parameter, sink, check_variable)
    let = _named(mapping.get("let"), "let", sink, check_variable)
    declared = {parameter.name.text: parameter.name.span for parameter in parameters}
    for entry in let:
        if (first := declared.get(entry.key.text)) is not None:
            sink.report(
                Diagnostic(
                    "E0222",
                    f"`{entry.key.text}` is a parameter, and a `let` cannot have its name",
                    Label(entry.key.span),
                    (Label(first, "the parameter"),),
                    help="give one of them another name",
                )
            )
    return parameters, tuple(entry for entry in let if entry.key.text not in declared)


def _refuse_too_many_variants(node: tree.Tree | None, sink: DiagnosticSink) -> None:
    """Report E0805: `check` elaborates the file once for each variant."""
    entries = node.entries if isinstance(node, tree.Mapping) else ()
    if len(entries) > MAX_VARIANTS:
        headline = f"a spec may have {MAX_VARIANTS} variants, got {len(entries):,}"
        sink.report(Diagnostic("E0805", headline, Label(entries[MAX_VARIANTS].key.span)))


def _named(
    node: tree.Tree | None,
    what: str,
    sink: DiagnosticSink,
    check: Callable[[tree.Scalar, DiagnosticSink], tree.Scalar] = check_name,
) -> tuple[tree.Entry, ...]:
    """The entries of a mapping whose keys are names."""
    mapping = as_mapping(node, what, sink)
    entries = mapping.entries if mapping else ()
    for entry in entries:
        check(entry.key, sink)
    return entries


def _each(
    node: tree.Tree | None,
    what: str,
    make: Callable[[tree.Entry, DiagnosticSink], Made | None],
    sink: DiagnosticSink,
    check: Callable[[tree.Scalar, DiagnosticSink], tree.Scalar] = check_name,
) -> tuple[Made, ...]:
    """One declaration for every entry of a mapping, those that cannot be made left out."""
    made = (make(entry, sink) for entry in _named(node, what, sink, check))
    return tuple(one for one in made if one is not None)


def _parse_parameter(entry: tree.Entry, sink: DiagnosticSink) -> ast.Parameter:
    if isinstance(entry.value, tree.Scalar) and not entry.value.is_null:
        return ast.Parameter(entry.key, entry.value)
    nothing = isinstance(entry.value, tree.Scalar)
    mapping = None if nothing else as_mapping(entry.value, entry.key.text, sink)
    stated = mapping.get("type") if mapping is not None else None
    if nothing or (mapping is not None and (stated is None or (isinstance(stated, tree.Scalar) and stated.is_null))):
        cure = f"write `{entry.key.text}: int`, or `{{type: int, default: 1}}`"
        headline = f"the parameter `{entry.key.text}` needs a `type`"
        sink.report(Diagnostic("E0206", headline, Label(entry.key.span), help=cure))
        stated = None
    if mapping is None:
        return ast.Parameter(entry.key, None)
    if not check_keys(mapping, PARAMETER_KEYS, "a parameter", sink):
        stated = None  # the key that is not known may be the default's, and its lack no second mistake
    return ast.Parameter(
        entry.key,
        as_scalar(stated, "type", sink),
        mapping.get("default"),
        as_scalar(mapping.get("min"), "min", sink),
        as_scalar(mapping.get("max"), "max", sink),
        mapping.get("one_of"),
        as_scalar(mapping.get("about"), "about", sink),
    )


def as_scalar(node: tree.Tree | None, what: str, sink: DiagnosticSink) -> tree.Scalar | None:
    """A scalar, or `None` for nothing; E0203 for anything else."""
    if node is None or isinstance(node, tree.Scalar):
        return node
    if not isinstance(node, tree.Broken):
        sink.report(Diagnostic("E0203", f"`{what}` must be one value, got {tree.describe(node)}", Label(node.span)))
    return None


def _parse_variant(entry: tree.Entry, sink: DiagnosticSink) -> ast.Variant | None:
    if isinstance(entry.value, tree.Scalar) and entry.value.is_null:
        return ast.Variant(entry.key, (), None)
    mapping = as_mapping(entry.value, entry.key.text, sink)
    if mapping is None:
        return None
    parameters = tuple(one for one in mapping.entries if one.key.text != "expect")
    return ast.Variant(entry.key, parameters, as_mapping(mapping.get("expect"), "expect", sink))


def _parse_default(entry: tree.Entry, sink: DiagnosticSink) -> ast.Default | None:
    mapping = as_mapping(entry.value, entry.key.text, sink)
    return ast.Default(entry.key, mapping.entries) if mapping else None


def _parse_block(entry: tree.Entry, sink: DiagnosticSink) -> ast.Block | None:
    mapping = as_mapping(entry.value, entry.key.text, sink)
    if mapping is None:
        return None
    check_keys(mapping, BLOCK_KEYS, "a block", sink)
    if entry.key.text in (*RESERVED, "in", "parallel"):
        sink.report(
            Diagnostic(
                "E0205",
                f"`{entry.key.text}` is a word of the language, and no block can have its name",
                Label(entry.key.span),
                help="choose another name",
            )
        )
    if mapping.get("layers") is None:
        sink.report(Diagnostic("E0207", f"the block `{entry.key.text}` needs `layers`", Label(entry.key.span)))
    parameters, let = _parse_numbers(mapping, sink)
    warn_of_unread(mapping, [mapping], sink)
    return ast.Block(
        name=entry.key,
        about=as_scalar(mapping.get("about"), "about", sink),
        parameters=parameters,
        inputs=_parse_inputs(mapping.get("inputs"), sink),
        let=let,
        layers=parse_items(mapping.get("layers"), "layers", sink),
        outputs=parse_references(mapping.get("outputs"), sink),
        span=entry.key.span,
    )


def _parse_inputs(node: tree.Tree | None, sink: DiagnosticSink) -> tuple[tree.Scalar, ...] | None:
    """The names of a block's inputs, each once. Reports E0205, E0210 and E0306."""
    names = parse_references(node, sink)
    first: dict[str, Span] = {}
    for name in names or ():
        check_variable(name, sink)
        if first.setdefault(name.text, name.span) is not name.span:
            sink.report(
                Diagnostic(
                    "E0306",
                    f"the name `{tree.shorten(name.text)}` is taken in this scope",
                    Label(name.span),
                    (Label(first[name.text], "first here"),),
                    help="give one of them another name",
                )
            )
    return names
