"""How likely one word is a slip for another: a weighted edit distance.

A letter doubled or not, two letters swapped, one left out: fast typists do that. Another
consonant in its place makes most often another word (*svart*, *snart*), and the first letter is
seldom wrong.
"""

from __future__ import annotations

from functools import cache

_DOUBLING = 0.5
_SWAP = 0.7
_LETTER = 1.0  # one too many, or one left out
_NEIGHBOUR = 1.0  # a key beside the right one
_VOWEL = 0.8  # another vowel: they are heard alike
_OTHER = 1.6
_FIRST = 0.6  # more, when it is the first letter
_VOWELS = frozenset("aeiouyæøåéó")
_ROWS = ("qwertyuiopå", "asdfghjkløæ", "zxcvbnm")


def cost(typed: str, meant: str) -> float:
    """What it costs to get from one to the other; 0 for equals, about 1 for one slip."""
    above: list[float] = []
    row = [0.0]
    for j in range(1, len(meant) + 1):
        row.append(row[-1] + _gap(meant, j - 1))
    for i in range(1, len(typed) + 1):
        last, row, before = row, [row[0] + _gap(typed, i - 1)], above
        for j in range(1, len(meant) + 1):
            best = min(
                last[j] + _gap(typed, i - 1),
                row[j - 1] + _gap(meant, j - 1),
                last[j - 1] + _change(typed[i - 1], meant[j - 1], first=i == j == 1),
            )
            swapped = i > 1 and j > 1 and typed[i - 2 : i] == meant[j - 1] + meant[j - 2]
            if swapped and typed[i - 1] != typed[i - 2]:
                best = min(best, before[j - 2] + _SWAP + (_FIRST if i == j == 2 else 0))
            row.append(best)
        above = last
    return row[-1]


def _gap(word: str, at: int) -> float:
    """The cost of the letter at a place being there in one word only."""
    if at and word[at - 1] == word[at]:
        return _DOUBLING
    return _LETTER + (_FIRST if at == 0 else 0)


def _change(one: str, other: str, *, first: bool) -> float:
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        price = _VOWEL
    else:
        price = _NEIGHBOUR if other in _neighbours().get(one, "") else _OTHER
    return price + (_FIRST if first else 0)


@cache
def _neighbours() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in _ROWS:
        for at, key in enumerate(row):
            found[key] = row[max(at - 1, 0) : at] + row[at + 1 : at + 2]
    return found
