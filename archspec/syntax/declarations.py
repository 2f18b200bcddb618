"""Tree -> what a file or block declares: parameters, `let`s, variants, defaults, blocks, shared layers."""

from __future__ import annotations

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, Span
from archspec.syntax import ast, tree
from archspec.syntax.items import RESERVED, parse_items, parse_references
from archspec.syntax.mappings import as_mapping, as_scalar, check_keys, each, named
from archspec.syntax.names import check_name, check_variable, is_name
from archspec.syntax.written_expressions import warn_of_unread

BLOCK_KEYS = ("about", "reference", "parameters", "inputs", "let", "shared", "layers", "outputs")
IMPORT_KEYS = ("from", "block")
FILE_ENDINGS = (".yaml", ".yml")
"""Of what is read as a file's path where a block could stand, and as no shipped spec's name after `extends`."""

PARAMETER_KEYS = ("type", "default", "min", "max", "one_of", "search", "about")


def parse_numbers(
    mapping: tree.Mapping, sink: DiagnosticSink
) -> tuple[tuple[ast.Parameter, ...], tuple[tree.Entry, ...]]:
    """The parameters and the `let`s of a file or block, which share one set of names. Reports E0222."""
    parameters = each(mapping.get("parameters"), "parameters", _parse_parameter, sink, check_variable)
    let = named(mapping.get("let"), "let", sink, check_variable)
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
        mapping.get("search"),
    )


def _refuse_search(parameters: tuple[ast.Parameter, ...], sink: DiagnosticSink) -> None:
    """Report E0226: only what is set from outside a file can be searched from there."""
    for parameter in parameters:
        if parameter.search is not None:
            cure = "declare it under the file's own `parameters:`, and hand it to the block where it is used"
            headline = f"`{parameter.name.text}` is a block's parameter, and has no `search`"
            sink.report(Diagnostic("E0226", headline, Label(parameter.search.span), help=cure))


def parse_variant(entry: tree.Entry, sink: DiagnosticSink) -> ast.Variant | None:
    if isinstance(entry.value, tree.Scalar) and entry.value.is_null:
        return ast.Variant(entry.key, (), None)
    mapping = as_mapping(entry.value, entry.key.text, sink)
    if mapping is None:
        return None
    parameters = tuple(one for one in mapping.entries if one.key.text != "expect")
    return ast.Variant(entry.key, parameters, as_mapping(mapping.get("expect"), "expect", sink))


def parse_default(entry: tree.Entry, sink: DiagnosticSink) -> ast.Default | None:
    mapping = as_mapping(entry.value, entry.key.text, sink)
    return ast.Default(entry.key, mapping.entries) if mapping else None


def _layers_alone(entry: tree.Entry, sink: DiagnosticSink) -> tree.Mapping | None:
    """A block written as its layers alone, as those of `shared` are, and reported."""
    if not isinstance(entry.value, tree.Sequence):
        return None
    word, span = entry.key.text, entry.value.span
    cure = f"its layers stand under `layers`: `{word}: {{layers: […]}}`"
    sink.report(Diagnostic("E0203", f"the block `{word}` must be a mapping, got a list", Label(span), help=cure))
    return tree.Mapping((tree.Entry(tree.Scalar("layers", False, entry.key.span), entry.value),), span)


def parse_block(entry: tree.Entry, sink: DiagnosticSink) -> ast.Block | ast.Import | None:
    if isinstance(entry.value, tree.Scalar) and entry.value.text.endswith(FILE_ENDINGS):
        _refuse_reserved(entry.key, "block", sink)
        return ast.Import(entry.key, entry.value, entry.key)
    mapping = _layers_alone(entry, sink) or as_mapping(entry.value, entry.key.text, sink)
    if mapping is None:
        return None
    if mapping.get("from") is not None and mapping.get("layers") is None:
        return _parse_import(entry.key, mapping, sink)
    check_keys(mapping, BLOCK_KEYS, "a block", sink)
    _refuse_reserved(entry.key, "block", sink)
    if mapping.get("layers") is None:
        sink.report(Diagnostic("E0207", f"the block `{entry.key.text}` needs `layers`", Label(entry.key.span)))
    parameters, let = parse_numbers(mapping, sink)
    _refuse_search(parameters, sink)
    warn_of_unread(mapping, [mapping], sink)
    return ast.Block(
        name=entry.key,
        about=as_scalar(mapping.get("about"), "about", sink),
        parameters=parameters,
        inputs=_parse_inputs(mapping.get("inputs"), sink),
        let=let,
        shared=each(mapping.get("shared"), "shared", parse_shared, sink, check_shared_word),
        layers=parse_items(mapping.get("layers"), "layers", sink),
        outputs=parse_references(mapping.get("outputs"), sink),
        span=entry.key.span,
    )


def _parse_import(name: tree.Scalar, mapping: tree.Mapping, sink: DiagnosticSink) -> ast.Import | None:
    check_keys(mapping, IMPORT_KEYS, "a block of another file", sink)
    _refuse_reserved(name, "block", sink)
    file = as_scalar(mapping.get("from"), "from", sink)
    block = as_scalar(mapping.get("block"), "block", sink)
    return ast.Import(name, file, block or name) if file else None


def _refuse_reserved(word: tree.Scalar, what: str, sink: DiagnosticSink) -> None:
    """Report E0205 for a block or shared layers that have a word of the language as their name."""
    if word.text in (*RESERVED, "in", "parallel"):
        headline = f"`{word.text}` is a word of the language, and no {what} can have its name"
        sink.report(Diagnostic("E0205", headline, Label(word.span), help="choose another name"))


def check_shared_word(word: tree.Scalar, sink: DiagnosticSink) -> tree.Scalar:
    """The scalar, with E0205 reported where it is no path of names: the weights of shared layers stand at that path."""
    _refuse_reserved(word, "shared layers", sink)
    if "/" not in word.text or not all(map(is_name, word.text.split("/"))):
        check_name(word, sink)
    return word


def parse_shared(entry: tree.Entry, sink: DiagnosticSink) -> ast.Shared:
    return ast.Shared(entry.key, parse_items(entry.value, entry.key.text, sink))


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
