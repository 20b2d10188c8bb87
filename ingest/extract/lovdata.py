"""Lovdata's open data: acts, regulations and announcements as XML-like HTML (NLOD 2.0).

Their elements name what they are: ``legalArticle`` is a §, ``legalP`` a paragraph (*ledd*),
``change`` what an amending act does to another. Format seen in the archives of 2025 and 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from lxml import etree, html

from corpus.currency import Claim, Origin
from corpus.documents import Status
from corpus.text import SUPERSCRIPT, normalise_line
from ingest.errors import BrokenFile
from ingest.extract import front
from ingest.extract.draft import Draft
from ingest.extract.outline import Outline

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    {"article", "section", "main", "footer", "header", "div", "p", "table", "ul", "ol"}
    | {"blockquote", *_HEADINGS}
)
_CHANGE_LEVEL = 6  # below every chapter of an amending act
_LONGEST_HEADING = 160
_ANNOUNCED = re.compile(r"^LTI/")
# The dates an announcement gives: "2025-07-01", "Kongen bestemmer", "2025-07-01, 2026-01-01".
_KEYS = {
    "tittel": "title",
    "korttittel": "titleShort",
    "ikrafttredelse": "dateInForce",
    "sist-endret-ikrafttredelse": "lastChangeInForce",
    "refid": "refid",
}
_AS_ANNOUNCED = "Slik ho vart kunngjord i Norsk Lovtidend; seinare endringar er ikkje med."


def extract(data: bytes, today: date) -> Draft:
    """A document out of one file of the archives. Raises BrokenFile."""
    try:
        page = html.document_fromstring(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, etree.LxmlError, RecursionError) as error:
        raise BrokenFile(f"not readable as Lovdata's XML ({error})") from error
    head = _head(page)
    if "refid" not in head:
        raise BrokenFile("Lovdata's XML without a RefID: it can't be told which act it is")
    told = front.read(
        {ours: head[theirs] for ours, theirs in _KEYS.items() if theirs in head}, today
    )
    outline = Outline(slugs=False)
    try:
        for main in page.xpath("//main"):
            _Reader(outline, head.get("title", "")).children(main)
    except RecursionError as error:
        raise BrokenFile("its tags are nested too deep to be read") from error
    draft = replace(told, sections=outline.sections())
    if not _ANNOUNCED.match(head.get("dokid", "")):
        return draft
    claim = Claim(Origin.NOTICE, Status.UNKNOWN, _AS_ANNOUNCED)
    uri = f"https://lovdata.no/dokument/{head['dokid']}"
    return replace(draft, uri=uri, status=Status.UNKNOWN, claims=(claim,))


def _head(page: Any) -> Mapping[str, str]:
    """The key information: the name of each entry and its text."""
    found: dict[str, str] = {}
    for value in page.xpath('//dl[contains(@class, "data-document-key-info")]/dd'):
        name = value.get("class")
        if name and name not in found and (text := normalise_line(value.text_content())):
            found[name] = text
    return found


class _Reader:
    """Walks the body in order, and fills the outline."""

    def __init__(self, outline: Outline, title: str) -> None:
        self.outline = outline
        self.title = title

    def children(self, element: Any) -> None:
        """Blocks in order; text between them is a paragraph of its own."""
        run: list[str] = [element.text or ""]
        for child in element:
            if not isinstance(child.tag, str):
                run.append(child.tail or "")
                continue
            if child.tag in _BLOCKS:
                self._paragraph(run)
                run = []
                self._block(child)
            else:
                run.append(_inline(child))
            run.append(child.tail or "")
        self._paragraph(run)

    def _paragraph(self, run: list[str]) -> None:
        self.outline.paragraph("".join(run))

    def _block(self, element: Any) -> None:
        kind = element.get("class") or ""
        if element.tag in _HEADINGS:
            text = normalise_line(_inline(element))
            if element.tag != "h1" or text != self.title:
                self.outline.heading(_HEADINGS[element.tag], text, _anchor(element.getparent()))
        elif element.tag in ("ul", "ol"):
            self.outline.paragraph("\n".join(_list(element)))
        elif element.tag == "table":
            self.outline.paragraph("\n".join(_rows(element)))
        elif kind == "change":
            self._change(element)
        else:
            self.children(element)

    def _change(self, element: Any) -> None:
        """What an amending act does to one place of another act, under its own words."""
        first = next(iter(element), None)
        text = "" if first is None else normalise_line(_inline(first))
        if first is None or first.get("class") != "defaultP" or len(text) > _LONGEST_HEADING:
            self.children(element)
            return
        self.outline.heading(_CHANGE_LEVEL, text, element.get("id"))
        if len(element) == 1:
            self.outline.paragraph(text)  # "Nåværende § 4 blir § 5": heading and text in one
        element.text = first.tail
        element.remove(first)
        self.children(element)


def _anchor(element: Any) -> str | None:
    return element.get("id") if element is not None else None


def _inline(element: Any) -> str:
    """All text of an element; a break is a line feed, a footnote's mark is a sign by itself."""
    if element.tag == "br":
        return "\n"
    if element.tag in ("img", "script", "style"):
        return ""
    if element.tag == "sup" and (digits := (element.text or "").strip()).isdecimal():
        return digits.translate(SUPERSCRIPT)  # a note's mark, or cm³: never part of a number
    if element.get("class") == "data-marginOriginalId":
        return f"{element.text_content()} "
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            apart = child.tag in ("p", "div", "article", "li", "tr")
            parts.append(f" {_inline(child)} " if apart else _inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _list(element: Any) -> Iterator[str]:
    """A line for every point, with its mark, nested ones below theirs."""
    for item in element:
        if item.tag != "li":
            continue
        nested = [found for found in item.iter("ul", "ol", "table") if _is_first(found, item)]
        inner = [list(_rows(found) if found.tag == "table" else _list(found)) for found in nested]
        for found in nested:
            # What stands after the inner list belongs to the point still.
            parent, tail = found.getparent(), found.tail or ""
            before = found.getprevious()
            if before is not None:
                before.tail = f"{before.tail or ''} {tail}"
            else:
                parent.text = f"{parent.text or ''} {tail}"
            parent.remove(found)
        text = normalise_line(_inline(item))
        mark = item.get("data-li-identifier") or item.get("data-name") or "-"
        mark = f"{mark}." if mark.isalnum() else mark
        if text:
            yield f"{mark} {text}"
        for lines in inner:
            yield from lines


def _is_first(found: Any, item: Any) -> bool:
    """Whether a list or table lies in a point, and in no other list or table inside it."""
    parent = found.getparent()
    while parent is not item:
        if parent.tag in ("ul", "ol", "table"):
            return False
        parent = parent.getparent()
    return True


def _rows(element: Any) -> Iterator[str]:
    for part in element.iter("caption", "tr"):
        if part.tag == "caption":
            if text := normalise_line(_inline(part)):
                yield text
            continue
        cells = [normalise_line(_inline(cell)) for cell in part if cell.tag in ("td", "th")]
        if any(cells):
            yield " | ".join(cells)
