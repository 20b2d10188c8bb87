"""Browsing without a question: topics, and lists of documents; the same list as JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field

from api import browsing
from api.browsing import PAGE_SIZE, SLUGS, Listing, Sort
from api.errors import NotFound
from api.pages import page
from api.result import document_path, head_data, source_url
from api.routes import base_of, written_of
from api.schemas import DocumentHead, ErrorOut
from api.texts import Written, text
from corpus.areas import AREAS
from corpus.documents import Document, DocumentType, Language, Place, Status
from corpus.sources import CARD

MOST_LISTED = 200
_DANGEROUS = 4  # the area where a reader may need the police, not a document

router = APIRouter()


class DocumentListed(DocumentHead):
    """A document on a list."""

    url: str = Field(description="The document's page on this server")
    source_url: str | None = Field(description="The original, if it is on the web")
    card: bool = Field(description="A registered source whose text isn't fetched")


class DocumentsOut(BaseModel):
    """A stretch of a list of documents."""

    total: int = Field(description="How many documents the filters leave")
    offset: int
    documents: list[DocumentListed]


@router.get("/emne", response_class=HTMLResponse, include_in_schema=False)
def topics_page(request: Request) -> HTMLResponse:
    """The six areas, and the ways into all documents."""
    documents = base_of(request).searcher().documents()
    everything = Listing(lang=_kept(request))
    return page(
        request,
        "topics.html",
        areas=[
            (area.number, SLUGS[area.number], len(browsing.of_area(documents, area.number)))
            for area in AREAS
        ],
        ways=[
            (way, _options(documents, everything, name, written_of(request), only_there=True))
            for way, name in (
                ("topics_by_type", "types"),
                ("topics_by_status", "statuses"),
                ("topics_by_publisher", "publishers"),
            )
        ],
        everything=everything,
    )


@router.get("/emne/{slug}", response_class=HTMLResponse, include_in_schema=False)
def topic_page(request: Request, slug: str) -> HTMLResponse:
    """One area: what is in force, what is proposed, and what either took the place of."""
    numbers = {name: number for number, name in SLUGS.items()}
    if slug not in numbers:
        raise NotFound(f"there is no topic {slug[:40]}")
    area = numbers[slug]
    documents = base_of(request).searcher().documents()
    here = browsing.of_area(documents, area)
    return page(
        request,
        "topic.html",
        area=area,
        total=len(here),
        topic=browsing.topic(here, written_of(request)),
        danger=area == _DANGEROUS,
        listing=Listing(areas=(area, 0), lang=_kept(request)),
        **_relations(documents),
    )


@router.get("/dokument", response_class=HTMLResponse, include_in_schema=False)
def documents_page(request: Request) -> HTMLResponse:
    """A list of documents by type, status, area, publisher and language, page by page."""
    asked = browsing.read(request.query_params)
    written = written_of(request)
    documents = base_of(request).searcher().documents()
    found = browsing.select(documents, asked)
    pages = max(-(-len(found) // PAGE_SIZE), 1)
    number = min(asked.page, pages)
    start = (number - 1) * PAGE_SIZE
    groups = [
        (param, name, _options(documents, asked, name, written))
        for param, name in browsing.FIELDS.items()
    ]
    return page(
        request,
        "documents.html",
        asked=asked,
        heading=_heading(asked, written),
        total=len(found),
        start=start,
        shown=found[start : start + PAGE_SIZE],
        number=number,
        pages=pages,
        sorts=list(Sort),
        groups=groups,
        **_relations(documents),
    )


@router.get(
    "/api/v1/documents",
    response_model=DocumentsOut,
    tags=["documents"],
    summary="Documents",
    responses={
        422: {"model": ErrorOut, "description": "A parameter can't be read"},
        503: {"model": ErrorOut, "description": "The base is not ready"},
    },
)
def documents(
    request: Request,
    type: Annotated[
        list[DocumentType] | None, Query(description="Document type; repeat for *or*")
    ] = None,
    status: Annotated[list[Status] | None, Query(description="Status; repeat for *or*")] = None,
    area: Annotated[
        list[Annotated[int, Query(ge=0, le=6)]] | None,
        Query(description="Area of work, 1 to 6; 0 spans them all; repeat for *or*"),
    ] = None,
    publisher: Annotated[
        list[str] | None, Query(description="Publisher, whole name; repeat for *or*")
    ] = None,
    language: Annotated[
        list[Language] | None, Query(description="Language; repeat for *or*")
    ] = None,
    sort: Annotated[Sort, Query(description="By title, or by date, newest first")] = Sort.TITLE,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED, description="At most so many")] = PAGE_SIZE,
    offset: Annotated[int, Query(ge=0, description="How many to pass over")] = 0,
) -> JSONResponse:
    """List documents, without their text.

    Values of one filter are *or*; different filters are *and*.
    """
    asked = Listing(
        tuple(type or ()),
        tuple(status or ()),
        tuple(publisher or ()),
        tuple(area or ()),
        tuple(language or ()),
        sort,
    )
    found = browsing.select(base_of(request).searcher().documents(), asked)
    return JSONResponse(
        {
            "total": len(found),
            "offset": offset,
            "documents": [_listed(document) for document in found[offset : offset + limit]],
        }
    )


def _listed(document: Document) -> dict[str, Any]:
    return {
        **head_data(document),
        "url": document_path(document.id),
        "source_url": source_url(document, Place()),
        "card": document.media_type == CARD,
    }


def _relations(documents: list[Document]) -> dict[str, Any]:
    """What an entry needs to name the documents around its own."""
    return {
        "by_id": {document.id: document for document in documents},
        "replaced": browsing.replaced(documents),
        "dated": browsing.dated,
        "is_preparatory": browsing.is_preparatory,
        "spans_all": browsing.spans_all,
        "proposing": browsing.PROPOSING,
        "nowhere": Place(),
    }


def _options(
    documents: list[Document],
    asked: Listing,
    name: str,
    written: Written,
    *,
    only_there: bool = False,
) -> list[dict[str, Any]]:
    """The values of a field: words, how many documents, and the address with that value alone."""
    counted = browsing.counts(documents, asked, name)
    chosen = getattr(asked, name)
    if name == "publishers":
        known: list[Any] = sorted({*counted, *chosen}, key=lambda v: browsing.title_key(str(v)))
    else:
        fixed: dict[str, list[Any]] = {
            "types": list(DocumentType),
            "statuses": list(Status),
            "areas": [*range(1, 7), 0],
            "languages": list(Language),
        }
        known = fixed[name]
    return [
        {
            "value": value,
            "words": said(name, value, written),
            "count": counted[value],
            "chosen": value in chosen,
            "address": asked.address(**{name: (value,)}),
            "without": asked.without(name, value),
        }
        for value in known
        if counted[value] or value in chosen or not only_there
    ]


def said(name: str, value: object, written: Written) -> str:
    """A value of a field in words."""
    prefix = {"types": "type", "statuses": "status", "areas": "area", "languages": "language"}
    return text(written, f"{prefix[name]}_{value}") if name in prefix else str(value)


def _heading(asked: Listing, written: Written) -> str:
    """What the list shows: ``Dokument: Lov eller Forskrift, Gjeldande``."""
    parts = []
    for name in browsing.FIELDS.values():
        names = [said(name, value, written) for value in getattr(asked, name)]
        if name != "publishers":
            names = [*names[:1], *map(_within, names[1:])]
        *before, last = names or [""]
        if before:
            last = text(written, "list_or", first=", ".join(before), last=last)
        parts += [last] if last else []
    if not parts:
        return text(written, "list_all")
    return text(written, "list_some", what="; ".join(parts))


def _within(words: str) -> str:
    """Words as they stand within a sentence: *forskrift*, but NOU and IMDi."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _kept(request: Request) -> str | None:
    asked = request.query_params.get("lang")
    return asked if asked in ("nb", "nn") else None
