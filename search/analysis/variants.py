"""The other written form of a word: Nynorsk and Bokmål stems that mean the same.

``nb_nn.tsv`` holds pairs of stems; its last columns say how often and where each was seen
(tests/tools/mine_nb_nn.py); ``both_forms.tsv`` those that are usual in the other form too, and so
tell nothing of a text's form (tests/tools/mine_both_forms.py). A query asks for both forms, so
that the index need not be built for it. A compound that is not on the list is put together from
parts that are.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from pathlib import Path

from search.analysis.words import stem

LIST = Path(__file__).with_name("nb_nn.tsv")
BOTH = Path(__file__).with_name("both_forms.tsv")
_MIN_PART = 3  # letters of a part that is exchanged
_NONE: frozenset[str] = frozenset()


def variants(word: str, known: Container[str] = _NONE) -> tuple[str, ...]:
    """Stems of the other form for a word of either, in alphabetical order.

    Those of compounds by their parts (*flyktningtenesta* -> *flyktningtjenest*) are given
    where ``known`` holds them: put together freely, most would be no words.
    """
    whole = stem(word)
    listed = _both_ways().get(whole, ())
    if listed or len(word) < 2 * _MIN_PART or not known:
        return listed
    return tuple(sorted({made for made in _compounds(word) if made in known and made != whole}))


def _compounds(word: str) -> set[str]:
    """The word with its head, its tail or both in the other form."""
    table = _both_ways()
    made: set[str] = set()
    for cut in range(_MIN_PART, len(word) - _MIN_PART + 1):
        head, tail = word[:cut], stem(word[cut:])
        link = head[-1] if head[-1] in "se" and len(head) > _MIN_PART else ""
        heads = {other for other in table.get(stem(head), ()) if not link}
        if link:
            heads |= {other + link for other in table.get(stem(head[:-1]), ())}
        tails = set(table.get(tail, ()))
        made |= {h + tail for h in heads} | {head + t for t in tails}
        made |= {h + t for h in heads for t in tails}
    return made


def is_nynorsk_only(stem: str) -> bool:
    """Whether a stem stands on the Nynorsk side of the list, and is not usual in Bokmål."""
    return stem in _sides()[0]


def is_bokmal_only(stem: str) -> bool:
    """Whether a stem stands on the Bokmål side of the list, and is not usual in Nynorsk."""
    return stem in _sides()[1]


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    lines = LIST.read_text(encoding="utf-8").splitlines()[1:]
    return tuple((columns[0], columns[1]) for columns in (line.split("\t") for line in lines))


@cache
def _sides() -> tuple[frozenset[str], frozenset[str]]:
    nynorsk, bokmal = ({pair[side] for pair in _pairs()} for side in (0, 1))
    lines = BOTH.read_text(encoding="utf-8").splitlines()[1:]
    both = (nynorsk & bokmal) | {line.partition("\t")[0] for line in lines}
    return frozenset(nynorsk - both), frozenset(bokmal - both)


@cache
def _both_ways() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for nn, nb in _pairs():
        found.setdefault(nn, set()).add(nb)
        found.setdefault(nb, set()).add(nn)
    return {stem: tuple(sorted(others)) for stem, others in found.items()}
