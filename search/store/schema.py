"""The tables of the truth, and how rows become values and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any

from corpus.currency import Claim, Origin
from corpus.documents import Document, DocumentType, Language, Passage, Place, Section, Status

SCHEMA_VERSION = 2

# seq counts applied changes; a generation remembers the one it was built at.
TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, uri TEXT NOT NULL, title TEXT NOT NULL, type TEXT NOT NULL,
    language TEXT NOT NULL, status TEXT NOT NULL, publisher TEXT, file TEXT,
    media_type TEXT, short_title TEXT, published TEXT, updated TEXT, valid_from TEXT,
    valid_to TEXT, fetched TEXT, areas TEXT NOT NULL, replaced_by TEXT,
    translation_of TEXT, source TEXT NOT NULL, collection TEXT NOT NULL,
    source_digest TEXT NOT NULL, claims TEXT NOT NULL DEFAULT '[]',
    edition INTEGER NOT NULL DEFAULT 1, content TEXT
) WITHOUT ROWID;
CREATE INDEX documents_by_source ON documents (source);
CREATE INDEX documents_by_collection ON documents (collection);
CREATE TABLE sections (
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, headings TEXT NOT NULL, text TEXT NOT NULL,
    section TEXT, anchor TEXT, page INTEGER, page_end INTEGER, page_label TEXT,
    PRIMARY KEY (document_id, number)
) WITHOUT ROWID;
CREATE TABLE passages (
    key INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, title TEXT NOT NULL, headings TEXT NOT NULL, text TEXT NOT NULL,
    language TEXT NOT NULL, in_section INTEGER NOT NULL,
    section TEXT, anchor TEXT, page INTEGER, page_end INTEGER, page_label TEXT,
    digest TEXT NOT NULL
);
CREATE UNIQUE INDEX passages_by_document ON passages (document_id, number);
CREATE TABLE vectors (
    key INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    model_id TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY, document_id TEXT NOT NULL, kind TEXT NOT NULL,
    at TEXT, title TEXT, detail TEXT
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, report TEXT
);
"""
# Editions of a document that a later one took the place of: what was cited can be opened still.
EDITIONS = """
CREATE TABLE editions (
    document_id TEXT NOT NULL, edition INTEGER NOT NULL, until TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (document_id, edition)
);
"""
# From each version of the schema to the next.
UPGRADES = {
    1: """
ALTER TABLE documents ADD COLUMN claims TEXT NOT NULL DEFAULT '[]';
ALTER TABLE documents ADD COLUMN edition INTEGER NOT NULL DEFAULT 1;
ALTER TABLE documents ADD COLUMN content TEXT;
ALTER TABLE changes ADD COLUMN at TEXT;
ALTER TABLE changes ADD COLUMN title TEXT;
ALTER TABLE changes ADD COLUMN detail TEXT;
"""
    + EDITIONS,
}

DOCUMENT_COLUMNS = (
    "id, uri, title, type, language, status, publisher, file, media_type, short_title, "
    "published, updated, valid_from, valid_to, fetched, areas, replaced_by, translation_of, "
    "claims, edition"
)
PASSAGE_COLUMNS = (
    "p.key, p.document_id, p.number, p.title, p.headings, p.text, p.language, p.in_section, "
    "p.section, p.anchor, p.page, p.page_end, p.page_label"
)


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty database, in one transaction."""
    connection.executescript(
        f"BEGIN;{TABLES}{EDITIONS}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;"
    )


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring an older database to this schema, in one transaction; another may have done it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        for step in range(version, SCHEMA_VERSION):
            for statement in filter(str.strip, UPGRADES[step].split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def document_row(document: Document) -> tuple[object, ...]:
    """The columns of DOCUMENT_COLUMNS, in order."""
    return (
        document.id,
        document.uri,
        document.title,
        document.type,
        document.language,
        document.status,
        document.publisher,
        document.file,
        document.media_type,
        document.short_title,
        _iso(document.published),
        _iso(document.updated),
        _iso(document.valid_from),
        _iso(document.valid_to),
        _iso(document.fetched),
        json.dumps(document.areas),
        document.replaced_by,
        document.translation_of,
        claims_json(document.claims),
        document.edition,
    )


def claims_json(claims: Sequence[Claim]) -> str:
    """Claims as they are stored."""
    rows = [
        [claim.origin, claim.status, claim.words, _iso(claim.on), claim.replaced_by]
        for claim in claims
    ]
    return json.dumps(rows, ensure_ascii=False)


def claims_of(text: str) -> tuple[Claim, ...]:
    """Claims out of what is stored."""
    return tuple(
        Claim(Origin(origin), Status(status), words, _date(on), heir)
        for origin, status, words, on, heir in json.loads(text)
    )


def document_of(row: Sequence[Any], sections: tuple[Section, ...] = ()) -> Document:
    """The value of a row of DOCUMENT_COLUMNS."""
    return Document(
        id=row[0],
        uri=row[1],
        title=row[2],
        type=DocumentType(row[3]),
        language=Language(row[4]),
        status=Status(row[5]),
        publisher=row[6],
        file=row[7],
        media_type=row[8],
        short_title=row[9],
        published=_date(row[10]),
        updated=_date(row[11]),
        valid_from=_date(row[12]),
        valid_to=_date(row[13]),
        fetched=_date(row[14]),
        areas=tuple(json.loads(row[15])),
        replaced_by=row[16],
        translation_of=row[17],
        claims=() if row[18] == "[]" else claims_of(row[18]),
        edition=row[19],
        sections=sections,
    )


def place_row(place: Place) -> tuple[object, ...]:
    """section, anchor, page, page_end, page_label."""
    return (place.section, place.anchor, place.page, place.page_end, place.page_label)


def passage_of(row: Sequence[Any]) -> Passage:
    """The value of a row of PASSAGE_COLUMNS."""
    return Passage(
        document_id=row[1],
        number=row[2],
        title=row[3],
        headings=tuple(json.loads(row[4])),
        text=row[5],
        place=Place(*row[8:13]),
        language=Language(row[6]),
        section=row[7],
    )


def section_of(row: Sequence[Any]) -> Section:
    """The value of a row (headings, text, section, anchor, page, page_end, page_label)."""
    return Section(headings=tuple(json.loads(row[0])), text=row[1], place=Place(*row[2:7]))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
