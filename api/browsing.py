"""Which documents a list or a topic page shows, and in which order. Pure: no request, no base."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from api import asking
from api.texts import Written
from corpus.currency import Origin
from corpus.documents import Document, DocumentType, Language, Status
from corpus.sources import CARD

# The same in both written forms: an address that is shared must not depend on the reader's.
SLUGS: dict[int, str] = {
    1: "busetjing",
    2: "rettleiing-av-kommunane",
    3: "regionalt-samarbeid",
    4: "negativ-sosial-kontroll",
    5: "tilskot",
    6: "frivillig-sektor",
}
PAGE_SIZE = 25
_ALL_AREAS = 0
_ORDER = {kind: number for number, kind in enumerate(DocumentType)}
# What is never the rule itself, whatever its status: it was, or is, on its way to one.
PROPOSING = frozenset(
    {DocumentType.BILL, DocumentType.NOU, DocumentType.HEARING, DocumentType.COMMITTEE_REPORT}
)
_BECOMES_LAW = frozenset({DocumentType.BILL, DocumentType.COMMITTEE_REPORT})
_ENDED = frozenset({Status.SUPERSEDED, Status.EXPIRED})
# After z, in this order; ä and ö stand with æ and ø.
_LETTERS = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})


class Sort(StrEnum):
    """The order of a list."""

    TITLE = "title"
    DATE = "date"


FIELDS = {
    "type": "types",
    "status": "statuses",
    "area": "areas",
    "publisher": "publishers",
    "language": "languages",
}


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list is asked for; everything stands in its address."""

    types: tuple[DocumentType, ...] = ()
    statuses: tuple[Status, ...] = ()
    publishers: tuple[str, ...] = ()
    areas: tuple[int, ...] = ()
    languages: tuple[Language, ...] = ()
    sort: Sort = Sort.TITLE
    page: int = 1
    lang: str | None = None

    def chosen(self) -> int:
        """How many values are chosen."""
        return sum(len(getattr(self, name)) for name in FIELDS.values())

    def address(self, **changed: object) -> str:
        """The list's address with some values changed; another list begins on its first page."""
        asked = replace(self, **{"page": 1, **changed})  # type: ignore[arg-type]
        pairs: list[tuple[str, object]] = [
            (param, value) for param, name in FIELDS.items() for value in getattr(asked, name)
        ]
        pairs += [("sort", asked.sort)] if asked.sort is not Sort.TITLE else []
        pairs += [("side", asked.page)] if asked.page != 1 else []
        pairs += [("lang", asked.lang)] if asked.lang else []
        return f"/dokument?{urlencode(pairs)}" if pairs else "/dokument"

    def without(self, name: str, value: object) -> str:
        """The address with one value taken away."""
        return self.address(**{name: tuple(v for v in getattr(self, name) if v != value)})

    def without_filters(self) -> str:
        """The address of all documents, in the same order."""
        return self.address(**dict.fromkeys(FIELDS.values(), ()))

    def takes(self, document: Document, leave_out: str = "") -> bool:
        """Whether the document is on the list; ``leave_out`` names a field that doesn't count."""
        return all(
            name == leave_out or not (wanted := getattr(self, name)) or has(document, name, wanted)
            for name in FIELDS.values()
        )


def read(params: QueryParams) -> Listing:
    """The list that an address asks for; what can't be read is left out."""
    asked = asking.read(params)
    page = params.get("side", "")
    return Listing(
        types=asked.types,
        statuses=asked.statuses,
        publishers=asked.publishers,
        areas=asked.areas,
        languages=asked.languages,
        sort=Sort.DATE if params.get("sort") == Sort.DATE else Sort.TITLE,
        page=max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        lang=asked.lang,
    )


def has(document: Document, name: str, wanted: Iterable[object]) -> bool:
    """Whether a document has one of the wanted values."""
    return not set(wanted).isdisjoint(values(document, name))


def values(document: Document, name: str) -> tuple[object, ...]:
    """A document's values in a field of ``Listing``."""
    if name == "areas":
        return (*document.areas, _ALL_AREAS) if spans_all(document) else document.areas
    value = {
        "types": document.type,
        "statuses": document.status,
        "publishers": document.publisher,
        "languages": document.language,
    }[name]
    return () if value is None else (value,)


