"""The members of a ZIP or TAR archive, read in memory one at a time.

Nothing is written to disk. An archive is foreign input: sizes in its headers are not
believed, everything is read against limits, and what stands before a break is kept.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ingest.errors import BrokenFile, EncryptedFile, IngestError, TooLarge, Unreadable

if TYPE_CHECKING:
    from ingest.read import Limits

# A small archive may well unpack to more than ``ratio`` times its size.
_RATIO_FROM = 10_000_000
_CHUNK = 1 << 16
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    UnicodeDecodeError,
    struct.error,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an archive: its bytes, or why they cannot be had."""

    name: str
    data: bytes | IngestError
    modified: date | None = None


def members(
    path: Path, limits: Limits, wanted: Callable[[str], bool]
) -> Iterator[Member | IngestError]:
    """Every file in the archive, in its own order.

    A member whose name is not ``wanted`` comes with empty bytes: it is not unpacked.
    An IngestError in the stream is about the archive itself and is the last item.
    """
    budget = _Budget(limits, path)
    try:
        if path.name.lower().endswith(".zip"):
            yield from _zip(path, budget, wanted)
        else:
            yield from _tar(path, budget, wanted)
    except TooLarge as error:
        yield error
    except OSError as error:
        # gzip and bz2 report a broken stream as an OSError without a number.
        yield Unreadable(error) if error.errno else BrokenFile(_cut(error))
    except _BROKEN as error:
        yield BrokenFile(_cut(error))


class _Budget:
    """How much of one archive may still be unpacked."""

    def __init__(self, limits: Limits, path: Path) -> None:
        self.limits = limits
        self.packed = max(1, path.stat().st_size)
        self.unpacked = 0
        self.count = 0

    def member(self) -> None:
        """One more member. Raises TooLarge."""
        self.count += 1
        if self.count > self.limits.members:
            raise TooLarge(
                f"the archive has over {self.limits.members} members; the rest is left out"
            )

    def spend(self, size: int) -> None:
        """So many bytes more were unpacked. Raises TooLarge."""
        self.unpacked += size
        if self.unpacked > self.limits.archive_bytes:
            limit = self.limits.archive_bytes / 1e6
            raise TooLarge(f"the archive unpacks to over {limit:g} MB; the rest is left out")
        if self.unpacked > max(_RATIO_FROM, self.limits.ratio * self.packed):
            raise TooLarge(
                f"the archive unpacks to over {self.limits.ratio} times its size "
                "(a zip bomb?); the rest is left out"
            )

    def take(self, stream: IO[bytes], *, count: bool = True) -> bytes | TooLarge:
        """All of a member's bytes, in small reads. Raises TooLarge for the archive."""
        parts: list[bytes] = []
        size = 0
        while part := stream.read(_CHUNK):
            size += len(part)
            if count:
                self.spend(len(part))
            if size > self.limits.member_bytes:
                limit = self.limits.member_bytes / 1e6
                return TooLarge(f"over the limit of {limit:g} MB for a file in an archive")
            parts.append(part)
        return b"".join(parts)


def _zip(
    path: Path, budget: _Budget, wanted: Callable[[str], bool]
) -> Iterator[Member | IngestError]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, struct.error, ValueError):
        yield from _zip_without_directory(path, budget, wanted)
        return
    with archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            budget.member()
            name = _zip_name(info.filename, utf8=bool(info.flag_bits & 0x800))
            yield Member(name, _zip_data(archive, info, budget, wanted(name)), _zip_date(info))


def _zip_data(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget, wanted: bool
) -> bytes | IngestError:
    if not wanted:
        return b""
    if info.flag_bits & 0x1:
        return EncryptedFile("the archive member")
    try:
        with archive.open(info) as stream:
            return budget.take(stream)
    except NotImplementedError as error:
        return BrokenFile(f"the archive packs it in a way that is not read here ({error})")
    except _BROKEN as error:
        return BrokenFile(_cut(error))


def _zip_name(name: str, *, utf8: bool) -> str:
    """The name as meant: without the UTF-8 flag it is UTF-8 all the same, or Nordic DOS."""
    if not utf8:
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp865")
    return name.replace("\\", "/").removeprefix("./")


