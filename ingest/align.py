"""A quote found again among the characters of a page, whatever was joined or parted in between.

The extractor joins hyphenated words, closes gaps and drops what is set between the lines; so
only letters and digits are compared.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

GRAM = 12  # letters in a row that are no chance
_NEAR = 40  # letters that a note or a number between two lines may take
_MOST = 100  # places of the same letters that are looked at
_APART = 80  # letters between two stretches that do not belong together
_FEW = 24  # letters that may stand elsewhere by chance
_SHORT = 4  # letters in a row that count where the text goes on at once


def letters(text: str) -> str:
    """The letters and digits of a text, alike however they were set."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def spelt(characters: Iterable[str]) -> tuple[str, list[int]]:
    """The letters of a row of characters, and for each the number of the character it is from."""
    found: list[str] = []
    origin: list[int] = []
    for number, character in enumerate(characters):
        for letter in letters(character):
            found.append(letter)
            origin.append(number)
    return "".join(found), origin


def align(quote: str, page: str) -> list[tuple[int, int]]:
    """Stretches [start, end) of ``page`` that say ``quote``; both as ``letters`` gives them."""
    whole = page.find(quote)
    if not quote:
        return []
    if whole >= 0:
        return [(whole, whole + len(quote))]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at in range(len(page) - GRAM + 1):
        places[page[at : at + GRAM]].append(at)
    found: list[tuple[int, int]] = []
    after = at = 0
    while at < len(quote):
        start, length = _next(quote, at, page, after, places)
        if length:
            found.append((start, start + length))
            after, at = start + length, at + length
        else:
            at += 1
    return _together(found)


def _together(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without single words far from the rest: a long word may well stand elsewhere too."""
    groups: list[list[tuple[int, int]]] = []
    for start, end in sorted(found):
        if not groups or start - max(b for _, b in groups[-1]) > _APART:
            groups.append([])
        groups[-1].append((start, end))
    kept = [group for group in groups if sum(b - a for a, b in group) >= _FEW]
    return [stretch for group in kept or groups for stretch in group]


def _next(
    quote: str, at: int, page: str, after: int, places: dict[str, list[int]]
) -> tuple[int, int]:
    """Where the quote goes on from ``at``, and for how long: (start, length), or (0, 0)."""
    gram = quote[at : at + GRAM]
    starts = places.get(gram, [])[:_MOST] if len(gram) == GRAM else []
    if starts:
        # The longest; of equals the one nearest to where the last stretch ended.
        same = {start: _same(quote, at, page, start) for start in starts}
        best = max(starts, key=lambda start: (same[start], -abs(start - after)))
        return best, same[best]
    if not after:
        return 0, 0
    # A few letters between two things that were left out: only right where the text goes on.
    short = quote[at : at + _SHORT]
    near = page.find(short, after, after + _NEAR) if len(short) == _SHORT else -1
    return (near, _same(quote, at, page, near)) if near >= 0 else (0, 0)


def _same(quote: str, at: int, page: str, start: int) -> int:
    length = 0
    most = min(len(quote) - at, len(page) - start)
    while length < most and quote[at + length] == page[start + length]:
        length += 1
    return length


def covered(quote: str, pages: Sequence[str]) -> float:
    """The share of a quote that stands on these pages, 0 to 1."""
    if not quote:
        return 0.0
    return min(1.0, sum(b - a for page in pages for a, b in align(quote, page)) / len(quote))
