"""Tree -> items and branches: the lines of `layers`. Which words are ops, blocks or joins is not known here."""

from __future__ import annotations

from archspec.diagnostics import Diagnostic, DiagnosticSink, Edit, Fix, Label, Span
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import Cure, did_you_mean
from archspec.syntax import ast, tree
from archspec.syntax.names import check_name, check_variable

MODIFIERS = ("name", "from", "when", "only", "with")
RESERVED = (*MODIFIERS, "for", "repeat", "rows", "layers", "side", "use")
"""Words that no op and no block may have."""

LOOP_KEYS = ("repeat", "for", "rows", "layers", *MODIFIERS)
BRANCH_KEYS = ("for", "repeat", "rows", "when", "from", "only", "layers")


def parse_items(node: tree.Tree | None, what: str, sink: DiagnosticSink) -> tuple[ast.Item, ...]:
    """The items of a list. Reports E0208 where it is none, and then gives one item that is unreadable."""
    if node is None:
        return ()
    if isinstance(node, tree.Broken):
        return (ast.Unreadable(node.span),)
    if not isinstance(node, tree.Sequence):
        sink.report(
            Diagnostic(
                "E0208",
                f"`{what}` must be a list of layers, got {tree.describe(node)}",
                Label(node.span),
                help="begin each line with `- `",
            )
        )
        return (ast.Unreadable(node.span),)
    return tuple(_parse_item(item, sink) for item in node.items)


def parse_branches(node: tree.Tree | None, word: tree.Scalar, sink: DiagnosticSink) -> tuple[ast.Branch, ...] | None:
    """The named branches of a join; `None` for a join that stands alone and joins what flows."""
    if node is None or (isinstance(node, tree.Scalar) and node.is_null):
        return None
    named = node.get("from") if isinstance(node, tree.Mapping) and len(node.entries) == 1 else None
    if isinstance(node, tree.Mapping) and node.entries and named is None:
        return tuple(_parse_branch(entry, sink) for entry in node.entries)
    if not isinstance(node, tree.Broken):
        got = "none" if isinstance(node, tree.Mapping) else tree.describe(node)
        if named is not None:
            got = "`from`"
        names = named if named is not None else node
        cure = f"write `{word.text}: {{left: […], right: […]}}`"
        if isinstance(names, tree.Sequence) and all(isinstance(one, tree.Scalar) for one in names.items):
            cure = f"values are joined by name as `{{{word.text}, from: {tree.shorten(names.span.text or '[…]')}}}`"
        sink.report(Diagnostic("E0209", f"`{word.text}` takes named branches, got {got}", Label(node.span), help=cure))
    return ()


def parse_references(node: tree.Tree | None, sink: DiagnosticSink) -> tuple[tree.Scalar, ...] | None:
    """One reference or a list of them; `None` for nothing, none of them after E0210."""
    if node is None:
        return None
    if isinstance(node, tree.Broken):
        return ()
    if isinstance(node, tree.Scalar) and not node.is_null:
        return (node,)
    items = node.items if isinstance(node, tree.Sequence) else ()
    names = tuple(item for item in items if isinstance(item, tree.Scalar) and not item.is_null)
    if names and len(names) == len(items):
        return names
    wrong = next((item for item in items if item not in names), node)
    got = "an empty list" if isinstance(wrong, tree.Sequence) and not wrong.items else tree.describe(wrong)
    sink.report(Diagnostic("E0210", f"a name or a list of names must stand here, got {got}", Label(wrong.span)))
    return ()


def report_unknown_key(where: str, key: tree.Scalar, cure: Cure, sink: DiagnosticSink) -> None:
    """Report E0202."""
    headline = f"{where} has no key `{tree.shorten(key.text)}`"
    fix = respell(key.span, key.text, cure.instead)
    sink.report(Diagnostic("E0202", headline, Label(key.span), help=cure.help, fix=fix))


def _parse_item(node: tree.Tree, sink: DiagnosticSink) -> ast.Item:
    if isinstance(node, tree.Scalar) and not node.is_null:
        return ast.Use(node, None, ast.Modifiers(), node.span)
    if not isinstance(node, tree.Mapping) or not node.entries:
        if not isinstance(node, tree.Broken):
            sink.report(
                Diagnostic("E0211", f"a layer must be `- op` or `- op: …`, got {tree.describe(node)}", Label(node.span))
            )
        return ast.Unreadable(node.span)
    keys = [entry.key.text for entry in node.entries]
    if "for" in keys or "repeat" in keys:
        return _parse_loop(node, sink)
    return _parse_use(node, sink)


