"""Status out of several claims: the careful word counts, and a conflict is kept."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.changes import Difference, difference, section_name
from corpus.currency import Claim, Origin, disagree, settled, with_claims
from corpus.documents import Document, Place, Section, Status
from ingest.extract import extract
from ingest.extract.notices import claims_in
from ingest.plan import event
from ingest.read import SourceFile
from search.store.truth import Event

TODAY = date(2026, 11, 25)
PLAIN = Document("d", "https://example.org/d", "Rundskriv", ())


def claim(status: Status, words: str | None = None, origin: Origin = Origin.NOTICE) -> Claim:
    return Claim(origin, status, words)


@pytest.mark.parametrize(
    ("statuses", "expected", "conflict"),
    [
        ([Status.CURRENT], Status.CURRENT, False),
        ([Status.CURRENT, Status.SUPERSEDED], Status.SUPERSEDED, True),
        ([Status.CURRENT, Status.EXPIRED], Status.EXPIRED, True),
        ([Status.EXPIRED, Status.SUPERSEDED], Status.SUPERSEDED, False),
        ([Status.PROPOSAL, Status.SUPERSEDED], Status.SUPERSEDED, False),
        ([Status.CURRENT, Status.PROPOSAL], Status.PROPOSAL, True),
        ([Status.UNKNOWN, Status.CURRENT], Status.CURRENT, False),
        ([], Status.UNKNOWN, False),
    ],
)
def test_the_careful_word_counts(statuses: list[Status], expected: Status, conflict: bool) -> None:
    """What may not hold never passes for the rule in force, whoever says it first."""
    for order in (statuses, statuses[::-1]):
        claims = [claim(status) for status in order]
        assert (settled(claims), disagree(claims)) == (expected, conflict)


def test_doubt_in_words_takes_the_place_of_in_force() -> None:
    """A page that may be out of date is in doubt, and so is the register that trusts it."""
    claims = [claim(Status.CURRENT), claim(Status.UNKNOWN, "Denne siden kan være utdatert.")]
    assert settled(claims) is Status.UNKNOWN
    assert disagree(claims)


def test_claims_are_kept_with_the_document() -> None:
    """The document's own head is one of them; the same origin speaks once."""
    from dataclasses import replace

    current = replace(PLAIN, status=Status.CURRENT)
    assert with_claims(current, claim(Status.CURRENT, origin=Origin.DOCUMENT)).claims == ()
    register = Claim(Origin.REGISTER, Status.SUPERSEDED, "Erstatta", TODAY, "ny")
    found = with_claims(current, register)
    assert found.status is Status.SUPERSEDED
    assert found.replaced_by == "ny"
    assert [c.origin for c in found.claims] == [Origin.DOCUMENT, Origin.REGISTER]
    again = with_claims(found, replace(register, status=Status.CURRENT))
    assert [c.status for c in again.claims] == [Status.CURRENT, Status.CURRENT]
    assert again.status is Status.CURRENT


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Ugyldig/opphevet – erstattet av Rundskriv G-01/2016", Status.SUPERSEDED),
        ("Opphevet", Status.EXPIRED),
        ("Oppheva frå 1. januar 2021", Status.EXPIRED),
        ("Dette rundskrivet er erstattet av G-01/2016.", Status.SUPERSEDED),
        ("Denne rettleiaren er ikkje lenger gyldig.", Status.EXPIRED),
        ("Denne veilederen er ikke lenger i bruk.", Status.EXPIRED),
        ("Status: På høring", Status.PROPOSAL),
        ("Status: På høyring", Status.PROPOSAL),
        ("Denne siden kan være utdatert.", Status.UNKNOWN),
        ("Dette innhaldet er ikkje lenger oppdatert", Status.UNKNOWN),
        ("Innholdet kan inneholde utdatert informasjon", Status.UNKNOWN),
        ("Status: Gyldig", Status.CURRENT),
        ("Opphevet regelverk", None),  # a heading over what others say
        ("Opphevelse av vedtak", None),
        ("Loven er erstattet av integreringsloven", None),  # of another text
        ("Plikten er opphevet", None),
        ("Status: På høring. " + "Lang tekst. " * 40, None),
    ],
)
def test_what_a_page_says_of_itself(line: str, status: Status | None) -> None:
    """Only words about the page count, in both written forms."""
    assert [c.status for c in claims_in([line])] == ([] if status is None else [status])


