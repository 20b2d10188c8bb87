"""What a search takes and what it gives: Filters, Query, Hit, SearchResult."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from corpus.documents import Document, DocumentType, Language, Passage, Status


class Mode(StrEnum):
    """Which rankings are used."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    VECTOR = "vector"


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on documents; empty means all.

    Values within one field are *or*, fields are *and*. ``year`` is the year of
    publication, or else of entry into force.
    """

    types: frozenset[DocumentType] = frozenset()
    languages: frozenset[Language] = frozenset()
    publishers: frozenset[str] = frozenset()
    areas: frozenset[int] = frozenset()
    statuses: frozenset[Status] = frozenset()
    year_from: int | None = None
    year_to: int | None = None

    def __bool__(self) -> bool:
        """Whether any condition is set."""
        return self != Filters()


class Standing(NamedTuple):
    """Where a passage stands: its document, its § if it has one, its number, the last heading.

    ``start`` is how its text begins, 40 characters.
    """

    document: str
    section: str | None
    number: int
    heading: str | None
    start: str


@dataclass(frozen=True, slots=True)
class LawReference:
    """A reference to a section of law: the act's name in lower case, and its § (``14a``).

    ``named`` when the question names what stands there (*avvergeplikt*), not the § itself.
    """

    act: str
    section: str
    named: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question, parsed once (search.query.parse)."""

    text: str
    limit: int = 10
    mode: Mode = Mode.HYBRID
    filters: Filters = Filters()
    phrases: tuple[str, ...] = ()
    references: tuple[LawReference, ...] = ()
    facets: bool = False  # whether to count what the filters would leave


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A cut of a passage's text; ``marks`` are [start, end) offsets into ``text``."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Why a passage was found by words: what was typed, what stands there, and how they meet.

    ``via`` is word, part (of a compound), form (the other written form), synonym or spelling.
    """

    typed: str
    found: str
    via: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. Ranks count from 1; at least one is set.

    ``document`` carries no sections (they are left out of search results).
    ``similarity`` is the cosine of query and passage, -1 to 1. ``reasons`` are the rules of
    order that moved it. ``other_form`` is the same document in the other written form.
    ``marks`` are where the passage's text has words that were asked for, the term of each, and how
    rare that is in the base.
    """

    rank: int
    score: float
    passage: Passage
    document: Document
    excerpt: Excerpt
    lexical_rank: int | None = None
    vector_rank: int | None = None
    similarity: float | None = None
    reasons: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    other_form: Document | None = None
    marks: tuple[tuple[int, str, float], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a hit that no ranking gave. Raises ValueError."""
        if self.lexical_rank is None and self.vector_rank is None:
            raise ValueError("a hit has a lexical or a vector rank")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must see with the hits. ``level`` is full or small."""

    kind: str
    level: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a query. ``status`` is ``found`` or ``nothing_found``.

    With ``nothing_found`` there are no hits; ``nearest`` are the passages that lie nearest, and
    they are not an answer. ``confidence`` is the estimated chance that the base answers, 0 to 1,
    where there is one.
    ``corrections`` pair words as typed with those searched for in their place.
    ``facets`` are numbers of documents by field of Filters and value, where they were asked for.
    ``timings_ms`` holds analyse, embed, lexical, vector, rank and total, in milliseconds.
    """

    query: Query
    status: str
    hits: tuple[Hit, ...]
    notices: tuple[Notice, ...] = ()
    nearest: tuple[Hit, ...] = ()
    confidence: float | None = None
    corrections: tuple[tuple[str, str], ...] = ()
    facets: Mapping[str, Mapping[Any, int]] = field(default_factory=dict)
    timings_ms: dict[str, float] = field(default_factory=dict)
