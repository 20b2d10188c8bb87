"""What a reader is asked and answers, and the messages between it and the run.

Each message is a pickle behind its length, between two processes of ours.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from datetime import date
from typing import IO

from ingest.errors import IngestError
from ingest.extract import Extracted, extract
from ingest.language import detect
from ingest.read import SourceFile

LENGTH = struct.Struct("<Q")
MEMORY = 4 << 30  # bytes of address space; the largest real document needs a fifth


@dataclass(frozen=True, slots=True)
class Request:
    """A file to extract, and the day that decides what is in force."""

    item: SourceFile
    today: date


@dataclass(frozen=True, slots=True)
class Reply:
    """A document, or why there is none. ``fault`` says that the reason is not the file's."""

    extracted: Extracted | None = None
    reason: str = ""
    fault: bool = False


def read(request: Request) -> Reply:
    """Extract one file, whatever it holds."""
    try:
        return Reply(extract(request.item, today=request.today, detect=detect))
    except IngestError as error:
        return Reply(reason=str(error))
    except MemoryError:
        return Reply(reason=f"reading it takes more than {MEMORY >> 30} GB of memory; split it")
    except Exception as error:  # noqa: BLE001 - one bad file must not end the run
        return Reply(reason=f"{type(error).__name__}: {error}".rstrip(": "), fault=True)


def send(stream: IO[bytes], value: object) -> None:
    """Write one message."""
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> object:
    """Read one message. Raises EOFError when the other side is gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (size,) = LENGTH.unpack(head)
    body = stream.read(size)
    if len(body) < size:
        raise EOFError
    return pickle.loads(body)  # noqa: S301 - between two processes of ours