def page(body: str, head: str = "") -> Document:
    html = f"<!DOCTYPE html><html lang='nb'><head><title>T</title>{head}</head><body>{body}</body>"
    source = SourceFile("file:a.html", "a.html", content=html.encode())
    return extract(source, today=TODAY).document


VALID = '<meta name="DC.Type" content="Rundskriv"><meta name="DC.Type.Status" content="Gyldig">'


def test_a_page_that_says_it_is_repealed_is_repealed() -> None:
    """Also in a box that is no part of the text, and against its own head: a conflict."""
    text = "<main><h1>Rundskriv</h1><p>Om ordningen.</p><h2>Mer</h2><p>Tekst.</p></main>"
    box = '<div class="alert-box" role="alert">Ugyldig/opphevet – erstattet av H-20</div>'
    found = page(box + text, VALID)
    assert found.status is Status.SUPERSEDED
    assert disagree(found.claims)
    assert found.claims[-1].words == "Ugyldig/opphevet – erstattet av H-20"
    assert page(text, VALID).status is Status.CURRENT
    cookie = '<div class="cookie-alert">Opphevet</div>'
    assert page(cookie + text, VALID).status is Status.CURRENT
    deep = text.replace("Tekst.", "Opphevet.")
    assert page(deep, VALID).status is Status.CURRENT


def test_dates_speak_too() -> None:
    """A time that is over, or not yet come, is told with its day."""
    over = "---\ntitle: T\nstatus: current\nvalid_to: 2025-01-01\n---\n\nTekst.\n"
    source = SourceFile("file:a.md", "a.md", content=over.encode())
    found = extract(source, today=TODAY).document
    assert found.status is Status.EXPIRED
    assert disagree(found.claims)
    later = over.replace("valid_to: 2025", "valid_from: 2027")
    source = SourceFile("file:a.md", "a.md", content=later.encode())
    assert extract(source, today=TODAY).document.status is Status.UNKNOWN


def sections(**texts: str) -> tuple[Section, ...]:
    return tuple(
        Section((name.replace("_", " "),), text, Place(name)) for name, text in texts.items()
    )


def test_differences_are_named_by_their_headings() -> None:
    """New, gone and reworded sections; one that moved is no change."""
    from dataclasses import replace

    old = replace(PLAIN, sections=sections(a="En.", b="To.", c="Tre."))
    new = replace(PLAIN, sections=sections(c="Tre.", b="To!", d="Fire."), status=Status.EXPIRED)
    assert difference(old, new) == Difference(
        ("d",), ("a",), ("b",), (Status.UNKNOWN, Status.EXPIRED)
    )
    assert not difference(old, replace(old, sections=old.sections[::-1]))
    assert section_name(Section(("Kap 1", "Om"), "x")) == "Kap 1 › Om"
    assert section_name(Section((), "x", Place(page=3))) == "side 3"
    assert section_name(Section((), "x")) == "–"


def test_what_readers_are_told() -> None:
    """A text that is only read otherwise is no change, but its edition is kept."""
    from dataclasses import replace

    old = replace(PLAIN, sections=sections(a="En."))
    new = replace(PLAIN, sections=sections(a="Ein."))
    told = event(old, new, "now", recut=True, reread=False)
    assert told is not None
    assert (told.kind, told.keep, told.difference.changed) == ("changed", True, ("a",))
    assert event(old, new, "now", recut=True, reread=True) == Event("now", "reread", keep=True)
    assert event(old, old, "now", recut=False, reread=False) is None
    ended = replace(new, status=Status.SUPERSEDED)
    told = event(old, ended, "now", recut=True, reread=False)
    assert told is not None
    assert told.kind == "superseded"
    assert event(None, old, "now", recut=True, reread=False) == Event("now", "new")
