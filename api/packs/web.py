"""What the pages of packs share: the store, the pack behind a token, answers and errors."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from api import errors, pages
from api.base import Searching
from api.packs import forms
from api.packs.errors import ExportUnavailable, PackError, PackMissing
from api.packs.store import Opened, PackStore
from api.packs.texts import text
from api.routes import written_of
from api.texts import WRITTEN

# A pack's address is for those who were given it.
UNLISTED = {"x-robots-tag": "noindex, nofollow"}


def store_of(request: Request) -> PackStore:
    """The packs of the app's data folder."""
    return PackStore(request.app.state.settings.home, today)


def base_date(searcher: Searching) -> date | None:
    """The day of the last ingest."""
    finished = searcher.status().get("last_run_finished")
    return date.fromisoformat(str(finished)[:10]) if finished else None


def today() -> date:
    """The day, in UTC as in the rest of Kjelda."""
    return datetime.now(UTC).date()


def opened_by(request: Request, token: str) -> Opened:
    """The pack behind a token. Raises PackMissing."""
    if not forms.is_token(token):
        raise PackMissing("missing_pack")
    return store_of(request).open(token)


def editable_by(request: Request, token: str) -> Opened:
    """The pack behind a token that may change it. Raises PackMissing."""
    opened = opened_by(request, token)
    if not opened.editable:
        raise PackMissing("missing_pack")
    return opened


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of packs: no search engine lists it. ``told`` is what has just been done."""
    say = partial(text, written_of(request))
    said = request.query_params.get("sagt", "")
    answer = pages.page(request, template, status, p=say, told=said, **values)
    answer.headers.update(UNLISTED)
    return answer


def lang_of_request(request: Request) -> dict[str, Any]:
    """The written form as a parameter, where one was chosen."""
    asked = request.query_params.get("lang")
    return {"lang": asked} if asked in WRITTEN else {}


def with_lang(request: Request, path: str) -> str:
    """The path with the choice of written form, where one was made."""
    asked = lang_of_request(request)
    return path.replace("#", f"&lang={asked['lang']}#", 1) if asked else path


def address_of(path: str, parameters: dict[str, Any], item: int | None = None) -> str:
    """An address with its parameters, at an item."""
    query = f"?{urlencode(parameters)}" if parameters else ""
    return f"{path}{query}" + (f"#i{item}" if item else "")


def to_pack(request: Request, token: str, item: int | None = None, **said: Any) -> RedirectResponse:
    """The pack's page, at an item, with what has been done."""
    parameters = lang_of_request(request) | said
    return RedirectResponse(address_of(f"/pakke/{token}", parameters, item), 303)


def on_pack_error(request: Request, error: PackError) -> Response:
    """What was refused and what to do, as a page or as JSON."""
    status = 422
    if isinstance(error, PackMissing):
        status = 404
    elif isinstance(error, ExportUnavailable):
        status = 501
    elif error.key == "refused_origin":
        status = 403
    if errors.wants_json(request):
        message = text("nb", error.key, **error.values)
        return JSONResponse({"error": {"code": error.key, "message": message}}, status)
    return page(request, "packs/refused.html", status, error=error)
