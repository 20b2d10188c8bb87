"""Generations: search indexes built from the truth, checked, then published at once.

``index/<generation>/`` holds keys, owners and vectors as arrays, a Chroma directory, a
lexical index and a manifest. ``index/CURRENT`` names the one in use and is replaced
atomically, so a reader sees a whole generation or the one before. Nothing in a
published generation is ever changed. Any doubt while building: throw it away.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from search.analysis.compounds import MIN_FREQUENCY, Splitter
from search.analysis.spelling import Speller
from search.analysis.words import ANALYSIS_VERSION
from search.errors import StoreError
from search.store import lexical
from search.store.truth import Truth
from search.store.vectors import ChromaIndex, ExactIndex, Floats, Keys, build_chroma

FORMAT = 2
CURRENT = "CURRENT"
_SELF_QUERIES = 400  # a second or two
_LOST_SHARE = 0.1  # a graph of mixtures of 384 vectors loses 1 in 25; one of real text hardly any
_IN_USE = "in-use"
_BUILDING = "building-"
Step = Callable[[str, int, int], None]  # stage, done, total


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


def _sizes(folder: Path) -> dict[str, int]:
    # Chroma's database may grow by being opened; a lost one can't be opened at all.
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("chroma.sqlite3")
    }


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


def sound_manifest(index: Path) -> Manifest | None:
    """The published manifest, or None where the generation is not whole: build it anew."""
    manifest = current_manifest(index)
    if manifest is None:
        return None
    try:
        _check(index / manifest.id, manifest)
    except StoreError:
        return None
    return manifest


def build(index: Path, truth: Truth, step: Step | None = None) -> Manifest:
    """Build, check and publish a generation of all that is in the truth.

    The caller holds the write lock. Raises StoreError when the check fails; what was
    published before is then still in use.
    """
    index.mkdir(parents=True, exist_ok=True)
    sweep(index)
    work = index / f"{truth.seq:08d}-{secrets.token_hex(4)}"
    building = index / f"{_BUILDING}{work.name}"
    building.mkdir()
    try:
        manifest = _write(building, work.name, truth, step)
        _check(building, manifest)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    _sync_tree(building)
    building.rename(work)
    _publish(index, work.name)
    sweep(index)
    return manifest


def _write(folder: Path, name: str, truth: Truth, step: Step | None) -> Manifest:
    tell = step or (lambda stage, done, total: None)
    with truth.snapshot():
        seq = truth.seq
        documents = tuple(document.id for document in truth.documents())
        number = {document_id: i for i, document_id in enumerate(documents)}
        total = truth.counts()["vectors"]
        keys = np.empty(total, dtype=np.int64)
        owners = np.empty(total, dtype=np.int32)
        model_id = truth.model_id or ""
        vectors: Floats = np.empty((0, 0), dtype=np.float32)
        for row, (key, document_id, blob) in enumerate(truth.all_vectors()):
            vector = np.frombuffer(blob, dtype="<f4")
            if row == 0:
                vectors = np.empty((total, len(vector)), dtype=np.float32)
            keys[row], owners[row], vectors[row] = key, number[document_id], vector
        counts, forms = lexical.vocabulary(passage for _, passage in truth.all_passages())
        splitter = Splitter(counts)

        def analysed() -> lexical.TermsStream:
            for done, (key, passage) in enumerate(truth.all_passages(), 1):
                if done % 500 == 0:
                    tell("lexical", done, total)
                yield lexical.analyse(key, number[passage.document_id], passage, splitter)

        stats = lexical.build(folder / "lexical", analysed())
    np.save(folder / "keys.npy", keys)
    np.save(folder / "owners.npy", owners)
    np.save(folder / "vectors.npy", vectors)
    (folder / "vocabulary.json").write_text(
        json.dumps(splitter.vocabulary, ensure_ascii=False, sort_keys=True), encoding="utf-8"
    )
    forms = Counter({form: count for form, count in forms.items() if count >= MIN_FREQUENCY})
    (folder / "words.json").write_text(
        json.dumps(forms, ensure_ascii=False, sort_keys=True), encoding="utf-8"
    )
    written = 0

    def rows(count: int) -> None:
        nonlocal written
        written += count
        tell("vectors", written, total)

    if total:
        build_chroma(folder / "chroma", keys, vectors, rows)
    dimension = int(vectors.shape[1]) if total else 0
    manifest = Manifest(
        name,
        FORMAT,
        ANALYSIS_VERSION,
        seq,
        model_id,
        dimension,
        total,
        documents,
        stats.mean_length,
        stats.mean_words,
        _sizes(folder),
    )
    (folder / _IN_USE).touch()
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest)), encoding="utf-8")
    return manifest


def _check(folder: Path, manifest: Manifest) -> None:
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


def _publish(index: Path, name: str) -> None:
    pending = index / f"{CURRENT}.new"
    with pending.open("w") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    pending.replace(index / CURRENT)
    _sync_folder(index)


def sweep(index: Path) -> None:
    """Remove half-built generations, and old ones that no reader holds.

    The caller holds the write lock.
    """
    keep = current(index)
    for folder in index.iterdir():
        if not folder.is_dir() or folder == keep:
            continue
        if folder.name.startswith(_BUILDING):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            _remove_if_free(folder)


def _hold(folder: Path) -> IO[str]:
    """A shared lock on a generation, so that a writer does not remove it under a reader."""
    file = (folder / _IN_USE).open()
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def _remove_if_free(folder: Path) -> None:
    """Remove a generation that no reader holds; out of sight first, then file by file."""
    gone = folder.with_name(f"{_BUILDING}removed-{folder.name}")
    try:
        with (folder / _IN_USE).open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            folder.rename(gone)
    except BlockingIOError:
        return
    shutil.rmtree(gone, ignore_errors=True)


def _sync_tree(folder: Path) -> None:
    for root, _, files in os.walk(folder):
        for name in files:
            with (Path(root) / name).open("rb") as file:
                os.fsync(file.fileno())
        _sync_folder(Path(root))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
