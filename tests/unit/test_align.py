"""A quote found again among a page's characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.align import align, covered, letters, spelt

PAGE = (
    "Kapittel 2\nFylkeskommunen har ansvar for rettleiing og kompetanse-\nheving av kommunane.1\n"
    "1 Sjå rundskriv.\nKommunen skal samarbeide med frivillige organisasjonar om språktre-\nning."
)


def said(quote: str, page: str = PAGE) -> list[str]:
    text, _ = spelt(page)
    return [text[a:b] for a, b in align(letters(quote), text)]


def test_hyphens_and_spaces_do_not_hide_a_quote() -> None:
    """A word that was cut at a line's end is found whole."""
    assert said("har ansvar for rettleiing og kompetanseheving av kommunane.") == [
        "haransvarforrettleiingogkompetansehevingavkommunane"
    ]


def test_a_note_between_two_lines_is_passed_over() -> None:
    """What the extractor left out between two lines costs nothing but itself."""
    found = said(
        "kompetanseheving av kommunane. Kommunen skal samarbeide med frivillige organisasjonar"
    )
    assert found == [
        "kompetansehevingavkommunane",
        "kommunenskalsamarbeidemedfrivilligeorganisasjonar",
    ]


def test_ligatures_and_case_are_one() -> None:
    """A ligature is as many letters as it stands for, each from the same character."""
    text, origin = spelt("ﬁsk og Æ")
    assert text == "fiskogæ"
    assert origin[:3] == [0, 0, 1]


def test_a_quote_that_is_not_there_is_not_found() -> None:
    """Other words on the same page are no quote."""
    assert said("dette står ikkje på sida i det heile") == []
    assert said("") == []


def test_of_two_beginnings_the_one_that_goes_on_is_meant() -> None:
    """A heading with the first words of the quote is not boxed in its stead."""
    page = "Tospråkleg utvikling\nMange barn.\nTospråkleg utvikling er ei heilskapleg utvikling."
    text, _ = spelt(page)
    ((start, _),) = align(letters("Tospråkleg utvikling er ei heilskapleg utvikling. 29"), text)
    assert start > 20


def test_a_long_word_elsewhere_is_no_part_of_a_quote() -> None:
    """Where the quote goes on on the next page, its words on this one stay unmarked."""
    page = (
        "utviklingssamtalen " + "noko heilt anna her " * 10 + "Det er tid for ein god samtale no."
    )
    text, _ = spelt(page)
    found = align(letters("Det er tid for ein god samtale no. Om utviklingssamtalen"), text)
    assert [text[a:b] for a, b in found] == ["detertidforeingodsamtaleno"]


def test_a_quote_over_two_pages_is_covered_by_both() -> None:
    """The shares of the pages make the whole."""
    pages = [letters("Først kjem denne setninga heil."), letters("Så kjem denne setninga heil.")]
    quote = letters("Først kjem denne setninga heil. Så kjem denne setninga heil.")
    assert covered(quote, pages) > 0.95
    assert covered("", pages) == 0


@given(st.text(max_size=200), st.text(max_size=400))
def test_stretches_lie_within_the_page(quote: str, page: str) -> None:
    """Whatever is asked, every stretch is one of the page."""
    text, origin = spelt(page)
    assert len(origin) == len(text)
    for start, end in align(letters(quote), text):
        assert 0 <= start < end <= len(text)