def _zip_date(info: zipfile.ZipInfo) -> date | None:
    try:
        return date(*info.date_time[:3])
    except ValueError:
        return None


def _zip_without_directory(
    path: Path, budget: _Budget, wanted: Callable[[str], bool]
) -> Iterator[Member | IngestError]:
    """What can be saved of a ZIP that is cut short: its members, one local header on."""
    found = 0
    with path.open("rb") as stream:
        while (header := stream.read(30))[:4] == b"PK\x03\x04" and len(header) == 30:
            _, _, flags, method, _, day, _, packed, _, name_size, extra_size = struct.unpack(
                "<4s5H3I2H", header
            )
            name = _zip_name(stream.read(name_size).decode("cp437"), utf8=False)
            stream.seek(extra_size, io.SEEK_CUR)
            if (packed in (0, 0xFFFFFFFF) and flags & 0x8) or method not in (0, 8) or flags & 0x1:
                break  # the size stands after the data, or it cannot be read: stop here
            start = stream.tell()
            if path.stat().st_size < start + packed:
                break
            if not name.endswith("/"):
                budget.member()
                found += 1
                body = stream.read(packed) if wanted(name) else b""
                data = _inflate(body, budget) if body and method == 8 else body
                yield Member(name, data, _dos_date(day))
            stream.seek(start + packed)
    kept = f"; {found} members before the break are kept" if found else ""
    yield BrokenFile(f"the ZIP archive is cut short or is no ZIP archive{kept}")


def _inflate(body: bytes, budget: _Budget) -> bytes | IngestError:
    try:
        data = zlib.decompressobj(-15).decompress(body, budget.limits.member_bytes + 1)
    except zlib.error as error:
        return BrokenFile(_cut(error))
    budget.spend(len(data))
    if len(data) > budget.limits.member_bytes:
        return TooLarge("over the limit for a file in an archive")
    return data


def _dos_date(day: int) -> date | None:
    try:
        return date(1980 + (day >> 9), day >> 5 & 15, day & 31)
    except ValueError:
        return None


class _Counted(io.RawIOBase):
    """A stream that pays for every byte it gives: headers and skipped members too."""

    def __init__(self, inner: IO[bytes], budget: _Budget) -> None:
        super().__init__()
        self.inner = inner
        self.budget = budget

    def read(self, size: int = -1) -> bytes:
        part = self.inner.read(size)
        self.budget.spend(len(part))
        return part


def _tar(path: Path, budget: _Budget, wanted: Callable[[str], bool]) -> Iterator[Member]:
    with (
        path.open("rb") as raw,
        _unpacked(raw) as inner,
        # A stream is read once from end to end: a big archive is never in memory.
        tarfile.open(
            fileobj=_Counted(inner, budget), mode="r|", bufsize=_CHUNK, encoding="utf-8"
        ) as archive,
    ):
        for info in archive:
            if not info.isreg():
                continue  # folders, links and devices hold no document
            budget.member()
            name = info.name.removeprefix("./")
            modified = _tar_date(info)
            if not wanted(name):
                yield Member(name, b"", modified)
            elif info.size > budget.limits.member_bytes:
                limit = budget.limits.member_bytes / 1e6
                error = TooLarge(f"over the limit of {limit:g} MB for a file in an archive")
                yield Member(name, error, modified)
            else:
                stream = archive.extractfile(info)
                data = budget.take(stream, count=False) if stream else b""
                yield Member(name, data, modified)


def _unpacked(raw: IO[bytes]) -> IO[bytes]:
    """The plain TAR stream, told by its first bytes and not by the archive's name."""
    head = raw.read(6)
    raw.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]  # an IO in all but name
    if head.startswith(b"BZh"):
        return bz2.BZ2File(raw)
    if head.startswith(b"\xfd7zXZ"):
        return lzma.LZMAFile(raw)
    return raw


def _tar_date(info: tarfile.TarInfo) -> date | None:
    try:
        return datetime.fromtimestamp(info.mtime, UTC).date()
    except (OverflowError, ValueError, OSError):
        return None


def _cut(error: BaseException) -> str:
    return f"the archive cannot be read further ({error or type(error).__name__})"
