"""Answers are quotes: whole sentences of one passage, word for word."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.settings import Settings
from corpus.documents import Document, Language, Passage, Place, Status
from search.answers import LENGTH, MOST, Quote, amount_asked, answer, choose, sentences
from search.query import parse
from search.values import Excerpt, Hit, SearchResult


def hit(text: str, *asked: str, rank: int = 1) -> Hit:
    """A hit on a passage in which these words were asked for, each its own term."""
    passage = Passage("d", 0, "Tittel", (), text, Place(), Language.NYNORSK, 0)
    document = Document(id="d", uri="test:d", title="Tittel", sections=())
    marks = sorted((text.find(word), word, 1.0) for word in asked)
    return Hit(rank, 1.0, passage, document, Excerpt(text), lexical_rank=1, marks=tuple(marks))


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kommunen skal. Fylket kan.", ["Kommunen skal.", "Fylket kan."]),
        ("Etter lov nr. 4 § 3 jf. kap. 2 gjeld det. Nytt.", 2),
        ("Fristen er 1. januar 2026. Då startar det.", 2),
        ("Bl.a. dette. «Sitat.» Og meir.", 3),
        ("1. Kommunen skal melde.\n2. Fylket skal svare.", 2),
        (
            "Plikta gjeld ikkje for\n\n- eit barn\n- ein sjuk\n\nElles gjeld ho.",
            2,
        ),
        ("Regelen gjeld.\n\nEndret ved lov 9 juni 2023 nr. 24 (i kraft 1 aug 2023).", 1),
        ("", 0),
    ],
)
def test_sentences(text: str, expected: Any) -> None:
    """Abbreviations and dates end no sentence; a list stays with its lead; history is left out."""
    assert cut(text) == expected if isinstance(expected, list) else len(cut(text)) == expected


@given(st.text(alphabet="ab A.§1-\n:»", max_size=200))
def test_sentences_are_stretches_of_the_text_in_order(text: str) -> None:
    """They overlap nowhere, hold words, and lose none but the history's."""
    found = sentences(text)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in found)
    assert all(one[1] <= two[0] for one, two in pairwise(found))
    assert "".join("".join(cut(text)).split()) == "".join(text.split())


def test_the_sentence_that_says_most_is_quoted() -> None:
    """Of a long passage the part with the words asked for, and its neighbours as there is room."""
    before = "Dette er noko heilt anna som ikkje gjeld saka her. " * 22
    text = f"{before}Fristen for å melde er tre veker. {before}"
    start, end = choose(hit(text, "Fristen", "veker"))
    assert "Fristen for å melde er tre veker." in text[start:end]
    assert end - start <= LENGTH
    assert text[start:end] in text


def test_a_quote_is_verbatim_and_says_whether_it_is_whole() -> None:
    """A short passage is quoted whole; a long one is not, and a list is not cut from its lead."""
    short = hit("Kommunen skal melde frå.", "melde")
    assert Quote(short, *choose(short)).whole
    items = "\n".join(f"- punkt {n} om ei sak som er lang nok til å ta plass" for n in range(12))
    tail = "Elles gjeld ho for alle. " * 9
    listed = hit(f"Plikta gjeld ikkje dersom\n\n{items}\n\n{tail}", "Plikta")
    quote = Quote(listed, *choose(listed))
    assert quote.text.startswith("Plikta gjeld ikkje dersom")
    assert "punkt 11" in quote.text
    assert len(quote.text) <= MOST + LENGTH
    assert not quote.whole


def test_what_was_quoted_is_not_quoted_again() -> None:
    """Two passages with the same words give one quote; nothing found gives none."""
    query = parse("melde")
    hits = (hit("Meld frå.", "Meld"), hit("Meld  frå.", "Meld", rank=2), hit("Anna.", rank=3))
    found = answer(SearchResult(query, "found", hits))
    assert [quote.hit.rank for quote in found.quotes] == [1, 3]
    assert found.found
    assert not answer(SearchResult(query, "nothing_found", ())).found


def test_a_question_of_how_much_is_answered_by_a_number() -> None:
    """Of two sentences with the same words, the one with the time limit is quoted."""
    other = "Dette er noko heilt anna som ikkje gjeld saka her. " * 22
    text = f"Kommunen skal melde om saka. {other}Kommunen skal melde om saka innan to veker."
    found = hit(text, "Kommunen", "melde", "saka")
    again = text.rfind("Kommunen")
    marks = (*found.marks, *((text.find(w, again), w, 1.0) for w in ("Kommunen", "melde", "saka")))
    found = replace(found, marks=marks)
    start, end = choose(found, amount_asked("Kor raskt, og innan kva frist, skal kommunen melde?"))
    assert "to veker" in text[start:end]
    assert choose(found)[0] == 0
    assert amount_asked("Kven skal melde?") is None


def test_the_api_answers_in_quotes(base: Any, tmp_path: Any) -> None:
    """Each quote is a stretch of the text at its place; what isn't there is nothing found."""
    text = "Kommunen skal melde frå innan to veker.\n\nEndret ved lov 9 juni 2023 nr. 24."
    base.put("act", text, section="§ 4", status=Status.SUPERSEDED, title="Lov om melding")
    base.put("other", "Noko heilt anna om tolk.")
    base.publish()
    with TestClient(create_app(Settings(home=tmp_path), base.searcher)) as client:
        answered = client.get("/api/v1/answer?q=kven+skal+melde&mode=lexical").json()
        nothing = client.get("/api/v1/answer?q=qwxz&mode=lexical").json()
        wrong = client.get("/api/v1/answer?q=")
        danger = client.get("/api/v1/answer?q=jeg+er+redd+broren+min&mode=lexical").json()
    quote = answered["quotes"][0]
    assert quote["text"] == "Kommunen skal melde frå innan to veker."
    assert (quote["place"]["section"], quote["document"]["status"]) == ("§ 4", "superseded")
    assert quote["whole"]
    assert quote["url"].endswith("#sitat")
    assert answered["notices"], "a superseded text says so"
    assert (nothing["status"], nothing["quotes"]) == ("nothing_found", [])
    assert wrong.status_code == 422
    assert danger["notices"][0]["kind"] == "acute"
