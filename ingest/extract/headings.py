"""Headings of a PDF: its bookmarks, numbered lines, and lines in type of their own."""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corpus.text import normalise_line
from ingest.extract.lines import CELL, POINT, Line, one_line
from ingest.extract.paragraphs import (
    Before,
    Found,
    alike,
    begins,
    ends_as_prose,
    is_quoted,
    number_of,
    paragraph_at,
    stands_out,
)

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
_HEADING_LENGTH = 120
_NUMBERED_LENGTH = 200
_MOST = 6  # lines of a heading
_TEXT_ABOVE = 3  # lines of text on a page whose last line may be a heading
_CHAPTER = re.compile(r"^\d{1,2}\.\s+[«“\"]?[A-ZÆØÅ]")
_NONE_BEFORE = Before()
_LARGER = 1.12  # than the text: the type of headings
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading to look for: its level and physical page.

    ``line`` is where on the page it begins; None where the PDF's own outline tells no line.
    """

    level: int
    text: str
    page: int
    line: int | None = None

    @property
    def told(self) -> bool:
        """Whether the PDF's own outline has it."""
        return self.line is None


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
    words: Counter[str],
    before: Before = _NONE_BEFORE,
) -> Found | None:
    """The heading that starts at a line, ``before`` being the § before it."""
    most = min(_MOST, len(lines) - index) if marks else 0
    texts = (" ".join(line.text for line in lines[index : index + n + 1]) for n in range(most))
    folded = [(_folded(text), _folded(_unnumbered(text))) for text in texts]
    for mark in marks:
        wanted = _folded(mark.text)
        if mark.line not in (None, index):
            continue
        for used, those in enumerate(folded, 1):
            if wanted and wanted in those:
                text = one_line(lines[index : index + used], words)
                return Found(mark.level, text, used, mark.told)
    return paragraph_at(lines, index, words, before) or _numbered_at(lines, index, words)


def _numbered_at(lines: Sequence[Line], index: int, words: Counter[str]) -> Found | None:
    """Such as "2.1 Ansvar i fylket" and "Kapittel 2 Formål", whatever their type."""
    line = lines[index].text
    match = _DECIMAL_HEADING.match(line)
    if CELL in line or not (match or _NAMED_HEADING.match(line)):
        return None
    # Under "Kapittel 2", 2.1 is one deeper than the chapter.
    level = match[1].count(".") + 1 if match else 1
    used = _own_lines(lines, index)
    while used > 1 and ends_as_prose(lines[index + used - 1].text):
        used -= 1  # "Vedlegg 2 Vurdering / Forklaringer:"
    if not stands_out(lines, index, _own_lines(lines, index)):
        if not begins(lines, index):
            return None  # "... jf. punkt / 7.3. Dersom Stortinget ..."
        used = _sentence_lines(lines, index)
    text = one_line(lines[index : index + used], words)
    if CELL in text:
        return None
    if used > 1 and (ends_as_prose(text) or len(text) > _NUMBERED_LENGTH):
        # A numbered paragraph in the text's own type: its sentence stays whole.
        return Found(level, line.rstrip("-\u00ad"), 0) if match else None
    if len(text) > (_HEADING_LENGTH if used == 1 else _NUMBERED_LENGTH):
        return None
    if ends_as_prose(text) or _LEADERS.search(text) or (not match and len(text) >= 80):
        return None
    return Found(level, text, used)


def _own_lines(lines: Sequence[Line], at: int) -> int:
    """How many lines of one type belong to a numbered heading."""
    used = 1
    while at + used < len(lines) and used < _MOST and _goes_on(lines, at, at + used):
        used += 1
    return used


def _goes_on(lines: Sequence[Line], first: int, at: int) -> bool:
    line = lines[at]
    if not alike(lines[first], line) or _begins_numbered(line.text) or line.text[0] == "-":
        return False
    return not (line.starts and line.text[0].isupper())


def _sentence_lines(lines: Sequence[Line], at: int) -> int:
    """How many lines a sentence takes, told by small letters at their beginnings."""
    used = 1
    while (
        at + used < len(lines)
        and used < _MOST
        and alike(lines[at], lines[at + used])
        and lines[at + used].text[0].islower()
        and not ends_as_prose(lines[at + used - 1].text.rstrip("-\u00ad,"))
        and not POINT.match(lines[at + used].text)
    ):
        used += 1
    return used


def _begins_numbered(text: str) -> bool:
    return bool(
        _DECIMAL_HEADING.match(text) or _NAMED_HEADING.match(text) or number_of(text) is not None
    )


def _unnumbered(text: str) -> str:
    return re.sub(r"^(?:\d{1,2}(?:\.\d{1,2})*\.?|Kapittel \d+\.?)\s+", "", text)


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


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
        for at, text, size in _standing_out(lines, body, last=number == len(pages)):
            found.setdefault(number, []).append((size, Heading(0, text, number, at)))
    order = sorted({size for those in found.values() for size, _ in those}, reverse=True)
    level = {size: min(n, _DEEPEST) for n, size in enumerate(order, 1)}
    return {
        number: [
            # A § stands below its chapter, whatever its type.
            heading if number_of(heading.text) else replace(heading, level=level[size])
            for size, heading in those
        ]
        for number, those in found.items()
    }


def _standing_out(
    lines: Sequence[Line], body: float, *, last: bool
) -> Iterator[tuple[int, str, float]]:
    """Lines, texts and sizes of the headings on a page; ``last`` if no page comes after it."""
    text_lines = sum(abs(line.size - body) < 0.3 for line in lines)
    at = 0
    while at < len(lines):
        first = lines[at]
        used = 1
        while (
            at + used < len(lines)
            and alike(first, lines[at + used])
            and not _begins_numbered(lines[at + used].text)
            and not (_CHAPTER.match(first.text) and _CHAPTER.match(lines[at + used].text))
        ):
            used += 1
        text = " ".join(line.text for line in lines[at : at + used])
        numbered = _begins_numbered(text)
        large = first.size > _LARGER * body
        bold = first.bold and (first.starts or numbered) and first.size > 0.95 * body
        # A heading at the foot of a page has its text on the next one.
        followed = at + used < len(lines) or (first.bold and not last and text_lines >= _TEXT_ABOVE)
        most = _MOST if large and first.bold else 3 if large or numbered else 2
        if (
            (large or bold)
            and used <= most
            and followed
            and not (number_of(text) and is_quoted(lines, at))
            and _may_be_heading(text, _NUMBERED_LENGTH if numbered else _HEADING_LENGTH)
        ):
            yield at, text, _half(first.size) if large else body
        at += used


def _may_be_heading(text: str, length: int) -> bool:
    return (
        sum(letter.isalpha() for letter in text) >= 4
        and len(text) <= length
        and not ends_as_prose(text)
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
