"""From what was fetched of a source to its document: pages put together, claims beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from corpus.currency import Claim, Origin, with_claims
from corpus.documents import Document, DocumentType, Language, Section, Status
from corpus.identity import document_id
from corpus.sources import Source, card_id
from ingest.chunk import Detect
from ingest.extract import extract
from ingest.fetch.chapters import Chapters, chapter_of, chapters
from ingest.fetch.shelf import Page, Shelf, name_of
from ingest.read import Limits, SourceFile

# Lovdata's open data (NLOD 2.0): every act and central regulation in force, made anew each night.
ARCHIVES: Mapping[str, str] = {
    "lov": "https://api.lovdata.no/v1/publicData/get/gjeldende-lover.tar.bz2",
    "forskrift": "https://api.lovdata.no/v1/publicData/get/gjeldende-sentrale-forskrifter.tar.bz2",
}
_ACT = re.compile(
    r"^https://lovdata\.no/dokument/(?:NL|SF)/(lov|forskrift)/(\d{4})-(\d{2})-(\d{2})(?:-(\d+))?$"
)
_API = "api.lovdata.no"  # a service, whose own pages are no texts
# A publisher's "valid" on these says that the page is up, not that a rule is in force.
_NO_RULES = frozenset(
    {
        *(DocumentType.WHITE_PAPER, DocumentType.BILL, DocumentType.NOU, DocumentType.HEARING),
        *(DocumentType.COMMITTEE_REPORT, DocumentType.REPORT, DocumentType.NEWS),
        *(DocumentType.ARTICLE, DocumentType.OTHER),
    }
)


@dataclass(frozen=True, slots=True)
class Held:
    """What is at hand of a source: its pages' bodies, in order."""

    pages: tuple[tuple[Page, bytes], ...]

    @property
    def content(self) -> bytes:
        """All bodies, to compare with another day's."""
        return b"\x00".join(body for _, body in self.pages)


def address(source: Source) -> str | None:
    """What to fetch of a source: its page, or the archive that holds its act; None for nothing."""
    if source.url is None:
        return None
    if match := _ACT.match(source.url):
        return ARCHIVES[match[1]]
    return None if urlsplit(source.url).netloc == _API else source.url


class Library:
    """What the shelf holds of each source. Archives are opened once."""

    def __init__(
        self, shelf: Shelf, sources: Sequence[Source], follow: Chapters = chapters
    ) -> None:
        self._shelf = shelf
        self._follow = follow
        self._acts = self._members(sources)

    def held(self, source: Source) -> Held | None:
        """The pages of a source, or None where nothing is at hand."""
        url = address(source)
        if url is None or source.url is None:
            return None
        if url != source.url:
            return self._acts.get(source.url)
        found = list(self._pages(url))
        return Held(tuple(found)) if found else None

    def is_missing(self, source: Source) -> bool:
        """Whether an act is not among those in force, though the archive is at hand."""
        url = address(source)
        if url is None or url == source.url:
            return False
        return self._path(url) is not None and source.url not in self._acts

    def has(self, source: Source) -> bool:
        """Whether anything is at hand of a source."""
        url = address(source)
        if url is None or url == source.url:
            return url is not None and self._path(url) is not None
        return source.url in self._acts

    def _path(self, url: str) -> Path | None:
        page = self._shelf.page(url)
        return self._shelf.path(page) if page else None

    def _pages(self, url: str) -> Iterator[tuple[Page, bytes]]:
        first = self._body(url)
        if first is None:
            return
        chapter_pages = [
            found for chapter in self._follow(url, first[1]) if (found := self._body(chapter))
        ]
        yield from chapter_pages or [first]

    def _body(self, url: str) -> tuple[Page, bytes] | None:
        page = self._shelf.page(url)
        body = self._shelf.body(page) if page else None
        return (page, body) if page and body else None

    def _members(self, sources: Sequence[Source]) -> dict[str, Held]:
        """The acts that the register names, out of the archives on the shelf, by address."""
        wanted: dict[str, dict[str, str]] = {}
        for source in sources:
            if source.url and (match := _ACT.match(source.url)):
                wanted.setdefault(ARCHIVES[match[1]], {})[member_name(match)] = source.url
        found: dict[str, Held] = {}
        for archive, names in wanted.items():
            page = self._shelf.page(archive)
            path = self._shelf.path(page) if page else None
            if page is None or path is None:
                continue
            for name, data in _unpacked(path, names.keys()):
                found[names[name]] = Held(((replace(page, media_type=None), data),))
        return found


