"""Where packs are kept: ``packs.sqlite`` in the data folder, apart from the base.

A base that is rebuilt or thrown away never takes people's work with it. A pack is reached by
its link alone: whoever has the edit link may change it. The file holds only digests of the
links' tokens, so that who reads the file can open no pack through the server.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from api.packs.errors import PackMissing, PackRefused
from api.packs.model import MOST_ITEMS, MOST_PACKS, Content, Item, Pack
from api.packs.rows import content_of, row_of
from search.errors import StoreError

DATABASE = "packs.sqlite"
KEPT_REMOVED = 20  # items taken out that can be put back
_SCHEMA_VERSION = 1
_TABLES = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS packs (
    id INTEGER PRIMARY KEY, edit TEXT NOT NULL UNIQUE, read TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL,
    copied INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pack INTEGER NOT NULL REFERENCES packs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, removed INTEGER
);
CREATE INDEX IF NOT EXISTS items_by_pack ON items (pack, position);
PRAGMA user_version = 1;
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A pack with what its link allows. ``read_token`` opens it for reading only."""

    id: int
    pack: Pack
    editable: bool
    read_token: str


def read_token(edit_token: str) -> str:
    """The token of the read-only link: it follows from the edit token, and not the reverse."""
    raw = hashlib.sha256(b"kjelda pack, read only\0" + edit_token.encode()).digest()
    return base64.urlsafe_b64encode(raw[:24]).decode()


def _stored(token: str) -> str:
    # Tokens are 192 random bits: a plain digest can't be guessed back.
    return hashlib.sha256(token.encode()).hexdigest()


