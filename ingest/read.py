"""Find the files to take in: named files, folders and archives.

One unreadable thing is one Failure and never ends the run. Archives are read in
memory, one member at a time (ingest.archive); nothing is unpacked to disk.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from ingest import names
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


LEADS_OUT = "a link that leads outside; name its target to take it in"

Ignored = Callable[[str], None]


def iter_sources(
    paths: Sequence[Path],
    limits: Limits | None = None,
    ignored: Ignored | None = None,
    within: Path | None = None,
) -> Iterator[SourceFile | Failure]:
    """Every readable file under the paths, in a fixed order, and what failed.

    Folders are walked by name; hidden files, loops of links and the same file met
    twice are left out; a link that leads out of the folder given is a line. What is no
    document by its name (a picture, a program) goes to ``ignored``, by uri, unless it was
    named itself. ``within`` is the folder (resolved) that gives the paths their uris, where
    they are parts of it. Raises nothing.
    """
    walk = _Walk(limits or Limits(), ignored or (lambda _uri: None), within)
    for path in paths:
        yield from walk.start(path)


class _Walk:
    """One run's walk: the limits, and what has been met so far."""

    def __init__(self, limits: Limits, ignored: Ignored, within: Path | None) -> None:
        self.limits = limits
        self.ignored = ignored
        self.within = within
        self.root = within  # links must not lead out of it
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
        folder = real.is_dir()
        self.root = self.within or (real if folder else real.parent)
        if self.within is not None:
            path, label = real, label_within(self.within, real)
        elif folder:
            label = names.shown(real)
        else:
            label = f"{names.shown(real.parent)}/{names.shown(path)}".lstrip("/")
        if folder:
            yield from self.folder(real, label)
        else:
            yield from self.file(path, label, named=True)

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
        shown = names.readable_among(entry.name for entry in entries)
        for entry in entries:
            if entry.name.startswith("."):
                continue
            below = f"{label}/{shown[entry.name]}" if label else shown[entry.name]
            if self.leads_out(entry):
                if entry.is_dir() or is_archive(entry.name) or self.refuse(entry.name) != "ignore":
                    yield Failure(_uri(below), LEADS_OUT)
                else:
                    self.ignored(_uri(below))
            elif entry.is_dir():
                yield from self.folder(entry, below)
            else:
                yield from self.file(entry, below, named=False)

    def leads_out(self, entry: Path) -> bool:
        """Whether it is a link to something that is there, but not under what was named."""
        try:
            if not entry.is_symlink():
                return False
            real = entry.resolve(strict=True)
        except (OSError, RuntimeError):
            return False  # dead, or a loop: told where it is read
        return self.root is not None and not real.is_relative_to(self.root)

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
            name = names.escaped(PurePosixPath(label).name)
            yield self.once(SourceFile(uri, name, path=real, modified=modified))

    def archive(self, path: Path, uri: str) -> Iterator[SourceFile | Failure]:
        from ingest.archive import Member, members  # zipfile, tarfile and lzma are slow to load

        def wanted(name: str) -> bool:
            """Whether to unpack a member; what is refused is told here, once."""
            return _safe(name) and self.refuse(name, named=False) is None

        met = False
        mended: set[str] = set()
        for item in members(path, self.limits, wanted):
            met = True
            if isinstance(item, IngestError):
                yield Failure(uri, str(item))
                continue
            shown = names.readable(item.name)
            below = f"{uri}!/{names.uri_path(shown)}"
            if names.is_mangled(item.name):
                if below in self.uris:
                    shown, below = item.name, f"{uri}!/{names.uri_path(item.name)}"
                mended.add(below)
            elif below in mended:
                below = f"{uri}!/{names.every_byte(item.name)}"
            name = names.escaped(PurePosixPath(shown).name)
            if any(part.startswith(".") for part in PurePosixPath(item.name).parts if part != ".."):
                continue
            if item.name.startswith("__MACOSX/"):
                continue
            if not _safe(item.name):
                yield Failure(
                    f"{uri}!/{names.uri_path(name)}", str(UnsafeName(names.escaped(item.name)))
                )
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

    def refuse(self, name: str, *, named: bool = False) -> IngestError | str | None:
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


def label_within(root: Path, path: Path) -> str:
    """How a folder's walk calls what lies in it; both paths are resolved."""
    at, label = root, names.shown(root)
    for part in path.relative_to(root).parts:
        at /= part
        label = f"{label}/{names.shown(at)}" if label else names.shown(at)
    return label


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
    return f"file:{names.uri_path(label)}"
