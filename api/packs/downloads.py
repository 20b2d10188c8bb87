"""Packs for other programs: downloads in each format, and the pack as JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from api import errors
from api.packs.exports.formats import FORMATS, Context, filename
from api.packs.exports.paper import kjelda_path
from api.packs.model import Heading, Quote
from api.packs.rows import quote_data
from api.packs.web import UNLISTED, base_date, opened_by, today
from api.routes import base_of, written_of

router = APIRouter(include_in_schema=False)


@router.get("/pakke/{token}/last-ned/{name}")
def download(request: Request, token: str, name: str) -> Response:
    """The pack in a format: docx, pptx, pdf, md, html, ris, json (CSL) or bib."""
    made = FORMATS.get(name)
    if made is None:
        raise errors.NotFound(f"there is no format {name[:20]}")
    pack = opened_by(request, token).pack
    context = Context(
        written=written_of(request),
        address=str(request.base_url).rstrip("/"),
        today=today(),
        base_date=base_date(base_of(request).searcher()),
    )
    headers = {
        **UNLISTED,
        "content-disposition": f'attachment; filename="{filename(pack, name)}"',
    }
    return Response(made.write(pack, context), media_type=made.media_type, headers=headers)


@router.get("/api/v1/packs/{token}")
def pack_data(request: Request, token: str) -> Response:
    """A pack as JSON: items in order, each with its kind; quotes with the words as taken."""
    pack = opened_by(request, token).pack
    items: list[dict[str, Any]] = []
    for item in pack.items:
        content = item.content
        if isinstance(content, Quote):
            items.append({"kind": "quote", **quote_data(content), "url": kjelda_path(content)})
        else:
            kind = "heading" if isinstance(content, Heading) else "note"
            items.append({"kind": kind, "text": content.text})
    body = {
        "title": pack.title,
        "created": pack.created.isoformat(),
        "changed": pack.changed.isoformat(),
        "items": items,
    }
    return JSONResponse(body, headers=UNLISTED)
