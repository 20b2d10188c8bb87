"""The vector index: Chroma, fed with ids and vectors only, and exact dot products.

Chroma never sees a text and never embeds: it gets vectors and gives ids. A published
generation's directory is only read. The exact index is the oracle in tests, serves
narrow filters, and holds what is newer than the generation.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.errors import StoreError

Floats = NDArray[np.float32]
Keys = NDArray[np.int64]
Found = list[tuple[int, float]]

COLLECTION = "passages"
_GATHER = 1024  # 1.5 MB of 384 numbers each; all at once takes two to five times as long
_BATCH = 5000  # Chroma refuses more than 5 461 in one call
# Clients of one directory share what is beneath, and Chroma makes it without a lock: a second
# thread could get it before it has started.
_CLIENTS = threading.Lock()


class ExactIndex:
    """Cosine by dot product over normalised rows; ``matrix`` is (n, dimension)."""

    def __init__(self, keys: Keys, matrix: Floats) -> None:
        if len(keys) != len(matrix):
            raise StoreError(f"{len(keys)} keys, {len(matrix)} vectors")
        self.keys = keys
        self.matrix: Floats = np.asarray(matrix)  # a mapped file is slower by its class alone

    def search(self, query: Floats, limit: int, rows: NDArray[np.intp] | None = None) -> Found:
        """(key, cosine) of the nearest, nearest first; ``rows`` keeps to these positions."""
        keys = self.keys if rows is None else self.keys[rows]
        if not len(keys):
            return []
        scores = self.matrix @ query if rows is None else self._products(query, rows)
        count = min(limit, len(keys))
        top = np.argpartition(-scores, count - 1)[:count]
        top = top[np.lexsort((keys[top], -scores[top]))]
        return [(int(keys[i]), float(scores[i])) for i in top]

    def _products(self, query: Floats, rows: NDArray[np.intp]) -> Floats:
        """Cosines of some rows, gathered a thousand at a time: they stay in the cache."""
        found = np.empty(len(rows), dtype=np.float32)
        part = np.empty((_GATHER, len(query)), dtype=np.float32)
        for start in range(0, len(rows), _GATHER):
            some = rows[start : start + _GATHER]
            np.take(self.matrix, some, axis=0, out=part[: len(some)], mode="clip")
            np.dot(part[: len(some)], query, out=found[start : start + _GATHER])
        return found


def build_chroma(
    folder: Path, keys: Keys, matrix: Floats, step: Callable[[int], None] | None = None
) -> None:
    """Write a Chroma directory with these vectors; ``step`` hears of rows written."""
    client = _client(folder)
    try:
        collection = client.create_collection(
            COLLECTION,
            embedding_function=None,
            configuration={
                "hnsw": {
                    "space": "cosine",
                    "ef_construction": 200,
                    "max_neighbors": 32,  # with 16, near duplicates cut others off now and then
                    "ef_search": 200,
                    # Write the graph once, when the last row is in, not every 1 000 rows.
                    "sync_threshold": max(2, len(keys)),
                    "batch_size": min(max(2, len(keys)), 100),
                }
            },
        )
        for start in range(0, len(keys), _BATCH):
            part = slice(start, start + _BATCH)
            collection.add(ids=[str(key) for key in keys[part]], embeddings=matrix[part])
            if step:
                step(len(keys[part]))
    finally:
        _close(client)


class ChromaIndex:
    """A published Chroma directory, opened for reading."""

    def __init__(self, folder: Path) -> None:
        from chromadb.errors import ChromaError

        self._error = ChromaError
        if not (folder / "chroma.sqlite3").is_file():  # Chroma would make an empty one
            raise StoreError(f"{folder} holds no vectors; `kjelda ingest` builds the index anew")
        try:
            self._client = _client(folder)
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
        except (ChromaError, ValueError, AttributeError) as error:
            # AttributeError: Chroma trips over itself when its database can't be opened.
            raise _unreadable(folder, error) from error
        self._folder = folder

    def count(self) -> int:
        """Vectors in the index."""
        return int(self._collection.count())

    def search(self, query: Floats, limit: int) -> Found:
        """(key, cosine) of about the nearest, nearest first."""
        try:
            found = self._collection.query(
                query_embeddings=[query], n_results=limit, include=["distances"]
            )
        except self._error as error:
            raise _unreadable(self._folder, error) from error
        ids: Sequence[str] = found["ids"][0]
        distances: Sequence[float] = found["distances"][0]
        return [(int(key), 1.0 - float(far)) for key, far in zip(ids, distances, strict=True)]

    def close(self) -> None:
        """Let go of the directory."""
        _close(self._client)


def _unreadable(folder: Path, error: Exception) -> StoreError:
    return StoreError(
        f"the vector index in {folder} can't be used ({error}); `kjelda ingest` builds it anew"
    )


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    with _CLIENTS:
        return chromadb.PersistentClient(
            path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
        )


def _close(client: Any) -> None:
    with _CLIENTS:
        client.close()
