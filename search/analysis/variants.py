"""The other written form of a word: Nynorsk and Bokmål stems that mean the same.

``nb_nn.tsv`` was mined from parallel public texts by tests/tools/mine_nb_nn.py; its last
columns say how often and where each pair was seen. A query asks for both forms, so that the
index need not be built for it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("nb_nn.tsv")


def variants(stem: str) -> tuple[str, ...]:
    """Stems of the other form for a stem of either, in alphabetical order."""
    return _both_ways().get(stem, ())


@cache
def _both_ways() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for line in LIST.read_text(encoding="utf-8").splitlines()[1:]:
        nn, nb, _seen, _sources = line.split("\t")
        found.setdefault(nn, set()).add(nb)
        found.setdefault(nb, set()).add(nn)
    return {stem: tuple(sorted(others)) for stem, others in found.items()}
