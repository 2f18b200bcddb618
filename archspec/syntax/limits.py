"""The bounds within which a spec is read and expanded; each is checked before anything is allocated for it."""

from __future__ import annotations

MAX_BYTES = 1 << 20
"""Of one file."""

MAX_DEPTH = 64
"""Of nested lists and mappings. libyaml itself is quadratic in depth, so this is checked as events arrive."""

MAX_FILES = 64
"""That one spec may read besides itself: what it extends, and where its blocks come from."""

MAX_EVENTS = 300_000
"""YAML events of one file: about two a scalar."""

MAX_ALIASED = 10_000
"""Tree nodes that aliases add to one file."""

MAX_EXPRESSION = 256
"""Characters of one expression."""

MAX_EXPRESSION_DEPTH = 24
"""Of nested parentheses, calls and conditionals in one expression."""

MAX_DIGITS = 40
"""Of any number in an expression, written or computed."""

MAX_LIST = 10_000
"""Values of a list that an expression makes."""

MAX_NAME = 64
"""Characters of a name."""

MAX_NODES = 20_000
"""Nodes of a network after expansion."""

MAX_VALUES = 10**11
"""Values of one layer's weights, and of one layer's output for one example: 400 GB of float32."""

MAX_VARIANTS = 64
"""Of one file: `check` elaborates it once for each."""

MAX_NESTING = 40
"""Of lines inside branches, loops, sides and blocks, wherever these are written: Python's stack carries the walk."""

MAX_STEPS = 100_000
"""Lines placed and passes begun in one walk: a loop's passes may place nothing and still take time."""

MAX_WORK = 1_000_000
"""Operations that the expressions of one spec may take, each value of a list counted."""
