"""What is wrong with a base, and the command that mends each thing. Nothing is changed here."""

from __future__ import annotations

import hashlib
import shlex
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote

import numpy as np

from corpus.currency import disagree
from corpus.documents import Document, Status
from ingest import names
from ingest.extract import ocr
from ingest.fetch.shelf import FOLDER, Page, Shelf
from ingest.forget import places
from ingest.plan import content_digest
from search.engine import DATABASE
from search.store import publishing
from search.store.truth import Known, Truth

STALE = timedelta(days=30)
_NAMED = 5  # things of one kind that are named; the rest is a number


class Level(StrEnum):
    """How bad it is: to be mended now; to be looked at; to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: what is wrong with how much, some of it by name, and what mends it."""

    level: Level
    kind: str
    text: str
    names: tuple[str, ...] = ()
    mend: str | None = None


Check = Callable[[Truth, Path], Iterator[Finding]]


def examine(home: Path, model_id: Callable[[], str]) -> list[Finding]:
    """All that is found, errors first. ``model_id`` names the model that is set.

    Raises BaseMissing or StoreError where there is no base to look at.
    """
    truth = Truth(home / DATABASE, read_only=True)
    try:
        found = [finding for check in _CHECKS for finding in check(truth, home)]
        found += _model(truth, model_id)
    finally:
        truth.close()
    order = list(Level)
    return sorted(found, key=lambda finding: order.index(finding.level))


def _rows(truth: Truth, _home: Path) -> Iterator[Finding]:
    """The database itself."""
    for name, text in truth.faults():
        yield Finding(
            Level.ERROR,
            name,
            text,
            mend="restore a backup, or move kjelda.sqlite away and run `kjelda ingest` again",
        )


def _vectors(truth: Truth, _home: Path) -> Iterator[Finding]:
    """Passages that can't be found by meaning."""
    if waiting := truth.without_vectors():
        yield Finding(
            Level.ERROR,
            "missing_vectors",
            f"{_count(waiting, 'document')} with passages that have no vector",
            tuple(waiting),
            "kjelda rebuild",
        )


def _index(truth: Truth, home: Path) -> Iterator[Finding]:
    """The published generation against the truth."""
    index = home / "index"
    manifest = publishing.sound_manifest(index)
    if manifest is None:
        if truth.counts()["documents"]:
            text = "there is no index, or it is damaged or of another Kjelda"
            yield Finding(Level.ERROR, "index", text, mend="kjelda rebuild")
        return
    changed = set(truth.changed_since(manifest.seq))
    here = np.fromiter(
        (key for key, document, _ in truth.all_vectors() if document not in changed), np.int64
    )
    keys = np.load(index / manifest.id / "keys.npy")
    owners = np.load(index / manifest.id / "owners.npy")
    old = np.array([document in changed for document in manifest.documents], dtype=bool)
    kept = keys[~old[owners]] if len(keys) else keys
    missing, orphans = np.setdiff1d(here, kept), np.setdiff1d(kept, here)
    if len(missing):
        text = f"{len(missing)} passages are not in the index"
        yield Finding(Level.ERROR, "missing_in_index", text, mend="kjelda rebuild")
    if len(orphans):
        text = f"{len(orphans)} entries of the index belong to no passage"
        yield Finding(Level.ERROR, "orphans", text, mend="kjelda rebuild")
    for folder in index.iterdir():
        if folder.is_dir() and folder.name.startswith("building-"):
            text = "a run that was killed left a half-built index; the next one removes it"
            yield Finding(Level.NOTE, "left_over", text, (folder.name,), "kjelda ingest")


def _run(truth: Truth, _home: Path) -> Iterator[Finding]:
    last = truth.runs.last()
    if last is not None and last[1] is None:
        text = f"the last run, begun {last[0]}, was not ended; what it took in is kept"
        yield Finding(Level.WARNING, "unfinished", text, mend="run the same `kjelda ingest` again")


def _failed(truth: Truth, _home: Path) -> Iterator[Finding]:
    """What could not be read the last time it was met."""
    entries = truth.runs.unmended()
    if not entries:
        return
    roots = {entry.source.partition("|")[0] for entry in entries}
    paths = sorted(shlex.quote(root) for root in roots if Path(root).is_absolute())
    again = f"kjelda ingest {' '.join(paths) if paths and len(paths) <= _NAMED else '[PATH]'}"
    mend = (
        f"correct the files or take them away, then `{again if paths else 'kjelda ingest'}`; where "
        "a folder is gone for good, `kjelda forget PATH`"
    )
    text = f"{_count(entries, 'file')} could not be read"
    told = tuple(f"{entry.uri}: {entry.reason}" for entry in entries)
    yield Finding(Level.WARNING, "failed", text, told, mend)


