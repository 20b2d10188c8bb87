"""Whether the base answers: the evidence in the best hits, and the estimate made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from corpus.documents import Document, Language, Passage, Place, Section
from search.analysis.compounds import Splitter
from search.analysis.question import analyse
from search.confidence import HITS, Evidence, confidence, evidence, is_likely
from search.query import parse
from search.values import Excerpt, Hit

TEXTS = {
    "tolk": "Kommunen skal bruke kvalifisert tolk når det er nødvendig for rettssikkerheten.",
    "tilbud": "Kompetanseteamet har telefon 478 090 50. Åsne Moe leder arbeidet.",
    "sats": "Tilskuddet er 45 000 kroner for hver person i 2025.",
}
NOTHING = Evidence(0.2, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0)
MUCH = Evidence(0.8, 0.1, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, make_base: Any) -> Iterator[Any]:
    base = make_base(tmp_path_factory.mktemp("confidence"))
    for id, text in TEXTS.items():
        base.put(id, text, text)
    base.publish()
    yield base.searcher()
    base.close()


def seen(searcher: Any, question: str) -> Evidence:
    query = parse(question)
    result = searcher.search(query)
    hits = result.hits or result.nearest
    with searcher._index.state() as state:
        cosines = sorted((h.similarity for h in hits), reverse=True)
        return evidence(state.analyse(query), hits, cosines, state.rarity)


@pytest.mark.parametrize(
    ("question", "figure", "expected"),
    [
        ("når skal kommunen bruke tolk", "coverage", 1.0),
        ("fiskeoppdrett i merd", "coverage", 0.0),
        # names within a question must stand in the hits
        ("bruker kommunen i Sunnfjord tolk", "names", 1.0),
        ("hva gjør Åsne Moe", "names", 0.0),
        # where someone was sent is seldom named in a rule
        ("trenger familien fra Somalia tolk", "names", 0.0),
        # a word of the field (*translatør* is ours for *tolk*)
        ("må kommunen oversette", "field", 1.0),
        ("kommunen bruker", "field", 0.0),
        # what is asked for must be of the kind that stands there
        ("telefonnummer til kompetanseteamet", "missing", 0.0),
        ("hva koster tolk", "missing", 0.0),
        # years and "this year" are seldom in acts
        ("tilskuddet i 2025", "dated", 0.0),
        ("tilskuddet i 2027", "dated", 1.0),
        ("fristen for tilskuddet neste år", "dated", 1.0),
        ("tilskudd vi kan søke i år", "dated", 0.0),
        ("faren truer henne akkurat nå", "dated", 0.0),
        ("tilskuddet i 1998", "dated", 0.0),
    ],
)
def test_evidence(searcher: Any, question: str, figure: str, expected: float) -> None:
    """Each row: what the best hits tell of a question."""
    assert getattr(seen(searcher, question), figure) == pytest.approx(expected, abs=0.01)


def shown(text: str, title: str = "Om tjenesten") -> Hit:
    """A hit with this text, as if it had been found."""
    passage = Passage("d", 0, title, (), text, Place(), Language.BOKMAL, 1)
    document = Document("d", "test:d", title, (Section((), text),))
    return Hit(1, 1.0, passage, document, Excerpt(text), 1)


@pytest.mark.parametrize(
    ("question", "text", "figure", "expected"),
    [
        # a telephone number or an address, in all spellings
        ("telefonnummeret til mottaket", "Ring 478 09 050.", "missing", 0.0),
        ("telefonnummeret til mottaket", "Ring 478 090 50.", "missing", 0.0),
        ("telefonnummeret til mottaket", "Ring 22 33 44 55.", "missing", 0.0),
        ("tlf til mottaket", "Ring 22334455.", "missing", 0.0),
        ("tlf til mottaket", "Alarmtelefonen har nummeret 116 111.", "missing", 0.0),
        ("tlf til politiet", "Ring 112 ved fare for liv.", "missing", 0.0),
        ("e-post til mottaket", "Skriv til post@example.no.", "missing", 0.0),
        ("telefonnummeret til mottaket", "Ring mottaket i åpningstiden.", "missing", 1.0),
        ("telefonnummeret til mottaket", "Kapittel 4 gjelder fra 2021.", "missing", 1.0),
        # a sum
        ("hva koster et kurs", "Et kurs koster 1 500 kroner.", "missing", 0.0),
        ("kva kostar eit kurs", "Prisen er kr 1500.", "missing", 0.0),
        ("hvor mye er stønaden", "Den er to ganger grunnbeløpet.", "missing", 0.0),
        ("hvor mye er stønaden", "Den er 2 G i året.", "missing", 0.0),
        ("hvor mye er tilskuddet", "Det dekker 40 prosent.", "missing", 0.0),
        ("hva koster et kurs", "Kurset har 30 timer.", "missing", 1.0),
        # a person
        ("hvem leder utvalget", "Utvalget ledes av Kari Nordmann.", "missing", 0.0),
        ("kven leiar utvalet", "Utvalet har ein leiar.", "missing", 1.0),
        # what asks for nothing of the kind misses nothing
        ("når skal kommunen bruke tolk", "Kurset har 30 timer.", "missing", 0.0),
        # names
        ("mottaket i Førde", "Mottaket ligger i førde sentrum.", "names", 0.0),
        ("mottaket i Førde", "Mottaket ligger i Florø.", "names", 1.0),
        ("mottaket i Førde og Florø", "Mottaket ligger i Florø.", "names", 1.0),
        ("Mottaket i sentrum", "Et annet sted.", "names", 0.0),  # the first word has a capital
        ("tolk? Kommunen betaler", "Et annet sted.", "names", 0.0),  # and that of a sentence
        # years
        ("satsen i 2027", "Satsen for 2027 er fastsatt.", "dated", 0.0),
        ("satsen i 2027", "Satsen for 2026 er fastsatt.", "dated", 1.0),
        ("satsen i 2026 og 2027", "Satsen for 2026 er fastsatt.", "dated", 1.0),
        ("satsen i år", "Satsen for 2026 er fastsatt.", "dated", 1.0),  # no text says when it is
        ("satsen i 2019", "Satsen er fastsatt.", "dated", 0.0),  # older texts tell without it
    ],
)
def test_what_is_asked_for_is_there_or_missing(
    question: str, text: str, figure: str, expected: float
) -> None:
    """Each row: a question, the text of its best hit, and whether what is asked for is there."""
    found = evidence(analyse(question, Splitter({})), [shown(text)], [0.5], lambda term: 1.0)
    assert getattr(found, figure) == expected


def test_the_title_counts_as_text_and_the_sixth_hit_does_not() -> None:
    """A name in a title is there; what stands below the best hits is not looked at."""
    asked = analyse("mottaket i Førde", Splitter({}))
    other = shown("Om noe annet.")
    titled = shown("Om noe annet.", title="Mottaket i Førde")
    assert evidence(asked, [other, titled], [], lambda term: 1.0).names == 0.0
    assert evidence(asked, [other] * HITS + [titled], [], lambda term: 1.0).names == 1.0


def test_a_sum_that_no_hit_has_is_missing(tmp_path_factory: Any, make_base: Any) -> None:
    """A question for a price counts as unanswered where no text has a sum."""
    base = make_base(tmp_path_factory.mktemp("sum"))
    base.put("tolk", TEXTS["tolk"], TEXTS["tolk"])
    base.publish()
    assert seen(base.searcher(), "hva koster tolk").missing == 1.0
    base.close()


def test_evidence_moves_the_estimate_as_it_should() -> None:
    """Much evidence is nearly sure, none is nearly hopeless, and what is missing lowers it."""
    assert confidence(MUCH) > 0.9
    assert confidence(NOTHING) < 0.1
    for figure in ("names", "missing", "dated"):
        assert confidence(replace(MUCH, **{figure: 1.0})) < confidence(MUCH)


def test_no_hits_is_no_evidence() -> None:
    """Without hits and cosines every share is 0 and nothing is divided by nothing."""
    found = evidence(analyse("tolk", Splitter({})), [], [], lambda term: 1.0)
    assert (found.cosine, found.coverage, found.joint) == (0.0, 0.0, 0.0)


def test_without_any_word_the_estimate_must_be_high() -> None:
    """A name that nothing has is not found by meaning at half a chance."""
    none = replace(NOTHING, joint=0.0)
    some = replace(NOTHING, joint=0.1)
    assert (is_likely(none, 0.65), is_likely(some, 0.65)) == (False, True)
    assert (is_likely(none, 0.85), is_likely(some, 0.1)) == (True, False)
