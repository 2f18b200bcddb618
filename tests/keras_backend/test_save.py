"""Saving: whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archspec.keras_backend.build import build
from archspec.keras_backend.load import load_model
from archspec.keras_backend.save import save_model
from tests.compiled import lowered_from, net


@pytest.fixture(scope="module")
def model() -> Any:
    return build(lowered_from(net("- scaled_tanh"))).model


class FailsHalfway:
    """A model whose saving writes something and then fails, as on a full disk."""

    def save(self, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")


def test_a_model_is_written_into_a_folder_that_is_made(model: Any, tmp_path: Path) -> None:
    save_model(model, tmp_path / "deep" / "net.keras")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["net.keras"]
    assert [layer.name for layer in load_model(tmp_path / "deep" / "net.keras").layers] == ["image", "scaled_tanh_1"]


def test_a_failing_save_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        save_model(FailsHalfway(), tmp_path / "net.keras")
    assert list(tmp_path.iterdir()) == []


def test_a_failing_save_leaves_what_stood_there(model: Any, tmp_path: Path) -> None:
    save_model(model, tmp_path / "net.keras")
    before = (tmp_path / "net.keras").read_bytes()
    with pytest.raises(OSError, match="No space"):
        save_model(FailsHalfway(), tmp_path / "net.keras")
    assert (tmp_path / "net.keras").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_saving_over_a_folder_leaves_it(model: Any, tmp_path: Path) -> None:
    (tmp_path / "net.keras").mkdir()
    with pytest.raises(OSError, match="directory"):
        save_model(model, tmp_path / "net.keras")
    assert [path.name for path in tmp_path.iterdir()] == ["net.keras"]
