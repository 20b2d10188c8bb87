"""The feedback page: a form that works without scripts, and keeps what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from api import personal
from api.errors import NotFound
from api.feedback import guard
from api.feedback.store import FeedbackUnavailable, Kind, Report, Reports
from api.pages import page
from api.places import place_words
from api.result import document_path, passage_path
from api.routes import base_of, with_edition, written_of
from api.texts import WRITTEN, Written, text
from corpus.documents import Document, Passage
from corpus.text import normalise
from search.errors import SearchError

MOST = 2_000  # characters of a report
_QUOTED = 300  # characters shown of a passage
TRAP = "nettstad"  # a field that people don't see and programs fill in
PATH = "/tilbakemelding"
_NAMING = ("dokument", "utgave", "passage")
_NEEDS_TEXT = frozenset({Kind.MISSING, Kind.OTHER})

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """What was wrong, in words, and the field it is about, if any."""

    words: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a report is about: a document or a passage of it, or (None) the base.

    ``sent`` is what a form said of it while the base could not be asked.
    """

    document: Document | None = None
    passage: Passage | None = None
    sent: tuple[tuple[str, str], ...] = ()

    def address(self, lang: str) -> str | None:
        """The page of what it is about."""
        if self.document is None:
            return None
        if self.passage is None:
            return document_path(self.document.id) + (f"?{lang}" if lang else "")
        return passage_path(self.passage, self.document.edition, lang)

    @property
    def quote(self) -> str:
        """How the passage begins, up to the end of a sentence where there is one."""
        said = " ".join(self.passage.text.split()) if self.passage else ""
        if len(said) <= _QUOTED:
            return said
        begun = said[:_QUOTED]
        end = begun.rfind(". ") + 1
        return f"{begun[:end] if end > _QUOTED // 2 else begun.rpartition(' ')[0]} …"

    def parameters(self) -> dict[str, str]:
        """What the form's address says of it."""
        if self.document is None:
            return dict(self.sent)
        pairs = {"dokument": self.document.id, "utgave": str(self.document.edition)}
        if self.passage is not None:
            pairs["passage"] = str(self.passage.number)
        return pairs


@router.get(PATH, response_class=HTMLResponse)
def form_page(request: Request) -> HTMLResponse:
    """The form, for a passage, a document or the base."""
    return _form(request, _about(request, request.query_params), {}, ())


@router.get(f"{PATH}/takk", response_class=HTMLResponse)
def thanks_page(request: Request) -> HTMLResponse:
    """That it is stored, and the way back."""
    about = _about(request, request.query_params)
    return page(request, "feedback_thanks.html", about=about, back=about.address(_lang(request)))


@router.post(PATH, response_class=HTMLResponse)
async def send(request: Request) -> Response:
    """Store a report and lead on, or show the form again with what was written."""
    try:
        given = await guard.read_form(request)
    except guard.TooLarge:
        named = dict(request.query_params)
        return await run_in_threadpool(_refuse, request, named, 413, "fault_size")
    # What it is about stands in the address: the switch of language then keeps it.
    return await run_in_threadpool(_send, request, {**request.query_params, **given})


def _send(request: Request, given: Mapping[str, str]) -> Response:
    if not guard.same_origin(request):
        return _refuse(request, given, 403, "fault_origin")
    try:
        about = _about(request, given)
    except NotFound:
        return _refuse(request, given, 409, "fault_gone")
    except SearchError:
        return _refuse(request, given, 503, "fault_store")
    written = written_of(request)
    kind, said, faults = check(given, written)
    if faults or kind is None:
        return _form(request, about, given, faults, 422)
    parameters = about.parameters() | _lang_pair(request)
    thanks = RedirectResponse(f"{PATH}/takk?{urlencode(parameters)}", 303)
    if given.get(TRAP):
        return thanks  # a program is told nothing
    if not request.app.state.pace.allows():
        return _refuse(request, given, 429, "fault_often")
    try:
        Reports(request.app.state.settings.home).add(report_of(about, kind, said))
    except FeedbackUnavailable:
        return _refuse(request, given, 503, "fault_store")
    return thanks


def check(given: Mapping[str, str], written: Written) -> tuple[Kind | None, str, tuple[Fault, ...]]:
    """The kind and the text of what was sent, and what is wrong with them."""
    kind = next((kind for kind in Kind if kind == given.get("slag")), None)
    said = normalise(given.get("tekst", ""))
    faults = []
    if kind is None:
        faults.append(Fault(text(written, "fault_kind"), "slag"))
    if kind in _NEEDS_TEXT and not said:
        faults.append(Fault(text(written, "fault_empty"), "tekst"))
    if len(said) > MOST:
        faults.append(Fault(text(written, "fault_long", n=len(said), most=MOST), "tekst"))
    for found in personal.find(said[: 10 * MOST]):
        words = text(written, f"fault_{found.kind}", value=found.value[:60])
        faults.append(Fault(words, "tekst"))
    return kind, said, tuple(faults)


def report_of(about: About, kind: Kind, said: str) -> Report:
    """What is stored of a report."""
    document, passage = about.document, about.passage
    return Report(
        kind,
        said,
        document=document.id if document else None,
        edition=document.edition if document else None,
        passage=passage.number if passage else None,
        place=(place_words(passage.place, "nn") or None) if passage else None,
        digest=passage.digest if passage else None,
    )


def _about(request: Request, given: Mapping[str, str]) -> About:
    """What the parameters name. Raises NotFound for a document or passage that isn't there."""
    name = given.get("dokument", "")
    if not name:
        return About()
    searcher = base_of(request).searcher()
    present, earlier = with_edition(searcher, name, _number(given, "utgave"))
    found = earlier.document if earlier else present
    number = _number(given, "passage")
    if number is None:
        return About(found)
    those = searcher.passages_of(found.id) if earlier is None else earlier.passages
    passage = next((p for p in those if p.number == number), None)
    if passage is None:
        raise NotFound(f"there is no passage {number} in {found.id}")
    return About(found, passage)


def _refuse(request: Request, given: Mapping[str, str], status: int, key: str) -> HTMLResponse:
    """The form again, with what was written and why it isn't stored."""
    fault = Fault(text(written_of(request), key))
    try:
        about = _about(request, given)
    except NotFound:
        about = About()
    except SearchError:
        about = About(sent=tuple((name, given[name]) for name in _NAMING if name in given))
    return _form(request, about, given, (fault,), status)


def _form(
    request: Request,
    about: About,
    given: Mapping[str, str],
    faults: tuple[Fault, ...],
    status: int = 200,
) -> HTMLResponse:
    parameters = about.parameters() | _lang_pair(request)
    # A text that is far too long comes back whole: it is the reader's, and not stored.
    values: dict[str, Any] = {
        "about": about,
        "back": about.address(_lang(request)),
        "action": f"{PATH}?{urlencode(parameters)}" if parameters else PATH,
        "faults": faults,
        "kinds": list(Kind),
        "chosen": given.get("slag"),
        "said": given.get("tekst", ""),
        "most": MOST,
        "trap": TRAP,
    }
    return page(request, "feedback_form.html", status, **values)


def _lang(request: Request) -> str:
    return urlencode(_lang_pair(request))


def _lang_pair(request: Request) -> dict[str, str]:
    asked = request.query_params.get("lang", "")
    return {"lang": asked} if asked in WRITTEN else {}


def _number(given: Mapping[str, str], name: str) -> int | None:
    value = given.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
