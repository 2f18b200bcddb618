"""Tree -> `extends`: the spec that a file extends, and its patches.

extends:
  spec: resnet50
  with: {classes: 10}
  patch:
    - {replace: conv1, layers: [conv_bn_relu: {filters: 64, kernel: 3, padding: same}]}
    - {remove: max_pool_1}
"""

from __future__ import annotations

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import Cure, did_you_mean
from archspec.syntax import ast, tree
from archspec.syntax.items import parse_items
from archspec.syntax.mappings import as_mapping, as_scalar, check_keys

EXTENDS_KEYS = ("spec", "variant", "with", "patch")

OPERATIONS = {
    "replace": "layers",
    "insert_before": "layers",
    "insert_after": "layers",
    "remove": None,
    "set": "with",
}
"""What a patch may do, and the key that says with what."""

INSERTS = ("insert_before", "insert_after")


def parse_extends(node: tree.Tree | None, sink: DiagnosticSink) -> ast.Extends | None:
    """What a file extends: a spec alone, or with its variant, parameters and patches. Reports E0202, E0203, E0224."""
    if isinstance(node, tree.Scalar) and not node.is_null:
        return ast.Extends(node, None, (), (), node.span)
    mapping = as_mapping(node, "extends", sink)
    if mapping is None:
        return None
    check_keys(mapping, EXTENDS_KEYS, "`extends`", sink)
    spec = as_scalar(mapping.get("spec"), "spec", sink)
    if spec is None or spec.is_null:
        cure = "write `extends: other.yaml`, or `extends: {spec: other.yaml, …}`"
        sink.report(Diagnostic("E0224", "`extends` needs the `spec` that it extends", Label(mapping.span), help=cure))
        return None
    parameters = as_mapping(mapping.get("with"), "with", sink)
    return ast.Extends(
        spec,
        as_scalar(mapping.get("variant"), "variant", sink),
        parameters.entries if parameters else (),
        _parse_patches(mapping.get("patch"), sink),
        spec.span,
    )


def _parse_patches(node: tree.Tree | None, sink: DiagnosticSink) -> tuple[ast.Patch, ...]:
    if node is None or isinstance(node, tree.Broken):
        return ()
    if not isinstance(node, tree.Sequence):
        headline = f"`patch` must be a list of patches, got {tree.describe(node)}"
        sink.report(Diagnostic("E0224", headline, Label(node.span), help="begin each with `- `"))
        return ()
    made = (_parse_patch(item, sink) for item in node.items)
    return tuple(one for one in made if one is not None)


def _parse_patch(node: tree.Tree, sink: DiagnosticSink) -> ast.Patch | None:
    if not isinstance(node, tree.Mapping):
        if not isinstance(node, tree.Broken):
            head = f"a patch must be `- {{OPERATION: path, …}}`, got {tree.describe(node)}"
            sink.report(Diagnostic("E0224", head, Label(node.span), help=_known()))
        return None
    operations = [entry for entry in node.entries if entry.key.text in OPERATIONS]
    if len(operations) != 1:
        _refuse_operations(node, len(operations), sink)
        return None
    (operation,) = operations
    word = operation.key.text
    content = OPERATIONS[word]
    check_keys(node, (word, content) if content else (word,), f"`{word}`", sink)
    path = as_scalar(operation.value, word, sink)
    if path is None or not _is_filled(operation, content, node, sink):
        return None
    fields = as_mapping(node.get("with"), "with", sink) if content == "with" else None
    layers = parse_items(node.get("layers"), "layers", sink) if content == "layers" else ()
    if word in INSERTS:
        _refuse_unnamed(layers, sink)
    return ast.Patch(operation.key, path, layers, fields.entries if fields else ())


def _refuse_operations(node: tree.Mapping, count: int, sink: DiagnosticSink) -> None:
    """Report E0224 for a patch without an operation, or with more than one."""
    key, cure = _misspelt(node) if not count else (None, Cure(_known()))
    place = node.entries[0].key.span if node.entries else node.span
    fix = respell(key.span, key.text, cure.instead) if key else ()
    head = f"a patch has one operation, got {count or 'none'}"
    sink.report(Diagnostic("E0224", head, Label(place), help=cure.help, fix=fix))


def _is_filled(operation: tree.Entry, content: str | None, node: tree.Mapping, sink: DiagnosticSink) -> bool:
    """Whether a patch has its path and what it needs besides. Reports E0224."""
    word = operation.key.text
    if isinstance(operation.value, tree.Scalar) and operation.value.is_null:
        cure = "a line's path is its name, after the names of what it stands in: `stage1/unit2/conv`"
        sink.report(Diagnostic("E0224", f"`{word}` needs the path of a line", Label(operation.value.span), help=cure))
        return False
    given = node.get(content) if content else None
    is_empty = (isinstance(given, tree.Sequence) and not given.items) or (
        isinstance(given, tree.Mapping) and not given.entries
    )
    if content and (given is None or is_empty):
        form = "{field: value}" if content == "with" else "[…]"
        cure = f"write `{{{word}: path, {content}: {form}}}`"
        if word == "replace" and is_empty:
            cure = "`remove` takes a line away"
        place = given.span if given is not None else operation.key.span
        sink.report(Diagnostic("E0224", f"`{word}` needs `{content}`", Label(place), help=cure))
        return False
    return True


def _refuse_unnamed(lines: tuple[ast.Item, ...], sink: DiagnosticSink) -> None:
    """Report E0225 for inserted lines without a name, which would renumber the lines of the extended spec."""
    for line in lines:
        if not isinstance(line, ast.Unreadable) and line.modifiers.name is None:
            headline = "a line that is inserted needs a `name`, so that no other line's path changes"
            sink.report(Diagnostic("E0225", headline, Label(line.span), help="write `name:` beside its op"))


def _misspelt(node: tree.Mapping) -> tuple[tree.Scalar | None, Cure]:
    """The key that may be a slip of an operation, and what it then means."""
    for entry in node.entries:
        cure = did_you_mean(entry.key.text, OPERATIONS)
        if cure.near:
            return entry.key, cure
    return None, Cure(_known())


def _known() -> str:
    return "there are " + ", ".join(f"`{word}`" for word in OPERATIONS)
