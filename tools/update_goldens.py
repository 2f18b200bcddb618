"""Writes the golden files anew, `python -m tools.update_goldens`: review what `git diff tests/golden` then shows."""

from __future__ import annotations

from tests.goldens import FOLDER, contents


def main() -> None:
    """Write every file that differs, and remove those that nothing makes."""
    made = {FOLDER / path: text for path, text in contents().items()}
    for path in FOLDER.rglob("*.*"):
        if path not in made:
            path.unlink()
            print(f"removed {path}")
    for path, text in made.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path}")


if __name__ == "__main__":
    main()
