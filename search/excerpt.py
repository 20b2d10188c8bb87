"""The part of a passage that answers best, with the query's words marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.analysis.question import Term
from search.analysis.stopwords import STOPWORDS
from search.analysis.words import stem, words_with
from search.values import Excerpt, Match

LENGTH = 320  # characters, about three lines on the page
_BREAK = re.compile(r"(?<=[.!?:;])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of a text that is asked for: [start, end), and the term that it answers to."""

    start: int
    end: int
    term: str


def marks(text: str, terms: Collection[str], parts: Callable[[str], tuple[str, ...]]) -> list[Mark]:
    """The words of a text that answer to the query's terms (stems), in order.

    ``parts`` splits compounds; stop words are never marked.
    """
    wanted = set(terms)
    # A stem or a part of a word stands in the word: most words need no closer look.
    hint = re.compile("|".join(map(re.escape, wanted)) or "(?!)")
    found = []
    for word in words_with(text, hint):
        if word.form in STOPWORDS:
            continue
        own = stem(word.form)
        term = own if own in wanted else next((p for p in parts(word.form) if p in wanted), None)
        if term is not None:
            found.append(Mark(word.start, word.end, term))
    return found


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
    return cut(text, marks(text, terms, parts), length)


def cut(
    text: str, found: Sequence[Mark], length: int = LENGTH, *, from_start: bool = False
) -> Excerpt:
    """The excerpt of a text whose marks are known; of a § that was named, its beginning."""
    marks = [(mark.start, mark.end) for mark in found]
    terms = {(mark.start, mark.end): mark.term for mark in found}
    if len(text) <= length:
        return Excerpt(text, tuple(marks))
    starts = [0, *(m.end() for m in _BREAK.finditer(text)), len(text)]
    if from_start:
        starts = [0, len(text)]
    best, end, best_worth = 0, 0, (-1, 0, 0)
    for start in starts[:-1]:
        if start and not any(start <= m[0] < start + length for m in marks):
            continue
        stop = _end(text, start, length)
        inside = [m for m in marks if start <= m[0] and m[1] <= stop]
        distinct = len({terms[mark] for mark in inside})
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


def matches(
    terms: Mapping[str, Term], texts: Iterable[tuple[str, Sequence[Mark]]]
) -> tuple[Match, ...]:
    """Which typed words a hit answers, through which of its own words; each pair once."""
    found: dict[tuple[str, str], Match] = {}
    for text, marked in texts:
        for mark in marked:
            term = terms[mark.term]
            word = text[mark.start : mark.end].lower()
            old = found.get((term.word, mark.term))
            # The word itself tells more than a compound that has it.
            if old is None or (stem(old.found) != mark.term == stem(word)):
                found[term.word, mark.term] = Match(term.word, word, str(term.via))
    return tuple(found.values())
