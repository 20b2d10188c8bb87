"""The web pages: how they are rendered, and help, API list and errors."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api import acute, places
from api.marking import runs
from api.packs.texts import text as pack_text
from api.result import document_path, hit_path, passage_path, quoted_url, source_url
from api.routes import COOKIE, endpoints, written_of
from api.texts import WRITTEN, Written, text
from corpus.acute import LANGUAGES, acute_help
from corpus.currency import disagree
from corpus.documents import Status
from corpus.sources import CARD
from search.query import MAX_LENGTH

HERE = Path(__file__).parent
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

# Statuses whose text must not be taken for the rule in force, and the text that says so.
WARNINGS = {
    Status.SUPERSEDED: "warn_superseded",
    Status.PROPOSAL: "warn_proposal",
    Status.EXPIRED: "warn_expired",
}
LANGUAGE_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
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
        "help_words": lambda written: acute_help(written).interface,
        "disagree": disagree,
        "static": _static,
        "day": places.day,
        "lang_of": places.lang_attribute,
        "document_path": document_path,
        "hit_path": hit_path,
        "quoted_url": quoted_url,
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


@router.get(acute.PATH)
def help_page(request: Request) -> HTMLResponse:
    """All of acute help, in Nynorsk, Bokmål or English. Needs no base."""
    asked = request.query_params.get("lang")
    language = asked if asked in LANGUAGES else written_of(request)
    return page(request, "help.html", help=acute_help(language), names=LANGUAGE_NAMES)


@router.get("/api")
def api_page(request: Request) -> HTMLResponse:
    """The endpoints of the API, from their own description."""
    return page(request, "api.html", endpoints=endpoints(request.app.openapi()))


def error_page(request: Request, status: int, code: str) -> HTMLResponse:
    """What went wrong, in words; never what was searched for."""
    known = _FAULTS.get(status, "other")
    # Who is in danger gets the number, also when the search itself can't answer.
    found = acute.box(request.query_params.get("q", "")[:MAX_LENGTH], written_of(request))
    return page(request, "error.html", status, fault=known, code=code, acute=found)


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
    headers = {"content-language": written, "vary": "accept-language, cookie"}
    answer = HTMLResponse(html, status, headers)
    if asked in WRITTEN and request.cookies.get(COOKIE) != written:
        answer.set_cookie(COOKIE, written, max_age=31_536_000, httponly=True, samesite="lax")
    return answer
