"""The pages of packs: forms that work without scripts, downloads, and the check against the base.

An address holds the pack's token, and whoever has it has the pack: no token is logged, sent to
another site (referrer) or listed by a search engine.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.marking import Run
from api.packs.acts import act_on, passage_asked, present, quote_items
from api.packs.changed import marked_difference
from api.packs.check import Finding, check_again
from api.packs.errors import PackError, PackMissing, PackRefused
from api.packs.exports.formats import FORMATS, REFERENCES
from api.packs.exports.paper import kjelda_path, own_language, parts_of, warning_of
from api.packs.forms import Form, current, forget, form, number, own_path, remember
from api.packs.model import (
    LONGEST_NOTE,
    LONGEST_TITLE,
    Heading,
    Quote,
    default_title,
    heading_of,
    note_of,
    title_of,
)
from api.packs.store import PackStore
from api.packs.texts import text
from api.packs.web import (
    address_of,
    base_date,
    editable_by,
    lang_of_request,
    opened_by,
    page,
    store_of,
    to_pack,
    today,
    with_lang,
)
from api.routes import base_of, written_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Sent = Annotated[Form, Depends(form)]


# -- pages -------------------------------------------------------------------


@router.get("/pakke")
def start_page(request: Request) -> Response:
    """What packs are, a form for a new one, and the way to the one in use."""
    token = current(request)
    return page(request, "packs/start.html", token=token, fault=None, kept="")


@router.post("/pakke")
def create(request: Request, sent: Sent) -> Response:
    """A new, empty pack."""
    given = sent.get("tittel", "")
    try:
        title = title_of(given) if given.strip() else default_title(today())
        token = store_of(request).create(title)
    except PackRefused as refused:
        return page(
            request, "packs/start.html", 422, token=current(request), fault=refused, kept=given
        )
    answer = to_pack(request, token, sagt="created")
    remember(request, answer, token)
    return answer


@router.post("/pakke/legg-i")
def add_quote(request: Request, sent: Sent) -> Response:
    """Put a passage of the base into the pack in use, or into a new one."""
    store = store_of(request)
    quote = passage_asked(request, sent)
    token = current(request)
    try:
        opened = store.open(token) if token else None
    except PackMissing:
        opened = None  # deleted meanwhile: the quote begins a new pack
    if token is None or opened is None or not opened.editable:
        token, opened = store.create(default_title(today())), None
    said = "added"
    same = (quote.document_id, quote.digest, quote.place)
    for item in opened.pack.items if opened else ():
        held = item.content
        if isinstance(held, Quote) and (held.document_id, held.digest, held.place) == same:
            said = "added_already"
            break
    else:
        store.add(token, quote)
    back = own_path(sent.get("tilbake", ""))
    # At the top, where it says that it is done and leads back, not at the quote far below.
    whence: dict[str, Any] = {"fra": back} if back else {}
    answer = to_pack(request, token, sagt=said, **whence)
    remember(request, answer, token)
    return answer


@router.get("/pakke/{token}")
def pack_page(request: Request, token: str) -> Response:
    """A pack, to change or to read, as its link allows."""
    return _pack_page(request, token)


@router.post("/pakke/{token}/tittel")
def rename(request: Request, token: str, sent: Sent) -> Response:
    """Give the pack another title."""

    def change(store: PackStore) -> dict[str, Any]:
        store.rename(token, title_of(sent.get("tekst", "")))
        return {"sagt": "saved"}

    return _change(request, token, "title", sent, change)


@router.post("/pakke/{token}/overskrift")
def add_heading(request: Request, token: str, sent: Sent) -> Response:
    """A new heading, at the end."""
    return _change(
        request,
        token,
        "heading",
        sent,
        lambda store: {
            "item": store.add(token, heading_of(sent.get("tekst", ""))),
            "sagt": "saved",
        },
    )


@router.post("/pakke/{token}/merknad")
def add_note(request: Request, token: str, sent: Sent) -> Response:
    """A new note, at the end."""
    return _change(
        request,
        token,
        "note",
        sent,
        lambda store: {"item": store.add(token, note_of(sent.get("tekst", ""))), "sagt": "saved"},
    )


@router.post("/pakke/{token}/element/{item}")
def change_item(request: Request, token: str, item: int, sent: Sent) -> Response:
    """Move an item, take it out, put it back, or give it another text: by the button pressed."""
    return _change(
        request,
        token,
        f"item-{item}",
        sent,
        lambda store: act_on(request, store, token, item, sent),
    )


@router.post("/pakke/{token}/bruk")
def use(request: Request, token: str, sent: Sent) -> Response:
    """Let new quotes go into this pack."""
    editable_by(request, token)
    answer = to_pack(request, token, sagt="used")
    remember(request, answer, token)
    return answer


@router.post("/pakke/{token}/kopi")
def copy(request: Request, token: str, sent: Sent) -> Response:
    """A pack of its own with the same contents; also from a link for reading."""
    store = store_of(request)
    pack = opened_by(request, token).pack
    say = partial(text, written_of(request))
    title = title_of(say("copy_title", title=pack.title)[:LONGEST_TITLE])
    made = store.create(title, tuple(item.content for item in pack.items), copied=True)
    answer = to_pack(request, made, sagt="copied")
    remember(request, answer, made)
    return answer


@router.get("/pakke/{token}/slett")
def delete_page(request: Request, token: str) -> Response:
    """Whether the pack shall really go."""
    return page(request, "packs/delete.html", token=token, pack=editable_by(request, token).pack)


@router.post("/pakke/{token}/slett")
def delete(request: Request, token: str, sent: Sent) -> Response:
    """Delete the pack for good."""
    editable_by(request, token)
    store_of(request).delete(token)
    said = lang_of_request(request) | {"sagt": "deleted"}
    answer = RedirectResponse(address_of("/pakke", said), 303)
    if current(request) == token:
        forget(answer)
    return answer


@router.get("/pakke/{token}/sjekk")
def check_page(request: Request, token: str) -> Response:
    """Which quotes are changed, superseded or gone since they were taken."""
    opened = opened_by(request, token)
    searcher = base_of(request).searcher()
    findings = check_again(opened.pack, present(searcher, opened))
    heirs = {
        finding.heir: document
        for finding in findings
        if finding.heir and (document := searcher.document(finding.heir))
    }
    return page(
        request,
        "packs/check.html",
        token=token,
        opened=opened,
        look=[finding for finding in findings if finding.concerns],
        fine=[finding for finding in findings if not finding.concerns],
        total=len(findings),
        heirs=heirs,
        on=base_date(searcher),
        compare=_compare,
        number_of={item.id: n for n, item in enumerate(quote_items(opened), 1)},
    )


# -- parts -------------------------------------------------------------------


def _compare(finding: Finding) -> tuple[list[Run], list[Run]]:
    now = finding.now.text if finding.now else ""
    return marked_difference(finding.quote.text, now)


def _change(
    request: Request,
    token: str,
    field: str,
    sent: Form,
    change: Callable[[PackStore], dict[str, Any]],
) -> Response:
    """Make a change and show the pack; what is refused is told at its field, the text kept."""
    editable_by(request, token)
    try:
        said = change(store_of(request))
    except PackRefused as refused:
        return _pack_page(
            request, token, 422, fault=refused, field=field, kept=sent.get("tekst", "")
        )
    return to_pack(request, token, **said)


def _pack_page(
    request: Request,
    token: str,
    status: int = 200,
    fault: PackError | None = None,
    field: str = "",
    kept: str = "",
) -> Response:
    opened = opened_by(request, token)
    pack = opened.pack
    written = written_of(request)
    asked = request.query_params
    address = str(request.base_url).rstrip("/")
    return page(
        request,
        "packs/pack.html",
        status,
        token=token,
        opened=opened,
        pack=pack,
        is_current=current(request) == token,
        edit_address=f"{address}/pakke/{token}",
        read_address=f"{address}/pakke/{opened.read_token}",
        on=base_date(base_of(request).searcher()),
        said=asked.get("sagt") if not fault else None,
        said_place=number(asked.get("plass")),
        gone=number(asked.get("borte")),
        back=own_path(asked.get("fra", "")),
        fault=fault,
        field=field,
        has_field=field in ("title", "heading", "note", *(f"item-{i.id}" for i in pack.items)),
        kept=kept,
        kind_of=_kind_of,
        lang_for=lambda words: own_language(words, written),
        warning=lambda quote: warning_of(quote, written),
        quote_path=lambda quote: with_lang(request, kjelda_path(quote)),
        parts_of=parts_of,
        most=LONGEST_NOTE,
        formats=[name for name in FORMATS if name not in REFERENCES],
        references=REFERENCES,
        number_of={item.id: n for n, item in enumerate(quote_items(opened), 1)},
    )


def _kind_of(content: object) -> str:
    if isinstance(content, Quote):
        return "quote"
    return "heading" if isinstance(content, Heading) else "note"
