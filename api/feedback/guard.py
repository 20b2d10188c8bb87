"""What keeps the form from being misused: origin, size and pace. No address is stored."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qsl

from fastapi import Request

MOST_BYTES = 64_000  # the longest text there is, percent-encoded, and some more
BURST = 20  # reports at once
EVERY = 30.0  # seconds until one more is let through


class TooLarge(Exception):
    """What was sent is longer than any form of ours."""


def same_origin(request: Request) -> bool:
    """Whether the form was sent from a page of this server.

    Browsers say where a POST comes from; one that says nothing is no browser. Over https (and on
    this machine) they judge it themselves, also where a proxy changes ``Host``; over plain http
    the address is compared.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    host = request.headers.get("host", "").lower()
    origin = request.headers.get("origin", "").lower().partition("://")[2]
    return bool(host) and origin == host


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form, the first of each name. Raises TooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLarge
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return dict(reversed(pairs))


class Pace:
    """Lets so many through at once and one more every so often, for the whole process.

    Counting by address would store addresses; a flood closes the form to all for a while.
    """

    def __init__(
        self,
        burst: int = BURST,
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._every, self._clock = burst, every, clock
        self._left = float(burst)
        self._last = clock()
        self._guard = threading.Lock()

    def allows(self) -> bool:
        """Whether one more may pass now; it then counts."""
        with self._guard:
            now = self._clock()
            self._left = min(self._most, self._left + (now - self._last) / self._every)
            self._last = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