def _texts(truth: Truth, _home: Path) -> Iterator[Finding]:
    """Documents without text, and those that say the same."""
    empty: list[str] = []
    alike: dict[str, list[str]] = defaultdict(list)
    for document in truth.documents():
        passages = truth.passages_of(document.id)
        if not passages:
            empty.append(document.id)
            continue
        digest = hashlib.blake2b(digest_size=16)
        for passage in passages:
            digest.update(passage.text.encode())
        alike[digest.hexdigest()].append(document.id)
    if empty:
        text = f"{_count(empty, 'document')} without text"
        yield Finding(
            Level.WARNING, "no_text", text, tuple(empty), "kjelda ingest PATH, with a file of it"
        )
    where = places(truth)
    twice = [
        " = ".join(f"{one} ({_place(*where[one])})" for one in ids)
        for ids in alike.values()
        if len(ids) > 1
    ]
    if twice:
        text = f"{_count(twice, 'text')} in the base more than once"
        mend = (
            "nothing must be done. To have it once: take one of two files away and run `kjelda "
            "ingest` on its folder; where a file is gone already, `kjelda forget` its id. Where "
            "both have the same path, `kjelda ingest` on the outer folder joins them"
        )
        yield Finding(Level.WARNING, "duplicates", text, tuple(twice), mend)


def _currency(truth: Truth, _home: Path) -> Iterator[Finding]:
    """Documents whose status is in doubt."""
    documents = {document.id: document for document in truth.documents()}
    conflicts = [d.id for d in documents.values() if disagree(d.claims)]
    if conflicts:
        text = f"the sources disagree on the status of {_count(conflicts, 'document')}"
        mend = "kjelda show DOCUMENT tells what each says; correct the register or the file"
        yield Finding(Level.WARNING, "conflict", text, tuple(conflicts), mend)
    doubt = [d.id for d in documents.values() if _is_in_doubt(d) and d.id not in conflicts]
    if doubt:
        text = f"{_count(doubt, 'document')} in doubt: what is said of them is no clear status"
        yield Finding(Level.WARNING, "doubt", text, tuple(doubt), "kjelda show DOCUMENT")
    lost = [
        f"{d.id} → {d.replaced_by}"
        for d in documents.values()
        if d.replaced_by and d.replaced_by not in documents
    ]
    if lost:
        text = f"{_count(lost, 'document')} replaced by one that is not in the base"
        yield Finding(
            Level.WARNING, "heir_missing", text, tuple(lost), "kjelda ingest PATH, of that document"
        )


def _fetched(_truth: Truth, home: Path) -> Iterator[Finding]:
    """Pages that were fetched, or should have been."""
    if not (home / FOLDER / "shelf.sqlite").exists():
        return
    with closing(Shelf(home)) as shelf:
        pages = shelf.pages()
        damaged = [page.url for page in pages if _is_damaged(shelf, page)]
    limit = datetime.now(UTC) - STALE
    stale = [p.url for p in pages if p.checked and datetime.fromisoformat(p.checked) < limit]
    gone = [p.url for p in pages if p.gone]
    failed = [f"{p.url} ({p.failure})" for p in pages if p.failure]
    again = "kjelda ingest"
    if damaged:
        text = f"{_count(damaged, 'fetched page')} not as fetched any more"
        yield Finding(Level.ERROR, "shelf", text, tuple(damaged), "kjelda ingest --again")
    if stale:
        text = f"{_count(stale, 'page')} not checked with the publisher for {STALE.days} days"
        yield Finding(Level.WARNING, "stale", text, tuple(stale), again)
    if failed:
        text = f"{_count(failed, 'page')} could not be fetched last time"
        yield Finding(Level.WARNING, "fetch_failed", text, tuple(failed), again)
    if gone:
        text = f"{_count(gone, 'page')} not shown by the publisher any more"
        yield Finding(
            Level.WARNING,
            "gone",
            text,
            tuple(gone),
            "kjelda show DOCUMENT; where another took its place: kjelda ingest PATH, with that",
        )


def _tools(_truth: Truth, _home: Path) -> Iterator[Finding]:
    if not ocr.is_installed():
        text = "Tesseract with Norwegian is not here: scans are reported, not read"
        yield Finding(Level.NOTE, "ocr", text, mend="apt-get install tesseract-ocr-nor")


def _model(truth: Truth, model_id: Callable[[], str]) -> Iterator[Finding]:
    stored, wanted = truth.model_id, model_id()
    if stored is not None and stored != wanted:
        text = f"the base was embedded with {stored}, and {wanted} is set"
        yield Finding(Level.ERROR, "model", text, mend="kjelda rebuild, or set KJELDA_MODEL back")


_CHECKS: Sequence[Check] = (
    _rows,
    _vectors,
    _index,
    _run,
    _failed,
    _texts,
    _currency,
    _fetched,
    _tools,
)


def _is_damaged(shelf: Shelf, page: Page) -> bool:
    if page.digest is None:
        return False
    body = shelf.body(page)
    return body is None or content_digest(body) != page.digest


def _is_in_doubt(document: Document) -> bool:
    doubted = any(claim.is_doubt for claim in document.claims)
    return doubted and document.status is Status.UNKNOWN


def _place(source: str, known: Known, place: str | None) -> str:
    """Where a document came from, in words: its path, or its collection and address."""
    if place is None:
        return f"{known.collection}: {source.partition('|')[2]}"
    path = unquote(place)
    there = names.on_disk(path.partition("!/")[0]).exists()
    return path if there else f"{path}, which is not there now"


def _count(things: Sequence[object], name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"


def shown(names: Sequence[str]) -> list[str]:
    """The first names, and how many more there are."""
    more = len(names) - _NAMED
    return [*names[:_NAMED], *([f"and {more} more"] if more > 0 else [])]