def _parse_use(node: tree.Mapping, sink: DiagnosticSink) -> ast.Item:
    modifiers = _parse_modifiers(node, sink)
    ops = [entry for entry in node.entries if entry.key.text not in MODIFIERS]
    if len(ops) > 1:
        first, second = ops[0].key, ops[1].key
        slip, cure = _misspelt_modifier((first, second), {entry.key.text for entry in node.entries})
        sink.report(
            Diagnostic(
                "E0212",
                f"a line holds one op, got `{first.text}` and `{second.text}`",
                Label(second.span, "a second"),
                (Label(first.span, "the first"),),
                help=cure.help,
                fix=respell(slip.span, slip.text, cure.instead),
            )
        )
        return ast.Unreadable(node.span)
    if not ops:
        if modifiers.source is not None:
            _refuse_arguments(modifiers, "from", sink)
            return ast.Continue(modifiers, node.entries[0].key.span)
        sink.report(
            Diagnostic("E0211", "a layer must name an op", Label(node.entries[0].key.span, "only modifiers stand here"))
        )
        return ast.Unreadable(node.span)
    (entry,) = ops
    if entry.key.text == "side":
        _refuse_arguments(modifiers, "side", sink)
        return ast.Side(parse_items(entry.value, "side", sink), modifiers, entry.key.span)
    value = None if isinstance(entry.value, tree.Scalar) and entry.value.is_null else entry.value
    return ast.Use(entry.key, value, modifiers, entry.key.span)


def _misspelt_modifier(words: tuple[tree.Scalar, tree.Scalar], taken: set[str]) -> tuple[tree.Scalar, Cure]:
    """The word of two on a line that is a slip of a modifier or else of a loop's word, and the cure."""
    if conditional := next((word for word in words if word.text == "if" and "when" not in taken), None):
        return conditional, Cure("a condition is written `when:`", "when", "when")
    for known in (MODIFIERS, RESERVED):
        for word in words:
            if word.text not in RESERVED and (cure := did_you_mean(word.text, known, taken=taken)).near:
                return word, cure
    first, second = (tree.shorten(word.text) for word in words)
    inside = f"`{first}: {{…, {second}: …}}`"
    return words[1], Cure(f"a field stands inside its op, {inside}, another op on a line of its own")


def _parse_loop(node: tree.Mapping, sink: DiagnosticSink) -> ast.Item:
    head = next(entry.key for entry in node.entries if entry.key.text in ("for", "repeat"))
    unknown = [entry.key for entry in node.entries if entry.key.text not in LOOP_KEYS]
    for key in unknown:
        cure = did_you_mean(
            key.text, LOOP_KEYS, "put the layers under `layers:`", {one.key.text for one in node.entries}
        )
        report_unknown_key("a loop", key, cure, sink)
    if node.get("layers") is None:
        if not unknown:
            sink.report(Diagnostic("E0207", f"`{head.text}` needs `layers`", Label(head.span)))
        return ast.Unreadable(node.span)
    passes = _parse_passes(node, head.span, sink)
    layers = parse_items(node.get("layers"), "layers", sink)
    modifiers = _parse_modifiers(node, sink)
    _refuse_arguments(modifiers, head.text, sink)
    return ast.Loop(passes, layers, modifiers, head.span) if passes else ast.Unreadable(node.span)


def _refuse_arguments(modifiers: ast.Modifiers, word: str, sink: DiagnosticSink) -> None:
    """Report E0507 for a `with` beside what takes no arguments."""
    if modifiers.arguments is not None:
        headline = f"`with` belongs to `use` and to joins, not to `{word}`"
        sink.report(Diagnostic("E0507", headline, Label(modifiers.arguments.span), help="remove it"))


def _parse_passes(node: tree.Mapping, head: Span, sink: DiagnosticSink) -> ast.Passes | None:
    """What `repeat` or `for` (with `rows`) says. Reports E0213."""
    count, columns, rows = node.get("repeat"), node.get("for"), node.get("rows")
    if isinstance(count, tree.Scalar) and not count.is_null and columns is None and rows is None:
        return ast.Passes(repeats=count)
    if isinstance(columns, tree.Mapping) and columns.entries and count is None and rows is None:
        for entry in columns.entries:
            check_variable(entry.key, sink, column=True)
        return ast.Passes(columns=columns.entries)
    if isinstance(columns, tree.Sequence) and columns.items and count is None and rows is not None:
        return ast.Passes(row_names=_parse_row_names(columns, sink), rows=rows)
    if not any(isinstance(one, tree.Broken) for one in (count, columns, rows)):
        forms = "`repeat: number`, `for: {name: list, …}`, or `for: [names]` with `rows: table`"
        cure = None
        if count is not None and columns is not None:
            cure = "keep one of `repeat` and `for`"
        elif isinstance(columns, tree.Sequence):
            cure = "add `rows: table`, or give each name its list: `for: {name: list}`"
        sink.report(Diagnostic("E0213", f"a loop is {forms}", Label(head), help=cure))
    return None