def member_name(match: re.Match[str]) -> str:
    """``nl-20201106-127.xml``: what an act's file is called in the archives."""
    kind, year, month, day, number = match.groups()
    base, digits = ("nl", 3) if kind == "lov" else ("sf", 4)
    return f"{base}-{year}{month}{day}-{(number or '').zfill(digits)}.xml"


def _unpacked(path: Path, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
    from ingest.archive import Member, members  # tarfile and bz2 are slow to load

    for item in members(path, Limits(), lambda name: PurePosixPath(name).name in names):
        if isinstance(item, Member) and isinstance(item.data, bytes) and item.data:
            yield PurePosixPath(item.name).name, item.data


def document_of(
    source: Source, held: Held, heir: str | None, *, today: date, detect: Detect
) -> tuple[Document, tuple[str, ...]]:
    """The document of a source, and warnings. Raises IngestError for a page that can't be read.

    ``heir`` is the id of the document that replaces it. The register's word on type, publisher and
    areas counts; its word on status stands beside the page's own.
    """
    assert source.url is not None
    parts = [_page(source.url, page, body, today=today, detect=detect) for page, body in held.pages]
    first, warnings = parts[0]
    sections = _together([part for part, _ in parts], [page.url for page, _ in held.pages])
    language = first.language
    if language is Language.UNDETERMINED and len(source.language) == 1:
        language = source.language[0]
    document = replace(
        first,
        id=document_id(source.url),
        uri=source.url,
        title=first.title or source.title,
        sections=sections,
        type=source.type,
        publisher=source.publisher,
        language=language,
        areas=source.areas,
        published=first.published or _day(source.published),
        fetched=held.pages[0][0].day,
        replaced_by=heir or first.replaced_by,
    )
    if source.type in _NO_RULES and document.status is Status.CURRENT:
        document = replace(document, status=Status.UNKNOWN, claims=())
    return with_claims(document, *_claims(source, held, heir)), warnings


def _claims(source: Source, held: Held, heir: str | None) -> Iterator[Claim]:
    words = source.status_note if source.status is not Status.UNKNOWN else None
    yield Claim(Origin.REGISTER, source.status, words, source.checked, heir)
    gone = held.pages[0][0].gone
    if gone:
        words = "Utgjevaren viser ikkje sida lenger."
        yield Claim(Origin.FETCH, Status.UNKNOWN, words, date.fromisoformat(gone[:10]))


def _page(
    uri: str, page: Page, body: bytes, *, today: date, detect: Detect
) -> tuple[Document, tuple[str, ...]]:
    name = name_of(page.url)
    file = SourceFile(uri, name, content=body, fetched=page.day, media_type=page.media_type)
    found = extract(file, today=today, detect=detect)
    return found.document, found.warnings


def _together(documents: Sequence[Document], urls: Sequence[str]) -> tuple[Section, ...]:
    """The sections of all chapters; what each chapter's page repeats is there once."""
    if len(documents) == 1 and chapter_of(urls[0]) is None:
        return documents[0].sections
    found: list[Section] = []
    seen: set[tuple[tuple[str, ...], str]] = set()
    for document, url in zip(documents, urls, strict=True):
        chapter = chapter_of(url) or ""
        for section in document.sections:
            key = (section.headings, section.text)
            if key in seen:
                continue
            seen.add(key)
            anchor = section.place.anchor
            place = replace(section.place, anchor=f"{chapter}#{anchor}" if anchor else chapter)
            found.append(replace(section, place=place))
    return tuple(found)


def heirs(sources: Sequence[Source], library: Library) -> dict[str, str]:
    """The id of each source's document in the base: its text's, or else its card's."""
    return {
        source.id: document_id(source.url)
        if source.url and library.has(source)
        else card_id(source.id)
        for source in sources
    }


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said and len(said) > 4 else None
