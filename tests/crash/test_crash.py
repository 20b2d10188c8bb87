"""Killed at any moment and run again, an ingest ends where an undisturbed one does."""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import tantivy

from search.engine import DATABASE, Searcher
from search.query import parse
from search.store import delta as deltas
from search.store import generations
from search.store.truth import Truth
from search.values import Mode

SCRIPT = Path(__file__).with_name("crash_ingest.py")
_spec = importlib.util.spec_from_file_location("crash_ingest", SCRIPT)
assert _spec is not None
assert _spec.loader is not None
_script = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_script)
SlowEncoder = _script.SlowEncoder
_QUERY = SlowEncoder().encode_queries(["kommune"])[0]
ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("TESTS_KILLS", "10"))
# In each turn a document's steps first: a published generation ends a turn's work.
MOMENTS: tuple[list[tuple[str, int]], list[tuple[str, int]]] = (
    [("encode_passages", 2), ("apply", 3), ("build_chroma", 1), ("check", 1), ("_publish", 1)],
    [("apply", 5), ("build", 1), ("_sync_tree", 1), ("delete", 2), ("sweep", 2)],
)
EVERY = sorted({step for steps in MOMENTS for step, _ in steps})
TABLES = {
    "documents": "*",
    "sections": "*",
    "passages": "*",
    # Without the moment, which is another in every run.
    "changes": "seq, document_id, kind, title, detail",
    "editions": "document_id, edition, body",
}
WORDS = [
    "kommune",
    "fylke",
    "bosetting",
    "flyktning",
    "tolk",
    "norsk",
    "plan",
    "kontrakt",
    "fravær",
    "tilskudd",
    "plikt",
    "vern",
    "barn",
    "skole",
    "reise",
    "ekteskap",
    "veiledning",
    "rådgiver",
    "frivillig",
    "samarbeid",
    "karriere",
    "stønad",
]


def start(home: Path, folder: Path) -> subprocess.Popen[bytes]:
    """An ingest in a process of its own."""
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), str(home), str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def whole(home: Path, folder: Path) -> None:
    """An ingest that nobody disturbs."""
    process = start(home, folder)
    _, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors.decode()


def write(folder: Path, number: int, seed: int) -> None:
    """A document of four sections in words chosen by the seed."""
    chosen = random.Random(seed * 1000 + number)
    parts = [f"# Dokument {number}\n"]
    for section in range(1, 5):
        text = " ".join(chosen.choice(WORDS) for _ in range(70))
        parts.append(f"\n## § {section}. Overskrift\n\n{text}.\n")
    (folder / f"dokument-{number:02}.md").write_text("".join(parts), encoding="utf-8")


def rows(home: Path) -> dict[str, list[Any]]:
    """Everything in the truth but the vectors' bytes and the log of runs."""
    db = sqlite3.connect(home / DATABASE)
    try:
        found = {
            table: db.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2").fetchall()
            for table, columns in TABLES.items()
        }
        found["vectors"] = db.execute("SELECT key, model_id FROM vectors ORDER BY key").fetchall()
        found["check"] = db.execute("PRAGMA integrity_check").fetchall()
    finally:
        db.close()
    return found


def indexed(home: Path) -> dict[str, list[int]]:
    """The keys in each derived index; they differ by when a generation was built."""
    folder = generations.current(home / "index")
    assert folder is not None
    generation = generations.Generation(folder)
    truth = Truth(home / DATABASE, read_only=True)
    try:
        total = len(generation.keys)
        searcher = generation.lexical._searcher
        everything = searcher.search(tantivy.Query.all_query(), total).hits
        found = searcher.fast_field_values("key", [address for _, address in everything])
        delta = deltas.load(truth, generation.manifest.seq, generation.splitter)
        return {
            "array": generation.keys.tolist(),
            "chroma": sorted(key for key, _ in generation.chroma.search(_QUERY, total)),
            "lexical": sorted(found),
            # What a search sees: the generation but for what changed since, and the delta.
            "seen": sorted(
                [
                    key
                    for key, owner in zip(
                        generation.keys.tolist(), generation.owners.tolist(), strict=True
                    )
                    if generation.manifest.documents[owner] not in delta.changed
                ]
                + delta.exact.keys.tolist()
            ),
        }
    finally:
        generation.close()
        truth.close()


