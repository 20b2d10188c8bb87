"""What a pack refuses. Each error carries the key of its text and what to fill in there."""

from __future__ import annotations


class PackError(Exception):
    """Something about a pack can't be done; ``key`` names the text that says why and what to do."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key} {values}" if values else key)
        self.key = key
        self.values = values


class PackRefused(PackError):
    """What was given can't be taken: too long, empty, too many."""


class PackMissing(PackError):
    """There is no pack, or no item, at this address."""


class ExportUnavailable(PackError):
    """This server lacks what the format needs; the text names the remedy."""
