"""What a reference manager (Zotero) reads in the head of a document's page."""

from __future__ import annotations

from api.citation import source_of
from api.result import document_path, source_url
from corpus.documents import Document, DocumentType, Language, Place

_REPORTS = frozenset(
    {
        *(DocumentType.REPORT, DocumentType.NOU, DocumentType.WHITE_PAPER, DocumentType.BILL),
        *(DocumentType.GUIDANCE, DocumentType.PLAN, DocumentType.CIRCULAR),
        DocumentType.COMMITTEE_REPORT,
    }
)


def tags(document: Document, server: str) -> list[tuple[str, str]]:
    """(name, content) of each meta tag: ``citation_*`` and Dublin Core."""
    dated = document.published or document.updated
    law = source_of(document).law
    given = law.given if law else dated
    original = source_url(document, Place())
    # A file of one's own is found on this server, and nowhere else.
    address = original or f"{server}{document_path(document.id)}"
    language = "" if document.language is Language.UNDETERMINED else str(document.language)
    found: list[tuple[str, str | None]] = [
        ("citation_title", document.title),
        ("citation_author", document.publisher),
        ("citation_publisher", document.publisher),
        ("citation_publication_date", f"{given:%Y/%m/%d}" if given else None),
        ("citation_language", language),
        ("citation_public_url", address),
        ("DC.title", document.title),
        ("DC.creator", document.publisher),
        ("DC.publisher", document.publisher),
        ("DC.date", given.isoformat() if given else None),
        ("DC.language", language),
        ("DC.type", str(document.type)),
        ("DC.identifier", law.code if law else address),
        ("DC.source", address),
        ("DCTERMS.modified", document.updated.isoformat() if document.updated else None),
        ("DCTERMS.valid", _period(document)),
    ]
    if document.type in _REPORTS:
        found.append(("citation_technical_report_institution", document.publisher))
    return [(name, content) for name, content in found if content]


def _period(document: Document) -> str | None:
    """``start=2021-01-01; end=2024-12-31`` (DCMI Period)."""
    days = (("start", document.valid_from), ("end", document.valid_to))
    return "; ".join(f"{name}={day.isoformat()}" for name, day in days if day) or None
