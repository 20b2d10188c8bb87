"""The web pages: search, document, API list, errors. Server-rendered, without scripts."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api import asking, places, reading
from api.base import Searching
from api.marking import runs
from api.packs.texts import text as pack_text
from api.result import document_path, passage_path, source_url
from api.routes import base_of, endpoints, run_query, with_edition
from api.texts import WRITTEN, Written, choose, text
from corpus.currency import disagree
from corpus.documents import DocumentType, Language, Place, Status
from corpus.sources import CARD
from search.errors import QueryError
from search.query import MAX_LENGTH, parse
from search.ranking import TYPE_FACTOR
from search.values import Hit, SearchResult

HERE = Path(__file__).parent
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

# Statuses whose text must not be taken for the rule in force, and the text that says so.
WARNINGS = {
    Status.SUPERSEDED: "warn_superseded",
    Status.PROPOSAL: "warn_proposal",
    Status.EXPIRED: "warn_expired",
}
_FAULTS = {404: "not_found", 503: "not_ready"}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "card": CARD,
        "disagree": disagree,
        "static": _static,
        "day": places.day,
        "lang_of": places.lang_attribute,
        "document_path": document_path,
        "passage_path": passage_path,
        "pack_text": pack_text,
        "source_url": source_url,
        "runs": runs,
        "warnings": WARNINGS,
    }
    return environment


@cache
def _static(name: str) -> str:
    """A static file's address, which changes with its content."""
    mark = hashlib.blake2b((HERE / "static" / name).read_bytes(), digest_size=6).hexdigest()
    return f"/static/{name}?v={mark}"


@router.get("/")
def search_page(request: Request) -> HTMLResponse:
    """The search page, with hits when something was asked."""
    asked = asking.read(request.query_params)
    written = written_of(request)
    searcher = base_of(request).searcher()
    error: str | None = None
    result: SearchResult | None = None
    if asked.submitted:
        try:
            query = parse(asked.q, limit=asked.limit, mode=asked.mode, filters=asked.filters)
            result = run_query(request, query)
        except QueryError:
            key = "error_long" if asked.q else "error_empty"
            error = text(written, key, **({"most": MAX_LENGTH} if asked.q else {}))
    return page(
        request,
        "search.html",
        200 if error is None else 422,
        asked=asked,
        result=result,
        error=error,
        documents=_holdings(searcher),
        why=partial(_why, written),
        filters=_filters(searcher, asked, written),
        max_length=MAX_LENGTH,
    )


@router.get("/dokument/{document_id}")
def document_page(request: Request, document_id: str) -> HTMLResponse:
    """A document, opened at a passage (``?passage=N``) or at a part (``?del=N``)."""
    searcher = base_of(request).searcher()
    present, earlier = with_edition(searcher, document_id, _number(request, "utgave"))
    found = earlier.document if earlier else present
    number = _number(request, "passage")
    passage = None
    if number is not None:
        those = searcher.passages_of(found.id) if earlier is None else earlier.passages
        passage = next((p for p in those if p.number == number), None)
    view = reading.read(found, passage, _number(request, "del") or 1)
    linked = {
        name: searcher.document(target)
        for name, target in (
            ("replaced_by", present.replaced_by),
            ("translation_of", present.translation_of),
        )
        if target
    }
    return page(
        request,
        "document.html",
        document=found,
        present=present,
        until=date.fromisoformat(earlier.until[:10]) if earlier else None,
        edition=found.edition if earlier else None,
        editions=[
            (number, date.fromisoformat(until[:10]))
            for number, until in reversed(searcher.editions(found.id))
        ],
        conflict=disagree(present.claims),
        reading=view,
        linked={name: other for name, other in linked.items() if other},
        original=source_url(found, passage.place if passage else Place()),
    )


@router.get("/api")
def api_page(request: Request) -> HTMLResponse:
    """The endpoints of the API, from their own description."""
    return page(request, "api.html", endpoints=endpoints(request.app.openapi()))


def error_page(request: Request, status: int, code: str) -> HTMLResponse:
    """What went wrong, in words; never what was searched for."""
    known = _FAULTS.get(status, "other")
    return page(request, "error.html", status, fault=known, code=code)


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of a template, in the written form that was asked for."""
    written = written_of(request)
    other: Written = "nb" if written == "nn" else "nn"
    asked = request.query_params.get("lang")
    html = (
        _environment()
        .get_template(template)
        .render(
            t=partial(text, written),
            written=written,
            other=other,
            switch_address=str(
                request.url.include_query_params(lang=other).replace(scheme="", netloc="")
            ),
            keep_lang=f"lang={written}" if asked in WRITTEN else "",
            place_words=partial(places.place_words, written=written),
            **values,
        )
    )
    headers = {"content-language": written, "vary": "accept-language"}
    return HTMLResponse(html, status, headers)


def written_of(request: Request) -> Written:
    """The written form to answer in."""
    return choose(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def _number(request: Request, name: str) -> int | None:
    value = request.query_params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _holdings(searcher: Searching) -> int:
    return int(searcher.status().get("documents", 0))


def _filters(searcher: Searching, asked: asking.Asked, written: Written) -> list[dict[str, Any]]:
    """The groups of filters: field, parameter, and each value with its words."""
    say = partial(text, written)
    publishers = list(dict.fromkeys([*searcher.publishers(), *asked.publishers]))
    groups: list[tuple[str, str, list[tuple[Any, str]]]] = [
        ("types", "type", [(v, say(f"type_{v}")) for v in DocumentType]),
        ("statuses", "status", [(v, say(f"status_{v}")) for v in Status]),
        ("languages", "language", [(v, say(f"language_{v}")) for v in Language]),
        ("areas", "area", [(n, say(f"area_{n}")) for n in range(7)]),
        ("publishers", "publisher", [(name, _breakable(name)) for name in publishers]),
    ]
    return [
        {
            "param": param,
            "legend": say(f"filter_{param}"),
            "options": [
                {
                    "value": value,
                    "words": words,
                    "chosen": value in getattr(asked, name),
                    "without": asked.without(name, value),
                }
                for value, words in values
            ],
        }
        for name, param, values in groups
        if values
    ]


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
