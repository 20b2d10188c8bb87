"""Headings of a PDF: its bookmarks, numbered lines, and the title."""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corpus.text import normalise_line
from ingest.extract.lines import CELL, Line

if TYPE_CHECKING:
    from pypdf import PdfReader

# What broken input makes pypdf raise: its own errors are a ValueError at best, and
# malformed objects, streams and numbers come through as the built-in ones.
BROKEN = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError),
    *(RecursionError, OverflowError, ZeroDivisionError, NotImplementedError, EOFError),
    *(struct.error, zlib.error, OSError),
)
_DECIMAL_HEADING = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,4})\.?\s+[«“\"]?[A-ZÆØÅ]")
# "Kapittel 2 Formål" and "Vedlegg 1", but not "Kapittel 2 handlar om ...".
_NAMED_HEADING = re.compile(
    r"^(?:Kapit(?:tel|el)|KAPIT(?:TEL|EL)|Vedlegg|Del)\s+(?:\d{1,2}|[IVX]{1,5})"
    r"(?:[.:]?\s*$|[.:]?\s+[«“\"]?[A-ZÆØÅ])"
)
_LEADERS = re.compile(r"\.\s?\.\s?\.|…|_{3}|\s\d{1,3}$")
_JUNK_TITLE = re.compile(
    r"^(?:microsoft word|untitled|uten (?:navn|tittel)|utan (?:namn|tittel)|dokument\d*|layout|"
    r"document\d*|print|slide 1|powerpoint)\b"
    r"|\.(?:docx?|book|indd|pdf|qxd|fm|rtf|pptx?|xlsx?|p65)\b|^\W*$|_",
    re.IGNORECASE,
)
_HEADING_LENGTH = 120
_LARGER = 1.12  # than the text: the type of headings
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading out of the PDF's own outline: its level and physical page."""

    level: int
    text: str
    page: int


def outline(reader: PdfReader) -> list[Heading]:
    """The PDF's bookmarks, or none if they are broken."""
    from pypdf.errors import PyPdfError

    found: list[Heading] = []

    def walk(items: Sequence[Any], level: int) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item, level + 1)
                continue
            page = reader.get_destination_page_number(item)
            title = normalise_line(str(item.title or ""))
            if page is not None and page >= 0 and title:
                found.append(Heading(level, title, page + 1))

    try:
        walk(reader.outline, 1)
    except (PyPdfError, *BROKEN):
        return []
    return found


def heading_at(
    lines: Sequence[Line],
    index: int,
    marks: Sequence[Heading],
    trail: Sequence[tuple[int, str]],
) -> tuple[int, str, int]:
    """Level and text of the heading that starts at a line, and its lines; 0 if none."""
    line = lines[index].text
    for mark in marks:
        wanted = _folded(mark.text)
        for used in (1, 2, 3):
            text = " ".join(line.text for line in lines[index : index + used])
            if wanted and wanted in (_folded(text), _folded(_unnumbered(text))):
                return mark.level, _mended(text), used
    if len(line) > _HEADING_LENGTH or line.endswith((".", ",", ";", ":", "-")):
        return 0, "", 0
    if _LEADERS.search(line):
        return 0, "", 0
    if match := _DECIMAL_HEADING.match(line):
        level = match[1].count(".") + 1
        # Under "Kapittel 2", 2.1 is one deeper than the chapter.
        return level, line, 1
    if _NAMED_HEADING.match(line) and len(line) < 80:
        return 1, line, 1
    return 0, "", 0


def _unnumbered(text: str) -> str:
    return re.sub(r"^(?:\d{1,2}(?:\.\d{1,2})*\.?|Kapittel \d+\.?)\s+", "", text)


def _mended(text: str) -> str:
    return re.sub(r"(?<=[a-zæøå])[-\u00ad] (?=[a-zæøå])", "", text).replace("\u00ad", "")


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def title(reader: PdfReader, pages: Sequence[Sequence[Line]]) -> str | None:
    """The metadata's title if it is one, else the largest print on the first pages."""
    told = metadata(reader, "/Title")
    if told and not _JUNK_TITLE.search(told) and len(told) > 3:
        return told
    return next((text for lines in pages[:2] if (text := _largest(lines))), None)


def metadata(reader: PdfReader, key: str) -> str:
    """What the file's information dictionary says under a key, or nothing."""
    from pypdf.errors import PyPdfError

    try:
        found: Mapping[str, object] = reader.metadata or {}
        return normalise_line(str(found.get(key) or ""))
    except (PyPdfError, *BROKEN):
        return ""


def _largest(lines: Sequence[Line]) -> str:
    """The text in the largest type on a page; a single word with the next one's."""
    sizes: dict[float, list[str]] = {}
    for line in lines:
        sizes.setdefault(round(line.size, 1), []).append(line.text)
    found = ""
    for size in sorted(sizes, reverse=True):
        text = _mended(normalise_line(" ".join(sizes[size])))
        if sum(letter.isalpha() for letter in text) < 4 or len(found) + len(text) > _HEADING_LENGTH:
            if found:
                break
            continue
        found = f"{found} {text}".strip()
        if found.count(" ") >= 2:
            break
    return found


def by_type(pages: Sequence[Sequence[Line]]) -> dict[int, list[Heading]]:
    """Headings by the size of their type, page by page, for a PDF that has no outline.

    The text's size is that of most letters. Larger lines that begin a block and end as no sentence
    does are headings, the largest outermost; so are bold lines that stand by themselves.
    """
    letters: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            letters[_half(line.size)] += len(line.text)
    if not letters:
        return {}
    body = max(letters, key=lambda size: letters[size])
    found: dict[int, list[tuple[float, Heading]]] = {}
    for number, lines in enumerate(pages, 1):
        for text, size in _standing_out(lines, body):
            found.setdefault(number, []).append((size, Heading(0, text, number)))
    order = sorted({size for those in found.values() for size, _ in those}, reverse=True)
    level = {size: min(n, _DEEPEST) for n, size in enumerate(order, 1)}
    return {
        number: [replace(heading, level=level[size]) for size, heading in those]
        for number, those in found.items()
    }


def _standing_out(lines: Sequence[Line], body: float) -> Iterator[tuple[str, float]]:
    at = 0
    while at < len(lines):
        first = lines[at]
        used = 1
        while at + used < len(lines) and _alike(first, lines[at + used]):
            used += 1
        text = " ".join(line.text for line in lines[at : at + used])
        large = first.size > _LARGER * body
        bold = first.bold and first.starts and first.size > 0.95 * body
        if (
            (large or bold)
            and used <= (3 if large else 2)
            and at + used < len(lines)
            and _may_be_heading(text)
        ):
            yield text, _half(first.size) if large else body
        at += used


def _alike(first: Line, other: Line) -> bool:
    return abs(first.size - other.size) < 0.3 and first.bold == other.bold


def _may_be_heading(text: str) -> bool:
    return (
        sum(letter.isalpha() for letter in text) >= 4
        and len(text) <= _HEADING_LENGTH
        and not text.endswith((".", ",", ";", ":", "-", "\u00ad"))
        and not _LEADERS.search(text)
        and CELL not in text
        and "=" not in text  # a measure on a map or a formula
        and not text[0].islower()
        and not text.startswith("- ")
    )


def _half(size: float) -> float:
    return round(size * 2) / 2


def said(error: BaseException) -> str:
    """A foreign exception in a few words."""
    return normalise_line(str(error))[:120] or type(error).__name__
