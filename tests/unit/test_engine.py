"""The searcher: what a question finds, in which order, and that it keeps serving."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from corpus.documents import DocumentType, Status
from search.query import parse
from search.values import Filters, Mode


@pytest.fixture
def filled(base: Any) -> Any:
    """An act, a superseded circular and an article on the same subject."""
    base.put(
        "lov-2020-11-06-127",
        "Fylkeskommunen er ansvarlig for det regionale integreringsarbeidet.",
        title="Lov om integrering (integreringsloven)",
        short_title="Integreringsloven",
        type=DocumentType.ACT,
        status=Status.CURRENT,
        section="§ 4",
        headings=("§ 4. Fylkeskommunens ansvar",),
    )
    base.put("rundskriv", "Kommunen søker om tilskudd innen fristen.", status=Status.SUPERSEDED)
    base.put("artikkel", "Barn skal ikke brukes som tolk i møtet.", "Tolken har taushetsplikt.")
    base.publish()
    return base


def test_a_reference_goes_to_its_section_first(filled: Any) -> None:
    """An act and § by name are the first hit, in every spelling, and the reason says so."""
    searcher = filled.searcher()
    for text in ("integreringsloven § 4", "integreringslova 4", "§ 4 i integreringsloven"):
        first = searcher.search(parse(text)).hits[0]
        assert (first.passage.place.section, "reference" in first.reasons) == ("§ 4", True), text


def test_a_quoted_phrase_must_stand_word_for_word(filled: Any) -> None:
    """Only passages with the phrase are hits."""
    searcher = filled.searcher()
    assert [h.document.id for h in searcher.search(parse('"brukes som tolk"')).hits] == ["artikkel"]
    assert searcher.search(parse('"tolk som brukes"')).hits == ()


def test_word_search_needs_no_model(filled: Any) -> None:
    """The mode lexical answers while no model can be loaded."""
    searcher = filled.searcher(lambda: pytest.fail("the model was loaded"))
    hits = searcher.search(parse("tolk", mode=Mode.LEXICAL)).hits
    assert {"artikkel"} == {hit.document.id for hit in hits}
    assert all(hit.vector_rank is None for hit in hits)


def test_vector_search_shows_no_lexical_rank(filled: Any) -> None:
    """The mode vector ranks by meaning alone."""
    hits = filled.searcher().search(parse("tolk", mode=Mode.VECTOR)).hits
    assert hits
    assert all(hit.lexical_rank is None and hit.similarity is not None for hit in hits)


def test_nothing_found_is_a_status(filled: Any) -> None:
    """No word and nothing near: no hits, and the result says so."""
    filled.encoder.nothing_below = 0.8
    result = filled.searcher().search(parse("qwertyuiop zxcvbnm"))
    assert (result.status, result.hits) == ("nothing_found", ())


def test_filters_hold(filled: Any) -> None:
    """A filter that nothing passes gives nothing; one that a document passes gives it."""
    searcher = filled.searcher()
    acts = Filters(types=frozenset({DocumentType.ACT}))
    assert {"lov-2020-11-06-127"} == {
        h.document.id for h in searcher.search(parse("ansvar tolk tilskudd", filters=acts)).hits
    }
    none = Filters(publishers=frozenset({"Ingen"}))
    assert searcher.search(parse("tolk", filters=none)).status == "nothing_found"


def test_a_superseded_document_says_so_in_its_reasons(filled: Any) -> None:
    """The rule that moved a hit is named."""
    hit = filled.searcher().search(parse("tilskudd frist")).hits[0]
    assert (hit.document.id, "status:superseded" in hit.reasons) == ("rundskriv", True)


def test_ranks_count_from_one_and_scores_fall(filled: Any) -> None:
    """The page is in order."""
    hits = filled.searcher().search(parse("tolk taushetsplikt tilskudd ansvar")).hits
    assert list(range(1, len(hits) + 1)) == [hit.rank for hit in hits]
    assert sorted((h.score for h in hits), reverse=True) == [h.score for h in hits]


def test_a_document_is_found_by_id_uri_and_file(base: Any) -> None:
    """Any of its names opens a document."""
    base.put("x", "tekst", uri="https://example.no/x", file="x.md")
    base.publish()
    searcher = base.searcher()
    assert {"x"} == {searcher.document(n).id for n in ("x", "https://example.no/x", "x.md")}
    assert searcher.document("y") is None


def test_many_threads_search_while_a_generation_is_published(filled: Any) -> None:
    """Nobody sees an error or half a base while the writer publishes."""
    searcher = filled.searcher()

    def ask(number: int) -> int:
        return len(searcher.search(parse(f"tolk taushetsplikt {number}")).hits)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask, number) for number in range(60)]
        for number in range(3):
            filled.put(f"ny-{number}", f"Nytt om tolk nummer {number}.")
            filled.publish()
        asked += [pool.submit(ask, number) for number in range(60)]
        assert all(future.result() >= 2 for future in asked)
    assert {"ny-0", "ny-1", "ny-2"} <= {h.document.id for h in searcher.search(parse("tolk")).hits}
