"""A question is read once: cleaned, with its phrases and law references."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.analysis.compounds import Splitter
from search.analysis.question import analyse
from search.errors import QueryError
from search.query import MAX_LENGTH, parse
from search.store.lexical import phrase_forms
from search.values import Filters, LawReference, Mode, Query


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("integreringsloven § 4", (LawReference("integreringsloven", "4"),)),
        ("hva er avvergeplikt?", (LawReference("straffeloven", "196", named=True),)),
        ("hva er tilskudd?", ()),
    ],
)
def test_references_are_read_with_the_question(
    text: str, expected: tuple[LawReference, ...]
) -> None:
    """A question knows the sections that it names; how they are written: test_references."""
    assert expected == parse(text).references


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('hva er "negativ sosial kontroll"?', ("negativ sosial kontroll",)),
        ("«æresrelatert vold» og “tvangsekteskap”", ("æresrelatert vold", "tvangsekteskap")),
        ('en " alene', ()),
        ('""', ()),
        ('" "', ()),
    ],
)
def test_phrases(text: str, expected: tuple[str, ...]) -> None:
    """What stands in quotes of any kind is a phrase; a lone or empty quote is not."""
    assert expected == parse(text).phrases


def test_parse_keeps_what_was_asked() -> None:
    """Text is cleaned, all else is kept as given."""
    filters = Filters(areas=frozenset({4}))
    expected = Query("hva er tilskudd?", 5, Mode.LEXICAL, filters)
    assert expected == parse(
        " hva\u00a0er \n til\u00adskudd? ", limit=5, mode=Mode.LEXICAL, filters=filters
    )


@pytest.mark.parametrize(
    ("text", "limit", "message"),
    [
        ("", 10, "empty"),
        (" \n\u00ad\x00", 10, "empty"),
        ("\ud800", 10, "empty"),
        ("a" * 1001, 10, "1001 characters"),
        ("tolk", 0, "limit is 0"),
        ("tolk", 101, "limit is 101"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, limit: int, message: str) -> None:
    """Nothing to look for, too much of it, or a limit out of bounds is a QueryError."""
    with pytest.raises(QueryError, match=message):
        parse(text, limit=limit)


def test_years_that_run_backwards_are_told() -> None:
    """A first year after the last one finds nothing by mistake: it is a QueryError."""
    with pytest.raises(QueryError, match="year_from is 2025, later than year_to, 2020"):
        parse("tolk", filters=Filters(year_from=2025, year_to=2020))
    assert parse("tolk", filters=Filters(year_from=2020, year_to=2020)).filters.year_to == 2020


def test_a_question_of_a_thousand_characters_is_read() -> None:
    """The longest question allowed is as long as it says."""
    assert len(parse("å" * 1000).text) == MAX_LENGTH


@settings(deadline=None)
@given(st.text(st.characters(codec=None), min_size=1, max_size=300))
@example("hva?")
@example("NAV-kontor")
@example("C++")
@example('"')
@example('"""" AND (')
@example("a\ud800b \udfff")
@example("*:* OR body:^2 ~")
@example("§" * 300)
def test_no_text_raises(text: str) -> None:
    """Whatever is typed is read, or refused as a question: lone surrogates too."""
    try:
        query = parse(text)
    except QueryError:
        return
    query.text.encode()  # no half characters are left
    terms = analyse(query.text, Splitter({}), quoted=query.phrases).weights
    assert all(term and weight > 0 for term, weight in terms.items())
    assert all(" " not in form for phrase in query.phrases for form in phrase_forms(phrase))
