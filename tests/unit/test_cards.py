"""A source card steps back for the text it stands for."""

from __future__ import annotations

from typing import Any

from corpus.cards import with_texts
from corpus.documents import Document
from corpus.sources import CARD
from search.query import parse

ACT = "https://lovdata.no/dokument/NL/lov/2021-06-18-97"


def document(id: str, uri: str, **fields: Any) -> Document:
    return Document(id=id, uri=uri, title=id, sections=(), **fields)


def test_a_card_gives_way_and_leaves_its_areas() -> None:
    """The text takes the areas of all its cards, unless it has its own; other cards stay."""
    known = [
        document("act", f"{ACT}/"),
        document("card-1", ACT, media_type=CARD, areas=(4,)),
        document("card-2", ACT, media_type=CARD, areas=(2,)),
        document("card-3", "https://example.org/a", media_type=CARD),
        document("card-4", "https://example.org/a", media_type=CARD),
    ]
    kept, texts = with_texts(known)
    assert [d.id for d in kept] == ["act", "card-3", "card-4"]
    assert texts == {"card-1": "act", "card-2": "act"}
    assert kept[0].areas == (2, 4)
    own, _ = with_texts([document("act", ACT, areas=(1,)), known[1]])
    assert own[0].areas == (1,)


def test_a_search_finds_the_text_and_not_its_card(base: Any) -> None:
    """Also within the card's area, and the card says where the text is."""
    base.put("act", "Melding til barnevernet.", uri=ACT)
    base.put("card", "Barnevernsloven: melding.", uri=ACT, media_type=CARD, areas=(4,))
    base.put("other", "Noko anna om melding.")
    base.publish()
    searcher = base.searcher()
    found = searcher.search(parse("melding barnevernet", facets=True))
    assert {hit.document.id for hit in found.hits} == {"act", "other"}
    assert found.facets["areas"] == {4: 1}
    text = searcher.text_of("card")
    assert text is not None
    assert text.id == "act"
    assert "card" not in {d.id for d in searcher.documents()}
    assert searcher.document("card") is not None
