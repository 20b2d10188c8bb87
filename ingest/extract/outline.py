"""Builds sections out of headings and paragraphs met in reading order."""

from __future__ import annotations

import re
from typing import NamedTuple

from corpus.documents import Place, Section
from corpus.text import normalise, normalise_line
from ingest.extract.numbering import anchor as heading_anchor
from ingest.extract.numbering import section_number

NOTE = re.compile(
    r"^(?:Endret|Endra|Tilføyd|Tilføyet|Opphevet|Oppheva|Føyd til|Lagt til|Tidligere|Tidlegare)"
    r"\b.*?\b(?:lov|lover|lovar|forskrift|forskrifter|res|vedtak|§)\b"
)


class _Open(NamedTuple):
    """A heading that is open: its level, words, number and anchor."""

    level: int
    text: str
    number: str | None
    anchor: str | None

    @property
    def is_paragraph(self) -> bool:
        """Whether it is the heading of a §."""
        return self.number is not None and self.number.startswith("§")


class Outline:
    """Collects a document; ``sections()`` gives what was collected.

    Headings have levels, 1 outermost; a heading closes all of its level and deeper.
    ``slugs`` says whether headings get an anchor made of their own words, for formats
    that have no anchors themselves. A § without a text of its own (repealed, or a frame for
    others) is a section all the same, with its heading as text: a reader who asks for it must
    see that it is empty.
    """

    def __init__(self, *, slugs: bool = True) -> None:
        self._slugs = slugs
        self._trail: list[_Open] = []
        self._empty: _Open | None = None  # the innermost §, while nothing stands under it
        self._paragraphs: list[str] = []
        self._sections: list[Section] = []
        self._used: dict[str, int] = {}
        self._lead_anchor: str | None = None

    def heading(self, level: int, text: str, anchor: str | None = None) -> None:
        """A heading; an empty one is passed over."""
        text = normalise_line(text)
        if not text:
            return
        self._close()
        number = section_number(text)
        if self._slugs and anchor is None:
            anchor = self._unique(heading_anchor(text, number))
        new = _Open(level, text, number, anchor)
        if new.is_paragraph or (self._empty and self._empty.level >= level):
            self._keep_empty()
        while self._trail and self._trail[-1].level >= level:
            self._trail.pop()
        self._trail.append(new)
        if new.is_paragraph:
            self._empty = new

    @property
    def started(self) -> bool:
        """Whether any heading or text has been met."""
        return bool(self._trail or self._paragraphs or self._sections)

    def anchor(self, name: str) -> None:
        """An anchor before any heading, for the text that opens the document."""
        if not self._trail and not self._paragraphs:
            self._lead_anchor = name

    def paragraph(self, text: str) -> None:
        """A paragraph, a list or a table, lines parted by line feeds."""
        if text := normalise(text):
            self._paragraphs.append(text)

    def sections(self) -> tuple[Section, ...]:
        """All sections so far, in order; those without text are left out."""
        self._close()
        self._keep_empty()
        return tuple(self._sections)

    def _keep_empty(self) -> None:
        """Make a section of a § that has nothing under it."""
        if self._empty is not None:
            trail = self._trail[: self._trail.index(self._empty) + 1]
            place = Place(section=self._empty.number, anchor=self._empty.anchor)
            headings = tuple(heading.text for heading in trail)
            self._sections.append(Section(headings, self._empty.text, place))
            self._empty = None

    def _close(self) -> None:
        paragraphs, self._paragraphs = self._paragraphs, []
        if not paragraphs:
            return
        if not any(character.isalnum() for text in paragraphs for character in text):
            return  # "– – –": what the law export leaves out
        # A heading without a number belongs to the numbered one it stands under.
        number = next((heading.number for heading in reversed(self._trail) if heading.number), None)
        anchor = next(
            (heading.anchor for heading in reversed(self._trail) if heading.anchor),
            self._lead_anchor,
        )
        if self._empty is not None and self._empty.number == number:
            self._empty = None
        headings = tuple(heading.text for heading in self._trail)
        place = Place(section=number, anchor=anchor)
        self._sections.append(Section(headings, "\n\n".join(paragraphs), place))

    def _unique(self, name: str) -> str:
        self._used[name] = count = self._used.get(name, 0) + 1
        return name if count == 1 else self._unique(f"{name}-{count}")
