"""Find the files to take in: named files, folders and archives.

One unreadable thing is one Failure and never ends the run. Archives are read in
memory, one member at a time (ingest.archive); nothing is unpacked to disk.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from ingest.errors import (
    EmptyFile,
    IngestError,
    TooLarge,
    Unreadable,
    UnsafeName,
    UnsupportedType,
)
from ingest.extract.media import SUFFIXES, UNREAD_SUFFIXES

MB = 1_000_000

ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run will read at most, in bytes and counts.

    ``ratio`` is the unpacked size over the packed size of an archive, above which
    it is taken for a bomb (Norwegian law text as xz unpacks to about 7 times).
    """

    file_bytes: int = 200 * MB
    member_bytes: int = 200 * MB
    archive_bytes: int = 4_000 * MB
    members: int = 100_000
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to extract: where it is from, and its bytes, read when asked for.

    ``uri`` is ``file:`` and the path below the folder given, with that folder's own
    name first, so that it is the same on every machine; a fetched file has its
    address instead. ``content`` holds the bytes of what has no path of its own.
    ``media_type`` is what a web server declared.
    """

    uri: str
    name: str
    path: Path | None = None
    content: bytes | None = None
    modified: date | None = None
    fetched: date | None = None
    media_type: str | None = None

    @property
    def data(self) -> bytes:
        """The bytes; a local file is read anew each time. Raises Unreadable."""
        if self.content is not None:
            return self.content
        if self.path is None:
            return b""
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise Unreadable(error) from error


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that could not be read, and why, in words for the user."""

    uri: str
    reason: str


Ignored = Callable[[str], None]


def iter_sources(
    paths: Sequence[Path], limits: Limits | None = None, ignored: Ignored | None = None
) -> Iterator[SourceFile | Failure]:
    """Every readable file under the paths, in a fixed order, and what failed.

    Folders are walked by name; hidden files, loops of links and the same file met
    twice are left out. What is no document by its name (a picture, a program) goes
    to ``ignored``, by uri, unless it was named itself. Raises nothing.
    """
    walk = _Walk(limits or Limits(), ignored or (lambda _uri: None))
    for path in paths:
        yield from walk.start(path)


