"""What is set from outside a file: the variant, parameters, input shapes; and the binding of a file's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, Origin, SourceFile, Span
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import did_you_mean, nearest
from archspec.elaboration.arguments import Argument
from archspec.elaboration.context import Context
from archspec.elaboration.parameters import HANDED_ON, SIMPLE, argument_value, declared_type, default_value, define_lets
from archspec.ops import OWN, Vocabulary
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import UNKNOWN, Value
from archspec.syntax.reader import read
from archspec.syntax.written_expressions import check_expressions_in


@dataclass(frozen=True)
class Settings:
    """Settings of one compilation. Values are trees, so that a mistake in one is shown at its place."""

    variant: str | None = None
    parameters: Mapping[str, tree.Tree] = field(default_factory=dict)
    inputs: dict[str, tree.Tree] = field(default_factory=dict)
    ops: Vocabulary = OWN
    watched: str | None = None
    """The path of a node of which it is to be remembered what was written for it."""


def read_setting(option: str, text: str, sink: DiagnosticSink) -> tuple[str, tree.Tree] | None:
    """A setting `name=value` from a command line as a name and a tree whose places are in the option's own text.

    `--set width=64` gives (`width`, the scalar `64`). Reports E0219 where the text is no setting.
    """
    source = SourceFile(option, text)
    name, equals, value = text.partition("=")
    span = Span(source, 1, 1, 1, len(text) + 1)
    if not equals or not name.strip() or not value.strip():
        sink.report(Diagnostic("E0219", f"`{option}` takes `name=value`, got `{tree.shorten(text)}`", Label(span)))
        return None
    # Blanks in front keep the value's columns those of the option's text.
    padded = SourceFile(option, " " * (len(name) + 1) + value, shown=text)
    node = read(padded, sink)
    if node is None:
        return None
    check_expressions_in(node, sink)
    return name.strip(), node


def read_shape(option: str, text: str, sink: DiagnosticSink) -> tuple[str, tree.Tree] | None:
    """An input's shape `name=224x224x3` (`?` or a word for an open size) from a command line. Reports E0219."""
    source = SourceFile(option, text)
    name, equals, value = text.partition("=")
    span = Span(source, 1, 1, 1, len(text) + 1)
    sizes = value.replace("X", "x").split("x")
    if not equals or not name.strip() or not all(size.strip() for size in sizes):
        cure = "write `--input image=224x224x3`, with `?` or a word for an open size"
        sink.report(
            Diagnostic("E0219", f"`{option}` takes `name=HxWxC`, got `{tree.shorten(text)}`", Label(span), help=cure)
        )
        return None
    items = []
    column = len(name) + 2
    for size in sizes:
        items.append(tree.Scalar(size.strip(), False, Span(source, 1, column, 1, column + len(size))))
        column += len(size) + 1
    shape = tree.Sequence(tuple(items), span)
    check_expressions_in(shape, sink)
    return name.strip(), shape


def chosen_variant(settings: Settings) -> tree.Scalar | None:
    """The variant that a command line asks for, as a scalar whose place is the option's own text."""
    if settings.variant is None:
        return None
    source = SourceFile("--variant", settings.variant)
    return tree.Scalar(settings.variant, False, Span(source, 1, 1, 1, len(settings.variant) + 1))


def find_variant(document: ast.Document, name: tree.Scalar | None, context: Context) -> ast.Variant | None:
    """The variant of that name. Reports E0220 where the file has none."""
    if name is None:
        return None
    found = next((one for one in document.variants if one.name.text == name.text), None)
    if found is None:
        known = [variant.name.text for variant in document.variants]
        near = nearest(name.text, known)
        cure = (
            f"did you mean `{near}`?"
            if near
            else ("there are " + ", ".join(known) if known else "the file has no `variants:`")
        )
        context.report("E0220", f"there is no variant `{tree.shorten(name.text)}`", name.span, help_=cure)
    return found


def arguments_of(settings: Settings, context: Context) -> dict[str, Argument]:
    """The parameters set from a command line or in Python."""
    return {name: Argument(name, node.span, node.span, context, node) for name, node in settings.parameters.items()}


def bind_parameters(
    document: ast.Document, variant: ast.Variant | None, given: Mapping[str, Argument], context: Context
) -> None:
    """Bind the file's parameters and `let`s: from what is given, else the variant, else the declared default.

    Reports E0221 (setting what is no parameter), E0505 (no value) and what the values themselves report.
    """
    arguments = dict(given)
    for entry in variant.parameters if variant else ():
        name = entry.key.text
        arguments.setdefault(name, Argument(name, entry.key.span, entry.value.span, context, entry.value))
    define_parameters(document, arguments, context)
    for name in context.bindings.own():
        context.bindings.get(name)  # evaluated even if nothing asks, so that every mistake is seen


def bind_parents(context: Context) -> None:
    """Bind the parameters of each spec that the file extends to what the extending file gives them."""
    module = context.module
    while module.parent is not None and (extends := module.document.extends) is not None:
        use = Origin(extends.span, context.use)
        parent = replace(context, module=module.parent, bindings=module.parent.bindings, use=use)
        variant = find_variant(module.parent.document, extends.variant, context)
        given = {
            entry.key.text: Argument(entry.key.text, entry.key.span, entry.value.span, context, entry.value)
            for entry in extends.parameters
        }
        bind_parameters(module.parent.document, variant, given, parent)
        module, context = module.parent, parent


def define_parameters(document: ast.Document, given: Mapping[str, Argument], context: Context) -> None:
    """As `bind_parameters`, but each value is found, and each mistake seen, when it is first asked for."""
    parameters = {parameter.name.text: parameter for parameter in document.parameters}
    context.bindings.arguments = given
    for name, argument in given.items():
        if name not in parameters:
            otherwise = "there are " + ", ".join(parameters) if parameters else "the file has no `parameters:`"
            if document.extends is not None and not parameters:
                otherwise = "those of the extended spec are set in the file: `extends: {spec: …, with: {…}}`"
            cure = did_you_mean(name, parameters, otherwise, taken=given)
            fix = respell(argument.name_span, name, cure.instead)
            headline = f"there is no parameter `{tree.shorten(name)}`"
            argument.context.report("E0221", headline, argument.name_span, help_=cure.help, fix=fix)
    for name, parameter in parameters.items():
        if name in given:
            context.bindings.define(name, partial(argument_value, parameter, given[name], "parameters", context))
        elif parameter.default is not None or _has_field_default(parameter, context):
            context.bindings.define(name, partial(default_value, parameter, context))
        else:
            context.bindings.define(name, partial(_refuse_unset, parameter, context))
    define_lets(document.let, context)


def _refuse_unset(parameter: ast.Parameter, context: Context) -> Value:
    name = parameter.name.text
    cure = f"add a `default`, or `--set {name}=…`"
    context.report("E0505", f"the parameter `{name}` has no default and is not set", parameter.name.span, help_=cure)
    return UNKNOWN


def _has_field_default(parameter: ast.Parameter, context: Context) -> bool:
    if parameter.kind in SIMPLE or parameter.kind in HANDED_ON:
        return False
    kind = declared_type(parameter, context)
    return kind is None or kind.default is not None
