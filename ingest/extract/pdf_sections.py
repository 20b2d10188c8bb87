"""The pages of a PDF as sections: which text stands under which headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.documents import Place, Section
from corpus.text import normalise
from ingest.extract.headings import Heading, heading_at
from ingest.extract.lines import Line, flowing
from ingest.extract.numbering import section_number
from ingest.extract.paragraphs import Before, Found, Number, number_of

_NUMBERED = re.compile(
    r"^(?:(?:Kapit(?:tel|el)|KAPIT(?:TEL|EL))\s+)?(\d{1,2}(?:\.\d{1,2})*)(?:\.?\s+[«“\"]?[A-ZÆØÅ]|\.?$)"
)
_SOON = 5  # numbers: a greater step is another series


@dataclass(frozen=True, slots=True)
class Page:
    """A physical page (1-based), what is printed on it, and its lines."""

    number: int
    label: str | None
    lines: list[Line]


@dataclass(slots=True)
class _Open:
    """A heading that is open: its level, words, decimal number and page.

    ``shown`` when a section carries it: one that is closed before is a section by itself.
    """

    level: int
    text: str
    number: tuple[int, ...]
    page: Page
    told: bool
    shown: bool = False


def sections_of(
    pages: Sequence[Page], marks: Mapping[int, list[Heading]], words: Counter[str]
) -> Iterator[Section]:
    """The text under each heading, page by page; no heading is lost."""
    trail = _Trail()
    last: Number | None = None
    for page in pages:
        run: list[Line] = []
        index = 0
        own = marks.get(page.number, [])
        while index < len(page.lines):
            found = heading_at(page.lines, index, own, words, Before(last, trail.has_no_sign))
            if found is None:
                run.append(page.lines[index])
                index += 1
                continue
            yield from trail.section(page, run, words)
            yield from trail.push(found, page)
            last = number_of(found.text) or last
            run = [] if found.used else [page.lines[index]]
            index += max(found.used, 1)
        yield from trail.section(page, run, words)
    yield from trail.close()


class _Trail:
    """The headings that are open, outermost first."""

    def __init__(self) -> None:
        self._open: list[_Open] = []

    @property
    def has_no_sign(self) -> bool:
        """Whether no § is open."""
        return not any(heading.text.startswith("§") for heading in self._open)

    def push(self, found: Found, page: Page) -> Iterator[Section]:
        """Open a heading, and close those that it ends."""
        match = _NUMBERED.match(found.text)
        number = tuple(map(int, match[1].split("."))) if match else ()
        kept, level = self._above(found, () if found.told else number)
        yield from self.close(kept)
        self._open.append(_Open(level, found.text, number, page, found.told))

    def close(self, kept: int = 0) -> Iterator[Section]:
        """Close all but the outermost ones; a heading without text is its own text."""
        unseen = [n for n, heading in enumerate(self._open[kept:], kept) if not heading.shown]
        if unseen:
            heading = self._open[unseen[-1]]
            yield self._made(unseen[-1] + 1, heading.text, heading.page)
        del self._open[kept:]

    def section(self, page: Page, run: Sequence[Line], words: Counter[str]) -> Iterator[Section]:
        """What stands under the open headings on a page."""
        if text := normalise("\n\n".join(flowing(run, words))):
            yield self._made(len(self._open), text, page)

    def _made(self, depth: int, text: str, page: Page) -> Section:
        for heading in self._open[:depth]:
            heading.shown = True
        headings = tuple(heading.text for heading in self._open[:depth])
        number = next((n for name in reversed(headings) if (n := section_number(name))), None)
        return Section(
            headings, text, Place(section=number, page=page.number, page_label=page.label)
        )

    def _above(self, found: Found, number: tuple[int, ...]) -> tuple[int, int]:
        """How many open headings stay open above a new one, and its level."""
        if not found.level:
            # A § closes the § before it and what stands below that.
            signs = (n for n, heading in enumerate(self._open) if heading.text.startswith("§"))
            kept = next(signs, len(self._open))
            return kept, self._open[kept - 1].level + 1 if kept else 1
        told = [n for n, heading in enumerate(self._open) if heading.told and not found.told]
        least = told[-1] + 1 if told else 0
        for n in range(len(self._open) - 1, -1, -1) if number else ():
            above = self._open[n].number
            if above and len(above) < len(number) and number[: len(above)] == above:
                return n + 1, max(self._open[n].level + 1, found.level)
        for n, heading in enumerate(self._open if number else ()):
            # 5. after 4.1.1: numbers tell more than the size of the type.
            after = len(heading.number) >= len(number) and _follows(number, heading.number)
            if after and (n >= least or _is_next(number, heading.number)):
                return n, heading.level
        kept = next(
            (n for n, heading in enumerate(self._open) if heading.level >= found.level),
            len(self._open),
        )
        if kept < least:
            # What the outline tells is not closed by what it leaves out.
            return least, self._open[least - 1].level + 1
        return kept, found.level


def _is_next(number: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return number[:-1] == other[:-1] and number[-1] == other[-1] + 1


def _follows(number: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether a decimal number comes soon after another one."""
    steps = (a - b for a, b in zip(number, other, strict=False) if a != b)
    return 0 < next(steps, 0) <= _SOON