def answers(home: Path) -> list[Any]:
    """What a few searches find, by words and by vectors."""
    searcher = Searcher.open(home, SlowEncoder)
    try:
        return [
            [
                (hit.document.id, hit.passage.number)
                for hit in searcher.search(parse(word, limit=100, mode=mode)).hits
            ]
            for word in WORDS[:6]
            for mode in (Mode.LEXICAL, Mode.VECTOR)
        ]
    finally:
        searcher.close()


def change(folder: Path, turn: int) -> None:
    """First 30 documents; then a third of them anew, five deleted and twelve added."""
    if turn == 0:
        for number in range(30):
            write(folder, number, turn)
        return
    for number in (*range(0, 30, 3), *range(30, 42)):
        write(folder, number, turn)
    for number in range(1, 30, 6):
        (folder / f"dokument-{number:02}.md").unlink()


def killed_at(home: Path, folder: Path, step: str, turn: int, delay: float) -> bool:
    """Start an ingest and kill it in a step's so-manieth turn; False where it came through."""
    process = start(home, folder)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            turn -= line.decode().strip() == step
            if turn == 0:
                time.sleep(delay)
                process.kill()
                break
        return process.wait(60) == -signal.SIGKILL
    finally:
        process.communicate()


def moments(chosen: random.Random, turn: int) -> list[tuple[str, int]]:
    """Steps to die in, each with its so-manieth time; more of them by TESTS_KILLS."""
    steps = MOMENTS[turn]
    more = max(0, KILLS - sum(map(len, MOMENTS)) + 1 - turn) // 2
    every = [step for step in EVERY if turn or step != "delete"]  # nothing is deleted at first
    return [*((chosen.choice(every), chosen.randint(1, 3)) for _ in range(more)), *steps]


def test_killed_ten_times_the_base_is_as_if_nothing_had_happened(tmp_path: Path) -> None:
    """After kill -9 in ten different steps and one more run, the base equals an undisturbed one.

    Rows column for column, and the same keys in vectors, Chroma, array and lexical index; the
    same searches give the same hits. The second turn updates, deletes and adds documents on
    the base that survived the first.
    """
    folder = tmp_path / "documents"
    folder.mkdir()
    seed = int(os.environ.get("KJELDA_SEED", "20261123"))
    chosen = random.Random(seed)
    beside, killed = tmp_path / "undisturbed", tmp_path / "killed"
    for turn in (0, 1):
        change(folder, turn)
        before = tmp_path / f"before-{turn}"
        if killed.exists():
            shutil.copytree(killed, before)
        whole(beside, folder)
        for step, times in moments(chosen, turn):
            delay = chosen.uniform(0, 0.01)
            if killed_at(killed, folder, step, times, delay):
                continue
            # It came through, as the step was done in a life before: now in a fresh base.
            assert rows(beside) == rows(killed), (seed, step)
            shutil.rmtree(killed)
            if before.exists():
                shutil.copytree(before, killed)
            assert killed_at(killed, folder, step, 1, delay), (seed, step)
        whole(killed, folder)
        expected = rows(beside)
        assert expected == rows(killed), seed
        keys = sorted(row[0] for row in expected["passages"])
        for home in (beside, killed):
            found = indexed(home)
            assert found["array"] == found["chroma"] == found["lexical"], seed
            assert keys == found["seen"], seed
        assert answers(beside) == answers(killed), seed
    left = [path.name for path in (killed / "index").iterdir() if path.name.startswith("building")]
    assert left == []
