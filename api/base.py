"""The open base behind the web: opened once, warmed up, and asked whether it is ready."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from corpus.documents import Document, Passage
from search.errors import SearchError, StoreError
from search.values import Query, SearchResult

if TYPE_CHECKING:
    from search.store.history import Change, Edition
    from search.store.truth import Known
    from search.survey import Treated

WARM_UP = "rettleiing"  # any word will do: it loads model and index

CLOSE_WAITS = 2.0  # seconds that Ctrl-C may take while the model loads


class Searching(Protocol):
    """What the rim needs of search.engine.Searcher."""

    def search(self, query: Query) -> SearchResult:
        """Find passages."""

    def survey(self, query: Query) -> tuple[Treated, ...]:
        """All documents that treat a topic."""

    def document(self, name: str) -> Document | None:
        """A document with its sections."""

    def passages_of(self, document_id: str) -> list[Passage]:
        """All passages of a document."""

    def edition(self, document_id: str, number: int) -> Edition | None:
        """An earlier edition of a document."""

    def editions(self, document_id: str) -> list[tuple[int, str]]:
        """The earlier editions of a document."""

    def changes(self, since: date) -> list[Change]:
        """What changed on or after a day."""

    def publishers(self) -> list[str]:
        """All publishers in the base."""

    def status(self) -> dict[str, Any]:
        """What is in the base."""

    def documents(self) -> list[Document]:
        """All documents, without their sections."""

    def text_of(self, card: str) -> Document | None:
        """The text that a source card stands for, where it is in the base."""

    def replaces(self, document_id: str) -> list[Document]:
        """The documents that this one takes the place of."""

    def provenance(self, document_id: str) -> tuple[str, Known] | None:
        """Where a document was read from, and its digests."""

    def currency(self) -> dict[str, Any]:
        """How current the base is."""

    def close(self) -> None:
        """Let go of it."""


Opener = Callable[[], Searching]


def opener(home: Path, model: str | None, *, download: bool = False) -> Opener:
    """How to open the base in a data folder. Nothing slow is imported until it is done."""

    def open_base() -> Searching:
        from search.embedding.encoder import load
        from search.engine import Searcher

        return Searcher.open(home, lambda: load(model, home, download=download))

    return open_base


class Base:
    """One searcher for all requests, opened at first use and tried again after a failure."""

    def __init__(self, open_base: Opener) -> None:
        self._open = open_base
        self._lock = threading.Lock()
        self._warming = threading.Lock()
        self._searcher: Searching | None = None
        self._warm = False
        self._closed = False

    def searcher(self) -> Searching:
        """The open searcher. Raises SearchError."""
        if self._searcher is None:
            with self._lock:
                if self._closed:
                    raise StoreError("the server is stopping")
                if self._searcher is None:
                    self._searcher = self._open()
        return self._searcher

    def warm_up(self) -> None:
        """Let model and index answer one query. Raises SearchError."""
        from search.query import parse

        with self._warming:
            self.searcher().search(parse(WARM_UP, limit=1))
            self._warm = True

    def missing(self) -> str | None:
        """What is missing before a query can be answered, or None when ready. Never waits long."""
        if self._warming.locked():
            return "the model and the index are being loaded"
        try:
            if self._warm:
                self.searcher().status()
            else:
                self.warm_up()
        except SearchError as error:
            return str(error)
        return None

    def close(self) -> None:
        """Let go of the searcher. Waits for a warm-up: SQLite crashes when closed in use."""
        if not self._warming.acquire(timeout=CLOSE_WAITS):
            return  # the model still loads; the process ends and takes everything with it
        try:
            with self._lock:
                self._closed = True
                if self._searcher is not None:
                    self._searcher.close()
                self._searcher = None
                self._warm = False
        finally:
            self._warming.release()
