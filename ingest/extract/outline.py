"""Builds sections out of headings and paragraphs met in reading order."""

from __future__ import annotations

import re

from corpus.documents import Place, Section
from corpus.text import normalise, normalise_line
from ingest.extract.numbering import anchor as heading_anchor
from ingest.extract.numbering import section_number

_REPEALED = re.compile(r"\((?:Opphevet|Oppheva|Opphæva)\)\.?$", re.IGNORECASE)
NOTE = re.compile(
    r"^(?:Endret|Endra|Tilføyd|Tilføyet|Opphevet|Oppheva|Føyd til|Lagt til|Tidligere|Tidlegare)"
    r"\b.*?\b(?:lov|lover|lovar|forskrift|forskrifter|res|vedtak|§)\b"
)


class Outline:
    """Collects a document; ``sections()`` gives what was collected.

    Headings have levels, 1 outermost; a heading closes all of its level and deeper.
    ``slugs`` says whether headings get an anchor made of their own words, for formats
    that have no anchors themselves.
    """

    def __init__(self, *, slugs: bool = True) -> None:
        self._slugs = slugs
        self._trail: list[tuple[int, str, str | None, str | None]] = []
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
        while self._trail and self._trail[-1][0] >= level:
            self._trail.pop()
        number = section_number(text)
        if self._slugs and anchor is None:
            anchor = self._unique(heading_anchor(text, number))
        self._trail.append((level, text, number, anchor))

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
        return tuple(self._sections)

    def _close(self) -> None:
        paragraphs, self._paragraphs = self._paragraphs, []
        if not paragraphs:
            return
        if not any(character.isalnum() for text in paragraphs for character in text):
            return  # "– – –": what the law export leaves out
        headings = tuple(text for _, text, _, _ in self._trail)
        if headings and _REPEALED.search(headings[-1]) and all(map(NOTE.match, paragraphs)):
            return  # repealed: nothing is left but the note that says so
        # A heading without a number belongs to the numbered one it stands under.
        number = next((number for _, _, number, _ in reversed(self._trail) if number), None)
        anchor = next((name for _, _, _, name in reversed(self._trail) if name), self._lead_anchor)
        place = Place(section=number, anchor=anchor)
        self._sections.append(Section(headings, "\n\n".join(paragraphs), place))

    def _unique(self, name: str) -> str:
        self._used[name] = count = self._used.get(name, 0) + 1
        return name if count == 1 else self._unique(f"{name}-{count}")
