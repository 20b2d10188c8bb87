"""What was: earlier editions of documents, and the log of what changed, with its day."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from corpus.changes import Difference
from corpus.documents import Document, Passage, Status
from search.store import schema

_SECTION = "headings, text, section, anchor, page, page_end, page_label"


@dataclass(frozen=True, slots=True)
class Change:
    """One change to a document, as readers see it.

    ``kind`` is new, changed, status, superseded or gone; ``at`` an ISO moment in UTC. ``title``
    is the document's at that time; ``edition`` the one it led to.
    """

    seq: int
    at: str
    document_id: str
    kind: str
    title: str
    edition: int
    difference: Difference


@dataclass(frozen=True, slots=True)
class Edition:
    """An earlier edition, whole. ``until`` is the moment when another took its place."""

    document: Document
    passages: tuple[Passage, ...]
    until: str


class History:
    """Editions and changes of one database."""

    def __init__(self, connection: Callable[[], sqlite3.Connection]) -> None:
        self._connection = connection

    def editions(self, document_id: str) -> list[tuple[int, str]]:
        """(number, until) of the earlier editions that are kept, oldest first."""
        rows = self._connection().execute(
            "SELECT edition, until FROM editions WHERE document_id = ? ORDER BY edition",
            (document_id,),
        )
        return [(row[0], row[1]) for row in rows]

    def edition(self, document_id: str, number: int) -> Edition | None:
        """An earlier edition, or None if it is not kept."""
        row = (
            self._connection()
            .execute(
                "SELECT body, until FROM editions WHERE document_id = ? AND edition = ?",
                (document_id, number),
            )
            .fetchone()
        )
        if row is None:
            return None
        body = json.loads(zlib.decompress(row[0]))
        sections = tuple(schema.section_of(section) for section in body["sections"])
        return Edition(
            document=schema.document_of(body["document"], sections),
            passages=tuple(schema.passage_of(passage) for passage in body["passages"]),
            until=row[1],
        )

    def changes(self, since: str) -> list[Change]:
        """What changed at or after an ISO day or moment, newest first.

        Left out is what readers don't see: a text that was only read anew.
        """
        rows = self._connection().execute(
            "SELECT seq, at, document_id, title, detail FROM changes "
            "WHERE at >= ? AND json_extract(detail, '$.kind') <> 'reread' ORDER BY seq DESC",
            (since,),
        )
        return [_change(row) for row in rows]


def keep(db: sqlite3.Connection, document_id: str, until: str) -> None:
    """Put the present edition among the earlier ones; inside the caller's transaction."""
    head = db.execute(
        f"SELECT {schema.DOCUMENT_COLUMNS} FROM documents WHERE id = ?",  # noqa: S608 - literal columns
        (document_id,),
    ).fetchone()
    sections = db.execute(
        f"SELECT {_SECTION} FROM sections WHERE document_id = ? ORDER BY number",  # noqa: S608 - literal columns
        (document_id,),
    ).fetchall()
    passages = db.execute(
        f"SELECT {schema.PASSAGE_COLUMNS} FROM passages p "  # noqa: S608 - literal columns
        "WHERE p.document_id = ? ORDER BY p.number",
        (document_id,),
    ).fetchall()
    body = {"document": head, "sections": sections, "passages": passages}
    packed = zlib.compress(json.dumps(body, ensure_ascii=False).encode())
    edition = schema.document_of(head).edition
    db.execute(
        "INSERT OR REPLACE INTO editions VALUES (?, ?, ?, ?)", (document_id, edition, until, packed)
    )


def detail(kind: str, edition: int, difference: Difference) -> str:
    """What the log keeps of a change that readers see."""
    return json.dumps(
        {
            "kind": kind,
            "edition": edition,
            "added": difference.added,
            "removed": difference.removed,
            "changed": difference.changed,
            "status": difference.status,
        },
        ensure_ascii=False,
    )


def _change(row: Any) -> Change:
    told = json.loads(row[4])
    status = told["status"]
    return Change(
        seq=row[0],
        at=row[1],
        document_id=row[2],
        title=row[3] or row[2],
        kind=told["kind"],
        edition=told["edition"],
        difference=Difference(
            added=tuple(told["added"]),
            removed=tuple(told["removed"]),
            changed=tuple(told["changed"]),
            status=(Status(status[0]), Status(status[1])) if status else None,
        ),
    )
