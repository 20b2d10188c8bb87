"""A publication that its publisher cuts into pages: regjeringen.no's chapters (``?ch=N``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

Chapters = Callable[[str, bytes], list[str]]

_CHAPTER = re.compile(rb"""href=["']([^"'#]*[?&](?:amp;)?ch=(\d{1,3}))["'#]""")
_MOST = 150
_HOSTS = frozenset({"www.regjeringen.no"})


def chapters(url: str, body: bytes, hosts: frozenset[str] = _HOSTS) -> list[str]:
    """The addresses of a page's chapters, in order; none where it has no more than itself."""
    parts = urlsplit(url)
    if parts.netloc not in hosts or parts.query:
        return []
    found: set[int] = set()
    for match in _CHAPTER.finditer(body):
        target = urlsplit(urljoin(url, match[1].decode("utf-8", "replace")))
        same = target.netloc == parts.netloc and target.path.rstrip("/") == parts.path.rstrip("/")
        if same and int(match[2]) > 0:
            found.add(int(match[2]))
    return [f"{url}?ch={number}" for number in sorted(found)[:_MOST]]


def chapter_of(url: str) -> str | None:
    """``?ch=3`` of a chapter's address, which opens the chapter; None for another page."""
    query = urlsplit(url).query
    return f"?{query}" if query.startswith("ch=") else None
