"""References in law style and in APA."""

from __future__ import annotations

from datetime import date

import pytest

from api.citation import Source, apa_in_text, apa_reference, law_style, pinpoint, source_of, whole
from corpus.documents import Document, DocumentType, Language, Place

INTEGRATION = Source(
    "lov-2020-11-06-127",
    "Lov om integrering gjennom opplæring, utdanning og arbeid (integreringsloven)",
    DocumentType.ACT,
    Language.BOKMAL,
    Place(section="§ 4"),
    "Integreringsloven",
    "Arbeids- og inkluderingsdepartementet",
    url="https://lovdata.no/dokument/NL/lov/2020-11-06-127/%C2%A74",
)
GUIDE = Source(
    "file-rettleiar",
    "Rettleiar om tilsyn",
    DocumentType.GUIDANCE,
    Language.NYNORSK,
    Place(section="2.1", page=12, page_end=13),
    publisher="Utdanningsdirektoratet",
    published=date(2024, 3, 1),
    url="https://udir.no/rettleiar.pdf#page=12",
)


def law(id: str, title: str, section: str | None = "§ 1") -> Source:
    return Source(
        id, title, DocumentType.ACT, Language.BOKMAL, Place(section=section) if section else Place()
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            INTEGRATION,
            (
                "Lov 6. november 2020 nr. 127 om integrering gjennom opplæring, utdanning og "
                "arbeid (integreringsloven) § 4"
            ),
        ),
        (
            law(
                "lov-1967-02-10", "Lov om behandlingsmåten i forvaltningssaker (forvaltningsloven)"
            ),
            "Lov 10. februar 1967 om behandlingsmåten i forvaltningssaker (forvaltningsloven) § 1",
        ),
        (
            law("lov-1935-06-07-2", "Lov om tinglysing [tinglysingsloven]"),
            "Lov 7. juni 1935 nr. 2 om tinglysing (tinglysingsloven) § 1",
        ),
        (
            law("forskrift-2018-10-19-1584", "Forskrift til valgloven", None),
            "Forskrift 19. oktober 2018 nr. 1584 til valgloven",
        ),
        (law("lov-2020-13-45-1", "Lov om feil dato"), "Lov om feil dato § 1"),
        (
            Source(
                "regjeringen-id1",
                "Prop. 12 L (2025–2026) Endringer i lover",
                DocumentType.BILL,
                Language.BOKMAL,
                Place(page=7),
            ),
            "Prop. 12 L (2025–2026) s. 7",
        ),
        (
            Source(
                "regjeringen-id2",
                "NOU 2017: 2 Integrasjon og tillit",
                DocumentType.NOU,
                Language.BOKMAL,
            ),
            "NOU 2017: 2",
        ),
        (GUIDE, "Utdanningsdirektoratet, Rettleiar om tilsyn (2024) s. 12–13"),
    ],
)
def test_law_style(source: Source, expected: str) -> None:
    """Acts by date and number, preparatory works by their number, the rest by publisher."""
    assert expected == law_style(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            INTEGRATION,
            (
                "Integreringsloven. (2020). Lov om integrering gjennom opplæring, utdanning og "
                "arbeid (LOV-2020-11-06-127). Lovdata. "
                "https://lovdata.no/dokument/NL/lov/2020-11-06-127"
            ),
        ),
        (
            law("lov-2026-06-12-25", "Lov om særskilt innsats mot negativ sosial kontroll"),
            (
                "Lov om særskilt innsats mot negativ sosial kontroll (LOV-2026-06-12-25). (2026). "
                "Lovdata."
            ),
        ),
        (
            GUIDE,
            "Utdanningsdirektoratet. (2024). Rettleiar om tilsyn. https://udir.no/rettleiar.pdf",
        ),
        (
            Source("x", "Tid for samtale", DocumentType.OTHER, Language.NYNORSK),
            "Tid for samtale. (u.å.).",
        ),
    ],
)
def test_apa_reference(source: Source, expected: str) -> None:
    """A line of a reference list by the Norwegian manual."""
    assert expected == apa_reference(source, "nb")


def test_apa_tells_when_a_page_was_read() -> None:
    """In the written form of the list."""
    page = Source(
        "x", "Side", DocumentType.WEB_PAGE, Language.BOKMAL, publisher="IMDi", url="https://imdi.no"
    )
    assert "Hentet 2. mars 2026 fra https://imdi.no" in apa_reference(page, "nb", date(2026, 3, 2))
    assert "Henta 2. mars 2026 frå https://imdi.no" in apa_reference(page, "nn", date(2026, 3, 2))


def test_apa_in_text() -> None:
    """Name, year and place in brackets."""
    assert apa_in_text(INTEGRATION) == "(Integreringsloven, 2020, § 4)"
    assert apa_in_text(GUIDE) == "(Utdanningsdirektoratet, 2024, s. 12–13)"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(), ""),
        (Place(section="§ 14 a."), "§ 14 a"),
        (Place(page=12, page_label="10"), "s. 10"),
        (Place(section="2.5", page=35), "s. 35"),
        (Place(section="2.5"), "pkt. 2.5"),
    ],
)
def test_pinpoint(place: Place, expected: str) -> None:
    """A § before a page, a printed page before the physical one, a page before a heading."""
    assert expected == pinpoint(place)


def test_whole_is_the_address_without_a_place() -> None:
    """Neither § nor fragment."""
    assert whole(INTEGRATION.url) == "https://lovdata.no/dokument/NL/lov/2020-11-06-127"
    assert whole("https://a.no/b.pdf#page=3") == "https://a.no/b.pdf"
    assert whole(None) is None


def test_a_document_is_a_source() -> None:
    """With the address of the place."""
    document = Document(
        "lov-2020-11-06-127",
        "https://lovdata.no/dokument/NL/lov/2020-11-06-127",
        "Lov om integrering (integreringsloven)",
        (),
        type=DocumentType.ACT,
    )
    source = source_of(document, Place(section="§ 14 a"))
    assert source.url == "https://lovdata.no/dokument/NL/lov/2020-11-06-127/%C2%A714a"
    assert source.short == "Integreringsloven"
