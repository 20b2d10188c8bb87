"""Searches that found nothing, counted without keeping anything that may identify a person.

Kept are, by day, how many there were of each coarse kind (written form, number of words, with
filters or not, how many words were unknown), and by month the words themselves, but only those
that are certainly ordinary: they stand in our own lists, or the base says them in lower case,
inside running text, in two documents or more. Norwegian writes names with
a capital letter, so a name doesn't pass, also where the base has it, nor an address, a number or
a word that nobody but the reader uses. Words are kept apart from the day and from each other.

A thread of its own does the counting: no search waits for it, and none fails with it.
"""

from __future__ import annotations

import gzip
import logging
import queue
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from api.feedback.store import is_there, open_file, unwritable
from search.errors import SearchError
from search.values import SearchResult

FILE = "missing.sqlite"
ORDINARY = Path(__file__).with_name("ordinary.txt.gz")
_WAIT = 2.0  # seconds for another writer
_WAITING = 20  # searches that wait to be counted; more are not counted
_ASKED = 12  # words of a question that the base is asked for; in a large base each takes a while
_DOCUMENTS = 2  # that must say a word
_LENGTH = range(3, 41)  # letters of a word that is kept
_AROUND = '.,;:?!()«»"“”„…'  # what stands about a word in running text
_WORD = re.compile(r"[^\W\d_]+")
_TABLES = """
CREATE TABLE searches (
    day TEXT NOT NULL, form TEXT NOT NULL, words TEXT NOT NULL, filtered INTEGER NOT NULL,
    number INTEGER NOT NULL, unknown INTEGER NOT NULL,
    PRIMARY KEY (day, form, words, filtered)
) WITHOUT ROWID;
CREATE TABLE words (
    word TEXT NOT NULL, month TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (word, month)
) WITHOUT ROWID
"""
_log = logging.getLogger("kjelda.feedback")

