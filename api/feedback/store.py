"""Reports from readers, in a file of their own: a base that is built anew must not lose them.

Never stored: who it was, from where, and what was searched for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from search.errors import SearchError

FILE = "feedback.sqlite"
_WAIT = 5.0  # seconds for another writer
_VERSION = 1
# secure_delete: what is deleted is overwritten, not only forgotten.
_TABLES = """
CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL,
    document TEXT, edition INTEGER, passage INTEGER, place TEXT, digest TEXT,
    text TEXT NOT NULL, done TEXT
)
"""
_COLUMNS = "id, at, kind, document, edition, passage, place, digest, text, done"


class Kind(StrEnum):
    """What a reader says is wrong."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    MISSING = "missing"
    QUOTE = "quote"
    OTHER = "other"


class FeedbackUnavailable(SearchError):
    """The file can't be written or read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a reader reported, before it is stored. ``place`` is in words; ``digest`` is that of
    the passage as the reader saw it."""  # noqa: D205, D209 - one sentence and no more

    kind: Kind
    text: str = ""
    document: str | None = None
    edition: int | None = None
    passage: int | None = None
    place: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A report with its number, the minute it came (UTC), and when it was marked as handled."""

    id: int
    at: str
    report: Report
    done: str | None


class Reports:
    """The reports in a data folder. The file is made when the first one comes."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE

    def add(self, report: Report) -> int:
        """Store a report durably and give its number. Raises FeedbackUnavailable."""
        # The minute, not the second: less to compare with other logs.
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
        values = (now, report.kind, report.document, report.edition, report.passage)
        with self._open(write=True) as db:
            cursor = db.execute(
                "INSERT INTO reports (at, kind, document, edition, passage, place, digest, text) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, report.place, report.digest, report.text),
            )
            return int(cursor.lastrowid or 0)

    def all(self, *, since: date | None = None, kind: Kind | None = None) -> list[Stored]:
        """What came on or after a day, and of one kind; newest first. Raises as ``add``."""
        if not is_there(self.path):
            return []
        with self._open() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM reports WHERE at >= ? AND kind LIKE ? ORDER BY id DESC",  # noqa: S608 - literal columns
                (since.isoformat() if since else "", kind or "%"),
            ).fetchall()
        return [
            Stored(row[0], row[1], Report(Kind(row[2]), row[8], *row[3:8]), row[9]) for row in rows
        ]

    def mark_done(self, number: int) -> bool:
        """Mark a report as handled; whether there was one. Raises FeedbackUnavailable."""
        today = datetime.now(UTC).date().isoformat()
        return self._change("UPDATE reports SET done = ? WHERE id = ?", (today, number))

    def delete(self, number: int) -> bool:
        """Remove a report for good; whether there was one. Raises FeedbackUnavailable."""
        return self._change("DELETE FROM reports WHERE id = ?", (number,))

    def fault(self) -> str | None:
        """Why a report couldn't be stored now, or None. Leaves no file behind."""
        if not self.path.exists():
            return unwritable(self.path.parent)
        try:
            with self._open(write=True):
                return None
        except FeedbackUnavailable as error:
            return str(error)

    def _change(self, statement: str, values: tuple[object, ...]) -> bool:
        if not is_there(self.path):
            return False
        with self._open(write=True) as db:
            return db.execute(statement, values).rowcount > 0

    @contextmanager
    def _open(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection for one thing, in one transaction where it writes."""
        try:
            with open_file(self.path, write=write, tables=_TABLES, wait=_WAIT) as db:
                yield db
        except sqlite3.Error as error:
            raise FeedbackUnavailable(f"{self.path} can't be used: {error}") from error


@contextmanager
def open_file(path: Path, *, write: bool, tables: str, wait: float) -> Iterator[sqlite3.Connection]:
    """A small database for one transaction. Raises sqlite3.Error.

    Opened anew each time: what is counted or reported is rare, and a file that was restored
    from a backup under a running server is then the one in use.
    """
    mode = "rwc" if write else "ro"
    address = f"{path.absolute().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)) as db:
        if not write:
            _version(db)
            yield db
            return
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")
        db.execute("BEGIN IMMEDIATE")
        try:
            if _version(db) == 0:
                for statement in filter(str.strip, tables.split(";")):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {_VERSION}")
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def _version(db: sqlite3.Connection) -> int:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > _VERSION:
        raise sqlite3.DatabaseError(f"it is of a newer Kjelda (version {version})")
    return version


def is_there(path: Path) -> bool:
    """Whether there is anything in the file: a process may die between making and filling it."""
    return path.exists() and path.stat().st_size > 0


def unwritable(folder: Path) -> str | None:
    """Why no file can be made in a folder, or None. The only sure way to know is to try."""
    probe = folder / ".feedback-probe"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        return f"nothing can be written in {folder}: {error.strerror}"
    return None
