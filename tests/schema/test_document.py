"""The schema as a whole: one of draft 7, the same everywhere, current, and with a description for everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from archspec import ops
from archspec.analysis.figures import FIGURES, MEMORY
from archspec.cli import main
from archspec.elaboration.field_types import field_types
from archspec.elaboration.modules import standard_words
from archspec.schema.declarations import BLOCK_TEXTS, FIGURE_TEXTS, PARAMETER_TEXTS
from archspec.schema.document import KEY_TEXTS, json_schema, schema_text
from archspec.schema.items import BESIDE
from archspec.syntax.declarations import BLOCK_KEYS, PARAMETER_KEYS
from archspec.syntax.items import MODIFIERS
from archspec.syntax.parser import DOCUMENT_KEYS

ROOT = Path(__file__).parents[2]


def test_the_schema_is_one_of_draft_7() -> None:
    Draft7Validator.check_schema(json_schema())


def test_the_text_is_the_schema() -> None:
    assert json.loads(schema_text()) == json_schema()


def test_every_reference_leads_to_a_definition() -> None:
    whole = json_schema()
    definitions = whole["definitions"]
    assert isinstance(definitions, dict)
    found = set(references(whole))
    assert {f"#/definitions/{name}" for name in definitions} >= found
    assert len(found) > 100


def references(schema: object) -> Iterator[str]:
    if isinstance(schema, list):
        for one in schema:
            yield from references(one)
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value
            yield from references(value)


def test_the_text_is_the_same_in_every_process() -> None:
    program = "import sys; from archspec.cli import main; sys.exit(main(['schema']))"
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert texts == {schema_text()}


def test_the_schema_beside_the_documentation_is_current() -> None:
    written = (ROOT / "docs" / "archspec.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "run `python tools/make_schema.py`"


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == schema_text()


def test_check_does_not_load_it() -> None:
    program = "import sys; from archspec.cli import main; main(['check', 'lenet5']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "archspec.elaboration" in loaded
    assert "archspec.schema" not in loaded


def definition(name: str) -> dict[str, object]:
    definitions = json_schema()["definitions"]
    assert isinstance(definitions, dict)
    found = definitions[name]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("word", sorted(ops.words() | standard_words()))
def test_every_word_and_field_is_described(word: str) -> None:
    assert definition(word)["description"]
    op = None if word in standard_words() else ops.find(word)
    for field, kind in (field_types(op) if op else {}).items():
        description = definition(f"{word}.{field}")["description"]
        assert isinstance(description, str)
        assert description.startswith(kind.description)


def test_a_field_says_what_it_takes_and_what_it_is_unless_given() -> None:
    assert definition("conv.stride")["description"] == (
        "the window's step along each axis\na whole number of at least 1, or a list of such; `1` unless given"
    )
    assert definition("conv.stride")["default"] == 1


def test_every_key_is_described() -> None:
    assert tuple(KEY_TEXTS) == DOCUMENT_KEYS
    assert tuple(BLOCK_TEXTS) == BLOCK_KEYS
    assert tuple(PARAMETER_TEXTS) == PARAMETER_KEYS
    assert set(FIGURE_TEXTS) == {*FIGURES, MEMORY}
    assert {*BESIDE, "with"} == set(MODIFIERS)


def test_every_field_of_the_recipe_is_described() -> None:
    properties = json_schema()["properties"]
    assert isinstance(properties, dict)
    assert list(undescribed(properties["training"], "training")) == []
    assert "epochs" in properties["training"]["properties"]


def undescribed(schema: dict[str, object], path: str) -> Iterator[str]:
    """The paths of a section's fields without a description, those of its sections' included."""
    properties = schema.get("properties", {})
    assert isinstance(properties, dict)
    for name, field in properties.items():
        if not field.get("description"):
            yield f"{path}.{name}"
        yield from undescribed(field, f"{path}.{name}")
