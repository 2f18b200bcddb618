"""Positioned tree -> AST: the document. What it declares is in `declarations`, its lines in `items`.

Takes the reader's tree; returns a `Document`, or `None` where nothing can be made of it. Reports E0201 to E0214, E0222
and E0601 (an expression that cannot be parsed), and goes on where it can.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, SourceFile
from archspec.syntax import ast, tree
from archspec.syntax.declarations import (
    check_shared_word,
    parse_block,
    parse_default,
    parse_numbers,
    parse_shared,
    parse_variant,
)
from archspec.syntax.items import parse_items, parse_references
from archspec.syntax.limits import MAX_NAME, MAX_VARIANTS
from archspec.syntax.mappings import as_mapping, as_scalar, check_keys, each, named
from archspec.syntax.names import check_name
from archspec.syntax.patches import parse_extends
from archspec.syntax.version import STATED, check_version
from archspec.syntax.written_expressions import FREE, check_expressions, warn_of_unread

DOCUMENT_KEYS = (
    "archspec", "name", "reference", "meta", "extends", "parameters", "variants", "let", "inputs", "defaults", "blocks",
    "shared", "layers", "outputs", "expect", "training",
)  # fmt: skip


def parse(source: SourceFile, root: tree.Tree, sink: DiagnosticSink) -> ast.Document | None:
    """The document that a tree describes."""
    if not isinstance(root, tree.Mapping):
        if not isinstance(root, tree.Broken):
            cure = f"begin the file with `{STATED}`"
            headline = f"a spec must be a mapping, got {tree.describe(root)}"
            sink.report(Diagnostic("E0201", headline, Label(root.span), help=cure))
        return None
    if not check_version(root, sink):
        return None
    check_keys(root, DOCUMENT_KEYS, "a spec", sink)
    check_expressions(root, sink)
    _check_inputs(root, sink)
    name = as_scalar(root.get("name"), "name", sink)
    _refuse_too_many_variants(root.get("variants"), sink)
    parameters, let = parse_numbers(root, sink)
    blocks = each(root.get("blocks"), "blocks", parse_block, sink)
    # The bodies of blocks are closed: they read names of their own.
    warn_of_unread(root, [entry.value for entry in root.entries if entry.key.text not in ("blocks", *FREE)], sink)
    return ast.Document(
        source=source,
        name=check_name(name, sink).text if name is not None else _name_of(source),
        extends=_parse_extends(root, sink),
        parameters=parameters,
        variants=each(root.get("variants"), "variants", parse_variant, sink),
        let=let,
        inputs=named(root.get("inputs"), "inputs", sink),
        defaults=each(root.get("defaults"), "defaults", parse_default, sink),
        blocks=tuple(one for one in blocks if isinstance(one, ast.Block)),
        imports=tuple(one for one in blocks if isinstance(one, ast.Import)),
        shared=each(root.get("shared"), "shared", parse_shared, sink, check_shared_word),
        layers=parse_items(root.get("layers"), "layers", sink),
        outputs=parse_references(root.get("outputs"), sink),
        expect=as_mapping(root.get("expect"), "expect", sink),
        training=as_mapping(root.get("training"), "training", sink),
        reference=root.get("reference"),
        meta=root.get("meta"),
        span=root.entries[0].key.span if root.entries else root.span,
    )


def _check_inputs(root: tree.Mapping, sink: DiagnosticSink) -> None:
    """Report E0215 for a network without inputs; a library of blocks has no layers and needs none."""
    inputs = root.get("inputs")
    if (
        root.get("layers") is None
        or root.get("extends") is not None
        or (inputs is not None and not (isinstance(inputs, tree.Mapping) and not inputs.entries))
    ):
        return
    span = root.entries[0].key.span if inputs is None else inputs.span
    cure = "write `inputs: {image: [224, 224, 3]}`"
    sink.report(Diagnostic("E0215", "a network must declare its `inputs`", Label(span), help=cure))


def _parse_extends(root: tree.Mapping, sink: DiagnosticSink) -> ast.Extends | None:
    """What the file extends. Reports E0223 beside `layers`, and what `parse_extends` does."""
    extends = parse_extends(root.get("extends"), sink)
    layers = next((entry.key for entry in root.entries if entry.key.text == "layers"), None)
    if extends is not None and layers is not None:
        sink.report(
            Diagnostic(
                "E0223",
                "a spec that extends another has its `layers` from there",
                Label(layers.span),
                (Label(extends.span, "extended here"),),
                help="put the lines into patches: `patch: [{insert_after: path, layers: […]}]`",
            )
        )
    return extends


def _name_of(source: SourceFile) -> str:
    """The name of a spec that states none: its file's, as far as it can be a name."""
    stem = re.sub(r"[^A-Za-z0-9_-]", "_", PurePath(source.name).stem)
    stem = stem.strip("_-")
    named = f"net_{stem}" if stem[:1].isdigit() else stem
    return named[:MAX_NAME] or "network"


def _refuse_too_many_variants(node: tree.Tree | None, sink: DiagnosticSink) -> None:
    """Report E0805: `check` elaborates the file once for each variant."""
    entries = node.entries if isinstance(node, tree.Mapping) else ()
    if len(entries) > MAX_VARIANTS:
        headline = f"a spec may have {MAX_VARIANTS} variants, got {len(entries):,}"
        sink.report(Diagnostic("E0805", headline, Label(entries[MAX_VARIANTS].key.span)))
