"""A question, read once: cleaned, with its quoted phrases and law references."""

from __future__ import annotations

import re

from corpus.text import normalise_line
from search import references
from search.errors import QueryError
from search.values import Filters, Mode, Query

MAX_LENGTH = 1000  # characters
MAX_LIMIT = 100

_PHRASE = re.compile(r'["«»“”„]([^"«»“”„]+)["«»“”„]')
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: no index or model takes it


def parse(
    text: str,
    *,
    limit: int = 10,
    mode: Mode = Mode.HYBRID,
    filters: Filters | None = None,
    facets: bool = False,
) -> Query:
    """Read a question as the user typed it. No text raises but an empty or overlong one.

    Raises QueryError, also for a limit outside 1 to 100 and for years that run backwards.
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
    first, last = (filters.year_from, filters.year_to) if filters else (None, None)
    if first is not None and last is not None and first > last:
        raise QueryError(f"year_from is {first}, later than year_to, {last}; swap them")
    return Query(
        clean,
        limit,
        mode,
        filters or Filters(),
        tuple(p.strip() for p in _PHRASE.findall(clean) if p.strip()),
        references.find(clean),
        facets,
    )
