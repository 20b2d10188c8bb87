"""A question, read once: cleaned, with its quoted phrases and law references."""

from __future__ import annotations

import re

from corpus.text import normalise_line
from search.errors import QueryError
from search.values import Filters, LawReference, Mode, Query

MAX_LENGTH = 1000  # characters
MAX_LIMIT = 100

_PHRASE = re.compile(r'["«»“”„]([^"«»“”„]+)["«»“”„]')
# A letter set apart may be one (§ 14 a), but "i" is the word: § 4 i integreringsloven.
_SECTION = r"(?P<section>\d+(?:-\d+)?(?:(?:[a-z]|\s[a-hj-z])(?!\w|\.\w))?)"
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: no index or model takes it
# integreringsloven § 4 | barnevernlova 13-2 | lov om introduksjonsordning § 2
_ACT_SECTION = re.compile(
    rf"(?P<act>[a-zæøå]{{3,}}(?:lov|lova|loven|lovens|forskrift|forskrifta|forskriften))"
    rf"\s*,?\s*(?:§+\s*|paragraf\s+)?{_SECTION}",
    re.IGNORECASE,
)
_SECTION_FIRST = re.compile(
    rf"(?:§+\s*|paragraf\s+){_SECTION}\s+(?:i\s+)?"
    r"(?P<act>[a-zæøå]{3,}(?:lov|lova|loven|lovens|forskrift|forskrifta|forskriften))\b",
    re.IGNORECASE,
)


def parse(
    text: str, *, limit: int = 10, mode: Mode = Mode.HYBRID, filters: Filters | None = None
) -> Query:
    """Read a question as the user typed it. No text raises but an empty or overlong one.

    Raises QueryError, also for a limit outside 1 to 100.
    """
    clean = normalise_line(_SURROGATE.sub("", text))
    if not clean:
        raise QueryError("the question is empty; type a few words or a § to look for")
    if len(clean) > MAX_LENGTH:
        raise QueryError(
            f"the question has {len(clean)} characters; {MAX_LENGTH} is the most. Shorten it"
        )
    if not 1 <= limit <= MAX_LIMIT:
        raise QueryError(f"limit is {limit}; it must be from 1 to {MAX_LIMIT}")
    return Query(
        clean,
        limit,
        mode,
        filters or Filters(),
        tuple(p.strip() for p in _PHRASE.findall(clean) if p.strip()),
        references(clean),
    )


def references(text: str) -> tuple[LawReference, ...]:
    """Law references in a text, in order: the act's name as written, lower case, and §."""
    found: dict[LawReference, None] = {}
    for pattern in (_ACT_SECTION, _SECTION_FIRST):
        for match in pattern.finditer(text):
            found[LawReference(match["act"].lower(), section_key(match["section"]))] = None
    return tuple(found)


def section_key(section: str) -> str:
    """A § in the form references are compared in: ``§ 14 A`` -> ``14a``."""
    return re.sub(r"[§\s]|^paragraf", "", section.lower()).rstrip(".")
