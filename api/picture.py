"""A PDF's page as a picture with the quote boxed, and the PDF itself, where they are at hand.

Both are given only for documents of the base, and only while the file is the very one that was
read: another text than the quoted one must not stand beside a quote.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import here
from api.errors import NotFound
from api.result import document_path
from api.routes import base_of, with_edition
from corpus.documents import Document, Passage

if TYPE_CHECKING:
    from ingest.pictures import Picture, Pictures

PDF = "application/pdf"
_WHOLE = 0.95  # of the quote's letters, from which on all of it is boxed

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class View:
    """A page's picture as it is shown, or the key of a text that says why there is none.

    ``quote`` is a key that says how much of the quote is boxed: all, part, none or no_quote.
    """

    page: int
    fault: str | None = None
    address: str = ""
    width: int = 0
    height: int = 0
    pages: int = 0
    quote: str = "no_quote"


def is_pdf(document: Document) -> bool:
    """Whether a document was read from a PDF."""
    return (document.media_type or "").partition(";")[0] == PDF


def pages_of(passage: Passage | None) -> list[int]:
    """The physical pages that a passage stands on, at most three."""
    if passage is None or passage.place.page is None:
        return []
    first, last = passage.place.page, passage.place.page_end or passage.place.page
    return list(range(first, min(last, first + 2) + 1))


def view(request: Request, document: Document, passage: Passage | None, page: int) -> View:
    """The picture of a page of a document as it is today, drawn now."""
    from ingest.original import Missing
    from ingest.pictures import NoPicture

    try:
        found = _picture(request, document, passage, page)
    except (Missing, NoPicture) as error:
        return View(page, fault=f"picture_{error.reason}")
    quote = "no_quote"
    on = pages_of(passage)
    if page in on:
        whole = found.share >= _WHOLE or (found.boxes and len(on) > 1)
        quote = "all" if whole else "part" if found.boxes else "none"
    number = f"?passage={passage.number}" if passage else ""
    return View(
        page,
        address=f"{document_path(document.id)}/side/{page}.webp{number}",
        width=found.width,
        height=found.height,
        pages=found.pages,
        quote=quote,
    )


@router.get("/dokument/{document_id}/side/{page}.webp")
def page_picture(request: Request, document_id: str, page: int) -> Response:
    """The picture of a page, with a passage's quote boxed (``?passage=N``)."""
    from ingest.original import Missing
    from ingest.pictures import NoPicture

    searcher = base_of(request).searcher()
    document, _ = with_edition(searcher, document_id, None)
    number = here.number(request.query_params, "passage")
    those = searcher.passages_of(document.id) if number is not None else []
    passage = next((p for p in those if p.number == number), None)
    try:
        found = _picture(request, document, passage, page)
    except (Missing, NoPicture) as error:
        raise NotFound(f"there is no picture of page {page}: {error.reason}") from error
    # May be kept by this browser only, and is asked for anew each time: a few bytes if unchanged.
    headers = {"etag": f'"{found.mark}"', "cache-control": "private, no-cache"}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(found.webp, media_type="image/webp", headers=headers)


@router.get("/dokument/{document_id}/original.pdf")
def original_pdf(request: Request, document_id: str) -> Response:
    """The PDF that a document was read from, for the browser's own viewer (``#page=12``)."""
    from ingest.original import Missing

    document, _ = with_edition(base_of(request).searcher(), document_id, None)
    try:
        _, data = _bytes(request, document)
    except Missing as error:
        raise NotFound(f"the file of {document.id} is not at hand: {error.reason}") from error
    return Response(data, media_type=PDF, headers={"content-disposition": "inline"})


def has_file(request: Request, document: Document) -> bool:
    """Whether the PDF is at hand. A large archive is not opened to tell."""
    from ingest.original import is_at_hand

    found = base_of(request).searcher().provenance(document.id)
    home = request.app.state.settings.home
    return is_pdf(document) and found is not None and is_at_hand(home, *found)


def _picture(request: Request, document: Document, passage: Passage | None, page: int) -> Picture:
    """Raises Missing or NoPicture."""
    from ingest.pictures import NoPicture

    if not is_pdf(document) or page < 1:
        raise NoPicture("broken")
    quote = passage.text if passage is not None and page in pages_of(passage) else ""
    content, data = _bytes(request, document)
    return _pictures().draw(content, data, page, quote)


def _bytes(request: Request, document: Document) -> tuple[str, bytes]:
    """The digest and the bytes of a document's file. Raises Missing."""
    from ingest.original import Missing, original

    found = base_of(request).searcher().provenance(document.id)
    if found is None or not is_pdf(document):
        raise Missing("unknown")
    source, known = found
    return known.content or "", original(request.app.state.settings.home, source, known)


@cache
def _pictures() -> Pictures:
    from ingest.pictures import Pictures

    return Pictures()
