"""A document as its page shows it: parts, headings, and the passage found again."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from api.marking import Run, find_passage, paragraphs, runs
from api.reading import PART, WHOLE, block, part_of, part_starts, read
from corpus.documents import Document, Language, Passage, Place, Section

SECTIONS = (
    Section(
        ("Kapittel 1", "§ 1"), "Føremålet med lova.\n\nLova skal hjelpe.", Place(section="§ 1")
    ),
    Section(("Kapittel 1", "§ 2"), "Kommunen har ansvaret for tenes-", Place(page=1)),
    Section(("Kapittel 1", "§ 2"), "tene sine\n\n- ein ting\n- to ting", Place(page=2)),
)


def passage(text: str, section: int) -> Passage:
    return Passage("d", 0, "Tittel", (), text, Place(), Language.NYNORSK, section)


def marked(text: str, section: int) -> list[str]:
    found = find_passage(passage(text, section), SECTIONS)
    return [SECTIONS[n].text[a:b] for n, spans in found.items() for a, b in spans]


def test_a_passage_is_found_word_for_word() -> None:
    """A passage within a section is marked exactly, and nothing else."""
    assert marked("Lova skal hjelpe.", 0) == ["Lova skal hjelpe."]


def test_white_space_does_not_matter() -> None:
    """The chunker may have broken lines elsewhere."""
    assert marked("lova. Lova skal", 0) == ["lova.\n\nLova skal"]


def test_a_passage_over_a_page_break_is_marked_on_both_pages() -> None:
    """A word that the page break cut in two does not hide the rest."""
    text = "Kommunen har ansvaret for tenestene sine\n\n- ein ting\n- to ting"
    assert marked(text, 1) == ["Kommunen har ansvaret for", "sine\n\n- ein ting\n- to ting"]


def test_a_passage_that_is_gone_is_not_guessed() -> None:
    """Where the text isn't, nothing is marked."""
    assert marked("heilt andre ord enn dei som står her", 0) == []
    assert marked("Lova", 99) == []


@given(
    st.text(alphabet="ab \n-", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))),
)
def test_runs_hold_the_whole_text(text: str, spans: list[tuple[int, int]]) -> None:
    """Whatever is marked, no character is lost or doubled."""
    assert text == "".join(run.text for run in runs(text, spans))


def test_paragraphs_carry_their_marks() -> None:
    """Spans count in the section's text, runs in each paragraph."""
    text = "En to\n\ntre fire"
    assert [[Run("En ", False), Run("to", True)], [Run("tre", True), Run(" fire", False)]] == list(
        paragraphs(text, [(3, 10)])
    )


def test_lines_with_dashes_are_a_list() -> None:
    """A screen reader tells how many items there are; the dash itself isn't read."""
    found = block([Run("- ein\n- t", False), Run("o", True)])
    assert found.is_list
    assert ((Run("ein", False),), (Run("t", False), Run("o", True))) == found.lines
    assert not block([Run("til – frå\n- ein", False)]).is_list


def document(*sections: Section) -> Document:
    return Document("d", "file:d", "Tittel", sections)


def test_a_heading_is_printed_once() -> None:
    """A trail that goes on prints only what is new, at its own level."""
    view = read(document(*SECTIONS), None)
    assert [[(h.level, h.text) for h in s.headings] for s in view.sections] == [
        [(2, "Kapittel 1"), (3, "§ 1")],
        [(3, "§ 2")],
        [],
    ]
    assert [s.page_starts for s in view.sections] == [False, True, True]


def test_a_short_document_is_shown_whole() -> None:
    """Up to WHOLE characters there is one part."""
    assert part_starts([Section((), "x" * (WHOLE // 2))] * 2) == [0]


def test_a_long_document_is_cut_between_sections() -> None:
    """Parts hold about PART characters, and each section is in exactly one."""
    sections = [Section((f"§ {n}",), "ord " * 2_500) for n in range(40)]
    starts = part_starts(sections)
    assert starts[0] == 0
    assert all(
        sum(len(s.text) for s in sections[a:b]) <= PART for a, b in itertools.pairwise(starts)
    )
    shown = [
        s.number
        for n in range(len(starts))
        for s in read(document(*sections), None, n + 1).sections
    ]
    assert list(range(40)) == shown


def test_the_part_with_the_passage_is_shown() -> None:
    """A citation opens its part and is announced once; a part that is asked for goes before it."""
    sections = [Section((f"§ {n}",), f"nummer {n} " * 1_200) for n in range(40)]
    cited = passage("nummer 30 nummer 30", 30)
    view = read(document(*sections), cited)
    assert part_of(part_starts(sections), 30) == view.part
    assert [s.number for s in view.sections if s.first_cited is not None] == [30]
    assert (view.outline[30].part, view.outline[30].section) == (view.part, 30)
    assert view.cited_here
    first = read(document(*sections), cited, 1)
    assert (first.part, first.cited, first.cited_here) == (1, cited, False)


def test_a_part_that_is_not_there_gives_the_nearest() -> None:
    """An old link never fails."""
    assert read(document(*SECTIONS), None, 99).part == 1
    assert read(document(*SECTIONS), None, 0).part == 1
