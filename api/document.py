"""A document's page: where it stands, what it says, how it is cited, and the way back and on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api import asking, citation, finding, here, meta, picture, reading, trail
from api.base import Searching
from api.pages import page
from api.result import document_path, passage_path, quoted_url, source_url
from api.routes import base_of, with_edition, written_of
from api.texts import Written
from corpus.currency import disagree
from corpus.documents import Document, Passage, Place
from corpus.sources import CARD
from search.answers import rule_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a document holds, and what stands before and after it in the base."""

    present: Document
    until: date | None  # when the edition that is read was replaced; None for the present one
    heir: Document | None
    replaces: list[Document]
    translated: Document | None
    editions: list[tuple[int, date]]  # earlier ones, the newest first
    conflict: bool
    text: Document | None  # of a source card: the text it stands for, if it is here


@dataclass(frozen=True, slots=True)
class Citing:
    """References to what is read, as people write them."""

    in_text: str
    in_list: str
    law: str
    quote: str | None
    link: str


@router.get("/dokument/{document_id}")
def document_page(request: Request, document_id: str) -> HTMLResponse:
    """A document, opened at a passage (``?passage=N``) or at a part (``?del=N``)."""
    searcher = base_of(request).searcher()
    asked = asking.read(request.query_params)
    at = here.read(document_id, request.query_params, asked)
    present, earlier = with_edition(searcher, document_id, at.edition)
    found = earlier.document if earlier else present
    passage = None
    if at.passage is not None:
        those = searcher.passages_of(found.id) if earlier is None else earlier.passages
        passage = next((p for p in those if p.number == at.passage), None)
    findings = finding.find(found.sections, at.find)
    view = reading.read(found, passage, at.part, findings)
    # The file is that of the present edition, and of no other.
    pictured = earlier is None and picture.is_pdf(found)
    place = passage.place if passage else Place()
    return page(
        request,
        "document.html",
        document=found,
        here=at,
        gone=at.passage is not None and passage is None,
        trail=trail.follow(searcher, asked, passage, found.edition),
        standing=_standing(
            searcher, present, date.fromisoformat(earlier.until[:10]) if earlier else None
        ),
        findings=findings,
        reading=view,
        original=quoted_url(found, passage) if passage else source_url(found, Place()),
        pictures=(picture.pages_of(passage) or _first_page(view)) if pictured else [],
        picture=picture.view(request, found, passage, at.picture)
        if pictured and at.picture is not None
        else None,
        file=_file(found, place) if pictured and picture.has_file(request, found) else None,
        citing=_citing(request, found, passage, written_of(request)),
        meta=meta.tags(found, str(request.base_url).rstrip("/")),
        part_of=reading.part_of,
    )


def _standing(searcher: Searching, present: Document, until: date | None) -> Standing:
    def linked(name: str | None) -> Document | None:
        return searcher.document(name) if name else None

    return Standing(
        present=present,
        until=until,
        heir=linked(present.replaced_by),
        replaces=searcher.replaces(present.id),
        translated=linked(present.translation_of),
        editions=[
            (number, date.fromisoformat(ended[:10]))
            for number, ended in reversed(searcher.editions(present.id))
        ],
        conflict=disagree(present.claims),
        text=searcher.text_of(present.id) if present.media_type == CARD else None,
    )


def _first_page(view: reading.Reading) -> list[int]:
    """The page that the shown part begins on, where no passage is open."""
    pages = (s.place.page for s in view.sections if s.place.page is not None)
    return [first] if (first := next(pages, None)) is not None else []


def _file(document: Document, place: Place) -> str:
    """The PDF itself, opened at the physical page."""
    fragment = f"#page={place.page}" if place.page else ""
    return f"{document_path(document.id)}/original.pdf{fragment}"


def _quote(document: Document, passage: Passage | None, in_text: str) -> str | None:
    """What is read, in quotation marks. A card's text is ours, not the source's: it has none."""
    if passage is None or document.media_type == CARD:
        return None
    return f"«{' '.join(rule_of(passage.text).split())}» {in_text}"


def _citing(
    request: Request, document: Document, passage: Passage | None, written: Written
) -> Citing:
    source = citation.source_of(document, passage.place if passage else Place())
    in_text = citation.apa_in_text(source)
    path = passage_path(passage, document.edition) if passage else document_path(document.id)
    return Citing(
        in_text=in_text,
        in_list=citation.apa_reference(source, written, document.fetched),
        law=citation.law_style(source),
        quote=_quote(document, passage, in_text),
        link=f"{str(request.base_url).rstrip('/')}{path}",
    )