class PackStore:
    """The packs of one data folder. Safe from several threads; every change is one transaction."""

    def __init__(self, home: Path, today: Callable[[], date] = date.today) -> None:
        self.path = home / DATABASE
        self._today = today

    @contextmanager
    def _db(self, *, make: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction. The file is made only where there is something to keep."""
        if not make and not self.path.exists():
            raise PackMissing("missing_pack")
        try:
            if make:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as db:
                db.execute("PRAGMA foreign_keys = ON")
                version = db.execute("PRAGMA user_version").fetchone()[0]
                if version > _SCHEMA_VERSION:
                    raise StoreError(f"{self.path} was written by a newer Kjelda; upgrade Kjelda")
                if version == 0:
                    db.execute("PRAGMA journal_mode = WAL")
                    db.executescript(_TABLES)
                    self.path.chmod(0o600)
                db.execute("PRAGMA secure_delete = ON")
                db.execute("BEGIN IMMEDIATE" if make else "BEGIN")
                try:
                    yield db
                except BaseException:
                    db.execute("ROLLBACK")
                    raise
                db.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{self.path} can't be used ({error}); packs are kept there"
            ) from error

    def create(self, title: str, contents: tuple[Content, ...] = (), copied: bool = False) -> str:
        """A new pack with these contents; gives its edit token. Raises PackRefused when full."""
        token = secrets.token_urlsafe(24)
        day = self._today().isoformat()
        with self._db(make=True) as db:
            if db.execute("SELECT count(*) FROM packs").fetchone()[0] >= MOST_PACKS:
                raise PackRefused("refused_packs", most=MOST_PACKS)
            row = (_stored(token), _stored(read_token(token)), title, day, day, int(copied))
            pack = db.execute(
                "INSERT INTO packs (edit, read, title, created, changed, copied) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                row,
            ).lastrowid
            for position, content in enumerate(contents):
                db.execute(
                    "INSERT INTO items (pack, position, kind, body) VALUES (?, ?, ?, ?)",
                    (pack, position, *row_of(content)),
                )
        return token

    def open(self, token: str) -> Opened:
        """The pack behind a token. Raises PackMissing."""
        with self._db() as db:
            key, editable = _find(db, token)
            row = db.execute(
                "SELECT title, created, changed, copied FROM packs WHERE id = ?", (key,)
            ).fetchone()
            items = db.execute(
                "SELECT id, kind, body, removed FROM items WHERE pack = ? ORDER BY position, id",
                (key,),
            ).fetchall()
        out = sorted((r for r in items if r[3] is not None), key=lambda r: -r[3])
        pack = Pack(
            title=row[0],
            created=date.fromisoformat(row[1]),
            changed=date.fromisoformat(row[2]),
            items=tuple(Item(r[0], content_of(r[1], r[2])) for r in items if r[3] is None),
            removed=tuple(Item(r[0], content_of(r[1], r[2])) for r in out) if editable else (),
            copied=bool(row[3]),
        )
        return Opened(key, pack, editable, read_token(token) if editable else token)

    def rename(self, token: str, title: str) -> None:
        """Give the pack another title. Raises PackMissing."""
        with self._changing(token) as (db, key):
            db.execute("UPDATE packs SET title = ? WHERE id = ?", (title, key))

    def add(self, token: str, content: Content, position: int | None = None) -> int:
        """Put something at the end, or at a position from 0; gives the item's id.

        Raises PackMissing, or PackRefused when the pack is full.
        """
        with self._changing(token) as (db, key):
            order = _order(db, key)
            _room(order)
            cursor = db.execute(
                "INSERT INTO items (pack, position, kind, body) VALUES (?, ?, ?, ?)",
                (key, len(order), *row_of(content)),
            )
            item = int(cursor.lastrowid or 0)
            if position is not None:
                order.insert(max(position, 0), item)
                _write_order(db, order)
            return item

    def replace(self, token: str, item: int, content: Content) -> None:
        """Give an item other content of its kind. Raises PackMissing."""
        kind, body = row_of(content)
        with self._changing(token) as (db, key):
            changed = db.execute(
                "UPDATE items SET body = ? WHERE id = ? AND pack = ? AND kind = ?",
                (body, item, key, kind),
            )
            if not changed.rowcount:
                raise PackMissing("missing_item")

    def move(self, token: str, item: int, position: int) -> None:
        """Put an item at a position from 0; one beyond the ends is the end. Raises PackMissing."""
        with self._changing(token) as (db, key):
            order = _order(db, key)
            if item not in order:
                raise PackMissing("missing_item")
            order.remove(item)
            order.insert(min(max(position, 0), len(order)), item)
            _write_order(db, order)

    def remove(self, token: str, item: int) -> None:
        """Take an item out; it can be put back. Raises PackMissing."""
        with self._changing(token) as (db, key):
            done = db.execute(
                "UPDATE items SET removed = 1 + (SELECT coalesce(max(removed), 0) FROM items "
                "WHERE pack = ?1) WHERE id = ?2 AND pack = ?1 AND removed IS NULL",
                (key, item),
            )
            if not done.rowcount:
                raise PackMissing("missing_item")
            db.execute(
                "DELETE FROM items WHERE pack = ?1 AND id IN (SELECT id FROM items WHERE "
                "pack = ?1 AND removed IS NOT NULL ORDER BY removed DESC LIMIT -1 OFFSET ?2)",
                (key, KEPT_REMOVED),
            )

    def put_back(self, token: str, item: int) -> None:
        """Put back what was taken out, where it stood. Raises PackMissing or PackRefused."""
        with self._changing(token) as (db, key):
            _room(_order(db, key))
            # Of two with one position the one that was put back comes first.
            done = db.execute(
                "UPDATE items SET removed = NULL WHERE id = ? AND pack = ? AND removed IS NOT NULL",
                (item, key),
            )
            if not done.rowcount:
                raise PackMissing("missing_item")

    def delete(self, token: str) -> None:
        """Delete the pack with everything in it, for good. Raises PackMissing."""
        with self._changing(token) as (db, key):
            db.execute("DELETE FROM packs WHERE id = ?", (key,))

    @contextmanager
    def _changing(self, token: str) -> Iterator[tuple[sqlite3.Connection, int]]:
        if not self.path.exists():
            raise PackMissing("missing_pack")
        with self._db(make=True) as db:
            key, editable = _find(db, token)
            if not editable:
                raise PackMissing("missing_pack")
            db.execute(
                "UPDATE packs SET changed = ? WHERE id = ?", (self._today().isoformat(), key)
            )
            yield db, key


def _find(db: sqlite3.Connection, token: str) -> tuple[int, bool]:
    row = db.execute(
        "SELECT id, edit = ?1 FROM packs WHERE edit = ?1 OR read = ?1", (_stored(token),)
    ).fetchone()
    if row is None:
        raise PackMissing("missing_pack")
    return int(row[0]), bool(row[1])


def _order(db: sqlite3.Connection, pack: int) -> list[int]:
    rows = db.execute(
        "SELECT id FROM items WHERE pack = ? AND removed IS NULL ORDER BY position, id", (pack,)
    )
    return [row[0] for row in rows]


def _write_order(db: sqlite3.Connection, order: list[int]) -> None:
    db.executemany(
        "UPDATE items SET position = ? WHERE id = ?", [(n, i) for n, i in enumerate(order)]
    )


def _room(order: list[int]) -> None:
    if len(order) >= MOST_ITEMS:
        raise PackRefused("refused_items", most=MOST_ITEMS)
