"""Publishing: a generation is built aside, put in use at once, and the old ones are removed.

Only the holder of the write lock publishes. Any doubt while building: throw it away.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

from search.errors import StoreError
from search.process import environment
from search.store import building
from search.store.building import Step
from search.store.generations import (
    CURRENT,
    IN_USE,
    Manifest,
    check,
    current,
    current_manifest,
    read_manifest,
)
from search.store.truth import Truth

# Passages from which on an index is built and checked in a process of its own: starting one
# takes a second, and a smaller index takes less memory than the model.
APART = 20_000
_BUILDING = "building-"


def build(index: Path, truth: Truth, step: Step | None = None) -> Manifest:
    """Build, check and publish a generation of all that is in the truth.

    The caller holds the write lock. Raises StoreError when the check fails; what was
    published before is then still in use.
    """
    index.mkdir(parents=True, exist_ok=True)
    sweep(index)
    work = index / f"{truth.seq:08d}-{secrets.token_hex(4)}"
    folder = index / f"{_BUILDING}{work.name}"
    folder.mkdir()
    try:
        _make(folder, work.name, truth, step)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _sync_tree(folder)
    folder.rename(work)
    _publish(index, work.name)
    sweep(index)
    return read_manifest(work)


def sound_manifest(index: Path) -> Manifest | None:
    """The published manifest, or None where the generation is not whole: build it anew."""
    manifest = current_manifest(index)
    if manifest is None:
        return None
    folder = index / manifest.id
    try:
        if manifest.passages < APART:
            check(folder, manifest)
        else:
            _apart(None, "check", str(folder))
    except StoreError:
        return None
    return manifest


def _make(folder: Path, name: str, truth: Truth, step: Step | None) -> None:
    if truth.counts()["vectors"] < APART:
        building.make(folder, name, truth, step)
    else:
        _apart(step, "make", str(folder), name, str(truth.path))


def _apart(step: Step | None, *what: str) -> None:
    """Let a process of its own build or check. Raises StoreError when it fails or is ended."""
    process = subprocess.Popen(  # noqa: S603 - this very program
        [sys.executable, "-m", "search.store.building", *what],
        stdin=subprocess.PIPE,  # its end tells the process that this one is gone
        stdout=subprocess.PIPE,
        env=environment(),
        encoding="utf-8",
    )
    assert process.stdout is not None
    reason = ""
    with process:
        try:
            for line in process.stdout:
                match json.loads(line):
                    case [str(stage), int(done), int(total)]:
                        if step:
                            step(stage, done, total)
                    case [str(said)]:
                        reason = said
            process.wait()  # before its input is closed, which would end it
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise StoreError(
            reason
            or f"building the index ended the process that built it (exit {process.returncode}): "
            "is there too little memory or disk? The index before is still in use; run "
            "`kjelda ingest` again"
        )


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


def _remove_if_free(folder: Path) -> None:
    """Remove a generation that no reader holds; out of sight first, then file by file."""
    gone = folder.with_name(f"{_BUILDING}removed-{folder.name}")
    try:
        with (folder / IN_USE).open("a+") as file:
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
