"""Cutting documents into passages: nothing lost, nothing over the limit."""

import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Document, Language, Passage, Place, Section
from ingest.chunk import chunk
from ingest.cut import Span, parts

LAW = Path(__file__).parents[3] / "shared" / "bench" / "law" / "documents"


def count(texts: Sequence[str]) -> list[int]:
    """A stand-in for the tokenizer: two marks, and a token for every five letters."""
    return [2 + sum(1 + len(word) // 5 for word in text.split()) for text in texts]


def cut(
    *sections: Section, title: str = "Lov", most: int = 64, target: int = 32
) -> tuple[Passage, ...]:
    document = Document("d", "u", title, sections, language=Language.BOKMAL)
    return chunk(document, count, most, target, detect=lambda _: Language.UNDETERMINED)


def paragraph(words: int, word: str = "ord") -> str:
    return " ".join([word] * words) + "."


def test_a_numbered_section_stays_whole_up_to_the_limit() -> None:
    """Running text of the same length is parted."""
    text = "\n\n".join(paragraph(15) for _ in range(3))
    assert len(cut(Section(("§ 1",), text, Place(section="§ 1")))) == 1
    assert len(cut(Section(("Om",), text))) == 2


def test_different_paragraphs_signs_are_never_joined() -> None:
    """However short they are."""
    passages = cut(
        Section(("Kap 1", "§ 1"), "Ja.", Place(section="§ 1", anchor="paragraf-1")),
        Section(("Kap 1", "§ 2"), "Nei.", Place(section="§ 2")),
    )
    assert [(p.text, p.place.section, p.section) for p in passages] == [
        ("Ja.", "§ 1", 0),
        ("Nei.", "§ 2", 1),
    ]


def test_fragments_under_one_parent_are_joined_with_their_headings() -> None:
    """A page of tiny headings is no page of tiny passages."""
    passages = cut(
        Section(("Kontakt", "Telefon"), "55 00"),
        Section(("Kontakt", "Epost"), "a@b.no"),
        Section(("Annet",), paragraph(20)),
    )
    assert [(p.headings, p.text) for p in passages[:1]] == [
        (("Kontakt",), "Telefon\n55 00\n\nEpost\na@b.no")
    ]
    assert passages[1].headings == ("Annet",)


def test_a_sentence_over_a_page_break_is_not_cut() -> None:
    """The passage names both pages."""
    (passage,) = cut(
        Section(("A",), "Fylket skal gi", Place(page=3, page_label="1")),
        Section(("A",), "råd til kommunene.", Place(page=4, page_label="2")),
    )
    assert passage.text == "Fylket skal gi råd til kommunene."
    assert passage.place == Place(page=3, page_end=4, page_label="1–2")


def test_pages_of_long_text_are_told_exactly() -> None:
    """Each passage has the pages it covers, and no others."""
    sections = [
        Section(("A",), "\n\n".join(paragraph(12, f"side{n}") for _ in range(4)), Place(page=n))
        for n in range(1, 5)
    ]
    for passage in cut(*sections):
        on = {int(word[4:].rstrip(".")) for word in passage.text.split()}
        assert (passage.place.page, passage.place.page_end) == (min(on), max(on))
        assert passage.section == min(on) - 1


def test_introduction_stays_with_its_list() -> None:
    """A line that ends in a colon does not end a passage."""
    text = paragraph(26) + "\n\nSøknaden skal inneholde:\n\n" + "- et punkt\n" * 20
    passages = cut(Section(("A",), text))
    assert not any(p.text.endswith("inneholde:") for p in passages)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Se jf. § 4 i loven. Det gjelder.", ["Se jf. § 4 i loven. ", "Det gjelder."]),
        ("Lov nr. 12 og bl.a. Oslo, f.eks. Bergen mv. Slutt.", None),
        ("Den 1. Mai er fri. Ja! «Nei.» Så?", ["Den 1. Mai er fri. ", "Ja! ", "«Nei.» ", "Så?"]),
        ("Meld. St. 6 (2018–2019). Ny.", ["Meld. St. 6 (2018–2019). ", "Ny."]),
    ],
)
def test_norwegian_sentences(text: str, sentences: list[str] | None) -> None:
    """Abbreviations and ordinals do not end a sentence."""
    got = [text[s.start : s.end] for s in parts(text, Span(0, len(text)), "sentence")]
    assert got == (sentences or [text])


