"""Go through addresses: one host at a time gets one request, then its rest; nothing is lost.

Hosts take turns, so that the pause each is given costs the others nothing. What is fetched is on
the shelf at once: a run that is broken off goes on where it was.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from ingest.errors import IngestError
from ingest.extract.media import media_type
from ingest.fetch.chapters import Chapters, chapters
from ingest.fetch.client import Answer, Client, FetchError, Gone
from ingest.fetch.guard import Unresolved
from ingest.fetch.robots import Robots
from ingest.fetch.shelf import Page, Shelf, name_of
from ingest.read import Failure, is_archive
from ingest.report import Progress, Tell

FRESH = timedelta(hours=12)  # what was checked since is not asked for again
_TRIES = 3
_LONGEST_WAIT = 120.0  # seconds that a server may ask one to wait
_UNREACHED = 3  # failed connections in a row, after which a host is left for this run
_NO_NETWORK = 4  # hosts without an address, and none with one: there is no network


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two requests to one host, and before a second and third try."""

    delay: float = 2.0
    backoff: tuple[float, ...] = (4.0, 15.0)


@dataclass
class _Host:
    """A host's addresses in turn, and when it may be asked next."""

    urls: deque[tuple[str, int]]
    ready: float = 0.0
    unreached: int = 0


@dataclass
class Walk:
    """One run. ``failures`` are those addresses that could not be had, each with the reason."""

    shelf: Shelf
    client: Client
    pace: Pace = field(default_factory=Pace)
    fresh: timedelta = FRESH
    tell: Tell = lambda _progress: None
    chapters: Chapters = chapters
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    failures: list[Failure] = field(default_factory=list)
    fetched: int = 0
    unchanged: int = 0
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _met: set[str] = field(default_factory=set)

    def run(self, urls: Iterable[str]) -> None:
        """Fetch what is not fresh. Raises nothing for an address that fails."""
        robots = Robots(self.client)
        for url in urls:
            self._add(url)
        done, unresolved = 0, 0
        while waiting := {name: host for name, host in self._hosts.items() if host.urls}:
            name, host = min(waiting.items(), key=lambda item: item[1].ready)
            if (pause := host.ready - self.clock()) > 0:
                self.sleep(pause)
            url, tries = host.urls.popleft()
            total = done + sum(len(other.urls) for other in waiting.values()) + 1
            self.tell(Progress("fetch", done, total, url))
            try:
                again = self._one(url, tries, host, robots)
            except Unresolved as error:
                unresolved += 1
                self._leave(name, url, str(error))
                again = False
                if unresolved >= _NO_NETWORK and not self.fetched + self.unchanged:
                    self._no_network()
            host.ready = max(host.ready, self.clock() + self._delay(url, robots))
            if host.unreached >= _UNREACHED and host.urls:
                self._leave(name, None, "the host does not answer")
            done += not again
        self.tell(Progress("fetch", done, done))
        self.shelf.tidy()

    def _add(self, url: str) -> None:
        """Put an address in its host's turn, unless it is fresh; its chapters with it."""
        if url in self._met:
            return
        self._met.add(url)
        page = self.shelf.page(url)
        if page is not None and self._is_fresh(page):
            self._follow(page)
            return
        host = urlsplit(url).netloc
        self._hosts.setdefault(host, _Host(deque())).urls.append((url, 0))

    def _is_fresh(self, page: Page) -> bool:
        if page.checked is None or page.failure is not None:
            return False
        return self.now() - datetime.fromisoformat(page.checked) < self.fresh

    def _follow(self, page: Page) -> None:
        body = self.shelf.body(page)
        for url in self.chapters(page.url, body) if body else []:
            self._add(url)

    def _one(self, url: str, tries: int, host: _Host, robots: Robots) -> bool:
        """Try one address; whether it is to be tried again. Raises Unresolved."""
        page = self.shelf.page(url) or Page(url)
        moment = self.now().isoformat(timespec="seconds")
        at_hand = self.shelf.path(page) is not None
        try:
            robots.require(url)
            answer = self.client.get(
                url, page.etag if at_hand else None, page.modified if at_hand else None
            )
            page = self._taken(page, answer, moment)
        except Gone as error:
            host.unreached = 0
            self.shelf.put(replace(page, checked=moment, gone=page.gone or moment, failure=None))
            self._fail(url, f"{error}; {_kept(page)}")
            return False
        except FetchError as error:
            wait = self._wait(error, tries)
            if wait is not None:
                host.urls.append((url, tries + 1))
                host.ready = max(host.ready, self.clock() + wait)
                return True
            host.unreached += error.again
            self.shelf.put(replace(page, failure=str(error)))
            self._fail(url, f"{error}; {_kept(page)}")
            return False
        except Unresolved:
            raise
        except IngestError as error:  # forbidden, or not of a kind that is read
            self.shelf.put(replace(page, failure=str(error)))
            self._fail(url, f"{error}; {_kept(page)}")
            return False
        host.unreached = 0
        self.shelf.put(page)
        self._follow(page)
        return False

    def _taken(self, page: Page, answer: Answer, moment: str) -> Page:
        """The page as it is now. Raises IngestError for what is no document."""
        if answer.body is None:
            self.unchanged += 1
            return replace(page, checked=moment, gone=None, failure=None)
        if urlsplit(answer.url).path in ("", "/") and urlsplit(page.url).path not in ("", "/"):
            raise FetchError("it leads to the publisher's front page: it has moved or is gone")
        if not is_archive(name_of(page.url)):
            media_type(name_of(page.url), answer.body, answer.media_type)  # raises if it isn't read
        self.fetched += 1
        return Page(
            url=page.url,
            checked=moment,
            fetched=moment,
            etag=answer.etag,
            modified=answer.modified,
            digest=self.shelf.store(answer.body),
            media_type=answer.media_type,
        )

    def _wait(self, error: FetchError, tries: int) -> float | None:
        """Seconds until the next try, or None when it was the last."""
        if not error.again or tries + 1 >= _TRIES:
            return None
        asked = error.after or 0.0
        if asked > _LONGEST_WAIT:
            return None
        return max(asked, self.pace.backoff[min(tries, len(self.pace.backoff) - 1)])

    def _delay(self, url: str, robots: Robots) -> float:
        try:
            return max(self.pace.delay, robots.delay(url))
        except IngestError:
            return self.pace.delay

    def _fail(self, url: str, reason: str) -> None:
        self.failures.append(Failure(url, reason))

    def _leave(self, name: str, url: str | None, reason: str) -> None:
        """Give a host up for this run, in one line."""
        left = [address for address, _ in self._hosts[name].urls]
        left += [url] if url else []
        self._hosts[name].urls.clear()
        for address in left:
            self.shelf.put(replace(self.shelf.page(address) or Page(address), failure=reason))
        pages = "1 page was" if len(left) == 1 else f"{len(left)} pages were"
        self._fail(name, f"{reason}; {pages} not fetched this time")

    def _no_network(self) -> None:
        """Give everything up: one line in place of one for each host."""
        waiting = sum(len(host.urls) for host in self._hosts.values())
        for host in self._hosts.values():
            host.urls.clear()
        tried = len(self.failures)
        self.failures[:] = [
            Failure(
                "register",
                f"no publisher can be reached ({tried} tried): there is no network here. Nothing "
                f"was fetched ({waiting + tried} pages wait); `kjelda ingest --offline` "
                "doesn't try",
            )
        ]


def _kept(page: Page) -> str:
    return f"the copy of {page.fetched[:10]} is kept" if page.fetched else "there is no copy"
