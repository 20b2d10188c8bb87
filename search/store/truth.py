"""The truth: one SQLite file with documents, sections, passages and their vectors.

Everything that search uses besides (generations, the delta) is derived from here and
can be made again without embedding anything. A document is written, replaced or
removed in ONE transaction, so a process may die at any moment.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.changes import Difference
from corpus.documents import Document, Passage
from search.errors import StoreError
from search.store import history, schema
from search.store.reading import Known, Reading, Vectors
from search.store.runs import Runs

__all__ = ["Event", "Known", "Stored", "Truth", "Vectors"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it is to be written: ``vectors`` is (len(passages), dimension)."""

    document: Document
    passages: tuple[Passage, ...]
    vectors: Vectors
    source: str
    collection: str
    source_digest: str
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """How a change is told to readers (``kind``: new, changed, status, superseded, gone).

    ``keep`` says that the edition before is kept.
    """

    at: str
    kind: str
    difference: Difference = field(default_factory=Difference)
    keep: bool = False


class Truth(Reading):
    """The base, to be written and read: documents, their history, and the runs of ingest."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        super().__init__(path, read_only=read_only)
        self.history = history.History(lambda: self._db)
        self.runs = Runs(lambda: self._db, self.transaction)

    # -- writing -------------------------------------------------------------

    def apply(self, stored: Stored, model_id: str, kind: str, event: Event | None = None) -> None:
        """Write one document whole, replacing what was there. Raises ModelMismatch.

        A source holds one document: another one that it held before is removed. ``event`` is
        what readers are told of it, if anything.
        """
        if len(stored.passages) != len(stored.vectors):
            raise StoreError(
                f"{stored.document.id}: {len(stored.passages)} passages but "
                f"{len(stored.vectors)} vectors"
            )
        document = stored.document
        with self.transaction() as db:
            self.require_model(model_id)
            db.execute(
                "INSERT OR IGNORE INTO meta (name, value) VALUES ('model_id', ?)", (model_id,)
            )
            self._remove_others(db, stored.source, document.id)
            if event is not None and event.keep:
                history.keep(db, document.id, event.at)
            db.execute("DELETE FROM documents WHERE id = ?", (document.id,))
            db.execute(
                f"INSERT INTO documents ({schema.DOCUMENT_COLUMNS}, source, collection, "  # noqa: S608 - literal columns
                f"source_digest, content) VALUES ({', '.join('?' * 24)})",
                (
                    *schema.document_row(document),
                    stored.source,
                    stored.collection,
                    stored.source_digest,
                    stored.content,
                ),
            )
            db.executemany(
                "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        document.id,
                        number,
                        json.dumps(section.headings, ensure_ascii=False),
                        section.text,
                        *schema.place_row(section.place),
                    )
                    for number, section in enumerate(document.sections)
                ),
            )
            db.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        passage.key,
                        passage.document_id,
                        passage.number,
                        passage.title,
                        json.dumps(passage.headings, ensure_ascii=False),
                        passage.text,
                        passage.language,
                        passage.section,
                        *schema.place_row(passage.place),
                        passage.digest,
                    )
                    for passage in stored.passages
                ),
            )
            db.executemany(
                "INSERT INTO vectors VALUES (?, ?, ?)",
                (
                    (passage.key, model_id, vector.astype("<f4").tobytes())
                    for passage, vector in zip(stored.passages, stored.vectors, strict=True)
                ),
            )
            self._log(db, document.id, kind, document.title, document.edition, event)

    def delete(self, document_id: str, at: str | None = None) -> None:
        """Remove one document with all that hangs on it, earlier editions too."""
        with self.transaction() as db:
            row = db.execute(
                "SELECT title, edition FROM documents WHERE id = ?", (document_id,)
            ).fetchone()
            db.execute("DELETE FROM documents WHERE id = ?", (document_id,))
            db.execute("DELETE FROM editions WHERE document_id = ?", (document_id,))
            title, edition = row or (None, 1)
            event = Event(at, "gone") if at and row else None
            self._log(db, document_id, "deleted", title, edition, event)

    def retag(
        self,
        document_id: str,
        source: str,
        collection: str,
        source_digest: str,
        content: str | None = None,
    ) -> bool:
        """Remember where an unchanged document was found now, and in what bytes.

        False if the document is not here any more.
        """
        with self.transaction() as db:
            self._remove_others(db, source, document_id)
            cursor = db.execute(
                "UPDATE documents SET source = ?, collection = ?, source_digest = ?, content = ? "
                "WHERE id = ?",
                (source, collection, source_digest, content, document_id),
            )
            return cursor.rowcount > 0

    def readdress(self, moves: Sequence[tuple[str, str, str]]) -> None:
        """Remember that documents come from another source now: (id, source, collection) of each.

        What was read of them stays until the source is read again.
        """
        with self.transaction() as db:
            db.executemany(
                "UPDATE documents SET source = ?2, collection = ?3, source_digest = '' "
                "WHERE id = ?1",
                moves,
            )

    def forget_model(self, model_id: str) -> None:
        """Drop every vector and take another model; used by rebuild, inside one transaction."""
        with self.transaction() as db:
            db.execute("DELETE FROM vectors")
            db.execute(
                "INSERT OR REPLACE INTO meta (name, value) VALUES ('model_id', ?)", (model_id,)
            )

    def _remove_others(self, db: sqlite3.Connection, source: str, document_id: str) -> None:
        rows = db.execute(
            "SELECT id FROM documents WHERE source = ? AND id <> ? ORDER BY id",
            (source, document_id),
        ).fetchall()
        for (other,) in rows:
            db.execute("DELETE FROM documents WHERE id = ?", (other,))
            self._log(db, other, "deleted")

    @staticmethod
    def _log(
        db: sqlite3.Connection,
        document_id: str,
        kind: str,
        title: str | None = None,
        edition: int = 1,
        event: Event | None = None,
    ) -> None:
        told = None if event is None else history.detail(event.kind, edition, event.difference)
        db.execute(
            "INSERT INTO changes (document_id, kind, at, title, detail) VALUES (?, ?, ?, ?, ?)",
            (document_id, kind, event.at if event else None, title, told),
        )
