"""Makes the page of the zoo, `docs/zoo.md`, from the specs and from what `tools.prove_zoo` measured.

python -m tools.make_zoo            writes it
python -m tools.make_zoo --check    says whether the one there is current
"""

from __future__ import annotations

import sys

from tools.zoo.page import PAGE, page


def main() -> int:
    """Write the page, or compare it."""
    text = page()
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if "--check" in sys.argv[1:]:
        print("zoo.md is not current: run `python -m tools.make_zoo`")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    print("wrote zoo.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
