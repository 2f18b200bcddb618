"""A file of blocks without a network: what is checked where nothing uses them."""

from __future__ import annotations

import pytest

from archspec.api import compile_spec
from archspec.diagnostics import SourceFile, SpecError
from archspec.elaboration.modules import standard_text, standard_words
from archspec.elaboration.settings import Settings
from archspec.mending import mend

LIBRARY = """archspec: 1
defaults: {conv: {kernel: 3}}
blocks:
  unit:
    parameters: {width: int, depth: int, table: rows, inner: {type: block, default: relu}}
    layers:
      - {use: $inner, name: first}
      - repeat: $depth
        layers: [{conv: {filters: $width}}, add: {left: [relu], right: []}]
      - for: [filters, stride]
        rows: $table
        layers: [conv: $row, conv: {filters: $filters, stride: $stride}]
      - {relu, from: first}
  twice: {layers: [unit, unit]}
"""


def found(text: str) -> list[str]:
    return [f"{one.code} {one.headline}" for one in compile_spec(SourceFile("lib.yaml", text)).diagnostics]


SOUND = LIBRARY.replace("[unit, unit]", "[{unit: {width: 2, depth: 1, table: [[1, 2]]}}]")


def test_a_library_is_sound_and_has_no_network() -> None:
    compilation = compile_spec(SourceFile("lib.yaml", SOUND))
    assert compilation.diagnostics == ()
    with pytest.raises(SpecError, match=r"\[E0218\] a library of blocks has no network"):
        compilation.require_graph()


@pytest.mark.parametrize("word", sorted(standard_words()))
def test_each_standard_block_is_a_sound_library(word: str) -> None:
    assert found(standard_text(word)) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (LIBRARY, "E0505 `unit` needs `width`, `depth`, `table`"),
        (SOUND.replace("left: [relu]", "left: [rleu]"), "E0305 `rleu` is neither an op nor a block"),
        (SOUND.replace("{conv: {filters: $width}}", "{conv: {filtres: 2}}"), "E0501 `conv` has no field `filtres`"),
        (SOUND.replace("stride: $stride", "stride: wide"), "E0502 `conv.stride` must be"),
        (SOUND.replace("stride: $stride", "stride: $strid"), "E0602 `strid` is not a parameter"),
        (SOUND.replace("from: first", "from: frist"), "E0301 "),
        (SOUND.replace("default: relu", "default: rleu"), "E0305 `rleu` is neither an op nor a block"),
        (SOUND.replace("width: int", "width: itn"), "E0506 `itn` is not a type"),
        (SOUND.replace("defaults: {conv", "defaults: {dense"), "E0509 no line of this file uses `dense`"),
        (SOUND.replace("[{unit: {", "[twice, {unit: {"), "E0308 the block `twice` uses itself"),
        (SOUND.replace("defaults:", "inputs: {image: [8]}\ndefaults:"), "E0218 a network must have `layers`"),
        ("archspec: 1\n", "E0218 a network must have `layers`"),
    ],
)
def test_a_mistake_in_a_body_is_found_without_a_use(wrong: str, said: str) -> None:
    assert any(one.startswith(said) for one in found(wrong))


def test_a_library_is_mended() -> None:
    mended = mend(SourceFile("lib.yaml", SOUND.replace("left: [relu]", "left: [rleu]")), Settings())
    assert (mended.source.text, mended.found) == (SOUND, ())
