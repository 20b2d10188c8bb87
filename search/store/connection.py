"""A connection a thread to the truth: opening, upgrading, transactions, and its model."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from search.errors import BaseMissing, BaseNewer, ModelMismatch, StoreError
from search.store import schema

# Faults of what is written, not of the file it is written to.
OF_A_ROW = (
    sqlite3.DataError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.NotSupportedError,
    sqlite3.ProgrammingError,
)


class Connection:
    """``kjelda.sqlite``, opened. Reading needs no lock (WAL)."""

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
        """All or nothing. Raises StoreError where the database itself can't be written."""
        db = self._db
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise self._failure(error) from error
        try:
            yield db
            db.execute("COMMIT")  # a full disk may tell only now
        except BaseException as error:
            if db.in_transaction:  # SQLite itself may have rolled it back
                db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error) and not isinstance(error, OF_A_ROW):
                raise self._failure(error) from error
            raise

    def _failure(self, error: sqlite3.Error) -> StoreError:
        return StoreError(
            f"{self.path} can't be written ({error}); what was taken in before is kept: make room, "
            "or see `kjelda doctor`, and run the same again"
        )

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
