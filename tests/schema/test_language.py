"""The words of the language as `archspec explain` shows them: each with its text, and an example that is sound."""

from __future__ import annotations

import pytest

from archspec.api import compile_spec
from archspec.diagnostics import SourceFile
from archspec.schema.language import LINE_TEXTS, example_of, language_word, language_words


def test_every_word_of_a_line_is_explained() -> None:
    assert set(LINE_TEXTS) <= set(language_words())


@pytest.mark.parametrize("word", language_words())
def test_a_words_example_uses_it_and_is_sound(word: str) -> None:
    spec = example_of(word)
    assert spec is not None
    assert f"{word}:" in spec
    compilation = compile_spec(SourceFile("net.yaml", spec))
    assert [found.headline for found in compilation.diagnostics] == []
    assert spec.splitlines()[-1] in (language_word(word) or "")


def test_an_op_is_no_word_of_the_language() -> None:
    assert language_word("conv") is None
