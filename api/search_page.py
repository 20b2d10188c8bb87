"""The search page: what was asked, filters with counts, hits and why they stand where they do."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api import acute, asking
from api.base import Searching
from api.pages import page
from api.places import month_ago
from api.routes import base_of, run_query, written_of
from api.texts import Written, text
from corpus.documents import DocumentType, Language, Status
from search.errors import QueryError
from search.query import MAX_LENGTH, parse
from search.ranking import TYPE_FACTOR
from search.values import Hit, SearchResult

if TYPE_CHECKING:
    from search.facets import Facets

SHOWN = 6  # values of one filter that are shown at once
RECENT = 5  # changes on the start page

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def search_page(request: Request) -> HTMLResponse:
    """The search page, with hits when something was asked."""
    asked = asking.read(request.query_params)
    written = written_of(request)
    searcher = base_of(request).searcher()
    error: str | None = None
    result: SearchResult | None = None
    if asked.submitted:
        try:
            query = parse(
                asked.q, limit=asked.limit, mode=asked.mode, filters=asked.filters, facets=True
            )
            result = run_query(request, query)
        except QueryError:
            key = "error_long" if asked.q else "error_empty"
            error = text(written, key, **({"most": MAX_LENGTH} if asked.q else {}))
    start = result is None and error is None
    return page(
        request,
        "search.html",
        200 if error is None else 422,
        acute=acute.box(asked.q[:MAX_LENGTH], written),
        asked=asked,
        result=result,
        error=error,
        documents=int(searcher.status().get("documents", 0)) if start else 0,
        recent=_recent(searcher) if start else [],
        why=partial(_why, written),
        filters=_filters(searcher, asked, written, result.facets if result else {}),
    )


@router.get("/opensearch.xml")
def opensearch(request: Request) -> Response:
    """How a browser makes Kjelda one of its search engines (OpenSearch 1.1)."""
    answer = page(request, "opensearch.xml", address=str(request.base_url).rstrip("/"))
    return Response(answer.body, media_type="application/opensearchdescription+xml")


def _recent(searcher: Searching) -> list[dict[str, Any]]:
    """The newest changes to documents that are still here, the newest of each."""
    here = {document.id for document in searcher.documents()}
    found: dict[str, dict[str, Any]] = {}
    for change in searcher.changes(month_ago()):
        if change.document_id in here and change.document_id not in found:
            day = date.fromisoformat(change.at[:10])
            found[change.document_id] = {
                "kind": change.kind,
                "title": change.title,
                "document_id": change.document_id,
                "at": change.at,
                "day": day,
            }
            if len(found) == RECENT:
                break
    return list(found.values())


def _filters(
    searcher: Searching, asked: asking.Asked, written: Written, facets: Facets
) -> list[dict[str, Any]]:
    """The groups of filters: field, parameter, and each value with its words and its count."""
    say = partial(text, written)
    publishers = list(dict.fromkeys([*searcher.publishers(), *asked.publishers]))
    groups: list[tuple[str, str, list[tuple[Any, str]]]] = [
        ("types", "type", [(v, say(f"type_{v}")) for v in DocumentType]),
        ("statuses", "status", [(v, say(f"status_{v}")) for v in Status]),
        ("languages", "language", [(v, say(f"language_{v}")) for v in Language]),
        ("areas", "area", [(n, say(f"area_{n}")) for n in range(7)]),
        ("publishers", "publisher", [(name, _breakable(name)) for name in publishers]),
    ]
    found = []
    for name, param, values in groups:
        counts = facets.get(name)
        chosen = getattr(asked, name)
        options = [
            {
                "number": number,
                "value": value,
                "words": words,
                "chosen": value in chosen,
                "without": asked.without(name, value) if value in chosen else "",
                "count": None if counts is None else counts.get(value, 0),
            }
            for number, (value, words) in enumerate(values)
        ]
        if counts is not None:  # what would leave nothing is no choice
            options = [option for option in options if option["count"] or option["chosen"]]
            if name == "publishers":
                options.sort(key=lambda option: -(option["count"] or 0))
        many = len(options) > SHOWN + 2
        shown = [o for n, o in enumerate(options) if not many or n < SHOWN or o["chosen"]]
        more = [option for option in options if option not in shown]
        if options:
            legend = say(f"filter_{param}")
            found.append({"param": param, "legend": legend, "shown": shown, "more": more})
    return found


def _breakable(name: str) -> str:
    """The name with a soft hyphen where its long word parts: a narrow column would cut it."""
    return name.replace("departement", "\u00addepartement").replace(
        "direktorat", "\u00addirektorat"
    )


def _why(written: Written, hit: Hit) -> list[str]:
    """Why a hit stands where it does, a sentence each."""
    say = partial(text, written)
    decimal = "" if hit.similarity is None else f"{hit.similarity:.2f}".replace(".", ",")
    lines = [
        say("why_words", n=hit.lexical_rank) if hit.lexical_rank else say("why_no_words"),
    ]
    lines += [
        say(f"match_{match.via}", typed=match.typed, found=match.found)
        for match in hit.matches
        if match.via != "word" or match.typed != match.found
    ]
    if hit.vector_rank:
        lines.append(say("why_meaning", n=hit.vector_rank, similarity=decimal or "–"))
    elif decimal:
        lines.append(say("why_meaning_only", similarity=decimal))
    for reason in hit.reasons:
        name, _, what = reason.partition(":")
        if name == "type":
            down = TYPE_FACTOR.get(DocumentType(what), 1) < 1
            key = "reason_type_down" if down else "reason_type"
            lines.append(say(key, what=say(f"type_{what}").lower()))
        elif name == "status":
            lines.append(say("reason_status", what=say(f"status_{what}").lower()))
        elif name in ("reference", "duty", "replaced", "crowded", "apparatus"):
            lines.append(say(f"reason_{name}"))
    return lines
