"""A pack for tests: an act in Bokmål, an act in Nynorsk, a PDF, a proposal; headings and notes."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.packs.model import Heading, Item, Note, Pack, Quote
from corpus.documents import DocumentType, Language, Place, Status

DAY = date(2026, 11, 25)
HOSTILE = '<script>alert("x")</script> & *ikke* [lenke](javascript:alert(1)) {tex} \\input{x}'

ACT = Quote(
    text="Fylkeskommunen er ansvarlig.\n\nPlanene skal omfatte:\n\n- kurs\n- råd",
    document_id="lov-2020-11-06-127",
    edition=2,
    number=3,
    title="Lov om integrering gjennom opplæring, utdanning og arbeid (integreringsloven)",
    short_title="Integreringsloven",
    headings=("Kapittel 2 Ansvar", "§ 4. Fylkeskommunens ansvar"),
    place=Place(section="§ 4"),
    language=Language.BOKMAL,
    document_language=Language.BOKMAL,
    type=DocumentType.ACT,
    status=Status.CURRENT,
    added=DAY,
    publisher="Lovdata",
    published=date(2020, 11, 6),
    updated=date(2026, 1, 1),
    uri="https://lovdata.no/dokument/NL/lov/2020-11-06-127",
    source_url="https://lovdata.no/dokument/NL/lov/2020-11-06-127/%C2%A74",
    query="hvem har ansvar for integrering?",
)
LANGUAGE_ACT = Quote(
    text="Føremålet med lova er å styrkje norsk språk.",
    document_id="lov-2021-05-21-42",
    edition=1,
    number=0,
    title="Lov om språk (språklova)",
    short_title="Språklova",
    headings=("§ 1. Føremål",),
    place=Place(section="§ 1"),
    language=Language.NYNORSK,
    document_language=Language.NYNORSK,
    type=DocumentType.ACT,
    status=Status.CURRENT,
    added=DAY,
    publisher="Lovdata",
    published=date(2021, 5, 21),
    uri="https://lovdata.no/dokument/NL/lov/2021-05-21-42",
    source_url="https://lovdata.no/dokument/NL/lov/2021-05-21-42/%C2%A71",
)
PDF = Quote(
    text="Barnehagen skal arbeide aktivt med språkutviklinga til barna. " * 30,
    document_id="file-rammeplan-pdf",
    edition=1,
    number=7,
    title="Rammeplan for innhaldet i barnehagen",
    headings=("2.5 Språk",),
    place=Place(section="2.5", page=35, page_end=35, page_label="33"),
    language=Language.NYNORSK,
    document_language=Language.NYNORSK,
    type=DocumentType.GUIDANCE,
    status=Status.SUPERSEDED,
    added=DAY,
    publisher="Kunnskapsdepartementet & co",
    published=date(2011, 3, 1),
)
BILL = Quote(
    text=HOSTILE,
    document_id="regjeringen-id3100000",
    edition=1,
    number=0,
    title="Prop. 12 L (2025–2026) Endringer i <b>loven</b>",
    headings=(),
    place=Place(page=12),
    language=Language.BOKMAL,
    document_language=Language.BOKMAL,
    type=DocumentType.BILL,
    status=Status.PROPOSAL,
    added=DAY,
    publisher="Arbeids- og inkluderingsdepartementet",
    published=date(2025, 12, 1),
    source_url="https://www.regjeringen.no/no/dokumenter/id3100000/#page=12",
)


def pack(*contents: Any, title: str = "Kurs om integrering", **fields: Any) -> Pack:
    """A pack of these contents, or of one of each kind."""
    given = contents or (
        Heading("Hvem har ansvaret?"),
        Note("Start med et spørsmål som alle kan svare på.\n\n- hva er nytt\n- hva er ikke nytt"),
        ACT,
        LANGUAGE_ACT,
        Heading("Kva seier planane?"),
        PDF,
        BILL,
        Note(HOSTILE),
    )
    items = tuple(Item(n, content) for n, content in enumerate(given, 1))
    return Pack(title=title, created=DAY, changed=DAY, items=items, **fields)
