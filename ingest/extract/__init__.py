"""From a file to a Document: one literal table of media types and extractors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.currency import Claim, Origin, with_claims
from corpus.documents import Document, Language, Section, Status
from corpus.identity import document_id
from corpus.text import normalise_line
from ingest.errors import EmptyFile
from ingest.extract.media import DOCX, HTML, LOVDATA, MARKDOWN, PDF, PLAIN, media_type

if TYPE_CHECKING:
    from ingest.extract.draft import Draft
    from ingest.read import SourceFile


def _pdf(data: bytes, _today: date) -> Draft:
    from ingest.extract import pdf

    return pdf.extract(data)


def _html(data: bytes, _today: date) -> Draft:
    from ingest.extract import html

    return html.extract(data)


def _docx(data: bytes, _today: date) -> Draft:
    from ingest.extract import docx

    return docx.extract(data)


def _markdown(data: bytes, today: date) -> Draft:
    from ingest.extract import markdown

    return markdown.extract(data, today)


def _lovdata(data: bytes, today: date) -> Draft:
    from ingest.extract import lovdata

    return lovdata.extract(data, today)


def _plain(data: bytes, _today: date) -> Draft:
    from ingest.extract import plain

    return plain.extract(data)


EXTRACTOR = "5"  # part of what is compared on the next run: a new number reads all anew

# Functions that import inside: pypdf, bs4, docx and markdown-it are slow to load.
EXTRACTORS: dict[str, Callable[[bytes, date], Draft]] = {
    PDF: _pdf,
    HTML: _html,
    DOCX: _docx,
    MARKDOWN: _markdown,
    PLAIN: _plain,
    LOVDATA: _lovdata,
}

Detect = Callable[[str], Language]


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document, and what was left out of it on the way (a page, a date)."""

    document: Document
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageText:
    """The cleaned text of one physical page (1-based) and what is printed on it."""

    page: int
    page_label: str | None
    text: str


def extract(
    source: SourceFile, *, today: date | None = None, detect: Detect | None = None
) -> Extracted:
    """Read one file into a Document.

    ``today`` decides whether an act is in force (the present day if not given).
    Raises IngestError: encrypted, broken, empty, scanned, wrongly named, unsupported.
    """
    data = source.data
    kind = media_type(source.name, data, source.media_type)
    draft = EXTRACTORS[kind](data, today or datetime.now(UTC).date())
    if not any(section.text for section in draft.sections):
        raise EmptyFile("no text was found in the file")
    uri = draft.uri or source.uri
    document = Document(
        id=document_id(uri),
        uri=uri,
        title=normalise_line(draft.title or "") or _title_from(source.name),
        sections=draft.sections,
        type=draft.type,
        language=_language(draft, detect),
        status=draft.status,
        publisher=draft.publisher or _host(uri),
        file=source.name,
        media_type=kind if draft.ocr is None else f"{kind}; ocr={draft.ocr}",
        short_title=draft.short_title,
        published=draft.published,
        updated=draft.updated,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        fetched=source.fetched,
        areas=draft.areas,
        replaced_by=draft.replaced_by,
        translation_of=draft.translation_of,
    )
    claims = (*draft.claims, *_by_dates(document, today or datetime.now(UTC).date()))
    return Extracted(with_claims(document, *claims) if claims else document, draft.warnings)


def _by_dates(document: Document, today: date) -> tuple[Claim, ...]:
    """That its time is over, or not yet come, whatever else is said."""
    if document.valid_to is not None and document.valid_to < today:
        words = f"valid to {document.valid_to}"
        return (Claim(Origin.DATES, Status.EXPIRED, words, today),)
    if document.valid_from is not None and document.valid_from > today:
        words = f"valid from {document.valid_from}"
        return (Claim(Origin.DATES, Status.UNKNOWN, words, today),)
    return ()


def pages(source: SourceFile) -> list[PageText]:
    """The cleaned text of every physical page; none for what has no pages.

    Raises IngestError, as extract() does.
    """
    data = source.data
    if media_type(source.name, data, source.media_type) != PDF:
        return []
    from ingest.extract import pdf

    return list(pdf.pages(data))


def _host(uri: str) -> str | None:
    """The site a fetched page comes from."""
    host = urlsplit(uri).hostname if uri.startswith(("http:", "https:")) else None
    return host.removeprefix("www.") if host else None


def _title_from(name: str) -> str:
    stem = PurePosixPath(name).stem
    return normalise_line(stem.replace("_", " ").replace("-", " ")) or name or "Uten tittel"


def _language(draft: Draft, detect: Detect | None) -> Language:
    """What a person declared, else what the text is, else what a template declared."""
    if draft.declared and draft.language is not Language.UNDETERMINED:
        return draft.language
    if detect is None:
        from ingest import language

        detect = language.detect
    found = detect(_sample(draft.sections))
    return draft.language if found is Language.UNDETERMINED else found


def _sample(sections: tuple[Section, ...], size: int = 20_000) -> str:
    """Text from beginning, middle and end: a long document may open in another form."""
    text = "\n".join(section.text for section in sections)
    if len(text) <= size:
        return text
    third = size // 3
    middle = len(text) // 2
    return "\n".join((text[:third], text[middle : middle + third], text[-third:]))
