"""The truth: one SQLite file with documents, sections, passages and their vectors.

Everything that search uses besides (generations, the delta) is derived from here and
can be made again without embedding anything. A document is written, replaced or
removed in ONE transaction, so a process may die at any moment.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.changes import Difference
from corpus.documents import Document, Passage
from search.errors import BaseMissing, BaseNewer, ModelMismatch, StoreError
from search.store import history, schema
from search.values import Standing

Vectors = NDArray[np.float32]
_IN_LIMIT = 500  # variables in one statement; SQLite allows more, statements are cached


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of one source: its document and the digest it was read at.

    ``content`` is the digest of its bytes alone, where that is known.
    """

    document_id: str
    source_digest: str
    collection: str
    content: str | None = None


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


class Truth:
    """A connection a thread to ``kjelda.sqlite``. Reading needs no lock (WAL)."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        if read_only and not path.exists():
            raise BaseMissing(
                f"there is no base in {path.parent} yet; make one with `kjelda ingest PATH`"
            )
        try:
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            self.close()
            raise StoreError(
                f"{path} can't be read as a base ({error}); move it away and run `kjelda ingest`"
            ) from error
        if version > schema.SCHEMA_VERSION:
            self.close()
            raise BaseNewer(
                f"{path} was written by a newer Kjelda (schema {version}, this one knows "
                f"{schema.SCHEMA_VERSION}); upgrade Kjelda"
            )
        if version == 0:
            if read_only:
                self.close()
                raise BaseMissing(
                    f"the base in {path.parent} is empty; fill it with `kjelda ingest PATH`"
                )
            schema.create(self._db)
        elif version < schema.SCHEMA_VERSION:
            self._upgrade()
        self.history = history.History(lambda: self._db)

    def _upgrade(self) -> None:
        """Bring an older base to this schema, also for one who only reads."""
        try:
            with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as db:
                schema.upgrade(db)
        except sqlite3.Error as error:
            self.close()
            raise StoreError(
                f"{self.path} is of an older Kjelda and can't be upgraded ({error}); "
                "run `kjelda status` once as a user who may write there"
            ) from error

    @property
    def _db(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "db", None)
        if found is None:
            mode = "ro" if self.read_only else "rwc"
            found = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=30,
                isolation_level=None,
                check_same_thread=False,
            )
            found.execute("PRAGMA foreign_keys = ON")
            found.execute("PRAGMA mmap_size = 1073741824")
            if not self.read_only:
                found.execute("PRAGMA journal_mode = WAL")
                found.execute("PRAGMA synchronous = FULL")
            self._local.db = found
            with self._guard:
                self._open.append(found)
        return found

    def close(self) -> None:
        """Close every thread's connection."""
        with self._guard:
            for connection in self._open:
                connection.close()
            self._open.clear()
        self._local = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing."""
        db = self._db
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one state, whatever is written meanwhile."""
        db = self._db
        db.execute("BEGIN")
        try:
            yield
        finally:
            db.execute("ROLLBACK")

    # -- model ---------------------------------------------------------------

    @property
    def model_id(self) -> str | None:
        """The model all vectors here come from, or None in an empty base."""
        return self._meta("model_id")

    def require_model(self, model_id: str) -> None:
        """Raise ModelMismatch unless the base is empty or holds this model's vectors."""
        stored = self.model_id
        if stored is not None and stored != model_id:
            raise ModelMismatch(stored, model_id)

    def _meta(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

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

    # -- reading -------------------------------------------------------------

    @property
    def data_version(self) -> int:
        """A number that changes when another connection has written."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    @property
    def seq(self) -> int:
        """The number of the last change; 0 in an empty base."""
        return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0])

    def changed_since(self, seq: int) -> list[str]:
        """Ids of documents written or removed after change ``seq``, sorted."""
        rows = self._db.execute(
            "SELECT DISTINCT document_id FROM changes WHERE seq > ? ORDER BY document_id", (seq,)
        )
        return [row[0] for row in rows]

    def faults(self) -> list[tuple[str, str]]:
        """What is wrong with the database itself: (kind, words)."""
        found = [
            ("damaged", f"the database is damaged: {row[0]}")
            for row in self._db.execute("PRAGMA quick_check(5)")
            if row[0] != "ok"
        ]
        broken = len(self._db.execute("PRAGMA foreign_key_check").fetchall())
        if broken:
            found.append(("orphans", f"{broken} rows belong to a document that is not there"))
        (foreign,) = self._db.execute(
            "SELECT count(*) FROM vectors WHERE model_id <> "
            "(SELECT value FROM meta WHERE name = 'model_id')"
        ).fetchone()
        if foreign:
            found.append(("foreign_vectors", f"{foreign} vectors are of another model"))
        return found

    def by_status(self) -> dict[str, int]:
        """The number of documents of each status."""
        rows = self._db.execute("SELECT status, count(*) FROM documents GROUP BY status ORDER BY 1")
        return {row[0]: int(row[1]) for row in rows}

    def fetched_between(self) -> tuple[str, str] | None:
        """The first and last day on which a document here was seen at its publisher."""
        row = self._db.execute("SELECT min(fetched), max(fetched) FROM documents").fetchone()
        return None if row[0] is None else (row[0], row[1])

    def counts(self) -> dict[str, int]:
        """Numbers of documents, passages and vectors."""
        names = ("documents", "passages", "vectors")
        return {
            name: int(self._db.execute(f"SELECT count(*) FROM {name}").fetchone()[0])  # noqa: S608 - literal
            for name in names
        }

    def known(self) -> dict[str, Known]:
        """What is stored, by source."""
        rows = self._db.execute(
            "SELECT source, id, source_digest, collection, content FROM documents"
        )
        return {row[0]: Known(*row[1:]) for row in rows}

    def documents(self) -> list[Document]:
        """All documents without their sections, by id."""
        rows = self._db.execute(
            f"SELECT {schema.DOCUMENT_COLUMNS} FROM documents ORDER BY id"  # noqa: S608 - literal columns
        )
        return [schema.document_of(row) for row in rows]

    def document(self, document_id: str) -> Document | None:
        """One document with its sections, or None."""
        row = self._db.execute(
            f"SELECT {schema.DOCUMENT_COLUMNS} FROM documents WHERE id = ?",  # noqa: S608 - literal columns
            (document_id,),
        ).fetchone()
        if row is None:
            return None
        sections = self._db.execute(
            "SELECT headings, text, section, anchor, page, page_end, page_label "
            "FROM sections WHERE document_id = ? ORDER BY number",
            (document_id,),
        )
        return schema.document_of(row, tuple(schema.section_of(item) for item in sections))

    def find(self, name: str) -> str | None:
        """The id of the document with this id, file name, uri or source, or None."""
        row = self._db.execute(
            "SELECT id FROM documents WHERE id = ?1 OR file = ?1 OR uri = ?1 OR source = ?1 "
            "ORDER BY id = ?1 DESC, id LIMIT 1",
            (name,),
        ).fetchone()
        return None if row is None else str(row[0])

    def provenance(self, document_id: str) -> tuple[str, str, str, str | None] | None:
        """(source, collection, source digest, content digest) of a document, or None."""
        row = self._db.execute(
            "SELECT source, collection, source_digest, content FROM documents WHERE id = ?",
            (document_id,),
        ).fetchone()
        return None if row is None else (row[0], row[1], row[2], row[3])

    def without_vectors(self) -> list[str]:
        """Ids of documents with a passage that has no vector, sorted."""
        rows = self._db.execute(
            "SELECT DISTINCT p.document_id FROM passages p LEFT JOIN vectors v ON v.key = p.key "
            "WHERE v.key IS NULL ORDER BY p.document_id"
        )
        return [row[0] for row in rows]

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """The passages with these keys; a key that is gone is left out."""
        found: dict[int, Passage] = {}
        for start in range(0, len(keys), _IN_LIMIT):
            part = keys[start : start + _IN_LIMIT]
            rows = self._db.execute(
                f"SELECT {schema.PASSAGE_COLUMNS} FROM passages p "  # noqa: S608 - literal columns
                f"WHERE p.key IN ({_marks(part)})",
                tuple(part),
            )
            found.update((row[0], schema.passage_of(row)) for row in rows)
        return found

    def standing(self, keys: Sequence[int]) -> dict[int, Standing]:
        """Where each of these passages stands. A key that is gone is left out."""
        found: dict[int, Standing] = {}
        for start in range(0, len(keys), _IN_LIMIT):
            part = keys[start : start + _IN_LIMIT]
            rows = self._db.execute(
                "SELECT key, document_id, section, number, json_extract(headings, '$[#-1]'), "  # noqa: S608 - marks only
                f"substr(text, 1, 40) FROM passages WHERE key IN ({_marks(part)})",
                tuple(part),
            )
            found.update((row[0], Standing(*row[1:])) for row in rows)
        return found

    def passages_of(self, document_id: str) -> list[Passage]:
        """All passages of a document, in order."""
        rows = self._db.execute(
            f"SELECT {schema.PASSAGE_COLUMNS} FROM passages p "  # noqa: S608 - literal columns
            "WHERE p.document_id = ? ORDER BY p.number",
            (document_id,),
        )
        return [schema.passage_of(row) for row in rows]

    def texts_with(self, text: str) -> Iterator[tuple[str, str]]:
        """(document id, text) of the passages that hold a text, capitals as they are."""
        yield from self._db.execute(
            "SELECT document_id, text FROM passages WHERE instr(text, ?)", (text,)
        )

    def all_passages(self) -> Iterator[tuple[int, Passage]]:
        """(key, passage) of all that has a vector, by key."""
        rows = self._db.execute(
            f"SELECT {schema.PASSAGE_COLUMNS} FROM passages p "  # noqa: S608 - literal columns
            "JOIN vectors v ON v.key = p.key ORDER BY p.key"
        )
        for row in rows:
            yield row[0], schema.passage_of(row)

    def all_vectors(self) -> Iterator[tuple[int, str, bytes]]:
        """(key, document id, float32 bytes) of the whole base, by key."""
        yield from self._db.execute(
            "SELECT v.key, p.document_id, v.vector FROM vectors v "
            "JOIN passages p ON p.key = v.key ORDER BY v.key"
        )

    def vectors_by_text(self, document_id: str) -> Mapping[str, Vectors]:
        """What is embedded already in a document: embedded text -> vector."""
        rows = self._db.execute(
            f"SELECT v.vector, {schema.PASSAGE_COLUMNS} FROM vectors v "  # noqa: S608 - literal columns
            "JOIN passages p ON p.key = v.key WHERE p.document_id = ?",
            (document_id,),
        )
        return {
            schema.passage_of(row[1:]).embedded: np.frombuffer(row[0], dtype="<f4") for row in rows
        }

    def vectors(self, keys: Iterable[int]) -> dict[int, Vectors]:
        """The vectors with these keys; a key that is gone is left out."""
        wanted = list(keys)
        found: dict[int, Vectors] = {}
        for start in range(0, len(wanted), _IN_LIMIT):
            part = wanted[start : start + _IN_LIMIT]
            rows = self._db.execute(
                f"SELECT key, vector FROM vectors WHERE key IN ({_marks(part)})",  # noqa: S608 - marks only
                part,
            )
            found.update((row[0], np.frombuffer(row[1], dtype="<f4")) for row in rows)
        return found

    # -- runs ----------------------------------------------------------------

    def begin_run(self, started: str) -> int:
        """Note that an ingest began; gives its number."""
        with self.transaction() as db:
            cursor = db.execute("INSERT INTO runs (started) VALUES (?)", (started,))
            return int(cursor.lastrowid or 0)

    def end_run(self, run: int, finished: str, report: str) -> None:
        """Note how an ingest ended; ``report`` is JSON."""
        with self.transaction() as db:
            db.execute(
                "UPDATE runs SET finished = ?, report = ? WHERE id = ?", (finished, report, run)
            )

    def last_run(self) -> tuple[str, str | None] | None:
        """(started, finished) of the last ingest, or None."""
        row = self._db.execute(
            "SELECT started, finished FROM runs ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return None if row is None else (row[0], row[1])


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
