"""A document as its page shows it: cut into parts, with headings, outline and citation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.finding import Findings
from api.marking import Run, common, find_passage, layered, marks_of, paragraphs
from corpus.documents import Document, Passage, Place, Section

WHOLE = 90_000  # characters; a document up to this size is shown whole
PART = 60_000  # characters of a part of a longer one
_DASH = "- "
OUTLINE = 300  # entries; a longer outline leaves its deepest levels out


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading to print before a section; ``level`` is that of HTML, 2 to 6."""

    level: int
    text: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one line of runs) or a list (one for each item)."""

    is_list: bool
    lines: tuple[tuple[Run, ...], ...]

    @property
    def marked(self) -> bool:
        """Whether any of it is cited."""
        return any(run.marked for line in self.lines for run in line)


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section ready to print. ``page_starts`` says that its page has not been shown yet.

    ``first_cited`` and ``last_cited`` are the blocks where the whole citation begins and
    ends, where that is in this section.
    """

    number: int
    place: Place
    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    page_starts: bool
    cited: bool
    first_cited: int | None
    last_cited: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the outline, and the part and section it leads to; ``depth`` counts from 0."""

    depth: int
    text: str
    part: int
    section: int
    place: Place


@dataclass(frozen=True, slots=True)
class Reading:
    """One part of a document, numbered from 1, and the outline of the whole."""

    sections: tuple[SectionView, ...]
    outline: tuple[Entry, ...]
    part: int
    parts: int
    cited: Passage | None
    starts: tuple[int, ...]

    @property
    def cited_here(self) -> bool:
        """Whether the citation is in this part."""
        return any(section.first_cited is not None for section in self.sections)


def read(
    document: Document,
    passage: Passage | None,
    part: int | None = None,
    findings: Findings | None = None,
) -> Reading:
    """The part asked for (the nearest there is), or else the one that holds the passage."""
    sections = document.sections
    cuts = part_starts(sections)
    found = {} if passage is None else find_passage(passage, sections)
    if passage is not None:
        first = min(found, default=min(passage.section, max(len(sections) - 1, 0)))
        part = part_of(cuts, first) if part is None else part
        found = found or {first: []}
    part = min(max(part or 1, 1), len(cuts))
    start = cuts[part - 1]
    end = cuts[part] if part < len(cuts) else len(sections)
    return Reading(
        sections=tuple(_views(sections, start, end, found, findings)),
        outline=outline(document, cuts),
        part=part,
        parts=len(cuts),
        cited=passage,
        starts=tuple(cuts),
    )


def part_starts(sections: Sequence[Section]) -> list[int]:
    """The first section of every part. A part ends after PART characters, never within one."""
    sizes = [len(section.text) for section in sections]
    if sum(sizes) <= WHOLE:
        return [0]
    starts, filled = [0], 0
    for number, size in enumerate(sizes):
        if filled and filled + size > PART:
            starts.append(number)
            filled = 0
        filled += size
    return starts


def part_of(starts: Sequence[int], section: int) -> int:
    """The number of the part, from 1, that holds a section."""
    return sum(1 for start in starts if start <= section)


def _views(
    sections: Sequence[Section],
    start: int,
    end: int,
    found: dict[int, list[tuple[int, int]]],
    findings: Findings | None,
) -> list[SectionView]:
    views: list[SectionView] = []
    trail: tuple[str, ...] = ()
    page: int | None = None
    shown = [number for number in found if start <= number < end]
    for number in range(start, end):
        section = sections[number]
        spans = marks_of(found, number)
        met = findings.in_text.get(number, ()) if findings else ()
        blocks = tuple(block(paragraph) for paragraph in paragraphs(section.text, spans, met))
        marked = [i for i, item in enumerate(blocks) if item.marked] or [0]
        views.append(
            SectionView(
                number=number,
                place=section.place,
                headings=_new_headings(trail, section.headings, number, findings),
                blocks=blocks,
                page_starts=section.place.page is not None and section.place.page != page,
                cited=number in found,
                first_cited=marked[0] if shown and number == min(shown) else None,
                last_cited=marked[-1] if shown and number == max(shown) else None,
            )
        )
        trail, page = section.headings, section.place.page_end or section.place.page
    return views


def block(paragraph: Sequence[Run]) -> Block:
    """A paragraph as it is printed: a list where every line begins with a dash."""
    lines: list[list[Run]] = [[]]
    for run in paragraph:
        for number, text in enumerate(run.text.split("\n")):
            if number:
                lines.append([])
            if text:
                lines[-1].append(replace(run, text=text, spot=None if number else run.spot))
    lines = [line for line in lines if line]
    if not all("".join(run.text for run in line).startswith(_DASH) for line in lines):
        return Block(is_list=False, lines=(tuple(paragraph),))
    return Block(is_list=True, lines=tuple(_without(line, len(_DASH)) for line in lines))


def _without(line: Sequence[Run], length: int) -> tuple[Run, ...]:
    """The line without its first characters."""
    kept: list[Run] = []
    for run in line:
        taken = min(length, len(run.text))
        length -= taken
        if rest := run.text[taken:]:
            kept.append(replace(run, text=rest))
    return tuple(kept)


def _new_headings(
    before: tuple[str, ...], now: tuple[str, ...], number: int, findings: Findings | None
) -> tuple[Heading, ...]:
    """What of a heading trail was not printed with the section before."""
    met = findings.in_headings if findings else {}
    return tuple(
        Heading(
            min(2 + depth, 6),
            now[depth],
            tuple(layered(now[depth], (), met.get((number, depth), ()))),
        )
        for depth in range(common(before, now), len(now))
    )


def outline(document: Document, starts: Sequence[int]) -> tuple[Entry, ...]:
    """Every heading with a link to it, in order; a very long outline without its depths."""
    entries: list[Entry] = []
    trail: tuple[str, ...] = ()
    for number, section in enumerate(document.sections):
        part = part_of(starts, number)
        for depth in range(common(trail, section.headings), len(section.headings)):
            entries.append(Entry(depth, section.headings[depth], part, number, section.place))
        trail = section.headings
    for deepest in range(max((e.depth for e in entries), default=0), 0, -1):
        if len(entries) <= OUTLINE:
            break
        entries = [entry for entry in entries if entry.depth < deepest]
    return tuple(entries)
