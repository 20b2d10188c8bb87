"""Headings of a PDF: its bookmarks, numbered lines, and the title."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.text import normalise_line

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
    lines: Sequence[str],
    index: int,
    marks: Sequence[Heading],
    trail: Sequence[tuple[int, str]],
) -> tuple[int, str, int]:
    """Level and text of the heading that starts at a line, and its lines; 0 if none."""
    line = lines[index]
    for mark in marks:
        wanted = _folded(mark.text)
        for used in (1, 2, 3):
            text = " ".join(lines[index : index + used])
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


def title(reader: PdfReader, pages: Sequence[Sequence[str]]) -> str | None:
    """The metadata's title if it is one, else the largest print on the first pages."""
    from pypdf.errors import PyPdfError

    told = metadata(reader, "/Title")
    if told and not _JUNK_TITLE.search(told) and len(told) > 3:
        return told
    for number in range(min(2, len(pages))):
        try:
            if text := _largest(reader, number, pages[number]):
                return text
        except (PyPdfError, *BROKEN):
            continue
    return None


def metadata(reader: PdfReader, key: str) -> str:
    """What the file's information dictionary says under a key, or nothing."""
    from pypdf.errors import PyPdfError

    try:
        found: Mapping[str, object] = reader.metadata or {}
        return normalise_line(str(found.get(key) or ""))
    except (PyPdfError, *BROKEN):
        return ""


def _largest(reader: PdfReader, number: int, lines: Sequence[str]) -> str:
    """The text in the largest type on a page; a single word with the next one's."""
    sizes: dict[float, list[str]] = {}

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            scale = abs(tm[0]) or abs(tm[1])
            height = round((size or 0) * scale * (abs(cm[0]) or abs(cm[1])), 1)
            sizes.setdefault(height, []).append(text)

    reader.pages[number].extract_text(visitor_text=visit)
    on_page = _folded("".join(lines))
    title = ""
    for height in sorted(sizes, reverse=True):
        text = _mended(normalise_line(" ".join(sizes[height])))
        if sum(letter.isalpha() for letter in text) < 4 or len(title) + len(text) > _HEADING_LENGTH:
            if title:
                break
            continue
        # Type in two sizes ("N" and "ORSK") and scattered letters are no title.
        if _folded(text) in on_page:
            title = f"{title} {text}".strip()
        if title.count(" ") >= 2:
            break
    return title


def said(error: BaseException) -> str:
    """A foreign exception in a few words."""
    return normalise_line(str(error))[:120] or type(error).__name__
