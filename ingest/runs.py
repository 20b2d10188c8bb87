"""Runs: what stands under one heading trail and one number, as one text.

A run keeps the offsets at which its sections begin, so that any stretch of it can be
traced back to its section and page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Place, Section


@dataclass(frozen=True, slots=True)
class Run:
    """Text under one trail; ``marks`` are the offsets at which its sections begin."""

    headings: tuple[str, ...]
    text: str
    marks: tuple[int, ...]
    first: int
    sections: tuple[Section, ...]

    @property
    def place(self) -> Place:
        """Where the run begins."""
        return self.sections[0].place

    def section_at(self, offset: int) -> int:
        """Which of the run's sections the character stands in."""
        return max(0, bisect_right(self.marks, offset) - 1)


def runs_of(sections: Sequence[Section]) -> Iterator[Run]:
    """Neighbouring sections under the same trail and number, as one text each."""
    start = 0
    for index in range(1, len(sections) + 1):
        if index < len(sections) and _continues(sections[start], sections[index]):
            continue
        group = tuple(sections[start:index])
        text, marks = "", []
        for section in group:
            text += _joint(text, section.text)
            marks.append(len(text))
            text += section.text
        yield Run(group[0].headings, text, tuple(marks), start, group)
        start = index


def _continues(first: Section, other: Section) -> bool:
    """Whether a section goes on with the text of another, on the next page."""
    return (
        first.headings == other.headings
        and first.place.section == other.place.section
        and (first.place.anchor == other.place.anchor or first.place.page is not None)
    )


def _joint(before: str, after: str) -> str:
    """What stands between two sections: a sentence that runs on is not parted."""
    if not before:
        return ""
    runs_on = before[-1] not in '.!?:;»”"' and after[0].islower()
    return " " if runs_on else "\n\n"


def may_join(first: Run, other: Run) -> bool:
    """Whether two fragments stand side by side: same parent, and no number between."""
    if first.place.section != other.place.section or first.place.page != other.place.page:
        return False
    shared = _shared(first.headings, other.headings)
    return shared >= max(len(first.headings), len(other.headings)) - 1


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    same = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        same += 1
    return same


def together(first: Run, other: Run) -> Run:
    """Two runs as one: headings they do not share become lines of the text."""
    shared = _shared(first.headings, other.headings)
    before = first.headings[shared:]
    lead = "\n".join(before) + "\n" if before else ""
    marks = [mark + len(lead) if mark else 0 for mark in first.marks]
    text = f"{lead}{first.text}\n\n"
    own = other.headings[shared:]
    start = len(text)
    text += "\n".join(own) + "\n" if own else ""
    offset = len(text)
    marks += [offset + mark if mark else start for mark in other.marks]
    return Run(
        first.headings[:shared],
        text + other.text,
        tuple(marks),
        first.first,
        first.sections + other.sections,
    )
