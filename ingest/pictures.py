"""Pictures of PDF pages with a quote boxed, each drawn in a process of its own, and a few kept."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from search.process import environment

SECONDS = 15.0  # for one picture, with the start of its process
WAIT = 10.0  # seconds that a picture waits for others to be drawn
AT_ONCE = 2  # processes; searching needs the cores too
KEPT = 24  # pictures of about 100 kB


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as WebP. ``share`` of the quote's letters were found on it and boxed, 0 to 1."""

    webp: bytes
    width: int
    height: int
    pages: int
    boxes: int
    share: float
    mark: str


class NoPicture(Exception):
    """A page that can't be drawn; ``reason`` is a word for it: slow, busy or broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Pictures:
    """Draws pictures, and keeps the last ones for the browser that asks for them next."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._kept: OrderedDict[str, Picture] = OrderedDict()
        self._guard = threading.Lock()
        self._turn = threading.BoundedSemaphore(AT_ONCE)

    def kept(self, content: str, page: int, quote: str) -> Picture | None:
        """A picture that was drawn lately."""
        mark = _mark(content, page, quote)
        with self._guard:
            if mark in self._kept:
                self._kept.move_to_end(mark)
            return self._kept.get(mark)

    def draw(self, content: str, data: bytes, page: int, quote: str) -> Picture:
        """The page (from 1) with the quote boxed. Raises NoPicture.

        ``content`` is the digest of ``data``: the same page of the same file is drawn once.
        """
        if found := self.kept(content, page, quote):
            return found
        if not self._turn.acquire(timeout=WAIT):
            raise NoPicture("busy")
        try:
            answer, webp = self._ask(data, page, quote)
        finally:
            self._turn.release()
        if not webp or "fault" in answer:
            raise NoPicture("broken")
        picture = Picture(webp, **answer, mark=_mark(content, page, quote))
        with self._guard:
            self._kept[picture.mark] = picture
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return picture

    def _ask(self, data: bytes, page: int, quote: str) -> tuple[dict[str, Any], bytes]:
        head = json.dumps({"page": page, "quote": quote}).encode()
        try:
            done = subprocess.run(
                [sys.executable, "-m", "ingest.facsimile"],
                input=head + b"\n" + data,
                capture_output=True,
                timeout=self.seconds,
                check=False,
                env=environment(),
            )
        except subprocess.TimeoutExpired as error:
            raise NoPicture("slow") from error
        except OSError as error:
            raise NoPicture("busy") from error
        line, _, webp = done.stdout.partition(b"\n")
        if done.returncode or not line:
            raise NoPicture("broken")
        answer: dict[str, Any] = json.loads(line)
        return answer, webp


def _mark(content: str, page: int, quote: str) -> str:
    """A name for a picture, of all that it is made from."""
    parts = "\x1f".join((content, str(page), quote))
    return hashlib.blake2b(parts.encode(), digest_size=12).hexdigest()
