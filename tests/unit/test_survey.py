"""A survey: every document that treats a topic, by words or by meaning, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from search.analysis.question import Analysed, Term, Via
from search.query import parse
from search.survey import COVERED, MUCH, OUTLYING, coverage, judge
from search.values import Filters, Mode


def test_a_passage_treats_the_topic_by_its_words_or_by_its_meaning() -> None:
    """Enough of the words; far apart with one of the words; or very far apart."""
    covered = {1: COVERED, 2: COVERED - 0.01, 3: 0.1, 4: 0.0, 6: 0.1}
    apart = {3: OUTLYING, 4: OUTLYING, 5: MUCH, 6: OUTLYING - 0.01}
    assert {1, 3, 5} == judge(covered, apart).keys()


def test_rare_words_count_more_and_parts_count_less() -> None:
    """The share is by rarity; a word met by a part of a compound is met half."""
    terms = {
        "sjeld": Term(1.0, "sjelden", Via.WORD),
        "vanl": Term(1.0, "vanlig", Via.WORD),
        "del": Term(0.3, "sjelden", Via.PART),
    }
    asked = Analysed(terms, ("sjelden", "vanlig"), (), "sjelden vanlig")
    rarity = {"sjeld": 3.0, "vanl": 1.0, "del": 1.0}.__getitem__
    stems = {1: {"sjeld", "vanl"}, 2: {"sjeld"}, 3: {"vanl"}, 4: {"del"}}
    assert coverage(asked, stems, rarity) == {1: 1.0, 2: 0.75, 3: 0.25, 4: 0.375}


def test_a_topic_without_words_of_its_own_covers_nothing() -> None:
    """Only words that carry no meaning: nothing is claimed."""
    assert coverage(Analysed({}, (), (), "og"), {1: {"x"}}, lambda _: 1.0) == {}


@pytest.fixture
def filled(base: Any) -> Any:
    """Sixty documents on fishing, and twelve that name tolk, one of them in two passages."""
    for n in range(60):
        base.put(f"fish{n}", f"Båten går ut frå hamna nummer {n} og tek torsk.", type="act")
    for n in range(11):
        base.put(f"tolk{n}", f"Kommunen skal bruke tolk i sak nummer {n}.")
    base.put("tolk11", "Ein tolk tolkar.", "Bruk av tolk er ei plikt.", "Noko anna om båtar.")
    base.publish()
    return base


def test_all_documents_are_listed_not_the_top_ten(filled: Any) -> None:
    """Twelve that name the topic, each with its best passage and how many there are."""
    found = {one.document.id: one for one in filled.searcher().survey(parse("tolk"))}
    assert {f"tolk{n}" for n in range(12)} == found.keys()
    assert found["tolk11"].passages == 2
    assert all("tolk" in one.best.text for one in found.values())


def test_words_alone_and_filters(filled: Any) -> None:
    """Without the model, and within a type."""
    lexical = parse("tolk", mode=Mode.LEXICAL)
    assert len(filled.searcher().survey(lexical)) == 12
    of_type = parse("torsk", filters=Filters(types=frozenset({"act"})))  # type: ignore[arg-type]
    assert len(filled.searcher().survey(of_type)) == 60
    none = parse("torsk", filters=Filters(types=frozenset({"circular"})))  # type: ignore[arg-type]
    assert filled.searcher().survey(none) == ()


def test_what_is_newer_than_the_index_is_there(filled: Any) -> None:
    """A document that was changed or added after the generation; a removed one is not."""
    filled.put("new", "Staten skal bruke tolk.")
    filled.put("tolk0", "No handlar dette om båtar.")
    filled.delete("tolk1")
    found = {one.document.id for one in filled.searcher().survey(parse("tolk"))}
    assert {"new", *(f"tolk{n}" for n in range(2, 12))} == found


def test_nothing_is_found_in_an_empty_or_a_foreign_base(base: Any) -> None:
    """No passage, or none with the words: an empty survey, not an error."""
    base.put("a", "Båtar og fisk.")
    base.publish()
    assert base.searcher().survey(parse("tolk")) == ()
