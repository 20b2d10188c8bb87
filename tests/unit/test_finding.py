"""Search inside a document: forms, written forms, phrases, and honest counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.finding import MOST, Findings, find
from api.marking import layered
from corpus.documents import Place, Section

SECTIONS = (
    Section(
        ("Kapittel 1", "§ 1. Formål"),
        "Kommunen skal gi veiledning om barnehager.\n\nFylkeskommunen har ansvar for opplæring.",
        Place(section="§ 1"),
    ),
    Section(
        ("Kapittel 1", "§ 14 a. Tilskudd"),
        "Tilskuddsordningene er for kommuner.\n\n- søknad om tilskudd\n- rapport",
        Place(section="§ 14 a"),
    ),
)


def found(asked: str) -> list[tuple[str, list[str]]]:
    """(place, marked words) of each spot."""
    findings = find(SECTIONS, asked)
    assert findings is not None
    return [
        (spot.place.section or "", [run.text for run in spot.around if run.found])
        for spot in findings.spots
    ]


def test_inflected_forms_are_found() -> None:
    """A word meets its other forms, and compounds that begin or end with it."""
    assert found("kommune") == [
        ("§ 1", ["Kommunen"]),
        ("§ 1", ["Fylkeskommunen"]),
        ("§ 14 a", ["kommuner"]),
    ]


@pytest.mark.parametrize("asked", ["rettleiing", "veiledning", "barnehagar", "tilskot"])
def test_both_written_forms_are_found(asked: str) -> None:
    """A Nynorsk word finds a Bokmål text, and the reverse."""
    assert found(asked)


def test_all_words_must_stand_in_one_place() -> None:
    """Of several words a place has all; where none has, that is said."""
    both = find(SECTIONS, "kommunen veiledning")
    assert both is not None
    assert (both.whole, both.total) == (True, 1)
    some = find(SECTIONS, "rapport veiledning")
    assert some is not None
    assert (some.whole, some.total) == (False, 2)


def test_a_phrase_and_a_section_are_met_as_they_stand() -> None:
    """In quotation marks nothing is inflected; § 14a is § 14 a."""
    assert found("«ansvar for opplæring»") == [("§ 1", ["ansvar for opplæring"])]
    assert found("«ansvaret for opplæring»") == []
    assert found("§14a") == [("§ 14 a", ["§ 14 a"])]
    assert found("§ 1") == [("§ 1", ["§ 1"])]


def test_headings_are_places_once() -> None:
    """A heading above several sections is one place."""
    findings = find(SECTIONS, "kapittel")
    assert findings is not None
    assert findings.total == 1
    assert list(findings.in_headings) == [(0, 0)]


@pytest.mark.parametrize("asked", ["", "   ", "…", "«»"])
def test_nothing_asked_is_no_search(asked: str) -> None:
    """An empty field shows no result."""
    assert find(SECTIONS, asked) is None


def test_nothing_found_is_an_answer() -> None:
    """A word that isn't there gives no place, and says what was asked."""
    assert Findings("sjiraff", whole=False, total=0, spots=()) == find(SECTIONS, "sjiraff")


def test_many_places_are_counted_and_the_first_shown() -> None:
    """The count is true also where the list is cut."""
    many = [Section((), "\n\n".join(["ein ny kommune"] * (MOST + 20)))]
    findings = find(many, "kommunar")
    assert findings is not None
    assert (findings.total, len(findings.spots)) == (MOST + 20, MOST)


@given(st.text(max_size=60))
def test_no_text_raises(asked: str) -> None:
    """Whatever is typed is looked for or not, and every mark lies in its text."""
    findings = find(SECTIONS, asked)
    for number, marks in findings.in_text.items() if findings else ():
        assert all(0 <= m.start < m.end <= len(SECTIONS[number].text) for m in marks)


@given(
    st.text(alphabet="ab kommune", max_size=40), st.tuples(st.integers(0, 40), st.integers(0, 40))
)
def test_layers_hold_the_whole_text(text: str, span: tuple[int, int]) -> None:
    """Where a quote and found words overlap, no letter is lost or doubled."""
    findings = find([Section((), text + "x")], "kommune")
    marks = findings.in_text.get(0, ()) if findings else ()
    spans = [span] if span[0] < span[1] else []
    assert text == "".join(run.text for run in layered(text, spans, marks))
