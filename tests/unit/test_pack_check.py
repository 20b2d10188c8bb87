"""Check again: unchanged, moved, changed, vanished, gone; and status beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.packs.changed import marked_difference
from api.packs.check import Finding, Outcome, Present, check, check_again
from api.packs.model import Heading, Item, Quote, quote_of
from corpus.currency import Claim, Origin
from corpus.documents import Document, Language, Passage, Place, Section, Status
from tests.unit.packs import DAY, pack

FIRST = "Kommunen skal tilby opplæring i norsk til alle vaksne som har rett og plikt til det."
SECOND = "Fylkeskommunen har ansvar for karriererettleiing og for planar som kommunane kan bruke."
THIRD = "Departementet kan gje forskrift om innhald, omfang og gjennomføring av opplæringa."
OTHER = "Heilt andre ord om noko anna: båtar, fisk, hamner, vêr og vind langs heile kysten."


def present(*texts: str, page: bool = False, first: int = 1, **fields: object) -> Present:
    """A document with a passage for each text, one a § or one a page."""
    passages = tuple(
        Passage(
            "d",
            n,
            "Dokument",
            () if page else (f"§ {first + n}. Om",),
            text,
            Place(page=first + n) if page else Place(section=f"§ {first + n}"),
            Language.NYNORSK,
            n,
        )
        for n, text in enumerate(texts)
    )
    sections = tuple(Section(p.headings, p.text, p.place) for p in passages)
    document = Document("d", "test:d", "Dokument", sections, **fields)  # type: ignore[arg-type]
    return Present(document, passages)


def taken(base: Present, number: int) -> Quote:
    return quote_of(base.document, base.passages[number], None, DAY)


def checked(quote: Quote, now: Present | None) -> Finding:
    return check(Item(1, quote), quote, now)


def test_the_same_text_at_its_place_is_unchanged() -> None:
    """Also where other parts of the document have changed."""
    before = present(FIRST, SECOND, THIRD)
    finding = checked(taken(before, 1), present(OTHER, SECOND, THIRD))
    assert Outcome.UNCHANGED is finding.outcome
    assert not finding.concerns


@pytest.mark.parametrize("page", [False, True])
def test_the_same_text_at_another_place_has_moved_and_is_no_change(page: bool) -> None:
    """A § with a new number, a page that came before."""
    before = present(FIRST, SECOND, page=page)
    finding = checked(taken(before, 1), present(OTHER, FIRST, SECOND, page=page))
    assert Outcome.MOVED is finding.outcome
    assert finding.now is not None
    assert finding.now.number == 2
    assert not finding.concerns


def test_white_space_is_no_change() -> None:
    """A text that is read with other line breaks is the same text."""
    before = present("Ein tekst\n\nmed to avsnitt.")
    now = present("Ein tekst med\nto avsnitt.")
    assert Outcome.UNCHANGED is checked(taken(before, 0), now).outcome


def test_text_that_is_cut_otherwise_is_no_change() -> None:
    """What was two passages may be one, and one may be two."""
    joined = Present(
        present(FIRST).document,
        (replace(present(FIRST).passages[0], text=f"{FIRST}\n\n{SECOND}"),),
    )
    apart = present(FIRST, SECOND)
    assert Outcome.UNCHANGED is checked(taken(apart, 0), joined).outcome
    assert Outcome.UNCHANGED is checked(taken(joined, 0), apart).outcome


@pytest.mark.parametrize("page", [False, True])
def test_another_wording_is_a_change_and_shows_both(page: bool) -> None:
    """By § or by page; the new wording comes with it."""
    before = present(FIRST, SECOND, page=page)
    reworded = SECOND.replace("karriererettleiing", "kvalifisering")
    finding = checked(taken(before, 1), present(FIRST, reworded, page=page))
    assert Outcome.CHANGED is finding.outcome
    assert finding.now is not None
    assert reworded == finding.now.text
    assert finding.concerns


def test_a_section_written_anew_is_changed() -> None:
    """A § is known by its number, whatever stands there now."""
    finding = checked(taken(present(FIRST, SECOND), 1), present(FIRST, OTHER))
    assert (finding.outcome, finding.now and finding.now.text) == (Outcome.CHANGED, OTHER)


def test_a_reworded_text_at_a_new_place_is_changed() -> None:
    """What is nearly the same elsewhere is its later wording."""
    reworded = SECOND.replace("planar", "regionale planar")
    finding = checked(taken(present(FIRST, SECOND), 1), present(FIRST, first=1))
    assert Outcome.VANISHED is finding.outcome
    moved = present(FIRST, reworded, first=7)
    assert Outcome.CHANGED is checked(taken(present(FIRST, SECOND), 1), moved).outcome


def test_text_that_is_nowhere_has_vanished() -> None:
    """The document is there, the page is not."""
    before = present(FIRST, SECOND, page=True)
    finding = checked(taken(before, 1), present(FIRST, page=True))
    assert (finding.outcome, finding.now) == (Outcome.VANISHED, None)


def test_a_document_out_of_the_base_is_gone() -> None:
    """And nothing else is claimed."""
    finding = checked(taken(present(FIRST), 0), None)
    assert (finding.outcome, finding.document) == (Outcome.GONE, None)
    assert finding.concerns


def test_a_new_status_is_told_also_where_the_text_stands() -> None:
    """With what takes its place, where that is known."""
    before = present(FIRST, status=Status.CURRENT)
    now = present(FIRST, status=Status.SUPERSEDED, replaced_by="new")
    finding = checked(taken(before, 0), now)
    assert (
        finding.outcome,
        finding.status,
        finding.heir,
    ) == (Outcome.UNCHANGED, (Status.CURRENT, Status.SUPERSEDED), "new")
    assert finding.concerns


def test_sources_that_have_come_to_disagree_are_told() -> None:
    """Once: not where they did so when the quote was taken."""
    claims = (
        Claim(Origin.DOCUMENT, Status.CURRENT),
        Claim(Origin.NOTICE, Status.UNKNOWN, "kan være utdatert"),
    )
    calm, torn = present(FIRST), present(FIRST, claims=claims)
    assert checked(taken(calm, 0), torn).conflict
    assert not checked(taken(torn, 0), torn).conflict


def test_of_several_equal_texts_the_one_in_its_place_counts() -> None:
    """A line that stands under many § ("Endra ved lov ...") is found under its own."""
    before = present(THIRD, FIRST, THIRD)
    finding = checked(taken(before, 2), present(THIRD, FIRST, THIRD))
    assert finding.now is not None
    assert (finding.outcome, finding.now.number) == (Outcome.UNCHANGED, 2)


def test_a_pack_is_checked_quote_by_quote() -> None:
    """Exactly the quotes, in the pack's order; headings and notes have nothing to check."""
    before = present(FIRST, SECOND, THIRD)
    quotes = [taken(before, n) for n in range(3)]
    now = present(FIRST, OTHER, THIRD)
    findings = check_again(pack(Heading("x"), *quotes), {"d": now})
    assert [finding.item.id for finding in findings] == [2, 3, 4]
    assert [finding.item.id for finding in findings if finding.concerns] == [3]


def test_a_difference_is_marked_by_words() -> None:
    """What went out on the one side, what came in on the other, the rest unmarked."""
    before, after = marked_difference("Kommunen skal gi råd.", "Kommunen kan gi\ngode råd.")
    assert [run.text for run in before if run.marked] == ["skal"]
    assert [run.text.lstrip("\n") for run in after if run.marked] == ["kan", "gode "]
    assert "".join(run.text for run in after) == "Kommunen kan gi\ngode råd."
