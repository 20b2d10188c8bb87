"""The doctor finds each thing that was broken on purpose, names what mends it, and it does."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus.currency import Claim, Origin
from corpus.documents import Status
from ingest.doctor import STALE, Finding, Level, examine, shown
from ingest.fetch.shelf import Page, Shelf
from ingest.sync import ingest, rebuild
from search.engine import DATABASE
from search.errors import BaseMissing
from search.store import generations

TODAY = date(2026, 11, 25)


@pytest.fixture
def home(tmp_path: Path, encoder: Any) -> Path:
    """A base of two documents, in order."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "tolk.md").write_text("# Tolk\n\nBarn skal ikke brukes som tolk.\n")
    (docs / "bosetting.md").write_text("# Bosetting\n\nKommunen bosetter flyktninger.\n")
    found = tmp_path / "home"
    ingest([docs], home=found, encoder=encoder, today=TODAY)
    return found


@pytest.fixture
def look(home: Path, encoder: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[str]]:
    """The kinds of what is found."""
    monkeypatch.setattr("ingest.extract.ocr.is_installed", lambda: True)
    return lambda: {finding.kind for finding in examine(home, lambda: encoder.model_id)}


def change(home: Path, statement: str, *values: Any) -> None:
    with closing(sqlite3.connect(home / DATABASE)) as db, db:
        db.execute(statement, values)


def test_a_sound_base_has_nothing(look: Callable[[], set[str]]) -> None:
    """No finding at all, so that a finding means something."""
    assert look() == set()


def test_no_base_is_an_error_of_its_own(tmp_path: Path) -> None:
    """The doctor does not call an empty folder healthy."""
    with pytest.raises(BaseMissing):
        examine(tmp_path, lambda: "x")


def test_missing_vectors_and_what_mends_them(
    home: Path, look: Callable[[], set[str]], encoder: Any
) -> None:
    """Rebuild embeds what lacks a vector, and the index is whole again."""
    change(home, "DELETE FROM vectors WHERE key = (SELECT min(key) FROM vectors)")
    assert look() == {"missing_vectors", "orphans"}
    rebuild(home=home, encoder=encoder)
    assert look() == set()


def test_an_index_that_lacks_something(home: Path, look: Callable[[], set[str]]) -> None:
    """A generation that is older than it says."""
    import numpy as np

    manifest = generations.current_manifest(home / "index")
    assert manifest is not None
    folder = home / "index" / manifest.id
    for name in ("keys.npy", "owners.npy"):
        np.save(folder / name, np.load(folder / name)[:1])
    assert look() in ({"missing_in_index"}, {"index"})
    (home / "index" / "CURRENT").unlink()
    assert look() == {"index"}


def test_rows_of_no_document(home: Path, look: Callable[[], set[str]]) -> None:
    """What a foreign tool left behind."""
    change(home, "UPDATE vectors SET model_id = 'other/1'")
    assert "foreign_vectors" in look()
    change(
        home,
        "UPDATE passages SET document_id = 'nobody' WHERE key = (SELECT min(key) FROM passages)",
    )
    assert "orphans" in look()


def test_another_model(home: Path) -> None:
    """Search would refuse: the doctor says why first."""
    kinds = {finding.kind for finding in examine(home, lambda: "other/1")}
    assert "model" in kinds


def test_documents_in_doubt(home: Path, look: Callable[[], set[str]]) -> None:
    """Conflict, doubt, a replacement that is not there, no text, twice the same text."""
    claims = [["document", "current", None, None, None], ["register", "expired", "O", None, None]]
    change(home, "UPDATE documents SET claims = ? WHERE file = 'tolk.md'", json.dumps(claims))
    assert look() == {"conflict"}
    doubt = [["fetch", "unknown", "Borte", "2026-11-25", None]]
    change(
        home,
        "UPDATE documents SET claims = ?, status = 'unknown', replaced_by = 'x' "
        "WHERE file = 'tolk.md'",
        json.dumps(doubt),
    )
    assert look() == {"doubt", "heir_missing"}
    change(home, "UPDATE passages SET text = 'same'")
    assert look() == {"doubt", "heir_missing", "duplicates"}
    change(home, "DELETE FROM passages WHERE document_id = (SELECT min(id) FROM documents)")
    assert "no_text" in look()


def test_a_run_that_was_killed(home: Path, look: Callable[[], set[str]]) -> None:
    """It is told until another run has ended."""
    change(home, "INSERT INTO runs (started) VALUES ('2026-11-25T10:00:00+00:00')")
    (home / "index" / "building-x").mkdir()
    assert look() == {"unfinished", "left_over"}


def test_pages_that_are_stale_gone_failed_or_damaged(
    home: Path, look: Callable[[], set[str]]
) -> None:
    """Each page that was fetched is looked at."""
    now = datetime.now(UTC)
    with closing(Shelf(home)) as shelf:
        page = Page(
            "https://www.imdi.no/a",
            checked=now.isoformat(),
            fetched=now.isoformat(),
            digest=shelf.store(b"A"),
        )
        shelf.put(page)
        assert look() == set()
        shelf.put(replace(page, checked=(now - STALE - timedelta(days=1)).isoformat()))
        shelf.put(Page("https://www.imdi.no/b", gone=now.isoformat()))
        shelf.put(Page("https://www.imdi.no/c", failure="answers 500"))
        assert look() == {"stale", "gone", "fetch_failed"}
        (shelf.folder / str(page.digest)).write_bytes(b"B")
        assert look() == {"stale", "gone", "fetch_failed", "shelf"}


def test_findings_name_what_mends_them(home: Path) -> None:
    """Errors first; each has a way out; a long list is cut."""
    change(home, "DELETE FROM vectors")
    change(home, "INSERT INTO runs (started) VALUES ('2026-11-25T10:00:00+00:00')")
    found = examine(home, lambda: "hashing/1")
    assert [finding.level for finding in found] == sorted(
        (finding.level for finding in found), key=list(Level).index
    )
    assert all(finding.mend for finding in found)
    assert shown([str(n) for n in range(8)]) == ["0", "1", "2", "3", "4", "and 3 more"]
    assert Finding(Level.NOTE, "x", "y").names == ()
    assert Claim(Origin.FETCH, Status.UNKNOWN).words is None
