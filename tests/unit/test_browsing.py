"""Lists and topics: what is on them, where it stands, and in which order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from starlette.datastructures import QueryParams

from api import browsing
from api.browsing import SLUGS, Listing, Sort
from corpus.areas import AREAS
from corpus.currency import Claim, Origin
from corpus.documents import Document, DocumentType, Language, Status
from corpus.sources import CARD


def doc(id: str, **fields: Any) -> Document:
    return Document(id, f"test:{id}", fields.pop("title", id), (), **fields)


def test_every_area_has_an_address_of_its_own() -> None:
    """Readable, safe in an address, and one for each area."""
    assert set(SLUGS) == {area.number for area in AREAS}
    assert len(set(SLUGS.values())) == len(AREAS)
    assert all(slug.isascii() and slug.replace("-", "").isalpha() for slug in SLUGS.values())


def test_titles_are_sorted_as_norwegian_is() -> None:
    """Æ, ø and å come last, capitals and quotation marks don't count."""
    titles = ["Ås", "«Zebra»", "ære", "apekatt", "Øl", "Bil"]
    found = browsing.ordered([doc(str(n), title=t) for n, t in enumerate(titles)], Sort.TITLE)
    assert [d.title for d in found] == ["apekatt", "Bil", "«Zebra»", "ære", "Øl", "Ås"]


def test_by_date_the_newest_is_first_and_the_undated_last() -> None:
    """The last change counts before the day of publication; ties stand by title."""
    found = browsing.ordered(
        [
            doc("none"),
            doc("old", published=date(2001, 1, 1)),
            doc("b", published=date(2020, 1, 1)),
            doc("a", published=date(2000, 1, 1), updated=date(2020, 1, 1)),
        ],
        Sort.DATE,
    )
    assert [d.id for d in found] == ["a", "b", "old", "none"]


def test_values_of_a_field_are_or_and_fields_are_and() -> None:
    """Type act or regulation, and in force."""
    documents = [
        doc("1", type=DocumentType.ACT, status=Status.CURRENT),
        doc("2", type=DocumentType.REGULATION, status=Status.CURRENT),
        doc("3", type=DocumentType.ACT, status=Status.EXPIRED),
        doc("4", type=DocumentType.NEWS, status=Status.CURRENT),
    ]
    asked = Listing(types=(DocumentType.ACT, DocumentType.REGULATION), statuses=(Status.CURRENT,))
    assert [d.id for d in browsing.select(documents, asked)] == ["1", "2"]
    # Counts of a field ignore what is chosen in that field, and heed the others.
    assert dict(browsing.counts(documents, asked, "types")) == {
        "act": 1,
        "regulation": 1,
        "news": 1,
    }


def test_only_the_register_says_that_a_document_spans_all_areas() -> None:
    """A card without areas spans them all; a file that doesn't say is in none."""
    register = Claim(Origin.REGISTER, Status.CURRENT)
    assert browsing.spans_all(doc("a", media_type=CARD))
    assert browsing.spans_all(doc("b", claims=(register,)))
    assert browsing.spans_all(doc("c", areas=(0,)))
    assert not browsing.spans_all(doc("d"))
    assert not browsing.spans_all(doc("e", media_type=CARD, areas=(2,)))


@pytest.mark.parametrize(
    ("kind", "status", "group"),
    [
        (DocumentType.ACT, Status.CURRENT, "current"),
        (DocumentType.ACT, Status.SUPERSEDED, "ended"),
        (DocumentType.ACT, Status.EXPIRED, "ended"),
        (DocumentType.ACT, Status.UNKNOWN, "unknown"),
        (DocumentType.ACT, Status.PROPOSAL, "proposal"),
        (DocumentType.BILL, Status.CURRENT, "proposal"),
        (DocumentType.NOU, Status.UNKNOWN, "proposal"),
        (DocumentType.HEARING, Status.EXPIRED, "proposal"),
    ],
)
def test_what_is_proposed_is_never_among_what_is_in_force(
    kind: DocumentType, status: Status, group: str
) -> None:
    """A bill, a NOU or a hearing stands with the proposals, whatever its status says."""
    assert group == browsing.group_of(doc("x", type=kind, status=status))


def test_a_bill_that_became_an_act_is_preparatory() -> None:
    """It isn't said to be superseded: that would be read of the act."""
    bill = doc("p", type=DocumentType.BILL, status=Status.SUPERSEDED, replaced_by="act")
    found = browsing.topic([bill, doc("f", type=DocumentType.BILL, status=Status.PROPOSAL)], "nn")
    assert [part.key for part in found.groups["proposal"]] == ["pending", "preparatory"]
    assert browsing.is_preparatory(bill)


def test_a_topic_stands_in_the_order_of_legal_weight() -> None:
    """Acts first, then regulations, each under its own heading."""
    kinds = [DocumentType.NEWS, DocumentType.REGULATION, DocumentType.ACT]
    found = browsing.topic([doc(k, type=k, status=Status.CURRENT) for k in kinds], "nb")
    keys = [part.key for part in found.groups["current"]]
    assert keys == ["types_act", "types_regulation", "types_news"]
    assert found.count("current") == 3


def test_of_two_written_forms_the_readers_own_is_shown() -> None:
    """And what there is in one form only is shown to all."""
    pair = [
        doc("nb", language=Language.BOKMAL, translation_of="nn"),
        doc("nn", language=Language.NYNORSK, translation_of="nb"),
        doc("alone", language=Language.BOKMAL),
    ]
    assert [d.id for d in browsing.one_form(pair, "nn")] == ["nn", "alone"]
    assert [d.id for d in browsing.one_form(pair, "nb")] == ["nb", "alone"]


def test_an_address_gives_back_what_it_says() -> None:
    """Every field stands in the address; another list begins on its first page."""
    asked = Listing(
        types=(DocumentType.ACT,),
        statuses=(Status.CURRENT,),
        publishers=("A & B",),
        areas=(4, 0),
        languages=(Language.NYNORSK,),
        sort=Sort.DATE,
        page=3,
        lang="nn",
    )
    again = browsing.read(QueryParams(asked.address(page=3).partition("?")[2]))
    assert asked == again
    assert "side=" not in asked.address(sort=Sort.TITLE)
    assert Listing().address() == "/dokument"


@pytest.mark.parametrize("query", ["type=x&status=&area=9&side=-1", "side=x&sort=up", "side=²"])
def test_what_cant_be_read_is_left_out(query: str) -> None:
    """An old link or an empty field is no error."""
    assert Listing() == browsing.read(QueryParams(query))


def test_what_a_document_replaced_is_found_backwards() -> None:
    """The heir knows all that points to it."""
    found = browsing.replaced([doc("b", replaced_by="new"), doc("a", replaced_by="new"), doc("c")])
    assert {heir: [d.id for d in those] for heir, those in found.items()} == {"new": ["a", "b"]}
