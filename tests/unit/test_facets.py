"""Facets count documents, each field by the other fields' conditions."""

from __future__ import annotations

from typing import Any

from corpus.documents import Document, DocumentType, Language, Status
from search import facets
from search.query import parse
from search.values import Filters, Mode


def document(id: str, **fields: Any) -> Document:
    return Document(id=id, uri=f"test:{id}", title=id, sections=(), **fields)


POOL = (
    document("a", type=DocumentType.ACT, status=Status.CURRENT, areas=(1, 4), publisher="X"),
    document("b", type=DocumentType.ACT, status=Status.SUPERSEDED, areas=(4,), publisher="Y"),
    document("c", type=DocumentType.BILL, status=Status.PROPOSAL, language=Language.NYNORSK),
)


def test_without_filters_all_count() -> None:
    """Each value has its number of documents; a document of two areas counts in both."""
    found = facets.count(POOL, Filters())
    assert found["types"] == {DocumentType.ACT: 2, DocumentType.BILL: 1}
    assert found["areas"] == {1: 1, 4: 2}
    assert found["publishers"] == {"X": 1, "Y": 1}


def test_a_field_is_counted_without_its_own_condition() -> None:
    """Choosing acts narrows the statuses, and still shows what bills there are."""
    found = facets.count(POOL, Filters(types=frozenset({DocumentType.ACT})))
    assert found["types"] == {DocumentType.ACT: 2, DocumentType.BILL: 1}
    assert found["statuses"] == {Status.CURRENT: 1, Status.SUPERSEDED: 1}


def test_a_search_counts_where_it_is_asked_to(base: Any) -> None:
    """Counts are of documents, with what is newer than the index, and only on demand."""
    base.put("a", "Tolk for kommunen.", "Mer om tolk.", type=DocumentType.ACT)
    base.put("b", "Tolk i rettleiaren.", type=DocumentType.GUIDANCE)
    base.publish()
    base.put("c", "Nytt om tolk.", type=DocumentType.GUIDANCE)
    base.put("a", "Tolk for kommunen, endret.", type=DocumentType.ACT)
    searcher = base.searcher()
    assert searcher.search(parse("tolk")).facets == {}
    for mode in Mode:
        query = parse("tolk", mode=mode, facets=True)
        counts = searcher.search(query).facets["types"]
        assert counts == {DocumentType.ACT: 1, DocumentType.GUIDANCE: 2}
    only = Filters(types=frozenset({DocumentType.ACT}))
    result = searcher.search(parse("tolk", filters=only, facets=True))
    assert result.facets["types"] == {DocumentType.ACT: 1, DocumentType.GUIDANCE: 2}
    assert {hit.document.id for hit in result.hits} == {"a"}