class _Walk:
    """One run's walk: the limits, and what has been met so far."""

    def __init__(self, limits: Limits, ignored: Ignored) -> None:
        self.limits = limits
        self.ignored = ignored
        self.met: set[Path] = set()
        self.uris: set[str] = set()

    def start(self, path: Path) -> Iterator[SourceFile | Failure]:
        """A path the user named: it is read whatever its name is."""
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
            reason = error if isinstance(error, OSError) else OSError(0, "a loop of links")
            yield Failure(_uri(path.name or str(path)), str(Unreadable(reason)))
            return
        if real.is_dir():
            yield from self.folder(real, real.name)
        else:
            yield from self.file(path, f"{real.parent.name}/{path.name}".lstrip("/"), named=True)

    def folder(self, folder: Path, label: str) -> Iterator[SourceFile | Failure]:
        try:
            real = folder.resolve()
            if real in self.met:
                return
            self.met.add(real)
            entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        except OSError as error:
            yield Failure(_uri(label), str(Unreadable(error)))
            return
        for entry in entries:
            if entry.name.startswith("."):
                continue
            below = f"{label}/{entry.name}" if label else entry.name
            if entry.is_dir():
                yield from self.folder(entry, below)
            else:
                yield from self.file(entry, below, named=False)

    def file(self, path: Path, label: str, *, named: bool) -> Iterator[SourceFile | Failure]:
        uri = _uri(label)
        try:
            real = path.resolve(strict=True)
            stat = real.stat()
        except (OSError, RuntimeError) as error:
            if path.suffix.lower() in SUFFIXES or named:
                reason = error if isinstance(error, OSError) else OSError(0, "a loop of links")
                yield Failure(uri, str(Unreadable(reason)))
            return
        if real in self.met:
            return
        self.met.add(real)
        if is_archive(path.name):
            yield from self.archive(real, uri)
            return
        if problem := self.refuse(path.name, named=named or not real.is_file()):
            if isinstance(problem, IngestError):
                yield Failure(uri, str(problem))
            else:
                self.ignored(uri)
            return
        if not real.is_file():
            yield Failure(uri, "not a regular file; only files and folders are read")
        elif stat.st_size > self.limits.file_bytes:
            yield Failure(uri, str(_too_large(stat.st_size, self.limits.file_bytes)))
        elif not os.access(real, os.R_OK):
            yield Failure(uri, str(Unreadable(PermissionError(13, "Permission denied"))))
        elif stat.st_size == 0:
            yield Failure(uri, str(EmptyFile()))
        else:
            modified = datetime.fromtimestamp(stat.st_mtime, UTC).date()
            yield self.once(SourceFile(uri, path.name, path=real, modified=modified))

    def archive(self, path: Path, uri: str) -> Iterator[SourceFile | Failure]:
        from ingest.archive import Member, members  # zipfile, tarfile and lzma are slow to load

        def wanted(name: str) -> bool:
            """Whether to unpack a member; what is refused is told here, once."""
            return _safe(name) and self.refuse(name, named=False) is None

        met = False
        for item in members(path, self.limits, wanted):
            met = True
            if isinstance(item, IngestError):
                yield Failure(uri, str(item))
                continue
            below = f"{uri}!/{_escape(item.name)}"
            name = PurePosixPath(item.name).name
            if any(part.startswith(".") for part in PurePosixPath(item.name).parts if part != ".."):
                continue
            if item.name.startswith("__MACOSX/"):
                continue
            if not _safe(item.name):
                yield Failure(f"{uri}!/{_escape(name)}", str(UnsafeName(item.name)))
            elif is_archive(name):
                yield Failure(below, "an archive inside an archive is not followed; unpack it")
            elif problem := self.refuse(name, named=False):
                if isinstance(problem, IngestError):
                    yield Failure(below, str(problem))
                else:
                    self.ignored(below)
            elif isinstance(item, Member) and isinstance(item.data, bytes):
                if item.data:
                    yield self.once(
                        SourceFile(below, name, content=item.data, modified=item.modified)
                    )
                else:
                    yield Failure(below, str(EmptyFile()))
            else:
                yield Failure(below, str(item.data))
        if not met:
            yield Failure(uri, str(EmptyFile("there are no files in the archive")))

    def refuse(self, name: str, *, named: bool) -> IngestError | str | None:
        """None for a file to read; an error worth a line; or "ignore"."""
        suffix = PurePosixPath(name).suffix.lower()
        if suffix in SUFFIXES or named:
            return None
        if suffix in UNREAD_SUFFIXES:
            return UnsupportedType(f"a {suffix} file")
        return "ignore"

    def once(self, source: SourceFile) -> SourceFile | Failure:
        """The file, unless another one already goes by its uri."""
        if source.uri in self.uris:
            return Failure(
                source.uri,
                "another file in this run has the same address; "
                "give the folder that holds both instead",
            )
        self.uris.add(source.uri)
        return source


def is_archive(name: str) -> bool:
    """Whether the name is that of an archive that is read here."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def _too_large(size: int, limit: int) -> TooLarge:
    return TooLarge(f"{size / MB:.0f} MB is over the limit of {limit / MB:g} MB; split the file")


def _safe(name: str) -> bool:
    """Whether an archive member's name stays within the archive."""
    parts = PurePosixPath(name).parts
    return ".." not in parts and not name.startswith("/") and not re.match(r"^[A-Za-z]:", name)


def _uri(label: str) -> str:
    return f"file:{_escape(label)}"


def _escape(path: str) -> str:
    """Letters stay as they are (å too); what would end a uri's path is escaped."""
    path = unicodedata.normalize("NFC", path.encode("utf-8", "replace").decode())
    return re.sub(r"[%#?\\\s]", lambda match: quote(match[0]), path)
