"""The truth: one transaction a document, one model, one source for each document."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.documents import (
    Document,
    DocumentType,
    Language,
    Passage,
    Place,
    Section,
    Status,
)
from search.engine import DATABASE
from search.errors import BaseMissing, BaseNewer, ModelMismatch, StoreError
from search.store.truth import Known, Stored, Truth

DOCUMENT = Document(
    id="lov-1",
    uri="https://lovdata.no/dokument/NL/lov/2020-11-06-127",
    title="Lov om integrering (integreringsloven)",
    sections=(
        Section(("Kapittel 1",), "Formålet er …", Place("§ 1", "kap1-1")),
        Section((), "Side to.", Place(None, None, 2, 3, "ii")),
    ),
    type=DocumentType.ACT,
    language=Language.BOKMAL,
    status=Status.CURRENT,
    publisher="Lovdata",
    file="lov.md",
    media_type="text/markdown",
    short_title="Integreringsloven",
    published=date(2020, 11, 6),
    updated=date(2026, 1, 1),
    valid_from=date(2021, 1, 1),
    valid_to=date(2030, 1, 1),
    fetched=date(2026, 11, 23),
    areas=(1, 4),
    replaced_by="lov-2",
    translation_of="lov-0",
)
PASSAGES = (
    # A title may be cut to leave room for the text: it is the passage's own.
    Passage("lov-1", 0, "Lov om…", ("Kapittel 1",), "Formålet", Place("§ 1"), Language.BOKMAL, 0),
    Passage("lov-1", 1, "Lov om…", (), "Side", Place(page=2, page_end=3), Language.NYNORSK, 1),
)
VECTORS = np.eye(2, 8, dtype=np.float32)
STORED = Stored(DOCUMENT, PASSAGES, VECTORS, "folder|file:lov.md", "folder", "digest")


@pytest.fixture
def truth(tmp_path: Path) -> Any:
    found = Truth(tmp_path / DATABASE)
    yield found
    found.close()


def test_what_goes_in_comes_out(truth: Truth) -> None:
    """Every field of a document, its sections, passages and vectors is kept."""
    truth.apply(STORED, "m/1", "added")
    assert truth.document("lov-1") == DOCUMENT
    assert [replace(DOCUMENT, sections=())] == truth.documents()
    assert list(PASSAGES) == truth.passages_of("lov-1")
    assert {p.key: p for p in PASSAGES} == truth.passages([p.key for p in PASSAGES] + [1])
    vectors = truth.vectors([p.key for p in PASSAGES])
    assert VECTORS.tolist() == [vectors[p.key].tolist() for p in PASSAGES]
    assert {p.embedded for p in PASSAGES} == set(truth.vectors_by_text("lov-1"))
    assert {"folder|file:lov.md": Known("lov-1", "digest", "folder", own=True)} == truth.known()
    assert truth.provenance("lov-1") == ("folder|file:lov.md", "folder", "digest", None)
    assert truth.counts() == {"documents": 1, "passages": 2, "vectors": 2}


@pytest.mark.parametrize("name", ["lov-1", "lov.md", DOCUMENT.uri, "folder|file:lov.md"])
def test_a_document_is_found_by_any_of_its_names(truth: Truth, name: str) -> None:
    """Id, file name, address and source lead to it; another name leads nowhere."""
    truth.apply(STORED, "m/1", "added")
    assert truth.find(name) == "lov-1"
    assert truth.find("lov") is None


def test_a_document_that_fails_leaves_nothing(truth: Truth) -> None:
    """An error in the last row of a document takes back the rows before it."""
    truth.apply(STORED, "m/1", "added")
    twice = replace(STORED, passages=(PASSAGES[0], PASSAGES[0]))
    with pytest.raises(sqlite3.IntegrityError):
        truth.apply(replace(twice, source_digest="other"), "m/1", "updated")
    assert truth.document("lov-1") == DOCUMENT
    assert truth.known()["folder|file:lov.md"].source_digest == "digest"
    assert truth.seq == 1
    with (
        pytest.raises(ZeroDivisionError),
        truth.transaction() as db,
    ):
        db.execute("DELETE FROM documents") and 1 / 0
    assert list(PASSAGES) == truth.passages_of("lov-1")


def test_vectors_must_fit_the_passages(truth: Truth) -> None:
    """A passage without its vector is refused before anything is written."""
    with pytest.raises(StoreError, match="2 passages but 1 vectors"):
        truth.apply(replace(STORED, vectors=VECTORS[:1]), "m/1", "added")
    assert truth.seq == 0


def test_one_model(truth: Truth) -> None:
    """The first document decides the model; another model's vectors are refused."""
    truth.require_model("m/2")  # an empty base takes any
    truth.apply(STORED, "m/1", "added")
    for refused in (
        lambda: truth.require_model("m/2"),
        lambda: truth.apply(STORED, "m/2", "updated"),
    ):
        with pytest.raises(ModelMismatch, match=r"m/1.*m/2.*kjelda rebuild"):
            refused()
    truth.forget_model("m/2")
    truth.require_model("m/2")
    assert truth.without_vectors() == ["lov-1"]


