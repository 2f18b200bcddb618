"""Inserts a named node at every place of every network and variant: no other path and no weight may change.

python tools/insert_everywhere.py                every network
python tools/insert_everywhere.py resnet50 …     those networks
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.insertions import named, others, places, sound, without_sections
from tests.networks import NETWORKS, text_of, with_variants


def main() -> int:
    """Try every place, and say how many held; 1 if one did not."""
    chosen = sys.argv[1:] or list(NETWORKS)
    failures = 0
    for name, variant in with_variants():
        if name in chosen:
            failures += try_network(name, variant)
    return 1 if failures else 0


def try_network(name: str, variant: str | None) -> int:
    """Insert at every place of one network; the number of places where something changed."""
    text = without_sections(text_of(name))
    before = others(sound(text, variant))
    found = places(text)
    graphs = [(place, named(text, place, variant)) for place in found]
    changed = [place for place, graph in graphs if graph is not None and others(graph) != before]
    several = sum(graph is None for _, graph in graphs)
    shown = f"{name} {variant}" if variant else name
    print(f"{shown}: {len(found)} places, {several} where several values flow, {len(changed)} failures", flush=True)
    for place in changed:
        print(f"  {place}")
    return len(changed)


if __name__ == "__main__":
    sys.exit(main())
