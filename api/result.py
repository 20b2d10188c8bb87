"""Search results and documents as plain data: one shape for the API and for ``--json``."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import quote

from api import acute
from corpus.currency import disagree
from corpus.documents import Document, Passage, Place
from search.store.history import Change
from search.values import Hit, Notice, SearchResult

_LOVDATA = re.compile(r"https://lovdata\.no/dokument/(?:NL|SF)/(?:lov|forskrift)/[\d-]+$")
_HTML = "text/html"
_FRAGMENT_WORDS = 5  # of the start and of the end of a quote
_FRAGMENT = "-._~!$&'()*+,;=:@/?%"  # what stands in a URL's fragment as it is


def search_data(result: SearchResult, written: str = "nb") -> dict[str, Any]:
    """What ``GET /api/v1/search`` and ``kjelda search --json`` give: acute help first.

    ``written`` is the form that acute help comes first in.
    """
    return {
        "query": result.query.text,
        "status": result.status,
        "mode": str(result.query.mode),
        "notices": [
            *acute.notices(result.query.text, written),
            *(notice_data(notice) for notice in result.notices),
        ],
        "hits": [hit_data(hit) for hit in result.hits],
        "nearest": [hit_data(hit) for hit in result.nearest],
        "confidence": None if result.confidence is None else round(result.confidence, 3),
        "corrections": [{"typed": typed, "used": used} for typed, used in result.corrections],
        "timings_ms": {name: round(value, 3) for name, value in result.timings_ms.items()},
    }


def notice_data(notice: Notice) -> dict[str, Any]:
    """A notice that is not about danger: words only."""
    return {
        "kind": notice.kind,
        "level": notice.level,
        "text": notice.text,
        "lang": notice.lang,
        "situation": None,
        "contacts": [],
        "url": None,
    }


def hit_data(hit: Hit) -> dict[str, Any]:
    """One hit with its document, place and excerpt."""
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "similarity": None if hit.similarity is None else round(float(hit.similarity), 4),
        "lexical_rank": hit.lexical_rank,
        "vector_rank": hit.vector_rank,
        **where_data(hit),
        "text": passage.text,
        "excerpt": {
            "text": hit.excerpt.text,
            "marks": [[start, end] for start, end in hit.excerpt.marks],
        },
        "reasons": list(hit.reasons),
        "matches": [
            {"typed": match.typed, "found": match.found, "via": match.via} for match in hit.matches
        ],
        "other_form": None if hit.other_form is None else other_form_data(hit.other_form),
    }


def where_data(hit: Hit) -> dict[str, Any]:
    """What a hit is from: its document, its place there, and the links to it."""
    passage = hit.passage
    return {
        "document": head_data(hit.document),
        "passage": passage.number,
        "headings": list(passage.headings),
        "place": place_data(passage.place),
        "language": str(passage.language),
        "url": passage_path(passage, hit.document.edition),
        "source_url": source_url(hit.document, passage.place),
    }


def other_form_data(document: Document) -> dict[str, Any]:
    """The same document in the other written form, to link to."""
    return {
        "id": document.id,
        "title": document.title,
        "language": str(document.language),
        "url": document_path(document.id),
    }


def head_data(document: Document) -> dict[str, Any]:
    """A document without its sections."""
    return {
        "id": document.id,
        "uri": document.uri,
        "file": document.file,
        "title": document.title,
        "short_title": document.short_title,
        "publisher": document.publisher,
        "type": str(document.type),
        "language": str(document.language),
        "status": str(document.status),
        "published": _iso(document.published),
        "updated": _iso(document.updated),
        "valid_from": _iso(document.valid_from),
        "valid_to": _iso(document.valid_to),
        "fetched": _iso(document.fetched),
        "areas": list(document.areas),
        "replaced_by": document.replaced_by,
        "translation_of": document.translation_of,
        "edition": document.edition,
        "ocr": document.ocr,
        "claims": [
            {
                "origin": str(claim.origin),
                "status": str(claim.status),
                "words": claim.words,
                "on": _iso(claim.on),
            }
            for claim in document.claims
        ],
        "conflict": disagree(document.claims),
    }


def document_data(document: Document, until: str | None = None) -> dict[str, Any]:
    """A document with its sections and their places; ``until`` marks an earlier edition."""
    return {
        **head_data(document),
        "until": until,
        "url": document_path(document.id),
        "source_url": source_url(document, Place()),
        "sections": [
            {
                "number": number,
                "headings": list(section.headings),
                "place": place_data(section.place),
                "text": section.text,
            }
            for number, section in enumerate(document.sections)
        ],
    }


def change_data(change: Change) -> dict[str, Any]:
    """One change to a document."""
    found = change.difference
    return {
        "at": change.at,
        "kind": change.kind,
        "document": change.document_id,
        "title": change.title,
        "edition": change.edition,
        "url": document_path(change.document_id),
        "added": list(found.added),
        "removed": list(found.removed),
        "changed": list(found.changed),
        "status_before": str(found.status[0]) if found.status else None,
        "status_after": str(found.status[1]) if found.status else None,
    }


def place_data(place: Place) -> dict[str, Any]:
    """A place in a source."""
    return {
        "section": place.section,
        "page": place.page,
        "page_end": place.page_end,
        "page_label": place.page_label,
        "anchor": place.anchor,
    }


def document_path(document_id: str) -> str:
    """The document's page on a Kjelda server."""
    return f"/dokument/{quote(document_id, safe='')}"


