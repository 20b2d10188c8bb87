"""The error of this package."""

from __future__ import annotations

from search.errors import SearchError


class ModelError(SearchError):
    """The embedding model can't be found, built or loaded; the message says what to do."""
