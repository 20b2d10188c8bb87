"""One run of ingest: what it has met, what waits for the model, what it did.

Each document is applied in one transaction, and a run that is killed is mended by
running it again: what was applied is kept, nothing is embedded twice.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path

import numpy as np

from corpus.documents import Document, Passage
from ingest.chunk import CHUNKER, Detect, chunk
from ingest.extract import EXTRACTOR
from ingest.indexing import Indexing
from ingest.language import detect
from ingest.plan import Action, action, event, source_digest, unchanged
from ingest.read import Failure
from ingest.report import Moved, Progress, Report, Tell, now, unforeseen
from ingest.walked import still_unmended
from search.embedding.encoder import Encoder
from search.errors import SearchError, StoreError
from search.store.connection import OF_A_ROW
from search.store.runs import Unmended
from search.store.truth import Stored, Truth, Vectors

# Passages gathered from several documents before the model runs: full batches.
BATCH = 256
# Documents that wait at most, also where nothing is to be embedded: memory, and what a kill costs.
WAITING = 100


@dataclass
class _Pending:
    """A document that is read and cut, waiting for its vectors."""

    uri: str
    document: Document
    passages: tuple[Passage, ...]
    source: str
    root: str
    digest: str
    content: str
    action: Action
    old: Document | None  # as it is stored
    recut: bool  # its passages are not those that are stored
    vectors: dict[int, Vectors] = field(default_factory=dict)


class Session:
    """One ingest: what it has met, what waits for the model, what it did."""

    def __init__(
        self,
        truth: Truth,
        home: Path,
        encoder: Encoder,
        progress: Tell | None,
        today: date | None,
    ) -> None:
        truth.require_model(encoder.model_id)
        self.truth = truth
        self.encoder = encoder
        self.tell = progress or (lambda _: None)
        self.today = today or datetime.now(UTC).date()
        self.started = time.monotonic()
        self.id = truth.runs.begin(now())
        self.versions = (EXTRACTOR, CHUNKER, encoder.model_id, f"{encoder.max_tokens}")
        self.changed = True
        self.refresh()
        self.seen: set[str] = set()
        self.pending: list[_Pending] = []
        self.done: dict[Action, list[str]] = {a: [] for a in Action}
        self.deleted: list[str] = []
        self.failed: list[Failure] = []
        self.ignored: list[str] = []
        self.warnings: list[str] = []
        self.notes: list[str] = []
        self.moves: dict[str, str] = {}  # new source -> the old one's uri
        self.moved: list[Moved] = []
        self.scopes: list[str] = []  # what was walked
        self.unmended: list[Unmended] = []
        self.embedded = 0
        self.indexing = Indexing(truth, home / "index", self.tell)

    def refresh(self) -> None:
        """Read anew what is known, where this run has changed it."""
        if not self.changed:
            return
        self.changed = False
        self.known = self.truth.known()
        self.owner = {entry.document_id: source for source, entry in self.known.items()}

    # -- what the intake tells ----------------------------------------------

    @contextmanager
    def one(self, uri: str) -> Iterator[None]:
        """A fault of ours in one document is a line; one of the base or the machine is the end."""
        try:
            yield
        except (SearchError, OSError, MemoryError):
            raise
        except Exception as error:
            if isinstance(error, sqlite3.Error) and not isinstance(error, OF_A_ROW):
                raise StoreError(
                    f"the base can't be read ({error}); see `kjelda doctor`"
                ) from error
            self.failed.append(unforeseen(uri, f"{type(error).__name__}: {error}"))

    def unchanged(self, source: str, uri: str, digest: str) -> bool:
        """Whether a source is as it was; it is then noted as kept."""
        self.seen.add(source)
        if not unchanged(self.known.get(source), digest):
            return False
        self.done[Action.KEEP].append(uri)
        return True

    def digest(self, data: bytes, uri: str = "", *, dated: bool = False) -> str:
        """A digest of a source and of all that decides what becomes of it.

        ``dated``: its status depends on the day, so it is looked at again in a new month.
        """
        month = (self.today.strftime("%Y-%m"),) if dated else ()
        return source_digest(data, uri, *self.versions, *month)

    def document(
        self,
        document: Document,
        uri: str,
        source: str,
        root: str,
        digest: str,
        content: str,
        language: Detect = detect,
    ) -> None:
        """A document that was read: cut it, and let it wait for its vectors."""
        with self.one(uri):
            self._prepare(document, uri, source, root, digest, content, language)
        to_embed = sum(len(e.passages) - len(e.vectors) for e in self.pending)
        if to_embed >= BATCH or len(self.pending) >= WAITING:
            self.flush()

    def _prepare(
        self,
        document: Document,
        uri: str,
        source: str,
        root: str,
        digest: str,
        content: str,
        language: Detect,
    ) -> None:
        document = self._named(document, source)
        taken = self.owner.get(document.id)
        if taken is not None and taken != source and taken in self.seen:
            other = taken.partition("|")[2] or taken
            self.warnings.append(
                f"{uri}: the same document as {other} ({document.id}); that one is kept"
            )
            self.done[Action.KEEP].append(uri)
            return
        count, most = self.encoder.count_tokens, self.encoder.max_tokens
        passages = chunk(document, count, most, detect=language)
        self._take(document.id, source)
        old = self.truth.document(document.id)
        have = self.truth.vectors_by_text(document.id) if old else {}
        stored = self.truth.passages_of(document.id) if old else []
        what = action(document, passages, old, [p.digest for p in stored])
        if what is Action.KEEP and len(have) == 0 < len(passages):
            what = Action.UPDATE  # its vectors are missing
        recut = [p.text for p in stored] != [p.text for p in passages]
        entry = _Pending(uri, document, passages, source, root, digest, content, what, old, recut)
        entry.vectors = {
            number: have[passage.embedded]
            for number, passage in enumerate(passages)
            if passage.embedded in have
        }
        self.pending.append(entry)

    def _take(self, document_id: str, source: str) -> None:
        """Note that a source holds this document now, and no other any more."""
        before = self.known.get(source)
        if before is not None and self.owner.get(before.document_id) == source:
            del self.owner[before.document_id]
        self.owner[document_id] = source

    def _named(self, document: Document, source: str) -> Document:
        """A file without an address of its own is known by its source.

        It keeps the id it got, wherever it has moved; it must not pass for another of its name.
        """
        if not document.uri.startswith("file:"):
            return document
        before = self.known.get(source)
        if before is not None and not before.own and self.owner.get(before.document_id) == source:
            return replace(document, id=before.document_id)
        if self.owner.get(document.id) in (None, source):
            return document
        mark = blake2b(source.encode(), digest_size=5).hexdigest()
        return replace(document, id=f"{document.id}-{mark}")

    # -- to the truth --------------------------------------------------------

    def flush(self) -> None:
        """Embed what waits, in full batches over documents, and apply each document."""
        wanted = [
            (entry, number)
            for entry in self.pending
            for number in range(len(entry.passages))
            if number not in entry.vectors
        ]
        if wanted:
            base = self.embedded
            texts = [entry.passages[number].embedded for entry, number in wanted]
            self.tell(Progress("embed", base, None, self.pending[-1].uri))
            vectors = self.encoder.encode_passages(
                texts, lambda done: self.tell(Progress("embed", base + done, None))
            )
            for (entry, number), vector in zip(wanted, vectors, strict=True):
                entry.vectors[number] = vector
            self.embedded += len(wanted)
        for entry in self.pending:
            with self.one(entry.uri):
                self._apply(entry)
        self.pending.clear()
        self.indexing.during()

    def _apply(self, entry: _Pending) -> None:
        self.changed = True
        if entry.action is not Action.KEEP or not self.truth.retag(
            entry.document.id, entry.source, entry.root, entry.digest, entry.content
        ):
            self._write(entry)
        before = self.moves.get(entry.source)
        if before not in (None, entry.uri) and not entry.recut:
            self.moved.append(Moved(entry.uri, before))
        else:
            self.done[entry.action].append(entry.uri)

    def _write(self, entry: _Pending) -> None:
        before = self.known.get(entry.source)
        reread = before is not None and before.content in (entry.content, None)
        told = event(entry.old, entry.document, now(), recut=entry.recut, reread=reread)
        if entry.old is not None:
            edition = entry.old.edition + (told is not None and told.keep)
            entry.document = replace(entry.document, edition=edition)
        rows = [entry.vectors[number] for number in range(len(entry.passages))]
        matrix = np.array(rows, dtype=np.float32).reshape(len(rows), self.encoder.dimension)
        stored = Stored(
            entry.document,
            entry.passages,
            matrix,
            entry.source,
            entry.root,
            entry.digest,
            entry.content,
        )
        self.truth.apply(stored, self.encoder.model_id, entry.action, told)
        self.indexing.newer += len(entry.passages)

    def delete(self, document_id: str, at: str | None = None) -> None:
        """Remove a document; without a moment, readers are not told."""
        self.truth.delete(document_id, at)
        self.changed = True
        self.indexing.newer += 1

    # -- the end ---------------------------------------------------------------

    def finish(self) -> Report:
        """Publish an index where one is due, and sum up."""
        self.indexing.finish()
        if waiting := self.truth.without_vectors():
            self.warnings.append(
                f"{len(waiting)} documents wait for their vectors since a rebuild was cut short; "
                "run `kjelda rebuild`"
            )
        counts = self.truth.counts()
        report = Report(
            added=tuple(self.done[Action.ADD]),
            updated=tuple(self.done[Action.UPDATE]),
            kept=tuple(self.done[Action.KEEP]),
            deleted=tuple(self.deleted),
            failed=tuple(self.failed),
            ignored=tuple(self.ignored),
            warnings=tuple(self.warnings),
            notes=tuple(self.notes),
            moved=tuple(self.moved),
            embedded=self.embedded,
            passages=counts["passages"],
            documents=counts["documents"],
            seconds=round(time.monotonic() - self.started, 2),
        )
        told = json.dumps(report.as_json(), ensure_ascii=False)
        self.truth.runs.end(self.id, now(), told, still_unmended(self))
        return report
