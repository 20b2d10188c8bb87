"""What a run tells: progress while it goes, a report when it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from ingest.read import Failure

__all__ = ["Failure", "Moved", "Progress", "Report", "Tell"]


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
