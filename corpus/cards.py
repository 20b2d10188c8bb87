"""Cards and texts: where the text of a registered source is in the base, its card steps back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from corpus.documents import Document
from corpus.sources import CARD


def with_texts(documents: Iterable[Document]) -> tuple[list[Document], dict[str, str]]:
    """The documents without the cards whose text is here, and card id -> id of that text.

    A text has the areas that the register gives it, where it says none itself: acts come from
    elsewhere and know nothing of our areas.
    """
    known = list(documents)
    cards: dict[str, list[Document]] = {}
    for document in known:
        if document.media_type == CARD:
            cards.setdefault(_address(document.uri), []).append(document)
    kept: list[Document] = []
    texts: dict[str, str] = {}
    for document in known:
        if document.media_type == CARD:
            continue
        own = cards.pop(_address(document.uri), [])
        texts |= {card.id: document.id for card in own}
        areas = document.areas or tuple(sorted({area for card in own for area in card.areas}))
        kept.append(replace(document, areas=areas) if own else document)
    kept += [card for those in cards.values() for card in those]
    return sorted(kept, key=lambda document: document.id), texts


def _address(uri: str) -> str:
    return uri.rstrip("/")
