"""What stands on pages without being of their text: running heads, footers, page numbers.

Pure functions over pages of lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.extract.lines import CELL, Line, Lines

# How many lines at the top and bottom of a page can be furniture.
_EDGE = 5
# All of a page's furniture together is hardly longer than this, in characters.
_FURNITURE_LENGTH = 300
_BARE = re.compile(
    r"^(?:side|s\.|page)?\s*[-–|]?\s*(\d{1,4})(?:\s+(\d{1,4}))?\s*[-–|]?$", re.IGNORECASE
)
_OUTER = re.compile(r"^(\d{1,4})(?!\d|[.,]\d)|(?<!\d)(?<!\d[.,])(\d{1,4})$")
_ROMAN = re.compile(r"^[ivxl]{1,7}$")
_OF = re.compile(r"\bside\s+(\d{1,4})\s+av\s+\d{1,4}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numbering:
    """Printed page numbers, found on the pages: printed = physical + ``offset``."""

    offset: int
    pages: frozenset[int]  # physical, 1-based, where the number was met

    def label(self, page: int) -> str | None:
        """What is printed on a page, from the first numbered page on."""
        number = page + self.offset
        return str(number) if page >= min(self.pages) and number > 0 else None


def page_numbers(pages: Sequence[Lines]) -> Numbering | None:
    """The printed numbers, if the same offset is met on at least a third of the pages."""
    offsets: dict[int, set[int]] = {}
    for page, lines in enumerate(pages, 1):
        for line in _texts(_edges(lines)):
            match = _BARE.match(line) or _OF.search(line)
            for number in match.groups() if match else _outer(line):
                if number:
                    offsets.setdefault(int(number) - page, set()).add(page)
    if not offsets:
        return None
    offset, found = max(offsets.items(), key=lambda item: len(item[1]))
    if len(found) < max(3, len(pages) / 3):
        return None
    return Numbering(offset, frozenset(found))


def without_furniture(
    pages: Sequence[Lines], labels: Sequence[str | None], numbering: Numbering | None
) -> list[Lines]:
    """Pages without running headers, footers and page numbers.

    A line at a page's edge is furniture if it comes again, digits aside, at the
    edges of several pages: few will do if it holds the page's own number. The heading of
    a chapter beside that number is furniture too, whatever its words.
    """
    seen: Counter[str] = Counter()
    numbered: Counter[str] = Counter()
    own = [_own_numbers(page, label, numbering) for page, label in enumerate(labels, 1)]
    for lines, numbers in zip(pages, own, strict=True):
        # Once a page: lines of one page that differ in a number alone are its text.
        keys: dict[str, bool] = {}
        for line in _texts(_edges(lines)):
            keys[_key(line)] = keys.get(_key(line), False) or _holds(line, numbers)
        seen.update(keys.keys())
        numbered.update(key for key, holds in keys.items() if holds)
    least = max(3, len(pages) // 5)
    sides = Counter(
        side
        for lines, numbers in zip(pages, own, strict=True)
        for side in {_numbered_side(lines, n, numbers) for n in range(len(lines))} - {None}
    )

    def is_furniture(line: str, numbers: frozenset[str]) -> bool:
        key = _key(line)
        if _BARE.match(line) or _ROMAN.match(line):
            return bool(numbers & set(line.split()) or line.strip("-–| ") in numbers)
        if not any(letter.isalpha() for letter in line):
            return seen[key] >= least and numbered[key] >= 3
        return seen[key] >= least or (numbered[key] >= 3 and _holds(line, numbers))

    cleaned = []
    for lines, numbers in zip(pages, own, strict=True):
        top, bottom = min(_EDGE, len(lines)), max(len(lines) - _EDGE, 0)
        kept = [
            line
            for index, line in enumerate(lines)
            if bottom > index >= top
            or not (
                is_furniture(line.text, numbers)
                or sides[_numbered_side(lines, index, numbers)] >= max(3, len(pages) // 10)
            )
        ]
        # A short page that comes several times as a whole is a text, not furniture.
        whole = not kept and sum(map(len, _texts(lines))) > _FURNITURE_LENGTH
        cleaned.append(list(lines) if whole else kept)
    return cleaned


def _numbered_side(lines: Lines, index: int, numbers: frozenset[str]) -> tuple[int, int] | None:
    """At which edge of a page and on which side of an outermost line its own number stands."""
    edge = 0 if index == 0 else 1 if index == len(lines) - 1 else None
    cells = lines[index].text.split(CELL)
    if edge is None or len(cells) != 2 or not any(letter.isalpha() for letter in lines[index].text):
        return None
    side = next((n for n, cell in enumerate(cells) if cell.strip() in numbers), None)
    return None if side is None else (edge, side)


def _texts(lines: Iterable[Line]) -> list[str]:
    return [line.text for line in lines]


def _edges(lines: Lines) -> Lines:
    return lines if len(lines) <= 2 * _EDGE else lines[:_EDGE] + lines[-_EDGE:]


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", line.casefold()))


def _own_numbers(page: int, label: str | None, numbering: Numbering | None) -> frozenset[str]:
    found = {str(page)}
    if label:
        found.add(label)
        found.update(re.findall(r"\d+$", label))
    if numbering:
        found.add(str(page + numbering.offset))
    return frozenset(found)


def _holds(line: str, numbers: frozenset[str]) -> bool:
    """Whether a line begins or ends with one of the numbers."""
    return any(
        re.match(rf"{re.escape(number)}(?!\d)", line)
        or re.search(rf"(?<!\d){re.escape(number)}$", line)
        for number in numbers
    )


def _outer(line: str) -> list[str]:
    """The numbers a line begins and ends with."""
    return [number for pair in _OUTER.findall(line) for number in pair if number]
