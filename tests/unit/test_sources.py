"""The register of official sources holds what it promises, and refuses what does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.documents import DocumentType, Status
from corpus.identity import document_id
from corpus.sources import HOSTS, Source, load_sources, source_document
from corpus.text import normalise

SOURCES = load_sources()
BY_ID = {source.id: source for source in SOURCES}
ENTRY = """\
[[source]]
id = "a"
title = "En lov"
publisher = "Lovdata"
url = "https://lovdata.no/dokument/NL/lov/2020-11-06-127"
type = "act"
language = ["nb"]
areas = [1]
status = "current"
checked = 2026-11-23
verification = "seen"
"""


def read(folder: Path, text: str) -> tuple[Source, ...]:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return load_sources(path)


def test_register_holds_every_row_of_the_catalogue() -> None:
    """All 110 catalogued sources are there, beside those the catalogue lacked."""
    catalogued = {f"d{number:02}" for number in range(1, 111)}
    assert catalogued < set(BY_ID)
    assert {"lov-2026-06-12-25", "lov-2025-06-20-35", "lov-2021-06-11-79"} <= set(BY_ID)


def test_no_staging_or_mirror_host() -> None:
    """No address leads to a staging, mirror, archive or third-party host."""
    bad = ("imdiny-prep", "arkiv.imdi", "introduksjonsprogrammet.imdi", "cms12.", "episerver")
    bad += ("ny.bufdir", "prod.statsforvalteren", "9pdf", "docplayer", "fdocument", "norgeslover")
    urls = [source.url for source in SOURCES if source.url]
    assert len(urls) > 100
    assert [url for url in urls if any(part in url for part in bad)] == []
    assert not any(part in host for host in HOSTS for part in bad)


def test_regjeringen_addresses_name_the_document_not_a_chapter() -> None:
    """A chapter of a document is no source of its own: its idNNNN is."""
    urls = [source.url for source in SOURCES if source.url and "regjeringen.no" in source.url]
    assert [url for url in urls if "ch=" in url or "/id" not in url] == []


def test_no_two_sources_are_the_same_document() -> None:
    """Each address gives a document id of its own."""
    ids = [document_id(source.url) for source in SOURCES if source.url]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_entry_is_sound(source: Source) -> None:
    """No proposal is current; a replacement exists; a missing address is explained."""
    proposals = {DocumentType.BILL, DocumentType.NOU, DocumentType.HEARING}
    assert not (source.type in proposals and source.status is Status.CURRENT)
    assert source.replaced_by is None or source.replaced_by in BY_ID
    assert source.url or source.status_note
    assert source.checked == date(2026, 11, 23)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_card_is_searchable_and_apart_from_its_document(source: Source) -> None:
    """A card has one normalised section, and an id that the fetched text never gets."""
    card = source_document(source)
    [section] = card.sections
    assert section.text == normalise(section.text)
    assert source.title in section.text
    assert source.publisher in section.text
    assert card.id == f"kilde-{source.id}"
    assert card.id != document_id(card.uri)
    assert card.file is None


def test_travel_ban_is_law_and_its_bill_is_not() -> None:
    """The travel ban stands in barnevernsloven; the bill says so and leads there."""
    bill = BY_ID["d65"]
    assert (bill.status, bill.replaced_by) == (Status.SUPERSEDED, "d70")
    assert "§ 5-13" in (bill.status_note or "")
    card = source_document(bill)
    assert card.replaced_by == "kilde-d70"
    assert "forarbeid til vedtatt lov / førearbeid til vedteken lov" in card.sections[0].text
    assert "ikkje lenger" not in card.sections[0].text


def test_adopted_but_not_in_force_is_never_current() -> None:
    """Integreringserklæring was adopted in June 2026 without a date."""
    assert BY_ID["lov-2026-06-12-23"].status is Status.UNKNOWN


def test_unsafe_statement_of_the_duty_to_avert_leads_to_the_act() -> None:
    """A page that limits the duty to avert to professionals is not served as current."""
    assert (BY_ID["d83"].status, BY_ID["d83"].replaced_by) == (Status.SUPERSEDED, "d69")


def test_card_speaks_both_written_forms() -> None:
    """Type, status and area are told in Bokmål and Nynorsk, so that either finds the card."""
    [section] = source_document(BY_ID["d63"]).sections
    assert "offentlig utredning (NOU) / offentleg utgreiing (NOU)" in section.text
    assert "forslag, ikke vedtatt regel / forslag, ikkje vedteken regel" in section.text
    assert "kjønnslemlestelse / Negativ sosial kontroll" in section.text


def test_a_year_is_not_made_into_a_date(tmp_path: Path) -> None:
    """A source known by its year has no day of publication; one with a date has."""
    [year] = read(tmp_path, ENTRY + 'published = "2020"\n')
    [day] = read(tmp_path, ENTRY + "published = 2020-11-06\n")
    assert source_document(year).published is None
    assert source_document(day).published == date(2020, 11, 6)
    assert "Publisert: 2020\n" in source_document(year).sections[0].text


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('publisher = "Lovdata"', 'publisher = "Lovdata"\nlink = "x"', "unknown key link"),
        ('publisher = "Lovdata"\n', "", "lacks publisher"),
        ('publisher = "Lovdata"', 'publisher = " "', "publisher is a line of text"),
        ('type = "act"', 'type = "law"', "type is 'law'"),
        ('status = "current"', 'status = "valid"', "status is 'valid'"),
        ('status = "current"', 'status = "current"\nreplaced_by = "b"', "and yet current"),
        ('status = "current"', 'status = "expired"\nreplaced_by = "b"', "'b' is missing"),
        ('status = "current"', 'status = "expired"\nreplaced_by = "a"', "in a circle"),
        ('type = "act"', 'type = "bill"', "a proposal and never current"),
        ('language = ["nb"]', 'language = "nb"', "language is a list"),
        ('language = ["nb"]', 'language = ["und"]', "language is nb, nn or en"),
        ("areas = [1]", "areas = [7]", "areas is a list of numbers 1-6"),
        ("areas = [1]", "areas = [true]", "areas is a list of numbers 1-6"),
        ("https://lovdata.no", "http://lovdata.no", "https address"),
        ("https://lovdata.no", "https://imdiny-prep.imdi.no", "not a canonical host"),
        ("https://lovdata.no", "https://lovdata.no.example.com", "not a canonical host"),
        ("https://lovdata.no", "https://lovdata.no@example.com", "not a canonical host"),
        ("checked = 2026-11-23", 'checked = "2026-11-23"', "checked is a date"),
        ('verification = "seen"', 'verification = "yes"', "verification is 'yes'"),
        ('verification = "seen"', 'verification = "seen"\npublished = "v1"', "published is a date"),
    ],
)
def test_what_does_not_hold_is_refused_by_name(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    """Every error names the entry and says what is wrong."""
    with pytest.raises(ValueError, match=complaint) as caught:
        read(tmp_path, ENTRY.replace(old, new))
    assert "source 'a'" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id = ", "sources.toml"),
        ('title = "x"', "nothing else"),
        (ENTRY + ENTRY, "used twice"),
        (ENTRY + ENTRY.replace('"a"', '"b"'), "has the url of 'a'"),
        (ENTRY.replace('"a"', '"A b"'), "lower-case"),
    ],
)
def test_broken_register_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    """A register that cannot be read, or says a thing twice, is refused."""
    with pytest.raises(ValueError, match=complaint):
        read(tmp_path, text)
