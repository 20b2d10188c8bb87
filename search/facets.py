"""Facets: how the documents that lie nearest a question spread over the filters.

A search by meaning has no last hit, so the counts are of a pool: the documents whose passages
are candidates. Each field is counted with the other fields' conditions and without its own, so
that a count says what choosing that value too would give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from corpus.documents import Document
from search.index import passes
from search.values import Filters

Facets = Mapping[str, Mapping[Any, int]]

FIELDS = ("types", "statuses", "languages", "areas", "publishers")


def count(pool: Iterable[Document], filters: Filters) -> Facets:
    """For each field of Filters, each value's number of documents in the pool."""
    documents = tuple(pool)
    found: dict[str, Mapping[Any, int]] = {}
    for field in FIELDS:
        without: dict[str, Any] = {field: frozenset()}
        others = replace(filters, **without)
        counts: Counter[Any] = Counter()
        for document in documents:
            if passes(document, others):
                counts.update(_values(document, field))
        found[field] = MappingProxyType(dict(counts))
    return MappingProxyType(found)


def _values(document: Document, field: str) -> Iterable[Any]:
    match field:
        case "types":
            return (document.type,)
        case "statuses":
            return (document.status,)
        case "languages":
            return (document.language,)
        case "areas":
            return document.areas
        case _:
            return (document.publisher,) if document.publisher else ()