def test_long_titles_leave_half_of_the_window_to_the_text() -> None:
    """Outer headings go first; nothing is over the limit."""
    trail = tuple(f"Kapittel {n} " + paragraph(20) for n in range(3))
    for passage in cut(Section(trail, paragraph(60)), title=paragraph(50)):
        assert count([passage.embedded])[0] <= 64
        assert len(passage.text.split()) > 10


def test_no_room_is_refused() -> None:
    """A limit without room for text is a mistake of the caller."""
    with pytest.raises(ValueError, match="no room"):
        cut(Section((), "a"), most=8, target=4)


def test_language_of_a_passage() -> None:
    """Its own where it tells enough, else the document's."""
    nynorsk = "Kommunen kan ikkje krevje noko av dei som kjem frå andre fylke, seier departementet."
    document = Document(
        "d",
        "u",
        "T",
        (
            Section(("A", "§ 1"), nynorsk, Place(section="§ 1")),
            Section(("A", "§ 2"), "Kort.", Place(section="§ 2")),
            Section(
                ("A", "§ 3"),
                "Endret ved lover 17 des 2013 nr. 132 (ikr. 1 jan 2014 iflg. res. 17 des 2013).",
                Place(section="§ 3"),
            ),
        ),
        language=Language.BOKMAL,
    )
    assert [p.language for p in chunk(document, count)] == ["nn", "nb", "nb"]


WORDS = st.text(st.sampled_from("abcåø.,:§-1"), min_size=1, max_size=12)
TEXT = st.lists(
    st.tuples(WORDS, st.sampled_from([" ", " ", " ", "\n", "\n\n", ". "])), min_size=1, max_size=120
).map(lambda items: "".join(word + gap for word, gap in items).strip())
SECTIONS = st.lists(
    st.builds(
        Section,
        headings=st.lists(st.sampled_from(["A", "B", "Kapittel 1", "x " * 60]), max_size=3).map(
            tuple
        ),
        text=TEXT.filter(lambda text: bool(text.strip())),
        place=st.builds(
            lambda section, page: Place(section=section, page=page),
            st.sampled_from([None, None, "§ 1", "§ 2"]),
            st.sampled_from([None, 1, 2]),
        ),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(SECTIONS, st.integers(24, 80))
def test_nothing_is_lost_and_nothing_is_over_the_limit(sections: list[Section], most: int) -> None:
    """Every word of every section occurs in the passages, in order."""
    passages = cut(*sections, most=most, target=max(8, most // 2))
    assert all(size <= most for size in count([p.embedded for p in passages]))
    assert [p.number for p in passages] == list(range(len(passages)))
    assert all(a.section <= b.section for a, b in pairwise(passages))
    got = iter(word for p in passages for word in p.text.split())
    for word in (word for section in sections for word in section.text.split()):
        assert any(word == other for other in got), word
    assert passages == cut(*sections, most=most, target=max(8, most // 2))


@pytest.mark.bench
def test_acts_are_cut_in_time_and_keep_their_sections() -> None:
    """Real acts: within the limit, and every § that fits is one passage."""
    if not LAW.exists():
        pytest.skip("needs ../shared/bench/law, which is not part of the repository")
    from ingest.extract import extract
    from ingest.read import SourceFile, iter_sources

    started = time.monotonic()
    for item in list(iter_sources([LAW]))[:25]:
        assert isinstance(item, SourceFile)
        document = extract(item, detect=lambda _: Language.BOKMAL).document
        passages = chunk(document, count, detect=lambda _: Language.BOKMAL)
        sizes = count([p.embedded for p in passages])
        assert max(sizes) <= 512
        assert {p.place.section for p in passages} == {s.place.section for s in document.sections}
    assert time.monotonic() - started < 60
