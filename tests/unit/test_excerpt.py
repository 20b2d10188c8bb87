"""Excerpts: verbatim, and marks where the question's words are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.compounds import Splitter
from search.analysis.question import analyse
from search.analysis.words import stem
from search.excerpt import LENGTH, Mark, excerpt, marks, matches
from search.values import Excerpt, Match

SPLITTER = Splitter({"tilskudd": 5, "ordning": 5})
FILLER = "Her står det noe ganske annet som ingen har spurt om. " * 10


def marked(found: Excerpt) -> list[str]:
    return [found.text[start:end] for start, end in found.marks]


def test_a_short_text_is_shown_whole() -> None:
    """A text under the length has no ellipsis."""
    text = "Kommunen gir tilskudd. Søk innen 1. mai."
    assert Excerpt(text, ((13, 21),)) == excerpt(text, {"tilskudd"}, SPLITTER.parts)


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("Tilskuddene ble økt", "tilskudd", ["Tilskuddene"]),
        ("Denne tilskuddsordningen", "tilskudd", ["tilskuddsordningen"]),
        ("Straffelova gjeld", "straffelov", ["Straffelova"]),
        ("Til og med på mandag", "på", []),  # a stop word is never marked
        ("Lån og lan", "lån", ["Lån"]),
    ],
)
def test_marks(text: str, term: str, expected: list[str]) -> None:
    """All forms of a word are marked, and compounds with it; stop words are not."""
    assert expected == marked(excerpt(text, {stem(term)}, SPLITTER.parts))


def test_the_part_that_answers_is_shown() -> None:
    """Of a long text, the sentences with most of the question's words."""
    text = f"{FILLER}Om tilskudd. {FILLER}Fristen for tilskudd er 1. mars. {FILLER}"
    found = excerpt(text, {"frist", "tilskudd"}, SPLITTER.parts)
    assert found.text.startswith("… Fristen for tilskudd er 1. mars. Her står")
    assert found.text.endswith(" …")
    assert marked(found) == ["Fristen", "tilskudd"]


def test_without_any_word_it_is_the_beginning() -> None:
    """A passage found by meaning alone shows how it begins."""
    found = excerpt(f"Først dette. {FILLER}", set(), SPLITTER.parts)
    assert found.text.startswith("Først dette.")
    assert found.marks == ()


def test_marks_tell_their_term() -> None:
    """Each marked word has the term that it answers to: its own, or one of its parts'."""
    found = marks("Tilskudd: tilskuddsordningen", {"tilskudd"}, SPLITTER.parts)
    assert found == [Mark(0, 8, "tilskudd"), Mark(10, 28, "tilskudd")]
    assert marks("Tilskudd", set(), SPLITTER.parts) == []


def test_matches_pair_what_was_typed_with_what_stands_there() -> None:
    """Each typed word with the first of the text's words that answers it, and how."""
    asked = analyse("kva er tilskuddsordning i NSK", SPLITTER)
    texts = ["Ordninger og Ordningen", "Tilskudd til ordning", "Kontroll, tilskot"]
    found = matches(asked.terms, [(t, marks(t, asked.terms, SPLITTER.parts)) for t in texts])
    assert found == (
        Match("tilskuddsordning", "ordninger", "part"),
        Match("tilskuddsordning", "tilskudd", "part"),
        Match("tilskuddsordning", "tilskot", "form"),
    )
    assert matches(asked, []) == ()


_TEXT = st.text(
    st.sampled_from("abctilskuddæøå ABÅİß§.!?:\n-,–1"), min_size=0, max_size=900
) | st.text(max_size=500)


@settings(deadline=None, max_examples=200)
@given(_TEXT, st.sets(st.sampled_from(["tilskudd", "a", "b", "å", "1"])))
def test_excerpts_are_verbatim_and_marks_inside(text: str, terms: set[str]) -> None:
    """Any text: a stretch of the text itself, about as long as said, marks inside, in order."""
    found = excerpt(text, terms, SPLITTER.parts)
    inner = found.text
    if len(text) > LENGTH:
        inner = inner.removesuffix(" …") if not text.endswith(found.text[-3:]) else inner
        inner = inner.removeprefix("… ") if not text.startswith(found.text[:3]) else inner
    assert inner in text
    assert len(found.text) <= max(LENGTH + 4, 0)
    end = 0
    for start, stop in found.marks:
        assert end <= start < stop <= len(found.text)
        assert found.text[start:stop] in text
        assert not any(mark.isspace() for mark in found.text[start:stop])
        end = stop