def test_a_source_holds_one_document(truth: Truth) -> None:
    """A file that turns out to be another document takes its former one with it."""
    truth.apply(STORED, "m/1", "added")
    passages = tuple(replace(p, document_id="lov-9") for p in PASSAGES)
    other = replace(STORED, document=replace(DOCUMENT, id="lov-9"), passages=passages)
    truth.apply(other, "m/1", "added")
    assert [d.id for d in truth.documents()] == ["lov-9"]
    assert truth.changed_since(1) == ["lov-1", "lov-9"]
    assert truth.counts() == {"documents": 1, "passages": 2, "vectors": 2}


def test_retag_of_a_document_that_is_gone(truth: Truth) -> None:
    """It says so, so that the document can be written again."""
    assert truth.retag("lov-1", "s", "c", "d") is False
    truth.apply(STORED, "m/1", "added")
    assert truth.retag("lov-1", "s", "c", "d") is True
    assert {"s": Known("lov-1", "d", "c", own=True)} == truth.known()


def test_delete_takes_all_that_hangs_on_it(truth: Truth) -> None:
    """Sections, passages and vectors go with a document; the change is noted."""
    truth.apply(STORED, "m/1", "added")
    truth.delete("lov-1")
    assert truth.counts() == {"documents": 0, "passages": 0, "vectors": 0}
    with truth.transaction() as db:
        assert db.execute("SELECT count(*) FROM sections").fetchone() == (0,)
    assert truth.changed_since(1) == ["lov-1"]
    assert truth.changed_since(2) == []


def test_a_snapshot_sees_one_state(truth: Truth) -> None:
    """Reads in a snapshot don't see what is written meanwhile."""
    reader = Truth(truth.path, read_only=True)
    with reader.snapshot():
        assert reader.seq == 0
        truth.apply(STORED, "m/1", "added")
        assert (reader.seq, reader.documents()) == (0, [])
    assert reader.seq == 1
    reader.close()


def test_readers_cannot_write(truth: Truth) -> None:
    """A read-only connection is read-only in SQLite, not by good will."""
    reader = Truth(truth.path, read_only=True)
    with pytest.raises(StoreError, match="readonly"):
        reader.delete("lov-1")
    reader.close()


def test_a_base_of_a_newer_kjelda_is_refused(truth: Truth) -> None:
    """A schema this version doesn't know is left alone, and the user is told."""
    with truth.transaction() as db:
        db.execute("PRAGMA user_version = 99")
    for read_only in (True, False):
        with pytest.raises(BaseNewer, match="schema 99"):
            Truth(truth.path, read_only=read_only)


def test_what_is_no_base_is_told(tmp_path: Path) -> None:
    """No file, an empty one and one of something else each say what to do."""
    with pytest.raises(BaseMissing, match="kjelda ingest"):
        Truth(tmp_path / DATABASE, read_only=True)
    (tmp_path / DATABASE).touch()
    with pytest.raises(BaseMissing, match="empty"):
        Truth(tmp_path / DATABASE, read_only=True)
    (tmp_path / DATABASE).write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Truth(tmp_path / DATABASE)


def test_runs_are_remembered(truth: Truth) -> None:
    """The last run is known, finished or not."""
    assert truth.runs.last() is None
    run = truth.runs.begin("2026-11-23T10:00:00")
    assert truth.runs.last() == ("2026-11-23T10:00:00", None)
    truth.runs.end(run, "2026-11-23T10:01:00", "{}")
    assert truth.runs.last() == ("2026-11-23T10:00:00", "2026-11-23T10:01:00")
