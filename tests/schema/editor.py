"""A spec as an editor sees it: YAML read by version 1.2's core table into plain values, and held against the schema."""

from __future__ import annotations

import re
from functools import cache

import yaml
from jsonschema import Draft7Validator

from archspec.schema.document import json_schema

TABLE = (
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+0123456789."),
)


class Loader(yaml.SafeLoader):
    """PyYAML's parser with the scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own form


def _number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> float:
    text = node.value
    try:
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    except ValueError:
        return float(text)


for kind, pattern, starts in TABLE:
    letters = ["" if letter == "\0" else letter for letter in starts]
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(f"(?:{pattern})\\Z"), letters)
for kind in ("int", "float"):
    Loader.add_constructor(f"tag:yaml.org,2002:{kind}", _number)


def load(text: str) -> object:
    """The document in a text."""
    return yaml.load(text, Loader)


@cache
def _validator() -> Draft7Validator:
    return Draft7Validator(json_schema())


def refused(text: str) -> set[str]:
    """The places of what the schema refuses in a text, as paths from the document's top."""
    return {"/".join(map(str, error.absolute_path)) for error in _validator().iter_errors(load(text))}
