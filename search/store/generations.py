"""Generations: published search indexes, opened for reading, and checked.

``index/<generation>/`` holds keys, owners and vectors as arrays, a Chroma directory, a
lexical index and a manifest. ``index/CURRENT`` names the one in use and is replaced
atomically, so a reader sees a whole generation or the one before. Nothing in a
published generation is ever changed. ``building`` makes them, ``publishing`` puts them in use.
"""

from __future__ import annotations

import fcntl
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from search.analysis.compounds import Splitter
from search.analysis.spelling import Speller
from search.analysis.words import ANALYSIS_VERSION
from search.errors import StoreError
from search.store import lexical
from search.store.vectors import ChromaIndex, ExactIndex, Floats, Keys

FORMAT = 2
CURRENT = "CURRENT"
_SELF_QUERIES = 400  # a second or two
_LOST_SHARE = 0.1  # a graph of mixtures of 384 vectors loses 1 in 25; one of real text hardly any
IN_USE = "in-use"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from. ``seq`` is the last change it holds."""

    id: str
    format: int
    analysis: int
    seq: int
    model_id: str
    dimension: int
    passages: int
    documents: tuple[str, ...]
    mean_length: float
    mean_words: float
    files: dict[str, int]  # sizes: Chroma searches on without a file that it lost

    def fits(self) -> bool:
        """Whether this Kjelda reads it; if not it is built anew."""
        return self.format == FORMAT and self.analysis == ANALYSIS_VERSION


class Generation:
    """A published generation, opened. ``keys`` ascend; ``owners[i]`` numbers its document.

    Raises StoreError when it is damaged, or was removed in this moment.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._chroma: ChromaIndex | None = None
        self._opening = threading.Lock()
        try:
            self._lock = _hold(folder)
        except OSError as error:
            raise _damaged(folder, error) from error
        try:
            self.manifest = read_manifest(folder)
            _require_files(folder, self.manifest.files)
            self.keys: Keys = np.load(folder / "keys.npy")
            self.owners: NDArray[np.int32] = np.load(folder / "owners.npy")
            self.vectors: Floats = np.load(folder / "vectors.npy", mmap_mode="r")
            self.exact = ExactIndex(self.keys, self.vectors)
            stats = lexical.LexicalStats(
                self.manifest.passages, self.manifest.mean_length, self.manifest.mean_words
            )
            self.lexical = lexical.LexicalIndex(folder / "lexical", stats)
            vocabulary = (folder / "vocabulary.json").read_text(encoding="utf-8")
            self.splitter = Splitter(json.loads(vocabulary))
            self.speller = Speller(self._forms, self.splitter)
        except (OSError, ValueError, EOFError) as error:  # numpy, json and tantivy raise these
            self._lock.close()
            raise _damaged(folder, error) from error
        except StoreError:
            self._lock.close()
            raise

    @property
    def chroma(self) -> ChromaIndex:
        """The vector index, opened at first use: importing chromadb takes a second."""
        with self._opening:
            if self._chroma is None:
                self._chroma = ChromaIndex(self.folder / "chroma")
            return self._chroma

    def _forms(self) -> dict[str, int]:
        """The base's words as they are written, with the number of passages each is in."""
        try:
            found: dict[str, int] = json.loads((self.folder / "words.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise _damaged(self.folder, error) from error
        return found

    def positions(self, keys: NDArray[np.int64]) -> NDArray[np.intp]:
        """Row of each key; -1 for a key that isn't here."""
        if not len(self.keys):
            return np.full(len(keys), -1)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, at, -1)

    def close(self) -> None:
        """Let go of the files; the writer may then remove the folder."""
        if self._chroma is not None:
            self._chroma.close()
            self._chroma = None
        self._lock.close()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation. Raises StoreError when it can't be read."""
    try:
        raw = json.loads((folder / "manifest.json").read_text())
        return Manifest(**{**raw, "documents": tuple(raw["documents"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _damaged(folder, error) from error


def _damaged(folder: Path, why: object) -> StoreError:
    return StoreError(
        f"the index in {folder} can't be read ({why}); `kjelda ingest` builds it anew"
    )


def _require_files(folder: Path, sizes: dict[str, int]) -> None:
    """Raise StoreError unless every file is there and as long as when it was written."""
    for name, size in sizes.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise _damaged(folder, f"{name} is missing or not as it was written")


def current(index: Path) -> Path | None:
    """The folder of the published generation, or None when there is none."""
    try:
        name = (index / CURRENT).read_text().strip()
    except FileNotFoundError:
        return None
    folder = index / name
    return folder if name and (folder / "manifest.json").exists() else None


def current_manifest(index: Path) -> Manifest | None:
    """The published manifest, or None where there is none or it is of another format."""
    folder = current(index)
    if folder is None:
        return None
    try:
        manifest = read_manifest(folder)
    except StoreError:
        return None
    return manifest if manifest.fits() else None


def check(folder: Path, manifest: Manifest) -> None:
    """Count both indexes and ask each sampled vector for itself. Raises StoreError."""
    generation = Generation(folder)
    try:
        found = generation.lexical.count()
        if found != manifest.passages:
            raise StoreError(f"lexical index holds {found} of {manifest.passages} passages")
        if not manifest.passages:
            return
        found = generation.chroma.count()
        if found != manifest.passages:
            raise StoreError(f"vector index holds {found} of {manifest.passages} passages")
        sample = np.linspace(0, manifest.passages - 1, _SELF_QUERIES, dtype=np.intp)
        rows = sorted(set(sample.tolist()))
        # Equal texts have equal vectors: another key at distance 0 is right too.
        lost = [
            row
            for row in rows
            if not (near := generation.chroma.search(generation.vectors[row], 1))
            or near[0][1] < 0.999
        ]
        # The graph is approximate: among near duplicates a vector may be out of its reach.
        if len(lost) > _LOST_SHARE * len(rows):
            raise StoreError(f"{len(lost)} of {len(rows)} sampled vectors are not found")
    finally:
        generation.close()


def _hold(folder: Path) -> IO[str]:
    """A shared lock on a generation, so that a writer does not remove it under a reader."""
    file = (folder / IN_USE).open()
    fcntl.flock(file, fcntl.LOCK_SH)
    return file
