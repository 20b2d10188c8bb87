"""Errors of the search floor, one small tree.

SearchError
├── QueryError        the question can't be read
└── StoreError        the base can't be used as it is
    ├── ModelMismatch   it was embedded with another model
    ├── BaseMissing     nothing has been taken in yet
    └── BaseNewer       written by a newer Kjelda
"""

from __future__ import annotations


class SearchError(Exception):
    """Something a user can act on; the message says what and how."""


class QueryError(SearchError):
    """The question can't be read."""


class StoreError(SearchError):
    """The base can't be used as it is."""


class BaseMissing(StoreError):
    """There is no base in the data folder yet."""


class BaseNewer(StoreError):
    """The base was written by a newer Kjelda than this one."""


class ModelMismatch(StoreError):
    """The base holds vectors of one model and another is asked for."""

    def __init__(self, stored: str, wanted: str) -> None:
        self.stored = stored
        self.wanted = wanted
        super().__init__(
            f"the base was embedded with {stored}, but the model now set is {wanted}; "
            "set KJELDA_MODEL back, or run `kjelda rebuild` to embed everything anew"
        )
