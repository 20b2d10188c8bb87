"""Killed at any moment and run again, an ingest ends where an undisturbed one does."""

from __future__ import annotations

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

from search.engine import DATABASE, Searcher
from search.query import parse
from search.store import generations
from search.values import Mode

SCRIPT = Path(__file__).with_name("crash_ingest.py")
ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("KJELDA_KILLS", "10"))
TABLES = ("documents", "sections", "passages", "changes")
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
            table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES
        }
        found["vectors"] = db.execute("SELECT key, model_id FROM vectors ORDER BY key").fetchall()
        found["check"] = db.execute("PRAGMA integrity_check").fetchall()
    finally:
        db.close()
    return found


def indexed(home: Path) -> dict[str, list[int]]:
    """The passages in each derived index, with the delta, by key."""
    folder = generations.current(home / "index")
    assert folder is not None
    generation = generations.Generation(folder)
    try:
        chroma = generation.chroma
        total = chroma.count()
        near = chroma.search(generation.vectors[0], total) if total else []
        return {
            "array": generation.keys.tolist(),
            "chroma": sorted(key for key, _ in near),
            "lexical": [generation.lexical.count()],
        }
    finally:
        generation.close()


def answers(home: Path) -> list[Any]:
    """What a few word searches find."""
    searcher = Searcher.open(home, lambda: None)  # type: ignore[arg-type, return-value]
    try:
        return [
            [
                (hit.document.id, hit.passage.number)
                for hit in searcher.search(parse(word, limit=100, mode=Mode.LEXICAL)).hits
            ]
            for word in WORDS[:6]
        ]
    finally:
        searcher.close()


def test_ten_kills_at_random_moments(tmp_path: Path) -> None:
    """After kill -9 at random moments and one more run, the base equals an undisturbed one.

    Rows byte for byte, ids in vectors, Chroma, array and lexical index one for one. The
    second round updates, deletes and adds documents on the base that survived the first.
    """
    folder = tmp_path / "documents"
    folder.mkdir()
    chosen = random.Random(20261123)
    beside, killed = tmp_path / "undisturbed", tmp_path / "killed"
    for seed in (1, 2):
        if seed == 1:
            for number in range(30):
                write(folder, number, seed)
        else:
            for number in range(0, 30, 3):
                write(folder, number, seed)
            for number in range(1, 30, 6):
                (folder / f"dokument-{number:02}.md").unlink()
            for number in range(30, 42):
                write(folder, number, seed)
        before = tmp_path / f"before-{seed}"
        if killed.exists():
            shutil.copytree(killed, before)
        began = time.monotonic()
        whole(beside, folder)
        takes = time.monotonic() - began
        died = 0
        while died < KILLS // 2:
            process = start(killed, folder)
            try:
                # The start takes a third of a short run; what follows is what matters.
                process.wait(chosen.uniform(0.3, 0.95) * takes)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                died += 1
            process.communicate()
            if process.returncode == 0:  # it came through: begin again
                assert rows(beside) == rows(killed)
                shutil.rmtree(killed)
                if before.exists():
                    shutil.copytree(before, killed)
        whole(killed, folder)
        assert rows(beside) == rows(killed)
        assert indexed(beside) == indexed(killed)
        assert answers(beside) == answers(killed)
    left = [path.name for path in (killed / "index").iterdir() if path.name.startswith("building")]
    assert left == []
