"""A course pack and what is in it, as frozen values. Nothing here knows of files or the web."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from api import personal
from api.packs.errors import PackRefused
from corpus.currency import disagree
from corpus.documents import Document, DocumentType, Language, Passage, Place, Status
from corpus.text import normalise, normalise_line

MOST_ITEMS = 200
MOST_PACKS = 10_000
LONGEST_TITLE = 200
LONGEST_HEADING = 200
LONGEST_NOTE = 5_000
LONGEST_QUERY = 1_000

# A text with one of these must not be taken for the rule in force.
NOT_IN_FORCE = frozenset({Status.SUPERSEDED, Status.PROPOSAL, Status.EXPIRED})


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as it was on the day it was added: its words, its place and its document.

    ``edition`` and ``number`` open it in Kjelda. ``source_url`` is the original at the place,
    where it is on the web. ``conflict`` says that the document's sources disagree on its status.
    ``query`` is what it was found by, where that is known.
    """

    text: str
    document_id: str
    edition: int
    number: int
    title: str
    headings: tuple[str, ...]
    place: Place
    language: Language
    document_language: Language
    type: DocumentType
    status: Status
    added: date
    short_title: str | None = None
    publisher: str | None = None
    published: date | None = None
    updated: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    fetched: date | None = None
    uri: str = ""
    source_url: str | None = None
    conflict: bool = False
    ocr: int | None = None
    query: str | None = None

    @property
    def digest(self) -> str:
        """A digest of the words, whatever white space parts them."""
        return digest(self.text)

    @property
    def warns(self) -> bool:
        """Whether the reader must be told that it may not be the rule in force."""
        return self.status in NOT_IN_FORCE or self.conflict


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the one who made the pack."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note of the one who made the pack; paragraphs are parted by a blank line."""

    text: str


Content = Quote | Heading | Note


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a pack. ``id`` is the pack's own number for it, and stays when it moves."""

    id: int
    content: Content


@dataclass(frozen=True, slots=True)
class Pack:
    """A course pack. ``removed`` are items taken out that can be put back, the last first.

    ``copied`` says that it was made from another one.
    """

    title: str
    created: date
    changed: date
    items: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()
    copied: bool = False

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes, in order."""
        return tuple(i.content for i in self.items if isinstance(i.content, Quote))


def digest(text: str) -> str:
    """A digest of a text's words; white space does not count."""
    return hashlib.blake2b(" ".join(text.split()).encode(), digest_size=16).hexdigest()


def quote_of(
    document: Document,
    passage: Passage,
    source_url: str | None,
    added: date,
    query: str | None = None,
) -> Quote:
    """The passage of a document as a quote."""
    return Quote(
        text=passage.text,
        document_id=document.id,
        edition=document.edition,
        number=passage.number,
        title=document.title,
        headings=passage.headings,
        place=passage.place,
        language=passage.language,
        document_language=document.language,
        type=document.type,
        status=document.status,
        added=added,
        short_title=document.short_title,
        publisher=document.publisher,
        published=document.published,
        updated=document.updated,
        valid_from=document.valid_from,
        valid_to=document.valid_to,
        fetched=document.fetched,
        uri=document.uri,
        source_url=source_url,
        conflict=disagree(document.claims),
        ocr=document.ocr,
        query=_kept_query(query),
    )


def _kept_query(query: str | None) -> str | None:
    """The question that led to a quote; one with a person in it is not kept."""
    kept = normalise_line(query)[:LONGEST_QUERY] if query else ""
    return None if personal.find(kept) else kept or None


def title_of(text: str) -> str:
    """A pack's title as it is kept. Raises PackRefused for none or a long one."""
    return _line(text, LONGEST_TITLE, "refused_title")


def heading_of(text: str) -> Heading:
    """A heading as it is kept. Raises PackRefused for none or a long one."""
    return Heading(_line(text, LONGEST_HEADING, "refused_heading"))


def note_of(text: str) -> Note:
    """A note as it is kept. Raises PackRefused for none or a long one."""
    clean = normalise(text)
    if not clean:
        raise PackRefused("refused_empty")
    if len(clean) > LONGEST_NOTE:
        raise PackRefused("refused_note", most=LONGEST_NOTE, length=len(clean))
    _shareable(clean)
    return Note(clean)


def default_title(today: date) -> str:
    """The title of a pack that has none yet: the same in both written forms."""
    return f"Kurspakke {today.day}.{today.month}.{today.year}"


def _shareable(text: str) -> None:
    """Raise PackRefused for an identity number: everyone with the link could read it."""
    for found in personal.find(text):
        if found.kind == "identity_number":
            raise PackRefused("refused_identity", value=found.value)


def _line(text: str, most: int, key: str) -> str:
    clean = normalise_line(text)
    if not clean:
        raise PackRefused("refused_empty")
    _shareable(clean)
    if len(clean) > most:
        raise PackRefused(key, most=most, length=len(clean))
    return clean
