"""Makes `docs/reference.md` from the declarations: every op, standard block and diagnostic code.

python tools/make_reference.py           writes it
python tools/make_reference.py --check   says whether the one there is current
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from archspec import ops
from archspec.diagnostics.codes import CODES, explain
from archspec.elaboration.field_types import as_value
from archspec.elaboration.modules import standard_block, standard_text, standard_words
from archspec.elaboration.wording import describe
from archspec.ir.op import Op
from archspec.syntax.evaluation import written
from archspec.training.config import Recipe

OUTPUT = Path(__file__).resolve().parents[1] / "docs" / "reference.md"
HEAD = """# Reference

Made from the declarations by `tools/make_reference.py`; do not edit. The language itself is in [guide.md](guide.md).
"""


def main() -> int:
    """Write the reference, or compare it."""
    text = reference()
    if "--check" not in sys.argv[1:]:
        OUTPUT.write_text(text, encoding="utf-8")
        print(f"wrote {OUTPUT.name}")
        return 0
    if OUTPUT.is_file() and OUTPUT.read_text(encoding="utf-8") == text:
        return 0
    print(f"{OUTPUT.name} is not current: run `python tools/make_reference.py`")
    return 1


def reference() -> str:
    """The whole text."""
    parts = [HEAD, "## Ops\n"]
    parts += [_op(word) for word in sorted(ops.words())]
    parts.append("## Standard blocks\n")
    parts += [_block(word) for word in sorted(standard_words())]
    parts.append("## The `training:` section\n")
    parts.append(_fields(Recipe))
    parts.append("## Diagnostics\n")
    parts += [f"### {code}\n\n{explain(code)}\n" for code in sorted(CODES)]
    return "\n".join(parts)


def _op(word: str) -> str:
    op = ops.find(word)
    assert op is not None
    return f"### {word}\n\n{_about(op)}\n{_fields(op)}\n```yaml\n{textwrap.dedent(op.example).strip()}\n```\n"


def _about(op: type[Op]) -> str:
    """The module's docstring for an op with a file of its own, the class' for a member of a family."""
    module = inspect.getmodule(op)
    own = module is not None and not module.__name__.startswith("archspec.ops.families")
    return f"```text\n{inspect.cleandoc((module.__doc__ if own and module else op.__doc__) or '')}\n```\n"


def _fields(model: type[BaseModel], title: str = "") -> str:
    """A table of a model's fields, and below it those of the models inside it."""
    rows = [_row(name, info) for name, info in model.model_fields.items()]
    if not rows:
        return ""
    head = [f"#### `{title}`\n"] if title else []
    table = [*head, "| field | value | default | what it is |", "| --- | --- | --- | --- |", *rows, ""]
    inner = [(name, found) for name, info in model.model_fields.items() if (found := _model_in(info.annotation))]
    return "\n".join(table + [_fields(found, f"{title}.{name}".lstrip(".")) for name, found in inner])


def _row(name: str, info: FieldInfo) -> str:
    annotation: Any = info.annotation
    for bound in info.metadata:
        annotation = Annotated[annotation, bound]
    value = "see below" if _model_in(annotation) else describe(annotation)
    return f"| `{name}` | {value} | {_default(info)} | {info.description or ''} |"


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    if info.default is None or isinstance(info.default, BaseModel):
        return ""
    if isinstance(info.default, float):
        return f"`{info.default:g}`"
    return f"`{written(as_value(info.default))}`"


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field holds, by itself, by name or optionally."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)


def _block(word: str) -> str:
    found = standard_block(word)
    about = found.block.about.text if found.block.about else ""
    body = standard_text(word).strip().removeprefix("archspec: 1\n")
    return f"### {word}\n\n{about}\n\n```yaml\n{body}\n```\n"


if __name__ == "__main__":
    sys.exit(main())
