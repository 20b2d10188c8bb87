"""What a run tells: progress while it goes, a report when it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from ingest.read import Failure

__all__ = ["Failure", "Moved", "Progress", "Report", "Tell", "now", "unforeseen"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. ``stage`` is fetch, read, embed or index; counts are of that stage.

    ``total`` is None while it isn't known. ``current`` is the uri at hand.
    """

    stage: str
    done: int
    total: int | None
    current: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A document whose file has another name or folder now: its address, and the one before."""

    uri: str
    before: str


Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. Everything it met is in exactly one of the lists, by uri."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    ignored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    embedded: int = 0
    passages: int = 0
    documents: int = 0
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Plain lists and numbers, as `kjelda ingest --json` prints them."""
        return asdict(self)


def unforeseen(uri: str, what: str) -> Failure:
    """A line on a fault of our own."""
    said = what.rstrip(": ")
    return Failure(uri, f"can't be read: Kjelda has a fault here ({said}); please report it")


def now() -> str:
    """This moment, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
