"""One request: with limits of size and time, redirects that are checked, and clear failures."""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote, urljoin

import httpcore

from ingest.errors import IngestError
from ingest.fetch.guard import GuardedBackend, Rules

MB = 1_000_000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one request: bytes of the answer, seconds for all of it, and for each wait."""

    size: int = 100 * MB
    total: float = 120.0
    wait: float = 20.0


class FetchError(IngestError):
    """A page that could not be had. ``again`` says that it may be had later.

    ``after`` is how many seconds the server asks one to wait, if it does.
    """

    def __init__(self, reason: str, *, again: bool = False, after: float | None = None) -> None:
        super().__init__(reason)
        self.again = again
        self.after = after


class Gone(FetchError):
    """The server says that the page is not there (404), or not any more (410)."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the publisher answers {status}: the page is not there any more")
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server gave. ``body`` is None where nothing has changed (304).

    ``url`` is where the last redirect led; ``media_type`` what the server declares.
    """

    url: str
    body: bytes | None
    media_type: str | None
    etag: str | None
    modified: str | None


def user_agent(contact: str | None = None) -> str:
    """How Kjelda names itself; ``contact`` lets a publisher reach those who run it."""
    try:
        number = version("kjelda")
    except PackageNotFoundError:  # run from a checkout that was never installed
        number = "0"
    whom = f"; {contact}" if contact else ""
    return f"Kjelda/{number} (knowledge base of public documents{whom})"


class Client:
    """Fetches one page at a time. Not for several threads at once."""

    def __init__(
        self,
        rules: Rules | None = None,
        limits: Limits | None = None,
        contact: str | None = None,
        pool: httpcore.ConnectionPool | None = None,
    ) -> None:
        self.rules = rules or Rules()
        self.limits = limits or Limits()
        self.agent = user_agent(contact)
        self._pool = pool or httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),  # the system's, so that a county's CA holds
            network_backend=GuardedBackend(self.rules),
            max_connections=4,
            keepalive_expiry=30,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def get(
        self, url: str, etag: str | None = None, modified: str | None = None, size: int = 0
    ) -> Answer:
        """The page at an address, at most ``size`` bytes of it if that is given.

        ``etag`` and ``modified`` are those of the copy at hand: unchanged, it isn't sent again.
        Raises Forbidden, Unresolved, Gone or FetchError.
        """
        deadline = time.monotonic() + self.limits.total
        seen: list[str] = []
        while True:
            self.rules.check(url)
            if url in seen:
                raise FetchError("its redirects run in a circle")
            if len(seen) > _MOST_REDIRECTS:
                raise FetchError(f"it redirects more than {_MOST_REDIRECTS} times")
            seen.append(url)
            answer = self._once(url, etag, modified, size or self.limits.size, deadline)
            if isinstance(answer, Answer):
                return answer
            url = urljoin(url, answer).split("#", 1)[0]

    def _once(
        self, url: str, etag: str | None, modified: str | None, size: int, deadline: float
    ) -> Answer | str:
        """The answer, or the address that it redirects to."""
        headers = [("User-Agent", self.agent), ("Accept-Encoding", "gzip")]
        headers.append(("Accept", "text/html, application/pdf, application/xhtml+xml, */*;q=0.5"))
        headers.append(("Accept-Language", "nn, nb;q=0.9, no;q=0.8, en;q=0.5"))
        if etag:
            headers.append(("If-None-Match", etag))
        if modified:
            headers.append(("If-Modified-Since", modified))
        waits = dict.fromkeys(("connect", "read", "write", "pool"), self.limits.wait)
        try:
            with self._pool.stream(
                "GET", _ascii(url), headers=headers, extensions={"timeout": waits}
            ) as response:
                told = _headers(response)
                if response.status in _REDIRECTS and "location" in told:
                    return told["location"]
                if response.status == 304:
                    return Answer(url, None, None, etag, modified)
                _refuse(response.status, told)
                body = self._body(response, told, size, deadline)
        except httpcore.TimeoutException as error:
            raise FetchError(f"no answer within {self.limits.wait:g} s", again=True) from error
        except httpcore.RemoteProtocolError as error:
            raise FetchError(f"the answer was cut short ({error})", again=True) from error
        except (httpcore.NetworkError, ssl.SSLError, OSError) as error:
            raise FetchError(f"the connection failed ({error})", again=True) from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError) as error:
            raise FetchError(f"the server can't be talked with ({error})") from error
        kind = told.get("content-type")
        return Answer(url, body, kind, told.get("etag"), told.get("last-modified"))

    def _body(
        self, response: httpcore.Response, told: Mapping[str, str], size: int, deadline: float
    ) -> bytes:
        packing = told.get("content-encoding", "identity").lower()
        if packing not in ("identity", "gzip", "x-gzip"):
            raise FetchError(f"the answer is packed as {packing[:20]!r}, which was not asked for")
        unpack = zlib.decompressobj(31) if packing != "identity" else None
        found = bytearray()
        for part in response.iter_stream():
            if unpack is not None:
                try:
                    found += unpack.decompress(part, size + 1 - len(found))
                except zlib.error as error:
                    raise FetchError("the answer is not packed as it says", again=True) from error
            else:
                found += part
            if len(found) > size:
                raise FetchError(f"over the limit of {size / MB:g} MB for a page")
            if time.monotonic() > deadline:
                raise FetchError(f"not here after {self.limits.total:g} s", again=True)
        if unpack is not None and not unpack.eof:
            raise FetchError("the answer was cut short", again=True)
        return bytes(found)


def _refuse(status: int, told: Mapping[str, str]) -> None:
    """Raise what a status means; nothing for 200."""
    if status in (404, 410):
        raise Gone(status)
    if status in _LATER:
        raise FetchError(
            f"the server answers {status}", again=True, after=_seconds(told.get("retry-after"))
        )
    if status in (401, 403):
        raise FetchError(f"the publisher does not let Kjelda read it (answer {status})")
    if status != 200:
        raise FetchError(f"the server answers {status}")


def _seconds(said: str | None) -> float | None:
    """How long Retry-After asks one to wait: seconds, or a date."""
    if said is None:
        return None
    if said.strip().isdecimal():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _headers(response: httpcore.Response) -> dict[str, str]:
    """The headers by name in lower case; the first of each counts."""
    found: dict[str, str] = {}
    for name, value in response.headers:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1").strip())
    return found


def _ascii(url: str) -> str:
    """The address as it is sent: letters beyond ASCII in UTF-8 and escaped."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")
