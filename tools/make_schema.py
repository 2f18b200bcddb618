"""Makes `docs/archspec.schema.json`, the language for editors, which `archspec schema` prints too.

python tools/make_schema.py           writes it
python tools/make_schema.py --check   says whether the one there is current
"""

from __future__ import annotations

import sys
from pathlib import Path

from archspec.schema.document import schema_text

OUTPUT = Path(__file__).resolve().parents[1] / "docs" / "archspec.schema.json"


def main() -> int:
    """Write the schema, or compare it."""
    text = schema_text()
    if "--check" not in sys.argv[1:]:
        OUTPUT.write_text(text, encoding="utf-8")
        print(f"wrote {OUTPUT.name}")
        return 0
    if OUTPUT.is_file() and OUTPUT.read_text(encoding="utf-8") == text:
        return 0
    print(f"{OUTPUT.name} is not current: run `python tools/make_schema.py`")
    return 1


if __name__ == "__main__":
    sys.exit(main())
