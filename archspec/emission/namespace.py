"""Python identifiers for a model's values: readable, valid, each given once."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable


class Namespace:
    """Hands out identifiers. Mutable by design: it remembers those taken."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._taken = set(reserved)

    def take(self, name: str) -> str:
        """An identifier that reads like `name` and has not been given before.

        >>> names = Namespace(["keras"])
        >>> names.take("stage1.conv-a"), names.take("stage1.conv_a"), names.take("keras")
        ('stage1_conv_a', 'stage1_conv_a_2', 'keras_2')
        """
        # Only ASCII: Python reads different letters of Unicode as one identifier (NFKC).
        base = re.sub(r"\W", "_", name, flags=re.ASCII)
        if not base.isidentifier() or keyword.iskeyword(base):
            base = f"_{base}"
        found = base
        count = 1
        while found in self._taken:
            count += 1
            found = f"{base}_{count}"
        self._taken.add(found)
        return found
