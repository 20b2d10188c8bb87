"""Places, dates and languages in words, for pages and the command line."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from api.texts import Written, text
from corpus.documents import Language, Place

_NORWEGIAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_MONTHS = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
]


def place_words(place: Place, written: Written) -> str:
    """``§ 4``, ``side 12 (trykt 10)``, or both; empty for a place that isn't known."""
    parts = [place.section] if place.section else []
    if place.page is not None:
        if place.page_end is not None and place.page_end != place.page:
            page = text(written, "pages", page=place.page, page_end=place.page_end)
        else:
            page = text(written, "page", page=place.page)
        if place.page_label and place.page_label != _physical(place):
            page = text(written, "page_printed", place=page, label=place.page_label)
        parts.append(page)
    return ", ".join(parts)


def place_english(place: Place) -> str:
    """The same in English: ``§ 4, page 12 (printed 10)``."""
    parts = [place.section] if place.section else []
    if place.page is not None:
        several = place.page_end is not None and place.page_end != place.page
        page = f"pages {place.page}–{place.page_end}" if several else f"page {place.page}"
        if place.page_label and place.page_label != _physical(place):
            page += f" (printed {place.page_label})"
        parts.append(page)
    return ", ".join(parts)


def _physical(place: Place) -> str:
    """The label that would say no more than the pages do."""
    several = place.page_end is not None and place.page_end != place.page
    return f"{place.page}–{place.page_end}" if several else f"{place.page}"


def month_ago() -> date:
    """From when changes are shown where no day is asked for."""
    return datetime.now(UTC).date() - timedelta(days=30)


def parse_day(said: str) -> date:
    """A day: ``2026-11-25``, ``25.11.2026`` or ``1. 11. 2026``. Raises ValueError."""
    said = said.strip()
    if match := _NORWEGIAN.fullmatch(said):
        return date(int(match[3]), int(match[2]), int(match[1]))
    return date.fromisoformat(said)


def day(value: date) -> str:
    """``6. november 2020``: the same in both written forms."""
    return f"{value.day}. {_MONTHS[value.month - 1]} {value.year}"


def lang_attribute(language: Language) -> str:
    """The value of HTML's lang; empty says that the language isn't known."""
    return "" if language is Language.UNDETERMINED else str(language)
