"""Searches that found nothing: what is counted, and that nothing personal is ever kept."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.app import create_app
from api.cli import cli
from api.feedback import missing
from api.feedback.missing import Counter, is_ordinary, ordinary_words, reduce
from api.settings import Settings
from corpus.documents import DocumentType
from search.query import parse
from search.values import Filters, Notice, SearchResult

# What the base says: a name in capitals, one in an address, ordinary words in two documents.
BASE = [
    ("a", "Kari Hansen har skrive om bustad. Ring Kari i Storgata."),
    ("a", "Spørsmål til kari.hansen@example.no eller /om/kari-hansen om bustad"),
    ("b", "Kari Hansen og Ola (kari hansen). Kommunen skaffar bustad, raskt."),
    ("b", "https://example.no/kari/hansen og kari@example.no"),
    ("c", "Kommunen og fiskoppskriftar i kommunen."),
    ("d", "Fiskoppskriftar og kommunen sin bustad."),
]


def texts(word: str) -> Iterator[tuple[str, str]]:
    yield from ((document, text) for document, text in BASE if word in text)


def nothing(text: str, notices: tuple[Notice, ...] = (), **filters: Any) -> SearchResult:
    return SearchResult(parse(text, filters=Filters(**filters)), "nothing_found", (), notices)


def count(home: Path, *results: SearchResult) -> missing.Missing:
    counter = Counter(home, texts)
    for result in results:
        counter.note(result)
    counter.close(10)
    return missing.read(home)


# -- what is kept ------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        ("bustad", True),  # in running text of two documents
        ("fiskoppskriftar", False),  # in lower case in one document only
        ("garasje", True),  # of the lexicon, where texts write it in lower case
        ("kari", False),  # in capitals, in an address, and once in lower case
        ("hansen", False),  # the lexicon has it: it is no list of ordinary words
        ("storgata", False),
        ("tvangsekteskap", True),  # of our own list
    ],
)
def test_a_word_is_kept_when_it_is_ordinary(word: str, kept: bool) -> None:
    """The base must say it in lower case, in running text, in two documents."""
    assert kept == is_ordinary(word, texts)


def test_only_coarse_properties_are_kept() -> None:
    """Written form, how many words, filters or not, how many words were unknown."""
    found = reduce("Kvar er ikkje «bustad» for Kari Hansen?", filtered=True, texts=texts)
    assert (found.form, found.words, found.filtered) == ("nn", "4-7", True)
    assert found.known == ("bustad",)
    assert found.unknown == 2


@pytest.mark.parametrize(
    "text",
    [
        "for Bustad",  # a capital within the question is a name
        "bustad Bustad",
        "bustad@example.no",
        "bustad-hansen",
        "bustad12",
        "12bustad",
        "https://bustad/",
        "www.bustad.no",
        "bustad/kommunen",
        "bustad's",
        "BUSTAD",
    ],
)
def test_a_word_that_is_written_as_a_name_is_not_kept(text: str) -> None:
    """Nor one that is part of an address or a number, though the word itself is ordinary."""
    assert reduce(text, filtered=False, texts=texts).known == ()


def test_a_question_may_begin_with_a_capital() -> None:
    """The first word of a sentence has one whatever it is."""
    assert reduce("Bustad? Kommunen", filtered=False, texts=texts).known == ("bustad", "kommunen")


# -- privacy -----------------------------------------------------------------

NAMES = ["kari", "hansen", "ola", "nordmann", "storgata", "mohammed", "fatima", "ødegård"]
PERSONAL = st.one_of(
    st.sampled_from([*NAMES, *map(str.title, NAMES), *map(str.upper, NAMES)]),
    st.from_regex(r"[0-9]{6}[ -]?[0-9]{5}", fullmatch=True),
    st.from_regex(r"[a-z]{4,9}@[a-z]{4,9}\.no", fullmatch=True),
    st.from_regex(r"[2-9][0-9]( [0-9]{2}){3}", fullmatch=True),
    st.from_regex(r"[A-ZÆØÅ][a-zæøå]{4,9}(gata|vegen) [0-9]{1,3}", fullmatch=True),
    st.from_regex(r"[a-zæøå]{9,12}", fullmatch=True),
)


@hypothesis_settings(max_examples=40)
@given(
    st.lists(st.one_of(PERSONAL, st.sampled_from(["bustad", "kommunen", "om"])), min_size=1),
    st.sampled_from([" ", ", ", " og ", ". ", "/", " – "]),
)
def test_nothing_personal_reaches_the_file(parts: list[str], between: str) -> None:
    """Names, numbers, addresses and words of the reader's own: not one of them in the bytes."""
    text = between.join(parts)[:900]
    with TemporaryDirectory() as folder:
        count(Path(folder), nothing(text))
        raw = b"".join(p.read_bytes() for p in Path(folder).iterdir()).lower()
        kept = missing.read(Path(folder))
    assert kept.searches == 1
    for part in parts:
        for piece in part.lower().replace("@", " ").replace(".", " ").split():
            if piece in {"bustad", "kommunen", "om"} | ordinary_words() or len(piece) < 4:
                continue
            assert piece.encode() not in raw, part


