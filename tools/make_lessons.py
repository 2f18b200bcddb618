"""Makes the lesson book, `docs/lessons/`, from the specs in `specs/lessons/` and the texts in `tools/lessons/pages/`.

python -m tools.make_lessons             writes it
python -m tools.make_lessons --check     says whether the one there is current
python -m tools.make_lessons --measure   also measures the gradients anew, which takes a quarter of an hour
"""

from __future__ import annotations

import sys

from tools.lessons.book import FOLDER, book
from tools.lessons.gradient_figures import MEASURED


def main() -> int:
    """Write the pages, or compare them."""
    if "--measure" in sys.argv[1:]:
        from tools.lessons.gradients import measure

        MEASURED.write_text(measure(), encoding="utf-8")
    made = {FOLDER / name: text for name, text in book().items()}
    others = [path for path in FOLDER.iterdir() if path not in made and path != MEASURED]
    stale = [path for path, text in made.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in (*stale, *others):
            print(f"{path.name} is not current: run `python -m tools.make_lessons`")
        return 1 if stale or others else 0
    for path in others:
        path.unlink()
        print(f"removed {path.name}")
    for path in stale:
        path.write_text(made[path], encoding="utf-8")
        print(f"wrote {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