def spans_all(document: Document) -> bool:
    """Whether it belongs to every area. Without areas of its own only the register says that."""
    if document.areas:
        return _ALL_AREAS in document.areas
    registered = any(claim.origin is Origin.REGISTER for claim in document.claims)
    return registered or document.media_type == CARD


def counts(documents: Iterable[Document], asked: Listing, name: str) -> Counter[object]:
    """How many documents each value of a field would leave, the other fields as they are."""
    return Counter(
        value
        for document in documents
        if asked.takes(document, leave_out=name)
        for value in values(document, name)
    )


def select(documents: Iterable[Document], asked: Listing) -> list[Document]:
    """The documents of a list, in its order."""
    return ordered([d for d in documents if asked.takes(d)], asked.sort)


def ordered(documents: Iterable[Document], sort: Sort) -> list[Document]:
    """By title (æ, ø and å last), or the newest first and those without a date last."""
    found = sorted(documents, key=lambda d: (title_key(d.title), d.id))
    if sort is Sort.DATE:
        found.sort(key=lambda d: dated(d) or date.min, reverse=True)
    return found


def title_key(title: str) -> str:
    """What a title is sorted by."""
    return title.lower().lstrip("«\"'– ").translate(_LETTERS)


def dated(document: Document) -> date | None:
    """The day a document is known by: last changed, else published, else in force."""
    return document.updated or document.published or document.valid_from


# -- topics ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """Documents under one subheading; ``key`` is that of its text."""

    key: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's documents by what they are worth today: current, proposal, ended, unknown."""

    groups: Mapping[str, tuple[Part, ...]]

    def count(self, group: str) -> int:
        """How many documents are shown in a group."""
        return sum(len(part.documents) for part in self.groups[group])


def of_area(documents: Iterable[Document], area: int) -> list[Document]:
    """The documents of an area, with those that span all of them."""
    return [d for d in documents if area in d.areas or spans_all(d)]


def topic(documents: Sequence[Document], written: Written) -> Topic:
    """The page of a topic. Of two written forms of a text, the reader's own is shown."""
    sorted_in: dict[str, list[Document]] = defaultdict(list)
    for document in one_form(documents, written):
        sorted_in[group_of(document)].append(document)
    proposing = sorted_in.pop("proposal", [])
    groups = {
        name: _parts(sorted_in[name], lambda d: f"types_{d.type}")
        for name in ("current", "ended", "unknown")
    }
    groups["proposal"] = _parts(proposing, _stage, ("pending", "preparatory", "earlier_proposals"))
    return Topic(groups)


def group_of(document: Document) -> str:
    """Where a document stands on a topic page. A bill is never among what is in force."""
    if document.status is Status.PROPOSAL or document.type in PROPOSING:
        return "proposal"
    if document.status in _ENDED:
        return "ended"
    return "current" if document.status is Status.CURRENT else "unknown"


def is_preparatory(document: Document) -> bool:
    """Whether it led to an act: *no longer in force* would then be read of the act."""
    return document.type in _BECOMES_LAW and document.status is Status.SUPERSEDED


def _stage(document: Document) -> str:
    if is_preparatory(document):
        return "preparatory"
    return "earlier_proposals" if document.status in _ENDED else "pending"


def _parts(
    documents: Iterable[Document], key: Callable[[Document], str], order: Sequence[str] = ()
) -> tuple[Part, ...]:
    found: dict[str, list[Document]] = defaultdict(list)
    for document in sorted(documents, key=lambda d: (_ORDER[d.type], title_key(d.title), d.id)):
        found[key(document)].append(document)
    names = [name for name in order if name in found] if order else list(found)
    return tuple(Part(name, tuple(found[name])) for name in names)


def one_form(documents: Iterable[Document], written: Written) -> list[Document]:
    """Without the other written form of what is there in the reader's own."""
    said = list(documents)
    own = {d.id for d in said if d.language == written}
    twins = {d.translation_of for d in said if d.id in own} | {
        d.id for d in said if d.translation_of in own
    }
    return [d for d in said if d.id in own or d.id not in twins]


def replaced(documents: Iterable[Document]) -> dict[str, list[Document]]:
    """Document id -> what it took the place of, by title."""
    found: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        if document.replaced_by:
            found[document.replaced_by].append(document)
    return {heir: ordered(those, Sort.TITLE) for heir, those in found.items()}
