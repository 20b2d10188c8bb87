"""The part of a passage that answers best, with the query's words marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from itertools import pairwise

from search.analysis.stopwords import STOPWORDS
from search.analysis.words import stem, words_with
from search.values import Excerpt

LENGTH = 320  # characters, about three lines on the page
_BREAK = re.compile(r"(?<=[.!?:;])\s+|\n+")


def excerpt(
    text: str,
    terms: Collection[str],
    parts: Callable[[str], tuple[str, ...]],
    length: int = LENGTH,
) -> Excerpt:
    """About ``length`` characters of whole sentences with most of the query's terms.

    ``terms`` are stems of the query; ``parts`` splits compounds. Marks are offsets into
    the excerpt's text, which is verbatim but for an ellipsis at a cut.
    """
    wanted = set(terms)
    # A stem or a part of a word stands in the word: most words need no closer look.
    hint = re.compile("|".join(map(re.escape, wanted)) or "(?!)")
    marks = [
        (w.start, w.end)
        for w in words_with(text, hint)
        if w.form not in STOPWORDS
        and (stem(w.form) in wanted or any(part in wanted for part in parts(w.form)))
    ]
    if len(text) <= length:
        return Excerpt(text, tuple(marks))
    starts = [0, *(m.end() for m in _BREAK.finditer(text)), len(text)]
    best, end, best_worth = 0, 0, (-1, 0, 0)
    for start, _ in pairwise(starts):
        stop = _end(text, start, length)
        inside = [m for m in marks if start <= m[0] and m[1] <= stop]
        distinct = len({stem(text[a:b].lower()) for a, b in inside})
        # Of equals, the one that comes to the point at once.
        worth = (distinct, len(inside), start - inside[0][0] if inside else 0)
        if worth > best_worth:
            best, end, best_worth = start, stop, worth
    lead, tail = "… " if best else "", " …" if end < len(text) else ""
    shift = len(lead) - best
    kept = tuple((a + shift, b + shift) for a, b in marks if best <= a and b <= end)
    return Excerpt(f"{lead}{text[best:end].rstrip()}{tail}", kept)


def _end(text: str, start: int, length: int) -> int:
    """Where to stop: a sentence's end if one is near, else between words."""
    end = min(start + length, len(text))
    if end == len(text):
        return end
    stops = [m.start() for m in _BREAK.finditer(text, start + length // 2, end)]
    if stops:
        return stops[-1]
    space = text.rfind(" ", start, end)
    return space if space > start else end
