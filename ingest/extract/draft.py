"""What an extractor hands over: sections and whatever the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.currency import Claim
from corpus.documents import DocumentType, Language, Section, Status


@dataclass(frozen=True, slots=True)
class Draft:
    """A document before it has an id: every field but ``sections`` may be unknown.

    ``language`` is what the file declares; ``declared`` says that a person wrote it
    on purpose (front matter), so that it is believed over detection. ``claims`` is what is
    said of its status beside ``status``: words on the page, dates. ``ocr`` is how sure the
    reading of a scan is, in percent.
    """

    sections: tuple[Section, ...]
    title: str | None = None
    uri: str | None = None
    type: DocumentType = DocumentType.OTHER
    language: Language = Language.UNDETERMINED
    declared: bool = False
    status: Status = Status.UNKNOWN
    publisher: str | None = None
    short_title: str | None = None
    published: date | None = None
    updated: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    areas: tuple[int, ...] = ()
    replaced_by: str | None = None
    translation_of: str | None = None
    claims: tuple[Claim, ...] = ()
    ocr: int | None = None
    warnings: tuple[str, ...] = ()
