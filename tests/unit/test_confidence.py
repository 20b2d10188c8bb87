"""Whether the base answers: the evidence in the best hits, and the estimate made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from search.confidence import Evidence, confidence, evidence
from search.query import parse

TEXTS = {
    "tolk": "Kommunen skal bruke kvalifisert tolk når det er nødvendig for rettssikkerheten.",
    "tilbud": "Kompetanseteamet har telefon 478 090 50. Åsne Moe leder arbeidet.",
    "sats": "Tilskuddet er 45 000 kroner for hver person i 2025.",
}
NOTHING = Evidence(0.2, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0)
MUCH = Evidence(0.8, 0.1, 1.0, 1.0, 0.0, 0.0, 0.0)


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
        # what is asked for must be of the kind that stands there
        ("telefonnummer til kompetanseteamet", "missing", 0.0),
        ("hva koster tolk", "missing", 0.0),
        # years and "this year" are seldom in acts
        ("tilskuddet i 2025", "dated", 0.0),
        ("tilskuddet i 2027", "dated", 1.0),
        ("tilskuddet neste år", "dated", 1.0),
        ("tilskuddet i 1998", "dated", 0.0),
    ],
)
def test_evidence(searcher: Any, question: str, figure: str, expected: float) -> None:
    """Each row: what the best hits tell of a question."""
    assert getattr(seen(searcher, question), figure) == pytest.approx(expected, abs=0.01)


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
    from search.analysis.compounds import Splitter
    from search.analysis.question import analyse

    found = evidence(analyse("tolk", Splitter({})), [], [], lambda term: 1.0)
    assert (found.cosine, found.coverage, found.joint) == (0.0, 0.0, 0.0)
