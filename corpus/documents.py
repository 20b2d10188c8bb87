"""The central values: documents, their sections, and the passages that search serves.

Everything here is frozen and compared with ``==``. Nothing here knows of files,
databases or models.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.currency import Claim


class DocumentType(StrEnum):
    """What kind of publication a document is, in the order of legal weight."""

    ACT = "act"
    REGULATION = "regulation"
    CIRCULAR = "circular"
    GUIDANCE = "guidance"
    GRANT_SCHEME = "grant_scheme"
    PLAN = "plan"
    WHITE_PAPER = "white_paper"
    BILL = "bill"
    NOU = "nou"
    HEARING = "hearing"
    COMMITTEE_REPORT = "committee_report"
    REPORT = "report"
    ARTICLE = "article"
    WEB_PAGE = "web_page"
    NEWS = "news"
    OTHER = "other"


class Status(StrEnum):
    """Whether a document holds today. A proposal is never the rule in force."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    PROPOSAL = "proposal"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Language(StrEnum):
    """Written forms that Kjelda tells apart; ``und`` is undetermined."""

    BOKMAL = "nb"
    NYNORSK = "nn"
    ENGLISH = "en"
    UNDETERMINED = "und"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands in its source.

    ``section`` is the § or numbered heading as printed (``"§ 14 a"``, ``"2.1"``).
    ``page`` and ``page_end`` are 1-based physical PDF pages, first and last;
    ``page_label`` is what is printed on them (``"96"``, ``"96–97"``). ``anchor`` is the
    fragment that opens the place in the source itself.
    """

    section: str | None = None
    anchor: str | None = None
    page: int | None = None
    page_end: int | None = None
    page_label: str | None = None

    def __post_init__(self) -> None:
        """Refuse a page range that runs backwards. Raises ValueError."""
        if self.page is not None and self.page < 1:
            raise ValueError(f"a physical page counts from 1, got {self.page}")
        if self.page_end is not None and (self.page is None or self.page_end < self.page):
            raise ValueError(f"page_end {self.page_end} without or before page {self.page}")

    def covers_page(self, page: int) -> bool:
        """Whether the physical page lies in this place."""
        return self.page is not None and self.page <= page <= (self.page_end or self.page)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading trail (and, in a PDF, on one page).

    ``headings`` runs from the outermost to the innermost heading, without the
    document's title. ``text`` is normalised (corpus.text.normalise), paragraphs
    are parted by a blank line, and it is never empty.
    """

    headings: tuple[str, ...]
    text: str
    place: Place = Place()

    def __post_init__(self) -> None:
        """Refuse an empty section. Raises ValueError."""
        if not self.text.strip():
            raise ValueError("a section has text; leave an empty one out")


@dataclass(frozen=True, slots=True)
class Document:
    """One publication, whole.

    ``id`` derives from the canonical ``uri`` (corpus.identity), never from content.
    ``file`` is the name of the file it was read from, if any; ``media_type`` is its kind, with
    ``; ocr=87`` for a scan that was read by OCR, 87 % sure. ``areas`` are numbers
    1-6 (corpus.areas). ``replaced_by`` and ``translation_of`` are document ids. ``claims`` is
    what its sources say of its status, where that is more than one word of its own
    (corpus.currency). ``edition`` counts from 1 the texts that its address has given.
    """

    id: str
    uri: str
    title: str
    sections: tuple[Section, ...]
    type: DocumentType = DocumentType.OTHER
    language: Language = Language.UNDETERMINED
    status: Status = Status.UNKNOWN
    publisher: str | None = None
    file: str | None = None
    media_type: str | None = None
    short_title: str | None = None
    published: date | None = None
    updated: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    fetched: date | None = None
    areas: tuple[int, ...] = ()
    replaced_by: str | None = None
    translation_of: str | None = None
    claims: tuple[Claim, ...] = ()
    edition: int = field(default=1, compare=False)

    def __post_init__(self) -> None:
        """Refuse a document that cannot be named. Raises ValueError."""
        if not self.id or not self.title.strip():
            raise ValueError("a document has an id and a title")

    @property
    def ocr(self) -> int | None:
        """How sure the reading of a scan is, in percent; None for text."""
        _, mark, value = (self.media_type or "").partition("; ocr=")
        return int(value) if mark else None


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded, found and cited: a cut of one document.

    ``number`` counts from 0 within the document; ``section`` is the index of the
    first section it is cut from in ``Document.sections``.
    """

    document_id: str
    number: int
    title: str
    headings: tuple[str, ...]
    text: str
    place: Place
    language: Language
    section: int = 0
    embedded: str = field(init=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive what is embedded and the digest of everything stored."""
        object.__setattr__(self, "embedded", embedded_text(self.title, self.headings, self.text))
        parts = (
            self.document_id,
            str(self.number),
            self.title,
            *self.headings,
            self.text,
            repr(self.place),
            self.language,
            str(self.section),
        )
        digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16)
        object.__setattr__(self, "digest", digest.hexdigest())

    @property
    def key(self) -> int:
        """A 63-bit number made of document id and number: the id in every index."""
        raw = hashlib.blake2b(f"{self.document_id}#{self.number}".encode(), digest_size=8)
        return int.from_bytes(raw.digest()) >> 1


def embedded_text(title: str, headings: tuple[str, ...], text: str) -> str:
    """The text that is embedded: title and heading trail, then the passage itself."""
    lead = " › ".join(part for part in (title, *headings) if part)
    return f"{lead}\n{text}" if lead else text
