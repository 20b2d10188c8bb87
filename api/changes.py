"""What changed in the base: a page for people, and an Atom feed for their readers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree as Xml

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.pages import page
from api.places import month_ago, parse_day
from api.result import document_path
from api.routes import base_of, written_of
from api.texts import Written, text
from search.store.history import Change

MOST = 500  # changes on a page
MOST_IN_FEED = 100
MOST_NAMES = 12  # sections named of one change
_ATOM = "http://www.w3.org/2005/Atom"

router = APIRouter(include_in_schema=False)


@router.get("/endringar", response_class=HTMLResponse)
def changes_page(request: Request) -> HTMLResponse:
    """The changes since a day (``?fra=2026-11-01`` or ``1.11.2026``), newest first, by day."""
    asked = request.query_params.get("fra", "").strip()
    since, error = month_ago(), None
    if asked:
        try:
            since = parse_day(asked)
        except ValueError:
            error = text(written_of(request), "error_day", value=asked[:40])
    searcher = base_of(request).searcher()
    found = searcher.changes(since)
    return page(
        request,
        "changes.html",
        200 if error is None else 422,
        since=since,
        asked=asked or since.isoformat(),
        error=error,
        more=len(found) > MOST,
        shown=MOST,
        days=by_day(found[:MOST]),
        most_names=MOST_NAMES,
        here={document.id for document in searcher.documents()},
    )


@router.get("/endringar.atom")
def changes_feed(request: Request) -> Response:
    """The same as an Atom feed (RFC 4287), an entry for each change."""
    found = base_of(request).searcher().changes(month_ago())[:MOST_IN_FEED]
    body = feed(found, str(request.base_url).rstrip("/"), written_of(request))
    return Response(body, media_type="application/atom+xml")


def by_day(changes: Sequence[Change]) -> list[tuple[date, list[Change]]]:
    """Changes under the day they were seen on, in the order given."""
    grouped = itertools.groupby(changes, key=lambda change: change.at[:10])
    return [(date.fromisoformat(day), list(those)) for day, those in grouped]


def feed(changes: Sequence[Change], address: str, written: Written) -> bytes:
    """An Atom feed of changes, newest first. ``address`` is the server's own, without a slash."""
    Xml.register_namespace("", _ATOM)
    root = Xml.Element(f"{{{_ATOM}}}feed", {"xml:lang": written})
    _add(root, "title", f"Kjelda – {text(written, 'changes_heading')}")
    _add(root, "id", f"{address}/endringar.atom")
    _add(root, "updated", changes[0].at if changes else "1970-01-01T00:00:00+00:00")
    _link(root, "self", f"{address}/endringar.atom?lang={written}")
    _link(root, "alternate", f"{address}/endringar?lang={written}")
    _add(_add(root, "author"), "name", "Kjelda")
    for change in changes:
        entry = _add(root, "entry")
        _add(entry, "title", f"{text(written, f'change_{change.kind}')}: {change.title}")
        _add(entry, "id", f"{address}/endringar#{change.seq}")
        _add(entry, "updated", change.at)
        _link(entry, "alternate", f"{address}{document_path(change.document_id)}?lang={written}")
        _add(entry, "summary", "\n".join(summary(change, written)) or change.title)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def summary(change: Change, written: Written) -> list[str]:
    """What the change is, a line for each part of it."""
    found = change.difference
    lines = []
    if found.status:
        before, after = (text(written, f"status_{status}") for status in found.status)
        lines.append(text(written, "change_from_to", before=before, after=after))
    for key, names in (
        ("change_added", found.added),
        ("change_reworded", found.changed),
        ("change_removed", found.removed),
    ):
        if names:
            rest = len(names) - MOST_NAMES
            more = f" {text(written, 'change_others', n=rest)}" if rest > 0 else ""
            lines.append(f"{text(written, key)}: {'; '.join(names[:MOST_NAMES])}{more}")
    return lines


def _add(parent: Xml.Element, name: str, content: str | None = None) -> Xml.Element:
    child = Xml.SubElement(parent, f"{{{_ATOM}}}{name}")
    child.text = content
    return child


def _link(parent: Xml.Element, relation: str, address: str) -> None:
    Xml.SubElement(parent, f"{{{_ATOM}}}link", {"rel": relation, "href": address})
