"""What the forms of a pack do: the passage they name, and the button of an item."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from api import errors
from api.base import Searching
from api.packs.check import Present, check
from api.packs.errors import PackMissing, PackRefused
from api.packs.forms import Form, number
from api.packs.model import Heading, Item, Note, Quote, heading_of, note_of, quote_of
from api.packs.store import Opened, PackStore
from api.packs.web import editable_by, today
from api.result import source_url
from api.routes import base_of, with_edition


def quote_items(opened: Opened) -> list[Item]:
    """The items that are quotes, in order."""
    return [item for item in opened.pack.items if isinstance(item.content, Quote)]


def passage_asked(request: Request, sent: Form) -> Quote:
    """The passage that a form names. Raises PackMissing where it isn't in the base."""
    searcher = base_of(request).searcher()
    passage_number = number(sent.get("passage"))
    try:
        now, earlier = with_edition(searcher, sent.get("dokument", ""), number(sent.get("utgave")))
    except errors.NotFound as error:
        raise PackMissing("missing_passage") from error
    document = earlier.document if earlier else now
    those = earlier.passages if earlier else searcher.passages_of(document.id)
    passage = next((p for p in those if p.number == passage_number), None)
    if passage is None:
        raise PackMissing("missing_passage")
    address = source_url(document, passage.place)
    return quote_of(document, passage, address, today(), sent.get("q"))


def present(searcher: Searching, opened: Opened) -> dict[str, Present]:
    """The documents that a pack quotes, as they are in the base now."""
    found = {}
    for document_id in {quote.document_id for quote in opened.pack.quotes}:
        document = searcher.document(document_id)
        # An id may also be a file's name; only the document itself counts.
        if document is not None and document.id == document_id:
            found[document_id] = Present(document, tuple(searcher.passages_of(document_id)))
    return found


def act_on(request: Request, store: PackStore, token: str, item: int, sent: Form) -> dict[str, Any]:
    """Do what the pressed button says; gives what the next page is to say."""
    opened = editable_by(request, token)
    act = sent.get("gjer", "")
    order = [one.id for one in opened.pack.items]
    if act == "attende":
        store.put_back(token, item)
        return {"item": item, "sagt": "put_back"}
    if item not in order:
        raise PackMissing("missing_item")
    at = order.index(item)
    if act in ("opp", "ned", "plass"):
        if act == "plass":
            wanted = number(sent.get("plass"))
            if not wanted or wanted > len(order):
                value = sent.get("plass", "")[:40]
                raise PackRefused("refused_place", value=value, most=len(order))
            to = wanted - 1
        else:
            to = min(max(at + (1 if act == "ned" else -1), 0), len(order) - 1)
        store.move(token, item, to)
        return {"item": item, "sagt": "moved", "plass": to + 1}
    if act == "bort":
        store.remove(token, item)
        return {"sagt": "removed", "borte": item}
    content = opened.pack.items[at].content
    if act == "lagre" and not isinstance(content, Quote):
        words = sent.get("tekst", "")
        new: Heading | Note = heading_of(words) if isinstance(content, Heading) else note_of(words)
        store.replace(token, item, new)
        return {"item": item, "sagt": "saved"}
    if act == "oppdater" and isinstance(content, Quote):
        those = present(base_of(request).searcher(), opened)
        mine = check(opened.pack.items[at], content, those.get(content.document_id))
        if mine.document is None or mine.now is None:
            raise PackMissing("missing_passage")
        address = source_url(mine.document, mine.now.place)
        fresh = quote_of(mine.document, mine.now, address, today(), content.query)
        store.replace(token, item, fresh)
        return {"item": item, "sagt": "updated"}
    raise PackRefused("refused_form")
