"""Bring the base in line with files and with the register: the ways to run an ingest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

import corpus
from corpus.sources import Source, load_sources
from ingest.chunk import chunk
from ingest.fetch.chapters import Chapters, chapters
from ingest.fetch.shelf import FOLDER, Shelf
from ingest.intake import collection, registered
from ingest.language import detect
from ingest.plan import Action, event
from ingest.readers import Readers
from ingest.register import Library, address
from ingest.report import Progress, Report, Tell, now
from ingest.session import Session
from search.embedding.encoder import Encoder
from search.engine import DATABASE
from search.errors import StoreError
from search.store import publishing
from search.store.truth import Stored, Truth

if TYPE_CHECKING:
    from ingest.fetch.walk import Walk

SHIPPED = Path(corpus.__file__).parent / "documents"
SHIPPED_NAME = "corpus"

MakeWalk = Callable[[Shelf, Tell], "Walk"]


class Busy(StoreError):
    """Another process writes to the base."""


def ingest(
    paths: Sequence[Path],
    *,
    home: Path,
    encoder: Encoder,
    progress: Tell | None = None,
    today: date | None = None,
) -> Report:
    """Take files, folders and archives in, and follow what changed or went in them.

    Raises StoreError (Busy, ModelMismatch, BaseNewer); a bad file is a line in the report.
    """
    with writing(home) as truth, Readers() as readers:
        session = Session(truth, home, encoder, progress, today)
        for path in paths:
            collection(session, readers, path)
        return session.finish()


def ingest_register(
    *,
    home: Path,
    encoder: Encoder,
    progress: Tell | None = None,
    today: date | None = None,
    walk: MakeWalk | None = None,
    sources: Sequence[Source] | None = None,
) -> Report:
    """Take in what Kjelda ships, and the register: its texts where they were fetched, else cards.

    With ``walk`` the register's pages are fetched first (``online``); without, nothing is, and
    what was fetched before counts.
    """
    sources = load_sources() if sources is None else sources
    with writing(home) as truth, Readers() as readers:
        session = Session(truth, home, encoder, progress, today)
        collection(session, readers, SHIPPED, SHIPPED_NAME)
        if walk is None and not (home / FOLDER).exists():
            registered(session, sources, None)
            return session.finish()
        with closing(Shelf(home)) as shelf:
            follow: Chapters = chapters
            if walk is not None:
                tour = walk(shelf, session.tell)
                follow = tour.chapters
                with closing(tour.client):
                    tour.run(dict.fromkeys(filter(None, map(address, sources))))
                session.failed += tour.failures
            registered(session, sources, Library(shelf, sources, follow))
        return session.finish()


def online(contact: str | None = None, *, again: bool = False) -> MakeWalk:
    """How to fetch from the publishers. ``again`` asks also for what was checked lately."""
    # What reaches the network is loaded only where it is to be reached.
    from ingest.fetch.client import Client
    from ingest.fetch.walk import Walk

    def make(shelf: Shelf, tell: Tell) -> Walk:
        walk = Walk(shelf, Client(contact=contact), tell=tell)
        if again:
            walk.fresh *= 0
        return walk

    return make


@contextmanager
def writing(home: Path) -> Iterator[Truth]:
    """The truth, opened for writing by this process alone. Raises Busy."""
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "write.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Busy(f"another process writes to {home}; wait until it is done") from error
    try:
        truth = Truth(home / DATABASE)
        try:
            yield truth
        finally:
            truth.close()
    finally:
        lock.release()


def rebuild(*, home: Path, encoder: Encoder, progress: Tell | None = None) -> Report:
    """Cut and embed everything anew with this model, from what is stored.

    Killed midway, it goes on where it was when run again.
    """
    tell = progress or (lambda _: None)
    started = time.monotonic()
    embedded = 0
    with writing(home) as truth:
        if truth.model_id != encoder.model_id:
            truth.forget_model(encoder.model_id)
        waiting = truth.without_vectors()
        for number, document_id in enumerate(waiting, 1):
            tell(Progress("embed", number, len(waiting), document_id))
            document = truth.document(document_id)
            provenance = truth.provenance(document_id)
            if document is None or provenance is None:
                continue
            passages = chunk(document, encoder.count_tokens, encoder.max_tokens, detect=detect)
            vectors = encoder.encode_passages([p.embedded for p in passages])
            # Another model may cut it otherwise: what was cited must open all the same.
            before = [passage.text for passage in truth.passages_of(document_id)]
            recut = before != [passage.text for passage in passages]
            told = event(document, document, now(), recut=recut, reread=True)
            document = replace(document, edition=document.edition + recut)
            stored = Stored(document, passages, vectors, *provenance)
            truth.apply(stored, encoder.model_id, Action.UPDATE, told)
            embedded += len(passages)
        publishing.build(
            home / "index",
            truth,
            lambda stage, done, total: tell(Progress("index", done, total, stage)),
        )
        counts = truth.counts()
    return Report(
        updated=tuple(waiting),
        embedded=embedded,
        passages=counts["passages"],
        documents=counts["documents"],
        seconds=round(time.monotonic() - started, 2),
    )
