"""References to a source as people write them: Norwegian law style, and APA in Norwegian.

Pure: a Source in, a text out. ``law_style`` gives what a lawyer writes («Lov 6. november 2020
nr. 127 om ... § 4»), ``apa_reference`` a line of a reference list, ``apa_in_text`` what stands in
brackets after a quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from api.places import day
from api.result import source_url
from api.texts import Written
from corpus.documents import Document, DocumentType, Language, Place

_LAW_ID = re.compile(r"^(?:lti-)?(lov|forskrift)-(\d{4})-(\d{2})-(\d{2})(?:-(\d+))?$")
_LEADING = re.compile(r"^(Lov|Forskrift)\b\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\s*$")
_PLACE_IN_URL = re.compile(r"(/(?:§|%C2%A7)[^/]*|#.*)$")
# What a preparatory work is called; the rest of its title is left out in law style.
_WORK = re.compile(
    r"^(?:(?:Prop|Meld|Innst|Dok|Ot\.\s?prp|St\.\s?meld|St\.\s?prp)\.?(?:\s?St\.)?\s?(?:nr\.\s?)?"
    r"\d+[:\s]?\d*\s?(?:[A-Z]{1,2}\s)?\(\d{4}[–-]\d{2,4}\)|NOU \d{4}:\s?\d+)"
)
_NOWHERE = Place()
_RETRIEVED = {"nb": "Hentet {day} fra {url}", "nn": "Henta {day} frå {url}"}


@dataclass(frozen=True, slots=True)
class LawNumber:
    """When an act or a regulation was given, and its number; older acts have none."""

    kind: str
    given: date
    number: int | None

    @property
    def code(self) -> str:
        """``LOV-2020-11-06-127``."""
        tail = "" if self.number is None else f"-{self.number}"
        return f"{self.kind.upper()}-{self.given.isoformat()}{tail}"


@dataclass(frozen=True, slots=True)
class Source:
    """What a reference is made of: a document and a place in it. ``url`` opens the place."""

    document_id: str
    title: str
    type: DocumentType
    language: Language
    place: Place = _NOWHERE
    short_title: str | None = None
    publisher: str | None = None
    published: date | None = None
    updated: date | None = None
    url: str | None = None

    @property
    def law(self) -> LawNumber | None:
        """The date and number of an act or a regulation, by the document's id."""
        match = _LAW_ID.match(self.document_id)
        if match is None:
            return None
        kind, year, month, of_month, number = match.groups()
        try:
            given = date(int(year), int(month), int(of_month))
        except ValueError:
            return None
        return LawNumber(kind, given, int(number) if number else None)

    @property
    def year(self) -> int | None:
        """The year of the text, as references have it."""
        if law := self.law:
            return law.given.year
        dated = self.published or self.updated
        return dated.year if dated else None

    @property
    def short(self) -> str | None:
        """An act's short title with a capital: ``Integreringsloven``."""
        name = self.short_title
        if not name and self.law and (match := _BRACKETS.search(self.title)):
            name = match[1]
        return name[0].upper() + name[1:] if name else None


def source_of(document: Document, place: Place = _NOWHERE) -> Source:
    """A document, at a place, as a source."""
    return Source(
        document_id=document.id,
        title=document.title,
        type=document.type,
        language=document.language,
        place=place,
        short_title=document.short_title,
        publisher=document.publisher,
        published=document.published,
        updated=document.updated,
        url=source_url(document, place),
    )


def pinpoint(place: Place) -> str:
    """The place as references have it: ``§ 4``, ``s. 12``, ``pkt. 2.1``; the same in both forms.

    A page goes before a numbered heading, and a printed page number before the physical one:
    it is what a reader finds on paper.
    """
    section = (place.section or "").rstrip(".")
    if section.startswith("§"):
        return section
    if place.page is None:
        return f"pkt. {section}" if section[:1].isdigit() else section
    several = place.page_end is not None and place.page_end != place.page
    if place.page_label and not several:
        return f"s. {place.page_label}"
    return f"s. {place.page}–{place.page_end}" if several else f"s. {place.page}"


def law_style(source: Source) -> str:
    """A reference in law style, with the place.

    «Lov 6. november 2020 nr. 127 om integrering ... (integreringsloven) § 4»; a preparatory work
    by its number, «Prop. 1 LS (2025–2026) s. 12»; anything else by publisher, title and year.
    """
    at = pinpoint(source.place)
    if law := source.law:
        bare = _LEADING.sub("", _official(source.title))
        number = f" nr. {law.number}" if law.number is not None else ""
        head = f"{law.kind.capitalize()} {day(law.given)}{number} {bare}"
        return f"{head} {at}".strip()
    if match := _WORK.match(source.title):
        return f"{match[0]} {at}".strip()
    year = f" ({source.year})" if source.year else ""
    return ", ".join(filter(None, [source.publisher, f"{source.title}{year}"])) + (
        f" {at}" if at else ""
    )


def apa_reference(source: Source, written: Written, seen: date | None = None) -> str:
    """A line of a reference list by the Norwegian APA manual; ``seen`` for a page that may change.

    «Integreringsloven. (2020). Lov om integrering ... (LOV-2020-11-06-127). Lovdata. https://…»
    """
    url = whole(source.url)
    if law := source.law:
        bare = _BRACKETS.sub("", source.title)
        year = f"({law.given.year})"
        if short := source.short:
            return _line(f"{short}. {year}", f"{bare} ({law.code})", "Lovdata", url)
        return _line(f"{bare} ({law.code}). {year}", "Lovdata", url)
    year = f"({source.year or 'u.å.'})"
    if seen and url and source.type in (DocumentType.WEB_PAGE, DocumentType.NEWS):
        url = _RETRIEVED[written].format(day=day(seen), url=url)
    if source.publisher:
        return _line(f"{source.publisher}. {year}", source.title, url)
    return _line(f"{source.title}. {year}", url)


def apa_in_text(source: Source) -> str:
    """What stands in brackets after a quote: «(Integreringsloven, 2020, § 4)»."""
    name = (source.short if source.law else None) or source.publisher or source.title
    parts = [name, str(source.year or "u.å."), pinpoint(source.place)]
    return f"({', '.join(part for part in parts if part)})"


def whole(url: str | None) -> str | None:
    """The address of the whole document: without a place in it."""
    return _PLACE_IN_URL.sub("", url) if url else None


def _official(title: str) -> str:
    """The title with a short title that Lovdata gave in square brackets in round ones."""
    match = _BRACKETS.search(title)
    return f"{title[: match.start()]} ({match[1]})" if match else title


def _line(*parts: str | None) -> str:
    said = [part for part in parts if part]
    return " ".join(
        part if part.endswith((".", "?", "!")) or "://" in part else f"{part}." for part in said
    )
