"""What is read of the truth: documents, passages, vectors, and where each came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document, Passage
from search.store import schema
from search.store.connection import Connection
from search.values import Standing

Vectors = NDArray[np.float32]
_IN_LIMIT = 500  # variables in one statement; SQLite allows more, statements are cached


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of one source: its document and the digest it was read at.

    ``content`` is the digest of its bytes alone, where that is known. ``own`` says that the
    document goes by an address of its own, not by its file's.
    """

    document_id: str
    source_digest: str
    collection: str
    content: str | None = None
    own: bool = False


class Reading(Connection):
    """The questions that are asked of the base."""

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
            "SELECT source, id, source_digest, collection, content, uri NOT LIKE 'file:%' "
            "FROM documents"
        )
        return {row[0]: Known(row[1], row[2], row[3], row[4], bool(row[5])) for row in rows}

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

    def named(self, name: str) -> list[tuple[str, bool]]:
        """All documents that a name may mean: (id, whether only their file is called so)."""
        rows = self._db.execute(
            "SELECT id, id <> ?1 AND uri <> ?1 AND source <> ?1 FROM documents "
            "WHERE id = ?1 OR file = ?1 OR uri = ?1 OR source = ?1 ORDER BY 2, id",
            (name.encode("utf-8", "replace").decode(),),
        )
        return [(row[0], bool(row[1])) for row in rows]

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


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
