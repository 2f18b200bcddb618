"""Makes `docs/reference.md` from the declarations: every op, standard block and diagnostic code.

python tools/make_reference.py           writes it
python tools/make_reference.py --check   says whether the one there is current
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from archspec import ops
from archspec.diagnostics.codes import CODES, explain
from archspec.elaboration.modules import standard_words
from archspec.elaboration.vocabulary import Argument, arguments_of, find_word
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
    parts += [_word(word) for word in sorted(ops.words())]
    parts.append("## Standard blocks\n")
    parts += [_word(word) for word in sorted(standard_words())]
    parts.append("## The `training:` section\n")
    parts.append(_fields(Recipe))
    parts.append("## Diagnostics\n")
    parts += [f"### {code}\n\n{explain(code)}\n" for code in sorted(CODES)]
    return "\n".join(parts)


def _word(name: str) -> str:
    word = find_word(name)
    assert word is not None
    if word.is_block:
        return f"### {name}\n\n{word.text}\n\n```yaml\n{word.body}\n```\n"
    table = "\n".join(_table(word.arguments)) + "\n" if word.arguments else ""
    return f"### {name}\n\n```text\n{word.text}\n```\n\n{table}\n```yaml\n{word.spec}\n```\n"


def _fields(model: type[BaseModel], title: str = "") -> str:
    """A table of a model's fields, and below it those of the models inside it."""
    inner = {name: found for name, info in model.model_fields.items() if (found := _model_in(info.annotation))}
    rows = [replace(one, takes="see below") if one.name in inner else one for one in arguments_of(model)]
    head = [f"#### `{title}`\n"] if title else []
    below = [_fields(found, f"{title}.{name}".lstrip(".")) for name, found in inner.items()]
    return "\n".join([*head, *_table(rows), "", *below])


def _table(arguments: Iterable[Argument]) -> list[str]:
    rows = (
        f"| `{one.name}` | {one.takes} | {'required' if one.required else _code(one.default)} | {one.about} |"
        for one in arguments
    )
    return ["| field | value | default | what it is |", "| --- | --- | --- | --- |", *rows]


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field holds, by itself, by name or optionally."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)


if __name__ == "__main__":
    sys.exit(main())
