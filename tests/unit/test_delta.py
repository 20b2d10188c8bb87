"""The delta: what is newer than the generation is found at once, and scores alike."""

from __future__ import annotations

from typing import Any

import pytest

from search.query import parse
from search.store import delta as deltas
from search.store.generations import Generation
from search.values import Filters, Mode

TEXTS = [
    "Kommunen gir tilskudd til frivillige organisasjoner som driver integrering.",
    "Flyktninger har rett og plikt til introduksjonsprogram i kommunen.",
    "Tolk skal brukes når det er nødvendig for å ivareta rettssikkerheten.",
    "Fylkeskommunen har ansvaret for regional oppfølging av bosetting, og gir råd om tilskudd.",
    "Søknad om tilskudd sendes innen fristen. Tilskudd gis ikke uten søknad om tilskudd.",
    "Tvangsekteskap er forbudt.",
    "Kommunen skal gi opplæring i norsk og samfunnskunnskap. " * 6,
]


def found(searcher: Any, text: str, mode: Mode = Mode.HYBRID, **filters: Any) -> list[str]:
    result = searcher.search(parse(text, mode=mode, filters=Filters(**filters)))
    return [hit.passage.document_id for hit in result.hits]


@pytest.fixture
def searcher(base: Any) -> Any:
    for number, text in enumerate(TEXTS):
        base.put(f"d{number}", text)
    generation = base.publish()
    opened = base.searcher()
    yield opened
    assert generation.id == opened.status()["generation"], "all this without a new generation"


@pytest.mark.parametrize("mode", list(Mode))
def test_a_new_document_is_found_at_once(base: Any, searcher: Any, mode: Mode) -> None:
    """What is written after publication is found by the next search, in every mode."""
    question = "Hundelufting i nasjonalparken er tillatt med bånd."
    assert "new" not in found(searcher, question, mode)
    base.put("new", question)
    assert found(searcher, question, mode)[0] == "new"


@pytest.mark.parametrize("mode", list(Mode))
def test_a_deleted_document_is_gone_at_once(base: Any, searcher: Any, mode: Mode) -> None:
    """What is removed is not found again, though the generation still holds it."""
    assert found(searcher, TEXTS[5], mode)[0] == "d5"
    base.delete("d5")
    assert "d5" not in found(searcher, TEXTS[5], mode)
    assert searcher.document("d5") is None


@pytest.mark.parametrize("mode", list(Mode))
def test_an_updated_document_shows_its_new_text_only(base: Any, searcher: Any, mode: Mode) -> None:
    """The old text no longer finds it, the new one does, and it is there once."""
    found(searcher, "tolk")
    base.put("d2", "Reindrift på vidda.", "Gjeting av rein.")
    hits = searcher.search(parse("reindrift på vidda", mode=mode)).hits
    assert (hits[0].passage.document_id, hits[0].passage.text) == ("d2", "Reindrift på vidda.")
    for question in ("reindrift på vidda", TEXTS[2]):
        texts = [hit.passage.text for hit in searcher.search(parse(question, mode=mode)).hits]
        assert TEXTS[2] not in texts
        assert len(texts) == len(set(texts))
    assert "d2" not in found(searcher, "tolk rettssikkerheten", Mode.LEXICAL)


def test_filters_and_phrases_reach_the_delta(base: Any, searcher: Any) -> None:
    """What is new is held to the same conditions."""
    base.put("new", "Ny ordning for båndtvang i parken.", areas=(3,))
    assert found(searcher, '"båndtvang i parken"') == ["new"]
    assert found(searcher, '"parken i båndtvang"') == []
    assert found(searcher, "båndtvang", areas=frozenset({3})) == ["new"]
    assert found(searcher, "båndtvang", areas=frozenset({4})) == []


def test_a_phrase_without_words_is_no_phrase(base: Any, searcher: Any) -> None:
    """Quoted marks ask for nothing, neither here nor in the generation."""
    base.put("new", "Noe helt nytt.")
    assert found(searcher, '"?!"', Mode.LEXICAL) == []
    assert found(searcher, '"?!"', Mode.LEXICAL, publishers=frozenset({"Ingen"})) == []


@pytest.mark.parametrize(
    "question",
    [
        "tilskudd",
        "søknad om tilskudd",
        "hvem gir tilskudd til kommunen?",
        "introduksjonsprogram i kommunen",
        "tilskuddskommune",
        "ordet-som-ikke-finnes opplæring",
        '"om tilskudd"',
        "d4 tilskudd",
        # words as they are written score beside their stems
        "søknader om tilskudd",
        "skal tolk brukes",
        "tilskudd tilskudd",
        "NSK i kommunen",  # an expression of several words
    ],
)
def test_scores_equal_tantivys(base: Any, question: str) -> None:
    """A passage scores in the delta what it scores in the generation, nearly.

    tantivy keeps lengths over 40 words in steps of some per cent: hence the tolerance.
    """
    for number, text in enumerate(TEXTS):
        base.put(f"d{number}", text)
    manifest = base.publish()
    query = parse(question)
    with base.index().state() as state:
        asked = state.analyse(query)
        wanted = (query.phrases, 50, Filters(), asked.words, asked.expressions.keys())
        indexed = state.lexical(asked.weights, *wanted)
    for number, text in enumerate(TEXTS):  # all again: now they are newer than the generation
        base.put(f"d{number}", text)
    with base.index().state() as state:
        assert set(manifest.documents) == state.delta.changed
        fresh = state.lexical(asked.weights, *wanted)
    assert indexed
    assert list(indexed) == list(fresh)
    assert indexed == pytest.approx(fresh, rel=0.02)


def test_a_word_as_it_is_written_scores_more(base: Any) -> None:
    """Of two passages with the same stem, the one with the very form is better, new or not."""
    base.put("one", "Kommunene samarbeider.")
    base.put("two", "Kommunen samarbeider.")
    base.put("three", "Ingenting om det.")
    base.publish()
    for _ in range(2):
        with base.index().state() as state:
            asked = state.analyse(parse("kommunen"))
            scores = state.lexical(asked.weights, (), 5, Filters(), asked.words)
            plain = state.lexical(asked.weights, (), 5, Filters())
        names = [base.truth.passages([key])[key].document_id for key in scores]
        assert names == ["two", "one"]
        better, worse = scores.values()
        assert better > worse
        assert list(plain.values()) == pytest.approx([worse, worse], rel=0.02)
        base.put("one", "Kommunene samarbeider.")  # now both are newer than the generation
        base.put("two", "Kommunen samarbeider.")


def test_the_delta_of_an_empty_generation(base: Any) -> None:
    """The first document after an empty base was published is found as well."""
    base.publish()
    searcher = base.searcher()
    assert found(searcher, "tolk") == []
    base.put("first", "Tolk skal brukes.")
    assert found(searcher, "tolk") == ["first"]


def test_what_changed_is_loaded(base: Any) -> None:
    """The delta names what was written and removed since, and holds what is left of it."""
    base.put("a", "Det første.")
    base.put("b", "Det andre.")
    manifest = base.publish()
    base.delete("a")
    base.put("c", "Det tredje.", "Det fjerde.")
    base.put("d", "Det femte.")
    base.delete("d")
    generation = Generation(base.home / "index" / manifest.id)
    delta = deltas.load(base.truth, manifest.seq, generation.splitter)
    generation.close()
    assert {"a", "c", "d"} == delta.changed
    assert list(delta.owners.values()) == ["c", "c"]
    assert [p.key for p in base.truth.passages_of("c")] == delta.exact.keys.tolist()
