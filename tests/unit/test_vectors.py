"""Vector indexes: exact dot products are the oracle that Chroma is held to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from search.errors import StoreError
from search.store.vectors import ChromaIndex, ExactIndex, Floats, Keys, build_chroma


def clustered(rows: int, seed: int, dimension: int = 64, clusters: int = 60) -> Floats:
    """Unit vectors around common centres, as texts of one field lie."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(clusters, dimension))
    found = centres[rng.integers(clusters, size=rows)] + 0.6 * rng.normal(size=(rows, dimension))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def keys(rows: int) -> Keys:
    return np.arange(rows, dtype=np.int64) * 7919 + (1 << 60)


def test_exact_is_brute_force() -> None:
    """Nearest first, equal ones by key, any number asked for."""
    matrix = clustered(500, 1)
    matrix[10] = matrix[400]
    exact = ExactIndex(keys(500), matrix)
    for query in clustered(20, 2):
        cosines = matrix @ query
        expected = sorted(range(500), key=lambda row: (-cosines[row], row))
        for limit in (1, 7, 500, 900):
            found = exact.search(query, limit)
            assert [int(keys(500)[row]) for row in expected[:limit]] == [key for key, _ in found]
    assert found[0][1] == pytest.approx(float(cosines.max()), abs=1e-6)


def test_exact_over_some_rows() -> None:
    """Given rows are all it looks at; no rows, no hits."""
    matrix = clustered(100, 1)
    exact = ExactIndex(keys(100), matrix)
    rows = np.array([3, 5, 8])
    found = exact.search(matrix[5], 10, rows)
    assert {int(keys(100)[row]) for row in rows} == {key for key, _ in found}
    assert int(keys(100)[5]) == found[0][0]
    assert exact.search(matrix[5], 10, np.array([], dtype=np.intp)) == []


def test_keys_and_vectors_must_fit() -> None:
    """A key without a vector is a fault of the base."""
    with pytest.raises(StoreError, match="3 keys, 2 vectors"):
        ExactIndex(keys(3), clustered(2, 0))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Chroma directory of 6 000 vectors: more than it takes in one call."""
    folder = tmp_path_factory.mktemp("vectors") / "chroma"
    told: list[int] = []
    build_chroma(folder, keys(6000), clustered(6000, 1), told.append)
    assert told == [5000, 1000]
    return folder


def test_chroma_finds_what_exact_finds(built: Path) -> None:
    """Of the 10 and of the 200 nearest to 50 questions, at least 99 % are found."""
    exact = ExactIndex(keys(6000), clustered(6000, 1))
    chroma = ChromaIndex(built)
    assert chroma.count() == 6000
    for depth in (10, 200):
        right = 0
        for query in clustered(50, 3):
            near = dict(exact.search(query, depth))
            found = chroma.search(query, depth)
            assert depth == len(found)
            assert sorted((far for _, far in found), reverse=True) == [far for _, far in found]
            right += sum(key in near for key, _ in found)
            assert all(abs(near[key] - far) < 1e-5 for key, far in found if key in near)
        assert right >= 0.99 * 50 * depth
    chroma.close()


def test_chroma_may_be_opened_by_two_and_not_changed(built: Path) -> None:
    """Two readers of one directory find the same, and the files of the graph stay."""
    before = {p: p.stat().st_mtime_ns for p in built.rglob("*.bin")}
    one, other = ChromaIndex(built), ChromaIndex(built)
    query = clustered(1, 9)[0]
    assert one.search(query, 10) == other.search(query, 10)
    one.close()
    assert len(other.search(query, 10)) == 10
    other.close()
    assert before == {p: p.stat().st_mtime_ns for p in built.rglob("*.bin")}


def test_chroma_missing_or_broken_is_told(tmp_path: Path, built: Path) -> None:
    """A directory that isn't there is not made; a broken database is a StoreError."""
    with pytest.raises(StoreError, match="kjelda ingest"):
        ChromaIndex(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "chroma.sqlite3").write_bytes(b"nonsense" * 512)
    with pytest.raises(StoreError, match="kjelda ingest"):
        ChromaIndex(tmp_path / "broken")


def test_one_directory_is_opened_by_many_threads_at_once(tmp_path: Path) -> None:
    """A reader opens what the writer is just checking: none gets a half-opened Chroma."""
    matrix = clustered(20, 1)
    build_chroma(tmp_path / "chroma", keys(20), matrix)

    def ask(_turn: int) -> int:
        index = ChromaIndex(tmp_path / "chroma")
        try:
            return index.search(matrix[3], 1)[0][0]
        finally:
            index.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(64))) == {int(keys(20)[3])}
