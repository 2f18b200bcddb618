"""Makes `docs/reference.md` and `docs/lints.md` from the declarations: ops, standard blocks, codes; lints.

python tools/make_reference.py           writes them
python tools/make_reference.py --check   says whether those there are current
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from archspec import ops
from archspec.diagnostics.codes import CODES, Code, explain
from archspec.elaboration.modules import standard_words
from archspec.elaboration.vocabulary import Argument, arguments_of, find_word
from archspec.training.config import Recipe

DOCS = Path(__file__).resolve().parents[1] / "docs"
HEAD = """# Reference

Made from the declarations by `tools/make_reference.py`; do not edit. The language itself is in [guide.md](guide.md).
"""


LINTS_HEAD = """# Lints

Made from the catalogue by `tools/make_reference.py`; do not edit.

`archspec check` reports what is wrong. `archspec lint` reports besides what is sound, and may not be meant: each
finding is a question, and many a published network would be asked one.

```sh
archspec lint net.yaml                        # what `check` finds and every lint, with each variant
archspec lint net.yaml --select L12,L1301     # these codes alone, or those that begin so; errors always
archspec lint net.yaml --ignore L1304 --strict
archspec explain L1101
```

`--strict` makes the exit status 1 where anything is found; `--format` is `text`, `json`, `github` or `sarif`, as for
`check`. A lint is said once for each line, at the user's own line where the node is made by a standard block. There is
no `--fix`: what a lint proposes is another network. JSON and SARIF have the edit where there is one.

## Allowing a finding

A comment on the line that the message shows allows a warning or a lint there, for a reason:

```yaml
archspec: 1
inputs: {image: [224, 224, 3]}
layers:
  - conv_relu: {filters: 96, kernel: 3, stride: 2}   # archspec: allow L1202 as in the authors' file, for 227x227
  - global_average_pool
```

Several codes stand with commas between them. The comment works for warnings in `check` too, in every file for its own
lines, and never for errors. Without a reason it allows nothing (L1402), and where nothing on its line has the code it
is reported itself (L1401). What is allowed is counted (`1 suppressed`), stands in JSON under `suppressed` with its
reason, and in SARIF under `suppressions`.

"""
"""What stands above the lints; kept here, where the page is made."""


def main() -> int:
    """Write the pages, or compare them."""
    pages = {DOCS / "reference.md": reference(), DOCS / "lints.md": lints()}
    if "--check" not in sys.argv[1:]:
        for path, text in pages.items():
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.name}")
        return 0
    old = [path for path, text in pages.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in old:
        print(f"{path.name} is not current: run `python tools/make_reference.py`")
    return 1 if old else 0


def reference() -> str:
    """The whole text."""
    parts = [HEAD, "## Ops\n"]
    parts += [_word(word) for word in sorted(ops.words())]
    parts.append("## Standard blocks\n")
    parts += [_word(word) for word in sorted(standard_words())]
    parts.append("## The `training:` section\n")
    parts.append(_fields(Recipe))
    parts.append("## Diagnostics\n")
    parts.append("Lints are on [a page of their own](lints.md).\n")
    parts += [f"### {code}\n\n{explain(code)}\n" for code in sorted(CODES) if not code.startswith("L")]
    return "\n".join(parts)


def lints() -> str:
    """The page of lints, with a table of them."""
    found = {code: CODES[code] for code in sorted(CODES) if code.startswith("L")}
    table = ["| code | what it reports |", "| --- | --- |"]
    table += [f"| [{code}](#{code.lower()}) | {entry.title} |" for code, entry in found.items()]
    return LINTS_HEAD + "\n".join([*table, "", *(_lint(code, entry) for code, entry in found.items())])


def _lint(code: str, entry: Code) -> str:
    parts = [
        f"## {code}",
        f"*{entry.title[0].upper()}{entry.title[1:]}*",
        entry.explanation,
        f"**Why it is bad.** {entry.why}",
        f"**Example**\n\n```yaml\n{entry.wrong}\n```",
        f"**Use instead**\n\n```yaml\n{entry.right}\n```",
        f"**When to keep it.** {entry.keep}",
    ]
    return "\n\n".join(parts) + "\n"


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
