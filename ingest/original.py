"""The very bytes that a document was read from, found again where they are still the same.

The name of the file comes from the base, never from a request, and bytes with another digest than
the one that was read are never given out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from ingest.archive import Member, members
from ingest.fetch.shelf import FOLDER
from ingest.plan import content_digest
from ingest.read import Limits, is_archive
from search.store.truth import Known

_DIGEST = re.compile(r"[0-9a-f]{32}")


class Missing(Exception):
    """There are no such bytes any more; ``reason`` is a word for it: unknown, gone or changed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def original(home: Path, source: str, known: Known) -> bytes:
    """The bytes a document was read from. Raises Missing.

    ``source`` is what the base calls the place that it came from: collection and uri.
    """
    if known.content is None or not _DIGEST.fullmatch(known.content):
        raise Missing("unknown")
    met = False
    # What was fetched lies on the shelf under its digest.
    for data in _candidates(home / FOLDER / known.content, source, known):
        met = True
        if content_digest(data) == known.content:
            return data
    raise Missing("changed" if met else "gone")


def is_at_hand(home: Path, source: str, known: Known) -> bool:
    """Whether the same file is still there. An archive is not opened to tell."""
    if known.content is None or not _DIGEST.fullmatch(known.content):
        return False
    if (home / FOLDER / known.content).is_file():
        return True
    path, member = _named(source, known)
    try:
        if path is None or not path.is_file():
            return False
        stat = path.stat()
        return bool(member) or _digest(path, stat.st_mtime_ns, stat.st_size) == known.content
    except OSError:
        return False


@lru_cache(maxsize=1_000)
def _digest(path: Path, _changed: int, _size: int) -> str | None:
    """The digest of a file's bytes, found once for each state of the file."""
    return next((content_digest(data) for data in _read(path)), None)


def _candidates(shelved: Path, source: str, known: Known) -> Iterator[bytes]:
    yield from _read(shelved)
    path, member = _named(source, known)
    if path is None:
        return
    if member and is_archive(path.name) and path.is_file():
        yield from _member(path, member)
    elif not member:
        yield from _read(path)


def _named(source: str, known: Known) -> tuple[Path | None, str]:
    """The file or archive that a source names, and what in the archive."""
    root = Path(known.collection)
    uri = source.removeprefix(f"{known.collection}|")
    if not root.is_absolute() or not uri.startswith("file:") or uri == source:
        return None, ""
    label, _, member = uri.removeprefix("file:").partition("!/")
    # The first part is the folder's own name; of a single file, the folder it lies in.
    below = PurePosixPath(unquote(label)).parts[1:]
    if ".." in below:
        return None, ""
    return root if root.is_file() else root.joinpath(*below), unquote(member)


def _read(path: Path) -> Iterator[bytes]:
    try:
        if path.is_file() and path.stat().st_size <= Limits().file_bytes:
            yield path.read_bytes()
    except OSError:
        return


def _member(path: Path, name: str) -> Iterator[bytes]:
    """A member of an archive, by its name; the archive is read against the limits of an ingest."""
    for item in members(path, Limits(), lambda met: met == name):
        if isinstance(item, Member) and item.name == name and isinstance(item.data, bytes):
            yield item.data
            return