# (document id, text) of the passages that hold a text, with its capitals as they are.
Texts = Callable[[str], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Counted:
    """What is kept of one search."""

    form: str
    words: str
    filtered: bool
    unknown: int
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is kept of all searches since a day."""

    searches: int
    unknown: int
    by_form: dict[str, int]
    by_words: dict[str, int]
    words: dict[str, int]


def reduce(text: str, *, filtered: bool, texts: Texts) -> Counted:
    """What may be kept of a question: coarse properties, and words that are ordinary."""
    from search.analysis.form import written_form
    from search.analysis.stopwords import ENGLISH_COMMON, STOPWORDS

    idle = STOPWORDS | ENGLISH_COMMON
    said: dict[str, bool] = {}
    first = True
    for token in text.split():
        # Only what stands by itself: no part of an address, a number or a double name.
        written = token.strip(_AROUND)
        word = written.lower()
        # A word that is a name anywhere in the question is one everywhere in it.
        if word and word not in idle and said.get(word, True):
            said[word] = bool(_WORD.fullmatch(written)) and _may_be_kept(written, first)
        first = token.endswith((".", "?", "!"))
    asked = [word for word, allowed in said.items() if allowed][:_ASKED]
    known = tuple(word for word in asked if is_ordinary(word, texts))
    return Counted(
        str(written_form(text)), _bucket(len(text.split())), filtered, len(said) - len(known), known
    )


def _may_be_kept(word: str, first: bool) -> bool:
    """Whether nothing about how a word is written says that it is a name or a part of one.

    ``first`` says that a sentence begins with it.
    """
    if len(word) not in _LENGTH:
        return False
    return word == word.lower() or (first and word[1:] == word[1:].lower())


def is_ordinary(word: str, texts: Texts) -> bool:
    """Whether a lower-case word is on our lists, or one that the base's own prose uses."""
    if word in ordinary_words():
        return True
    # Spaces around it: kari.hansen@example.no is no running text.
    running = re.compile(rf"(?<![^\s(«]){re.escape(word)}(?=[\s,;:)»?!]|\.?(?:\s|$))")
    seen: set[str] = set()
    for document, text in texts(word):
        if document not in seen and running.search(text):
            seen.add(document)
            if len(seen) >= _DOCUMENTS:
                return True
    return False


@cache
def ordinary_words() -> frozenset[str]:
    """The words of our own lists: those by hand, and the lexicon's that are no names.

    The lexicon itself holds surnames; tests/tools/make_ordinary.py tells them apart.
    """
    from corpus.vocabulary import everyday, groups

    ordinary = gzip.decompress(ORDINARY.read_bytes()).decode().split("\n")
    listed = [form for group in (*groups(), *everyday()) for form in (*group.forms, *group.means)]
    return frozenset(ordinary) | {w.lower() for form in listed for w in _WORD.findall(form)}


def _bucket(words: int) -> str:
    return "1" if words <= 1 else "2-3" if words <= 3 else "4-7" if words <= 7 else "8+"


class Counter:
    """Counts searches that found nothing, in the background. ``texts`` reads the base."""

    def __init__(self, home: Path, texts: Texts | None = None) -> None:
        self.path = home / FILE
        self._texts = texts or base_texts(home)
        self._waiting: queue.Queue[tuple[str, bool] | None] = queue.Queue(_WAITING)
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()
        self._told = False
        self._closing = threading.Event()

    def note(self, result: SearchResult, *, acute: bool = False) -> None:
        """Count a search if it found nothing. Never raises and never waits.

        ``acute`` says that somebody may be in danger: then nothing at all is kept. A notice of
        that kind says the same.
        """
        if result.status != "nothing_found" or acute:
            return
        if any(notice.kind == "acute" for notice in result.notices):
            return
        try:
            self._start()
            self._waiting.put_nowait((result.query.text, bool(result.query.filters)))
        except queue.Full:
            self._tell("too many at once")
        except RuntimeError as error:  # no thread can be started
            self._tell(str(error))

    def close(self, wait: float = 2.0) -> None:
        """Count what waits, and stop."""
        with self._guard:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._closing.set()
            try:
                self._waiting.put(None, timeout=wait)
            except queue.Full:
                return  # a daemon: it ends with the process
            thread.join(wait)

    def _start(self) -> None:
        with self._guard:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (item := self._waiting.get()) is not None:
            start = time.monotonic()
            try:
                self._store(reduce(item[0], filtered=item[1], texts=self._texts))
            except (sqlite3.Error, OSError, SearchError) as error:
                self._tell(str(error))
            # Half of one core at most, also when nonsense is asked all the time.
            self._closing.wait(time.monotonic() - start)

    def _store(self, counted: Counted) -> None:
        today = datetime.now(UTC).date()
        key = (today.isoformat(), counted.form, counted.words, int(counted.filtered))
        with open_file(self.path, write=True, tables=_TABLES, wait=_WAIT) as db:
            db.execute(
                "INSERT INTO searches VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET "
                "number = number + 1, unknown = unknown + excluded.unknown",
                (*key, counted.unknown),
            )
            db.executemany(
                "INSERT INTO words VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET number = number + 1",
                [(word, f"{today:%Y-%m}") for word in counted.known],
            )

    def _tell(self, why: str) -> None:
        """Say once that searches without hits are not counted; `kjelda doctor` says it too."""
        if not self._told:
            self._told = True
            _log.warning("searches without hits are not counted: %s: %s", self.path, why)


def base_texts(home: Path) -> Texts:
    """How to read the base's passages; slow modules load at the first search that fails."""

    def texts(word: str) -> Iterable[tuple[str, str]]:
        from search.engine import DATABASE
        from search.store.truth import Truth

        truth = Truth(home / DATABASE, read_only=True)
        try:
            yield from truth.texts_with(word)
        finally:
            truth.close()

    return texts


def read(home: Path, since: date | None = None) -> Missing:
    """What is counted since a day, words since its month; the most frequent first.

    Raises sqlite3.Error.
    """
    path = home / FILE
    if not is_there(path):
        return Missing(0, 0, {}, {}, {})
    day = since.isoformat() if since else ""
    with open_file(path, write=False, tables=_TABLES, wait=_WAIT) as db:
        total = db.execute(
            "SELECT coalesce(sum(number), 0), coalesce(sum(unknown), 0) FROM searches "
            "WHERE day >= ?",
            (day,),
        ).fetchone()
        by_form, by_words = (
            db.execute(
                f"SELECT {column}, sum(number) FROM searches WHERE day >= ? "  # noqa: S608 - literal
                f"GROUP BY {column} ORDER BY 2 DESC, 1",
                (day,),
            ).fetchall()
            for column in ("form", "words")
        )
        words = db.execute(
            "SELECT word, sum(number) FROM words WHERE month >= ? GROUP BY word ORDER BY 2 DESC, 1",
            (day[:7],),
        ).fetchall()
    return Missing(total[0], total[1], dict(by_form), dict(by_words), dict(words))


def fault(home: Path) -> str | None:
    """Why searches couldn't be counted now, or None. Leaves no file behind."""
    path = home / FILE
    if not path.exists():
        return unwritable(home)
    try:
        with open_file(path, write=True, tables=_TABLES, wait=_WAIT):
            return None
    except sqlite3.Error as error:
        return f"{path} can't be used: {error}"