def _parse_row_names(columns: tree.Sequence, sink: DiagnosticSink) -> tuple[tree.Scalar, ...]:
    """The names of a table's columns, each once. Reports E0205, E0210 and E0306."""
    names = parse_references(columns, sink) or ()
    first: dict[str, tree.Scalar] = {}
    for name in names:
        check_variable(name, sink, column=True)
        if first.setdefault(name.text, name) is not name:
            headline = f"the name `{tree.shorten(name.text)}` is taken in this loop"
            labels = (Label(first[name.text].span, "first here"),)
            sink.report(Diagnostic("E0306", headline, Label(name.span), labels, help="give one of them another name"))
    return names


def _parse_modifiers(node: tree.Mapping, sink: DiagnosticSink) -> ast.Modifiers:
    only = _scalar(node, "only", sink)
    if only is not None and only.text != "training":
        cure = did_you_mean(only.text, ["training"])
        headline = f"`only` must be `training`, got {tree.describe(only)}"
        fix = respell(only.span, only.text, cure.instead)
        sink.report(Diagnostic("E0214", headline, Label(only.span), help=cure.help, fix=fix))
    arguments = node.get("with")
    if arguments is not None and not isinstance(arguments, tree.Mapping | tree.Broken):
        sink.report(
            Diagnostic("E0203", f"`with` must be a mapping, got {tree.describe(arguments)}", Label(arguments.span))
        )
    return ast.Modifiers(
        name=_scalar(node, "name", sink),
        source=parse_references(node.get("from"), sink),
        when=_scalar(node, "when", sink),
        training_only=only is not None and only.text == "training",
        arguments=arguments if isinstance(arguments, tree.Mapping) else None,
    )


def _scalar(node: tree.Mapping, key: str, sink: DiagnosticSink) -> tree.Scalar | None:
    value = node.get(key)
    if value is None or (isinstance(value, tree.Scalar) and not value.is_null):
        return value
    if not isinstance(value, tree.Broken):
        sink.report(Diagnostic("E0203", f"`{key}` must be one value, got {tree.describe(value)}", Label(value.span)))
    return None


def _parse_branch(entry: tree.Entry, sink: DiagnosticSink) -> ast.Branch:
    node = entry.value
    if check_name(entry.key, sink).text == "in":
        headline = "`in` is a block's input, and no branch can have its name"
        sink.report(Diagnostic("E0205", headline, Label(entry.key.span), help="choose another name"))
    if isinstance(node, tree.Scalar) and node.is_null:
        headline = f"`{entry.key.text}` must be a list of layers, got nothing"
        fix = _as_identity(entry.key.span, node)
        sink.report(Diagnostic("E0208", headline, Label(node.span), help="the identity is `[]`", fix=fix))
        return ast.Branch(entry.key, (ast.Unreadable(node.span),))
    if not isinstance(node, tree.Mapping):
        return ast.Branch(entry.key, parse_items(node, entry.key.text, sink))
    unknown = [one.key for one in node.entries if one.key.text not in BRANCH_KEYS]
    for key in unknown:
        otherwise = "a branch is a list: write `[…]` or begin its lines with `- `"
        cure = did_you_mean(key.text, BRANCH_KEYS, otherwise, {one.key.text for one in node.entries})
        report_unknown_key("a branch", key, cure, sink)
    if node.get("layers") is None and not unknown:
        help_ = "the identity is `layers: []`"
        sink.report(Diagnostic("E0207", f"`{entry.key.text}` needs `layers`", Label(entry.key.span), help=help_))
    looped = any(node.get(key) is not None for key in ("for", "repeat", "rows"))
    passes = _parse_passes(node, entry.key.span, sink) if looped else None
    layers = parse_items(node.get("layers"), "layers", sink)
    if node.get("layers") is None or (looped and passes is None):
        layers = (ast.Unreadable(node.span),)
    return ast.Branch(entry.key, layers, passes, _parse_modifiers(node, sink))


def _as_identity(key: Span, missing: tree.Scalar) -> Fix:
    """`[]` for `null`, or behind the key's colon where nothing is written."""
    if missing.text:
        return respell(missing.span, missing.text, "[]")
    colon = key._replace(line=key.end_line, column=key.end_column, end_column=key.end_column + 1)
    return (Edit(colon, ": []"),) if colon.text == ":" else ()
