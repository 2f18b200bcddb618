"""Makes `docs/reference.md` from the declarations: every op, standard block and diagnostic code.

python tools/make_reference.py           writes it
python tools/make_reference.py --check   says whether the one there is current
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from pathlib import Path

from archspec.diagnostics.codes import CODES, explain

from archspec import ops
from archspec.elaboration.field_types import describe, field_types
from archspec.elaboration.modules import find_block, standard_text, standard_words
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


def _fields(model: type) -> str:
    rows = [
        f"| `{name}` | {describe(kind.annotation)} | {_default(model, name, kind.default)} | {kind.description} |"
        for name, kind in field_types(model).items()
    ]
    if not rows:
        return ""
    return "\n".join(["| field | value | default | what it is |", "| --- | --- | --- | --- |", *rows]) + "\n"


def _default(model: type, name: str, default: object) -> str:
    if model.model_fields[name].is_required():  # type: ignore[attr-defined]
        return "required"
    return "" if default is None else f"`{written(default)}`"  # type: ignore[arg-type]


def _block(word: str) -> str:
    found = find_block(word, None)  # type: ignore[arg-type]
    assert found is not None
    about = found.block.about.text if found.block.about else ""
    return f"### {word}\n\n{about}\n\n```yaml\n{standard_text(word).strip()}\n```\n"


if __name__ == "__main__":
    sys.exit(main())
