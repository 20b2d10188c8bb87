"""The HTTP API: search, documents, and whether the server is alive and ready."""

from __future__ import annotations

import logging
import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from api.acute import is_acute
from api.base import Base, Searching
from api.errors import NotFound, NotReady
from api.result import change_data, document_data, search_data
from api.schemas import ChangesOut, DocumentOut, ErrorOut, HealthOut, ReadyOut, SearchOut
from api.texts import WRITTEN, Written, choose
from corpus.documents import Document, DocumentType, Language, Status
from search.query import MAX_LENGTH, parse
from search.values import Filters, Mode, SearchResult
from search.values import Query as Parsed

if TYPE_CHECKING:
    from search.store.history import Edition

MAX_HITS = 50
COOKIE = "kjelda_lang"  # the written form that was chosen, nothing else
_IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)")
_queries = logging.getLogger("kjelda.queries")

router = APIRouter(
    responses={
        422: {"model": ErrorOut, "description": "A parameter can't be read"},
        503: {"model": ErrorOut, "description": "The base or the model is not ready"},
    }
)


def base_of(request: Request) -> Base:
    """The app's base."""
    base: Base = request.app.state.base
    return base


def run_query(request: Request, query: Parsed) -> SearchResult:
    """Search, and log the query only where the settings ask for it."""
    # A call for help is never kept, whatever the settings say.
    if request.app.state.settings.log_queries and not is_acute(query.text):
        _queries.info("query: %s", mask(query.text))
    result = base_of(request).searcher().search(query)
    if result.status == "nothing_found":
        request.app.state.missing.note(result, acute=is_acute(query.text))
    return result


def written_of(request: Request) -> Written:
    """The written form to answer in: asked for now, chosen before, or the browser's."""
    asked = request.query_params.get("lang")
    chosen = request.cookies.get(COOKIE)
    return choose(asked if asked in WRITTEN else chosen, request.headers.get("accept-language", ""))


def mask(text: str) -> str:
    """The text without national identity numbers."""
    return _IDENTITY_NUMBER.sub("***********", text)


def with_edition(
    searcher: Searching, document_id: str, number: int | None
) -> tuple[Document, Edition | None]:
    """A document as it is, and the earlier edition that was asked for, if any. Raises NotFound."""
    found = searcher.document(document_id)
    if found is None:
        raise NotFound(f"there is no document {document_id} in the base")
    if number is None or number == found.edition:
        return found, None
    earlier = searcher.edition(found.id, number)
    if earlier is None:
        raise NotFound(f"edition {number} of {document_id} is not kept")
    return found, earlier


def asked(
    q: Annotated[
        str,
        Query(description=f"The question: words, a § or «a phrase»; 1 to {MAX_LENGTH} characters"),
    ],
    limit: Annotated[int, Query(ge=1, le=MAX_HITS, description="The number of hits")] = 10,
    mode: Annotated[
        Mode, Query(description="By words, by meaning, or both (hybrid)")
    ] = Mode.HYBRID,
    type: Annotated[
        list[DocumentType] | None, Query(description="Document type; repeat for *or*")
    ] = None,
    language: Annotated[
        list[Language] | None, Query(description="Language; repeat for *or*")
    ] = None,
    publisher: Annotated[
        list[str] | None, Query(description="Publisher, whole name; repeat for *or*")
    ] = None,
    area: Annotated[
        list[Annotated[int, Query(ge=0, le=6)]] | None,
        Query(description="Area of work, 0 to 6; repeat for *or*"),
    ] = None,
    status: Annotated[list[Status] | None, Query(description="Status; repeat for *or*")] = None,
    year_from: Annotated[
        int | None, Query(ge=1000, le=9999, description="Published this year or later")
    ] = None,
    year_to: Annotated[
        int | None, Query(ge=1000, le=9999, description="Published this year or earlier")
    ] = None,
) -> Parsed:
    """The question of a request, with its filters. Raises QueryError."""
    filters = Filters(
        types=frozenset(type or ()),
        languages=frozenset(language or ()),
        publishers=frozenset(publisher or ()),
        areas=frozenset(area or ()),
        statuses=frozenset(status or ()),
        year_from=year_from,
        year_to=year_to,
    )
    return parse(q, limit=limit, mode=mode, filters=filters)


Asked = Annotated[Parsed, Depends(asked)]


@router.get("/api/v1/search", response_model=SearchOut, tags=["search"], summary="Search")
def search(request: Request, query: Asked) -> JSONResponse:
    """Find passages by words and meaning, best first, each with its place in the source.

    Values of one filter are *or*; different filters are *and*. That nothing was found is
    an answer (status `nothing_found`), not an error.
    """
    return JSONResponse(search_data(run_query(request, query), written_of(request)))


@router.get(
    "/api/v1/documents/{document_id}",
    response_model=DocumentOut,
    tags=["documents"],
    summary="A document",
    responses={404: {"model": ErrorOut, "description": "No such document"}},
)
def document(
    request: Request,
    document_id: str,
    edition: Annotated[
        int | None, Query(ge=1, description="An earlier edition, where it is kept")
    ] = None,
) -> JSONResponse:
    """A document with all its sections and their places."""
    found, earlier = with_edition(base_of(request).searcher(), document_id, edition)
    if earlier is None:
        return JSONResponse(document_data(found))
    return JSONResponse(document_data(earlier.document, earlier.until))


@router.get("/api/v1/changes", response_model=ChangesOut, tags=["documents"], summary="Changes")
def changes(
    request: Request,
    since: Annotated[date, Query(description="A day, such as 2026-11-01")],
) -> JSONResponse:
    """What is new, changed (and in which sections), superseded or gone since a day."""
    found = base_of(request).searcher().changes(since)
    return JSONResponse(
        {"since": since.isoformat(), "changes": [change_data(change) for change in found]}
    )


# Async: alive means that the event loop turns, also when all worker threads are busy.
@router.get("/health", tags=["operation"], summary="Alive")
async def health() -> HealthOut:
    """Whether the process is alive. Touches neither base nor model."""
    return HealthOut()


@router.get("/ready", tags=["operation"], summary="Ready")
def ready(request: Request) -> ReadyOut:
    """Whether model and index answer; 503 says what is missing."""
    if missing := base_of(request).missing():
        raise NotReady(missing)
    return ReadyOut()


def endpoints(openapi: dict[str, Any]) -> list[dict[str, Any]]:
    """The endpoints of an OpenAPI description, for the page at /api."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "description": _plain(operation.get("description", "")),
            "parameters": [
                {**one, "description": _plain(one.get("description", ""))}
                for one in operation.get("parameters", [])
            ],
        }
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    ]


def _plain(text: str) -> str:
    """A description without Markdown's marks, which a page would show."""
    return re.sub(r"[*`]", "", text)
