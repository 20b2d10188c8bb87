"""What many tests need: a base in a temporary folder, and two encoders.

``encoder`` is a stand-in that hashes words: it is there at once, the same everywhere, and near
texts share words. Tests of stores, delta, sync and crashes use it, because they ask whether
what went in comes out again, not what a text means. ``model`` is the real one.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import settings

from corpus.documents import Document, Language, Passage, Place, Section
from search.embedding.encoder import Encoder, load
from search.engine import DATABASE, Searcher
from search.index import Index
from search.store import generations, publishing
from search.store.truth import Stored, Truth

# In CI the same examples every time: a run must not fail by chance. Machines are slow: no deadline.
settings.register_profile("kjelda", derandomize=bool(os.environ.get("CI")), deadline=None)
settings.load_profile("kjelda")

DIMENSION = 64


class HashingEncoder:
    """Words hashed to a unit vector. ``embedded`` are the passages it was given, in order."""

    dimension = DIMENSION
    max_tokens = 128
    nothing_below: float | None = None
    calibrated = False

    def __init__(self, model_id: str = "hashing/1") -> None:
        self.model_id = model_id
        self.embedded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit vectors of the texts."""
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 0.1  # no text is the zero vector
            for word in re.findall(r"\w+", text.lower()):
                code = zlib.crc32(word.encode())
                row[code % DIMENSION] += 1 if code & 0x10000 else -1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        """The same, remembered in ``embedded``."""
        self.embedded += texts
        if progress:
            progress(len(texts))
        return self.encode_queries(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words, and two marks."""
        return [len(re.findall(r"\w+|[^\w\s]", text)) + 2 for text in texts]

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Where each word stands."""
        return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]


class Base:
    """A base in a folder, filled through Truth as ingest does, but without files."""

    def __init__(self, home: Path, encoder: Any) -> None:
        self.home = home
        self.encoder = encoder
        self.truth = Truth(home / DATABASE)
        self._open: list[Callable[[], None]] = [self.truth.close]

    def put(self, id: str, *texts: str, section: str | None = None, **fields: Any) -> Document:
        """Write a document with these texts as its passages, one a section."""
        headings = fields.pop("headings", ())
        place = Place(section=section)
        document = Document(
            id=id,
            uri=fields.pop("uri", f"test:{id}"),
            title=fields.pop("title", id),
            sections=tuple(Section(headings, text, place) for text in texts),
            **fields,
        )
        passages = tuple(
            Passage(id, n, document.title, headings, text, place, Language.BOKMAL, n)
            for n, text in enumerate(texts)
        )
        vectors = self.encoder.encode_passages([p.embedded for p in passages])
        stored = Stored(document, passages, vectors, f"test|{id}", "test", id)
        self.truth.apply(stored, self.encoder.model_id, "added")
        return replace(document, sections=())

    def delete(self, id: str) -> None:
        """Remove a document."""
        self.truth.delete(id)

    def publish(self) -> generations.Manifest:
        """Build a generation of all there is."""
        return publishing.build(self.home / "index", self.truth)

    def searcher(self, encoder: Callable[[], Any] | None = None) -> Searcher:
        """A searcher, closed with the test."""
        found = Searcher.open(self.home, encoder or (lambda: self.encoder))
        self._open.append(found.close)
        return found

    def index(self) -> Index:
        """An index over this very connection, closed with the test."""
        found = Index(self.home, self.truth)
        self._open.append(found.close)
        return found

    def close(self) -> None:
        """Close what was opened, the last first."""
        for close in reversed(self._open):
            close()


def pytest_addoption(parser: pytest.Parser) -> None:
    """An option to write the golden files anew."""
    parser.addoption("--golden", action="store_true", help="write golden files anew")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """In CI a test that skips has failed: Chromium and the evaluation sets are there."""
    report = yield
    if (
        report.skipped
        and os.environ.get("TESTS_MUST_NOT_SKIP")
        and not item.get_closest_marker("slow")
        and not hasattr(report, "wasxfail")
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may skip: {report.longrepr}"
    return report


@pytest.fixture
def encoder() -> HashingEncoder:
    """The stand-in: for tests that do not ask what a text means."""
    return HashingEncoder()


@pytest.fixture
def make_encoder() -> type[HashingEncoder]:
    """The stand-in's class, for a second one with another model id."""
    return HashingEncoder


@pytest.fixture(scope="session")
def make_base() -> Callable[[Path], Base]:
    """Bases with the stand-in, for fixtures that live longer than a test."""
    return lambda home: Base(home, HashingEncoder())


@pytest.fixture
def base(tmp_path: Path, encoder: HashingEncoder) -> Iterator[Base]:
    """An empty base with the stand-in."""
    found = Base(tmp_path, encoder)
    yield found
    found.close()


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """The real default model: from $KJELDA_HOME if it is built there, else built once."""
    home = os.environ.get("KJELDA_HOME")
    if home and Path(home, "models").is_dir():
        return load(None, Path(home))
    return load(None, tmp_path_factory.mktemp("model"))


@pytest.fixture
def today() -> date:
    """A day for runs that must not depend on the calendar."""
    return date(2026, 11, 23)
