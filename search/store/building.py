"""Building a generation: all that is in the truth, written as search indexes and checked.

A large one is built in a process of its own (``python -m search.store.building``): what it
takes of memory goes back when it ends, and a run that takes in much stays as small as it began.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from search.analysis.compounds import MIN_FREQUENCY, Splitter
from search.analysis.words import ANALYSIS_VERSION
from search.errors import StoreError
from search.store import lexical
from search.store.generations import FORMAT, IN_USE, Manifest, check, read_manifest
from search.store.truth import Truth
from search.store.vectors import Floats, build_chroma

Step = Callable[[str, int, int], None]  # stage, done, total


def make(folder: Path, name: str, truth: Truth, step: Step | None = None) -> None:
    """Write a generation of this name into an empty folder. Raises StoreError if it fails."""
    check(folder, write(folder, name, truth, step))


def write(folder: Path, name: str, truth: Truth, step: Step | None) -> Manifest:
    """Write all that is in the truth into an empty folder, as a generation of this name."""
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
            if row == 0:  # a mapped file: the rows need not all be in memory at once
                vectors = np.lib.format.open_memmap(
                    folder / "vectors.npy", "w+", np.float32, (total, len(vector))
                )
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
    if isinstance(vectors, np.memmap):
        vectors.flush()
    else:
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
    (folder / IN_USE).touch()
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest)), encoding="utf-8")
    return manifest


def _sizes(folder: Path) -> dict[str, int]:
    # Chroma's database may grow by being opened; a lost one can't be opened at all.
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("chroma.sqlite3")
    }


def main() -> None:
    """Build or check in this process: ``make FOLDER NAME DATABASE`` or ``check FOLDER``.

    Each line on standard output is JSON: a step as [stage, done, total], or what went wrong.
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def tell(*told: object) -> None:
        answers.write(json.dumps(told) + "\n")
        answers.flush()

    what, folder = sys.argv[1], Path(sys.argv[2])
    try:
        if what == "make":
            truth = Truth(Path(sys.argv[4]), read_only=True)
            make(folder, sys.argv[3], truth, tell)
            truth.close()
        else:
            check(folder, read_manifest(folder))
    except StoreError as error:
        tell(str(error))
        sys.exit(1)


def _end_with_parent() -> None:
    """End when the run that wants the index is gone: nobody would publish it."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    main()
