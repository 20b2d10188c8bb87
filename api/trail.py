"""The way from a search to a passage and on: which hit this is, the one before and the one after.

A hit's address carries the search, and the search is made again: nothing is kept of who asked
what. Where the base has changed and the passage is no hit any more, that is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from api.asking import Asked
from api.base import Searching
from api.result import hit_path
from corpus.documents import Passage
from search.errors import SearchError
from search.query import parse
from search.values import Hit


@dataclass(frozen=True, slots=True)
class Step:
    """A hit to go to."""

    hit: Hit
    href: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The search that led here, and where its hits stand.

    ``rank`` of ``count`` is this passage; None where no passage is open, or where it is no hit
    (``lost``). ``anchor`` is that hit's own number
    on the search page. ``near`` says that the search found nothing, and these only lie near.
    """

    asked: Asked
    rank: int | None = None
    anchor: int | None = None
    count: int = 0
    before: Step | None = None
    after: Step | None = None
    near: bool = False
    lost: bool = False


def follow(
    searcher: Searching, asked: Asked, passage: Passage | None, edition: int
) -> Trail | None:
    """The way on from a passage of an edition; None where no search led here."""
    if not asked.q:
        return None
    if passage is None:
        return Trail(asked)
    try:
        query = parse(asked.q, limit=asked.limit, mode=asked.mode, filters=asked.filters)
        result = searcher.search(query)
    except SearchError:
        return Trail(asked)  # the document itself can be read all the same
    hits = result.hits or result.nearest
    keys = [(hit.passage.document_id, hit.passage.number, hit.document.edition) for hit in hits]
    key = (passage.document_id, passage.number, edition)
    if key not in keys:
        return Trail(asked, count=len(hits), lost=True)
    at = keys.index(key)
    return Trail(
        asked,
        rank=at + 1,
        anchor=hits[at].rank,
        count=len(hits),
        before=_step(hits[at - 1], asked) if at else None,
        after=_step(hits[at + 1], asked) if at + 1 < len(hits) else None,
        near=not result.hits,
    )


def _step(hit: Hit, asked: Asked) -> Step:
    return Step(hit, hit_path(hit, asked.parameters()))