def test_words_stand_apart_from_the_day_and_from_each_other(tmp_path: Path) -> None:
    """A row has a word and its month: who reads the file can't put a question together."""
    count(tmp_path, nothing("kommunen bustad"))
    found = missing.read(tmp_path)
    assert found.words == {"bustad": 1, "kommunen": 1}
    import sqlite3

    with sqlite3.connect(tmp_path / missing.FILE) as db:
        rows = db.execute("SELECT * FROM words").fetchall()
        columns = [c[1] for c in db.execute("PRAGMA table_info(searches)")]
    db.close()
    assert {len(row[1]) for row in rows} == {len("2026-11")}
    assert columns == ["day", "form", "words", "filtered", "number", "unknown"]


@pytest.mark.parametrize("how", ["parameter", "notice"])
def test_nothing_is_kept_of_one_who_may_be_in_danger(tmp_path: Path, how: str) -> None:
    """Not even a number, and no file."""
    counter = Counter(tmp_path, texts)
    notice = Notice("acute", "full", "Ring 112", "nb")
    result = nothing("bustad", (notice,) if how == "notice" else ())
    counter.note(result, acute=how == "parameter")
    counter.close()
    assert list(tmp_path.iterdir()) == []


# -- counting ----------------------------------------------------------------


def test_searches_add_up(tmp_path: Path) -> None:
    """By form and length, with and without filters; only those that found nothing."""
    found = count(
        tmp_path,
        nothing("bustad"),
        nothing("bustad", types=frozenset({DocumentType.ACT})),
        nothing("hva er ikke bustad"),
        SearchResult(parse("kommunen"), "found", ()),
    )
    assert found.searches == 3
    assert found.by_words == {"1": 2, "4-7": 1}
    assert found.words == {"bustad": 3}
    assert missing.read(tmp_path, date(2999, 1, 1)).searches == 0


def test_a_search_never_waits_for_the_count(tmp_path: Path) -> None:
    """The base may be slow to read: the search goes on at once, and a flood is let go."""

    def slow(_word: str) -> Iterator[tuple[str, str]]:
        time.sleep(0.3)
        yield from ()

    counter = Counter(tmp_path, slow)
    start = time.perf_counter()
    for _ in range(300):
        counter.note(nothing("xyzabc"))
    assert time.perf_counter() - start < 0.25
    counter.close(0.01)


def test_a_failure_is_told_once_and_the_search_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One warning without the question; then silence."""
    (tmp_path / missing.FILE).mkdir()
    with caplog.at_level(logging.WARNING, "kjelda.feedback"):
        counter = Counter(tmp_path, texts)
        for _ in range(3):
            counter.note(nothing("bustad"))
        counter.close(10)
    assert len(caplog.records) == 1
    assert "are not counted" in caplog.text
    assert "bustad" not in caplog.text
    assert "can't be used" in (missing.fault(tmp_path) or "")


def test_a_base_that_went_away_is_a_failure_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The count needs the base's words; without them it says so."""
    counter = Counter(tmp_path)
    counter.note(nothing("xyzabc"))
    counter.close(10)
    assert "are not counted" in caplog.text


def test_the_base_itself_is_read(base: Any, tmp_path: Path) -> None:
    """Capitals as they are, in two documents."""
    base.put("a", "Kari og bustad i byen")
    base.put("b", "bustad til Kari")
    read = missing.base_texts(tmp_path)
    assert is_ordinary("bustad", read)
    assert not is_ordinary("kari", read)


def test_the_web_counts_what_it_did_not_find(base: Any, tmp_path: Path) -> None:
    """Page and API alike; the command lists it. What may be a call for help is not counted."""
    base.put("a", "Kommunen skaffar bustad.")
    base.put("b", "Kommunen skaffar bustad til fleire.")
    base.publish()
    with TestClient(create_app(Settings(home=tmp_path), base.searcher)) as client:
        client.get("/?q=introduksjonsprogram+Kari&mode=lexical")
        client.get("/api/v1/search?q=introduksjonsprogram&mode=lexical&type=act")
        client.get("/?q=bustad&mode=lexical")
        client.get("/?q=tvangsekteskap+i+morgon&mode=lexical")
    found = missing.read(tmp_path)
    assert (found.searches, found.words) == (2, {"introduksjonsprogram": 2})
    run = CliRunner().invoke(cli, ["feedback", "--missing", "--home", str(tmp_path)])
    assert "2 searches found nothing" in run.output
    assert "    2  introduksjonsprogram" in run.output
    run = CliRunner().invoke(cli, ["feedback", "--missing", "--json", "--home", str(tmp_path)])
    assert json.loads(run.output)["words"] == [{"word": "introduksjonsprogram", "searches": 2}]


def test_nothing_counted_is_said(tmp_path: Path) -> None:
    """An empty list is an answer; a broken file is an error in words."""
    run = CliRunner().invoke(cli, ["feedback", "--missing", "--home", str(tmp_path)])
    assert "No search without hits is counted." in run.output
    (tmp_path / missing.FILE).write_bytes(b"not a database at all, not at all" * 40)
    run = CliRunner().invoke(cli, ["feedback", "--missing", "--home", str(tmp_path)])
    assert run.exit_code == 1
    assert "can't be read" in run.output
