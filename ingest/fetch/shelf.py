"""The shelf: what was fetched, on disk, and what is known of each address.

``fetched/`` in the data folder: bodies named by their digest, and ``shelf.sqlite`` with a row for
each address. A body is written whole before its row, so a break loses at most one page.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ingest.plan import content_digest

FOLDER = "fetched"
_TABLE = """
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY, checked TEXT, fetched TEXT, etag TEXT, modified TEXT, digest TEXT,
    media_type TEXT, gone TEXT, failure TEXT
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of one address. Moments are ISO 8601 in UTC.

    ``checked`` is when the publisher last gave an answer that counts; ``fetched`` when the body
    at hand was sent. ``gone`` is since when the publisher says that it isn't there; ``failure``
    why the last try failed.
    """

    url: str
    checked: str | None = None
    fetched: str | None = None
    etag: str | None = None
    modified: str | None = None
    digest: str | None = None
    media_type: str | None = None
    gone: str | None = None
    failure: str | None = None

    @property
    def day(self) -> date | None:
        """The day on which the body was last seen to be the publisher's."""
        moment = self.checked if self.gone is None else self.fetched
        return datetime.fromisoformat(moment).date() if moment else None


class Shelf:
    """Pages in the data folder. One writer at a time (the base's own lock)."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(self.folder / "shelf.sqlite", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(_TABLE)

    def close(self) -> None:
        """Close the list."""
        self._db.close()

    def page(self, url: str) -> Page | None:
        """What is known of an address, or None."""
        row = self._db.execute("SELECT * FROM pages WHERE url = ?", (url,)).fetchone()
        return None if row is None else Page(*row)

    def pages(self) -> list[Page]:
        """All that is known, by address."""
        return [Page(*row) for row in self._db.execute("SELECT * FROM pages ORDER BY url")]

    def put(self, page: Page) -> None:
        """Write what is known of an address."""
        row = tuple(getattr(page, name) for name in Page.__dataclass_fields__)
        self._db.execute(f"INSERT OR REPLACE INTO pages VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - marks only

    def store(self, body: bytes) -> str:
        """Keep a body; gives its digest."""
        digest = content_digest(body)
        path = self.folder / digest
        if not path.exists():
            handle, name = tempfile.mkstemp(dir=self.folder, prefix="part-")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(body)
                    stream.flush()
                    os.fsync(stream.fileno())
                Path(name).replace(path)
            except BaseException:
                with suppress(FileNotFoundError):
                    Path(name).unlink()
                raise
        return digest

    def path(self, page: Page) -> Path | None:
        """Where the body at hand is, or None."""
        path = self.folder / page.digest if page.digest else None
        return path if path and path.is_file() else None

    def body(self, page: Page) -> bytes | None:
        """The body at hand, or None."""
        path = self.path(page)
        return path.read_bytes() if path else None

    def tidy(self) -> None:
        """Remove bodies that no address has any more, and what a killed run left."""
        wanted = {page.digest for page in self.pages()}
        for path in self.folder.iterdir():
            if not path.name.startswith("shelf.sqlite") and path.name not in wanted:
                path.unlink(missing_ok=True)


def name_of(url: str) -> str:
    """A file name for an address, by which its kind is told where it has a suffix."""
    parts = urlsplit(url)
    return PurePosixPath(unquote(parts.path)).name or parts.netloc
