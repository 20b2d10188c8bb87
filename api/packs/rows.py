"""Items as they are stored, and back: JSON that says its kind."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from api.packs.model import Content, Heading, Note, Quote
from corpus.documents import DocumentType, Language, Place, Status

_DATES = ("added", "published", "updated", "valid_from", "valid_to", "fetched")


def row_of(content: Content) -> tuple[str, str]:
    """(kind, JSON) of an item's content."""
    if isinstance(content, Heading):
        return "heading", json.dumps({"text": content.text}, ensure_ascii=False)
    if isinstance(content, Note):
        return "note", json.dumps({"text": content.text}, ensure_ascii=False)
    return "quote", json.dumps(quote_data(content), ensure_ascii=False)


def content_of(kind: str, body: str) -> Content:
    """An item's content out of its row. Raises KeyError or ValueError for a row that isn't one."""
    data = json.loads(body)
    if kind == "heading":
        return Heading(data["text"])
    if kind == "note":
        return Note(data["text"])
    values = data | {
        "headings": tuple(data["headings"]),
        "place": Place(**data["place"]),
        "language": Language(data["language"]),
        "document_language": Language(data["document_language"]),
        "type": DocumentType(data["type"]),
        "status": Status(data["status"]),
    }
    values |= {name: date.fromisoformat(data[name]) for name in _DATES if data[name]}
    return Quote(**values)


def quote_data(quote: Quote) -> dict[str, Any]:
    """A quote as plain data: dates in ISO, values by their codes."""
    data = asdict(quote)
    return data | {name: data[name].isoformat() for name in _DATES if data[name]}