def passage_path(passage: Passage, edition: int, more: str = "") -> str:
    """The document's page, opened at the passage; a later edition doesn't move it.

    ``more`` is a further parameter of the page, such as ``lang=nn``.
    """
    path = document_path(passage.document_id)
    parameters = f"passage={passage.number}&utgave={edition}" + (f"&{more}" if more else "")
    return f"{path}?{parameters}#sitat"


def hit_path(hit: Hit, search: str) -> str:
    """A hit's page on a Kjelda server, with the search that it is a hit of (its parameters)."""
    return passage_path(hit.passage, hit.document.edition, search)


def source_url(document: Document, place: Place) -> str | None:
    """The original at the place, or None where it has no web address.

    Only http(s): a uri comes from a file's metadata and may hold any scheme.
    """
    if not document.uri.lower().startswith(("https://", "http://")):
        return None
    base = document.uri.split("#", 1)[0]
    if _LOVDATA.match(base) and place.section and place.section.startswith("§"):
        # Lovdata's own address of a §: /dokument/NL/lov/2020-11-06-127/§14a
        return f"{base}/{quote(''.join(place.section.split()), safe=_FRAGMENT)}"
    if place.page is not None:
        return f"{base}#page={place.page}"
    if place.anchor and place.anchor.startswith("?"):
        # A chapter with an address of its own: its query, and then the fragment.
        chapter, _, fragment = place.anchor.partition("#")
        address = base.split("?", 1)[0] + quote(chapter, safe=_FRAGMENT)
        return f"{address}#{quote(fragment, safe=_FRAGMENT)}" if fragment else address
    if place.anchor:
        return f"{base}#{quote(place.anchor.removeprefix('#'), safe=_FRAGMENT)}"
    return document.uri


def quoted_url(document: Document, passage: Passage) -> str | None:
    """The original with the passage's words marked by the browser, where nothing else leads there.

    A text fragment (``#:~:text=``) for a page of HTML without an anchor at the place; an anchor
    or a PDF's page is surer, and a card or a text of our own has other words than the original.
    """
    address = source_url(document, passage.place)
    if address is None or document.media_type != _HTML or address != document.uri or "#" in address:
        return address
    fragment = text_fragment(passage.text)
    return f"{address}#:~:text={fragment}" if fragment else address


def text_fragment(text: str) -> str:
    """``first%20words,last%20words`` of a text: short, so that a small change does no harm."""
    lines = [line.removeprefix("- ").split() for line in text.split("\n")]
    lines = [line for line in lines if line]
    if not lines:
        return ""
    first, last = lines[0], lines[-1]
    if len(lines) == 1 and len(first) <= 2 * _FRAGMENT_WORDS:
        return _fragment(first)
    return f"{_fragment(first[:_FRAGMENT_WORDS])},{_fragment(last[-_FRAGMENT_WORDS:])}"


def _fragment(words: list[str]) -> str:
    # A hyphen, a comma and an ampersand part the pieces of a directive: as text they are escaped.
    return quote(" ".join(words), safe="").replace("-", "%2D")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
