"""The lines of an HTML page that may speak of the page itself: its opening, and boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import Tag

from corpus.text import normalise_line

_BLOCKS = ("p", "li", "div", "span", "strong", "dt", "dd", "h2", "h3")
_OPENING = 14  # blocks of text before the text proper
_LONGEST = 400
# Classes of boxes that publishers use for words about the page.
_BOX = re.compile(
    r"\b(?:alert|notice|notification|warning|varsel|message|melding|expired|outdated|utdatert|"
    r"archive[d]?|arkiv(?:ert)?|status|superseded|invalid|ugyldig)",
    re.IGNORECASE,
)
_NOT_BOX = re.compile(r"cookie|consent|nav|menu|search|form|social|share", re.IGNORECASE)


def spoken(page: BeautifulSoup, main: Tag) -> Iterator[str]:
    """Short texts in which a page may say whether it holds, boxes first."""
    body = page.body or page
    for tag in body.find_all(_is_box):
        text = normalise_line(tag.get_text(" "))
        if 0 < len(text) <= _LONGEST:
            yield text
    yield from _opening(main)


def _is_box(tag: Tag) -> bool:
    names = " ".join(map(str, tag.get("class") or ()))
    told = f"{names} {tag.get('id') or ''}"
    boxed = tag.get("role") in ("alert", "status", "note") or bool(_BOX.search(told))
    return boxed and not _NOT_BOX.search(told)


def _opening(main: Tag) -> Iterator[str]:
    """The first blocks of the content, up to its first heading under the title."""
    shown = 0
    for tag in main.find_all(list(_BLOCKS)):
        if tag.name in ("h2", "h3") or shown >= _OPENING:
            return
        if tag.find(list(_BLOCKS[:3])):
            continue  # the blocks inside come by themselves
        text = normalise_line(tag.get_text(" "))
        if text:
            shown += 1
        if 0 < len(text) <= _LONGEST:
            yield text
