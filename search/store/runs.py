"""The runs of ingest: when each began and ended, what it told, and what no run has mended yet."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Unmended:
    """A file that could not be read the last time it was met: its source, address, and why."""

    source: str
    uri: str
    reason: str


class Runs:
    """The log of runs of one database."""

    def __init__(
        self,
        connection: Callable[[], sqlite3.Connection],
        transaction: Callable[[], AbstractContextManager[sqlite3.Connection]],
    ) -> None:
        self._connection = connection
        self._transaction = transaction

    def begin(self, started: str) -> int:
        """Note that an ingest began; gives its number."""
        with self._transaction() as db:
            cursor = db.execute("INSERT INTO runs (started) VALUES (?)", (started,))
            return int(cursor.lastrowid or 0)

    def end(
        self, run: int, finished: str, report: str, unmended: Sequence[Unmended] | None = None
    ) -> None:
        """Note how an ingest ended; ``report`` is JSON. ``unmended`` is kept beside it."""
        if unmended is not None:
            rows = [asdict(entry) for entry in unmended]
            report = json.dumps({**json.loads(report), "unmended": rows}, ensure_ascii=False)
        with self._transaction() as db:
            db.execute(
                "UPDATE runs SET finished = ?, report = ? WHERE id = ?", (finished, report, run)
            )

    def last(self) -> tuple[str, str | None] | None:
        """(started, finished) of the last ingest, or None."""
        row = (
            self._connection()
            .execute("SELECT started, finished FROM runs ORDER BY id DESC LIMIT 1")
            .fetchone()
        )
        return None if row is None else (row[0], row[1])

    def unmended(self) -> list[Unmended]:
        """What failed in the last run that ended, or before it and was not met again since."""
        row = self._last_report()
        if row is None:
            return []
        known, failed = (json.loads(part or "[]") for part in row[1:])
        if row[1] is None:  # a run of an earlier Kjelda
            return [Unmended("", entry["uri"], entry["reason"]) for entry in failed]
        return [Unmended(**entry) for entry in known]

    def mend(self, unmended: Sequence[Unmended]) -> None:
        """Let these be all that is not mended."""
        row = self._last_report()
        if row is None:
            return
        rows = json.dumps([asdict(entry) for entry in unmended], ensure_ascii=False)
        with self._transaction() as db:
            db.execute(
                "UPDATE runs SET report = json_set(report, '$.unmended', json(?)) WHERE id = ?",
                (rows, row[0]),
            )

    def _last_report(self) -> tuple[int, str | None, str | None] | None:
        row: tuple[int, str | None, str | None] | None = (
            self._connection()
            .execute(
                "SELECT id, json_extract(report, '$.unmended'), json_extract(report, '$.failed') "
                "FROM runs WHERE finished IS NOT NULL AND json_valid(report) "
                "ORDER BY id DESC LIMIT 1"
            )
            .fetchone()
        )
        return row
