"""The web pages over a real small base: words, escaping, citations, no leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from starlette.datastructures import QueryParams

from api.app import create_app
from api.asking import Asked, read
from api.settings import Settings
from corpus.documents import DocumentType, Status
from ingest.sync import ingest

ACT = """---
title: "Lov <script>alert(1)</script> om kjelder"
uri: "https://example.org/lov"
type: act
language: nb
status: current
publisher: "Testdepartementet & co"
areas: [2]
published: 2020-11-06
---

## Kapittel 1. Innleiing

### § 4. Ansvar

Fylkeskommunen har ansvar for veiledning & kurs om kilder.

- kurs i norsk
- rettledning
"""
BILL = """---
title: "Framlegg til ny lov"
uri: "javascript:alert(1)"
type: bill
language: nn
status: proposal
published: 2026-02-03
---

Departementet gjer framlegg om nytt ansvar for rettleiing i fylkeskommunen.
"""
OLD = """---
title: "Gammel veileder"
type: guidance
language: nb
status: superseded
replaced_by: "https://example.org/lov"
---

Gammel tekst om ansvar for veiledning.
"""
LEAKS = (
    "<built-in",
    "None",
    "Undefined",
    "{{",
    "}}",
    "&lt;bound",
    "StrEnum",
    "Status.",
    'lang="und"',
)


@pytest.fixture
def client(tmp_path: Path, encoder: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A client of an app over three documents, taken in the ordinary way."""
    for name, text in (("lov.md", ACT), ("framlegg.md", BILL), ("gammel.md", OLD)):
        (tmp_path / "files").mkdir(exist_ok=True)
        (tmp_path / "files" / name).write_text(text)
    encoder.max_tokens = 512
    monkeypatch.setattr("search.embedding.encoder.load", lambda *_, **__: encoder)
    report = ingest([tmp_path / "files"], home=tmp_path / "home", encoder=encoder)
    assert report.failed == ()
    with TestClient(create_app(Settings(home=tmp_path / "home"))) as found:
        yield found


def soup(client: TestClient, path: str, status: int = 200, language: str = "nb") -> BeautifulSoup:
    answer = client.get(path, headers={"accept-language": language})
    assert status == answer.status_code, answer.text
    for leak in LEAKS:
        assert leak not in answer.text
    return BeautifulSoup(answer.text, "html.parser")


def words(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ").split())


@pytest.mark.parametrize("written", ["nb", "nn"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/?q=ansvar", 200),
        ("/?q=ansvar&type=act&status=current&area=2&year_from=2000&year_to=2030", 200),
        ("/?q=ansvar&year_from=to&year_to=tusen", 200),
        ("/?q=qwxz&mode=lexical", 200),
        ("/?q=", 422),
        ("/?q=" + "x" * 1001, 422),
        ("/api", 200),
        ("/dokument/none", 404),
        ("/nothing", 404),
    ],
)
def test_every_page_is_whole_in_both_written_forms(
    client: TestClient, path: str, status: int, written: str
) -> None:
    """Language, title, one h1, landmarks, a skip link that leads somewhere, no leaks."""
    page = soup(client, path, status, written)
    assert written == page.html["lang"]
    assert page.title.string.strip()
    assert len(page.find_all("h1")) == 1
    assert all(page.find(name) for name in ("header", "nav", "main", "footer"))
    assert page.find(id=page.find("a", class_="ds-skip-link")["href"][1:])
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert all(s["src"].startswith("/static/") and not s.string for s in page.find_all("script"))
    assert not page.find_all(style=True)
    assert all(page.find("label", attrs={"for": i["id"]}) for i in page.find_all("input", id=True))
    switch = page.find("a", class_="switch")
    assert {"nb": "nn", "nn": "nb"}[written] == switch["lang"]


def test_hits_say_where_they_stand(client: TestClient) -> None:
    """A hit has its place, type, status, publisher and date in words, and its language."""
    page = soup(client, "/?q=ansvar+for+kurs+om+kilder")
    hit = page.find("article")
    said = words(hit)
    for part in ("§ 4", "Lov", "Gjeldende", "Testdepartementet & co", "6. november 2020"):
        assert part in said
    assert hit.find(class_="excerpt")["lang"] == "nb"
    assert "ansvar" in [mark.get_text().lower() for mark in hit.find_all("mark")]
    assert hit.h3.a["href"].endswith("#sitat")


def test_what_is_not_in_force_is_said_in_words(client: TestClient) -> None:
    """A proposal and a superseded document are marked by text, not by colour alone."""
    said = words(soup(client, "/?q=ansvar&limit=20", language="nn"))
    assert "Framlegg. Dette er eit framlegg. Det er ikkje vedteke og gjeld ikkje." in said
    assert "Erstatta. Dette dokumentet er erstatta av eit nyare." in said


def test_a_title_is_text_not_markup(client: TestClient) -> None:
    """A title with a script in it is shown as it is written, on both pages."""
    page = soup(client, "/?q=ansvar+kilder")
    link = page.find("article").h3.a
    assert link.get_text() == "Lov <script>alert(1)</script> om kjelder"
    document = soup(client, link["href"].split("#")[0])
    assert document.h1.get_text() == "Lov <script>alert(1)</script> om kjelder"
    assert all(
        s["src"].startswith("/static/") and not s.string for s in document.find_all("script")
    )


def test_the_query_is_text_not_markup(client: TestClient) -> None:
    """What was asked stands in the field and the heading, escaped."""
    page = soup(client, '/?q="><img src=x onerror=alert(1)>&mode=lexical')
    assert page.find(id="q")["value"] == '"><img src=x onerror=alert(1)>'
    assert all(img["src"].startswith("/static/") for img in page.find_all("img"))


def test_only_web_addresses_become_links(client: TestClient) -> None:
    """A uri with another scheme, such as javascript:, is never a link."""
    page = soup(client, "/?q=departementet+framlegg+rettleiing&type=bill")
    link = page.find("article").h3.a["href"].split("#")[0]
    for shown in (page, soup(client, link)):
        assert not [a for a in shown.find_all("a") if a["href"].startswith("javascript")]


def test_a_citation_opens_in_its_place(client: TestClient) -> None:
    """The cited passage is marked, announced in words, and has the anchor of the link."""
    hit = soup(client, "/?q=ansvar+for+kurs+om+kilder").find("article")
    page = soup(client, hit.h3.a["href"].split("#")[0])
    flag = page.find(id="sitat")
    assert " ".join(flag.get_text().split()) == "Sitert avsnitt: § 4"
    marked = " ".join(mark.get_text() for mark in page.find_all("mark"))
    assert "Fylkeskommunen har ansvar for veiledning & kurs om kilder. kurs i norsk" in marked
    assert [li.get_text() for li in page.select(".text li")] == ["kurs i norsk", "rettledning"]
    assert [h.get_text() for h in page.select(".text h2, .text h3")] == [
        "Kapittel 1. Innleiing",
        "§ 4. Ansvar",
    ]
    assert "Åpne originalen" in words(page)


def test_an_old_passage_number_still_opens_the_document(client: TestClient) -> None:
    """A link to a passage that is gone shows the document without a citation."""
    link = soup(client, "/?q=ansvar").find("article").h3.a["href"].split("?")[0]
    for query in ("?passage=999", "?passage=x", "?del=99", "?passage=-1"):
        assert not soup(client, link + query).find(id="sitat")


def test_a_superseded_document_leads_to_the_new_one(client: TestClient) -> None:
    """The status box links to what replaced the document, by its title."""
    hits = soup(client, "/?q=gammel+tekst&status=superseded").find("article")
    page = soup(client, hits.h3.a["href"].split("#")[0])
    assert "Lov <script>" in page.find(class_="warning-big").a.get_text()


def test_the_choice_of_written_form_follows_the_links(client: TestClient) -> None:
    """With ?lang= the choice stays in every link of the page; without it no link has it."""
    for path in ("/?q=ansvar&lang=nn", "/?q=ansvar"):
        page = soup(client, path)
        inner = [
            a["href"]
            for a in page.find_all("a")
            if a["href"].startswith("/") and "switch" not in a.get("class", [])
        ]
        assert inner
        assert {"lang=" in path} == {"lang=" in href for href in inner}


def test_no_page_asks_for_anything_from_elsewhere(client: TestClient) -> None:
    """Style and pictures come from this server only."""
    page = soup(client, "/?q=ansvar")
    links = [t for t in page.find_all("link") if not {"alternate", "search"} & set(t["rel"])]
    loaded = [t["href"] for t in links] + [t["src"] for t in page.find_all(["img", "script"])]
    style = client.get("/static/kjelda.css").text
    loaded += [f"/static/{name}" for name in re.findall(r'url\("([^"]+)"\)', style)]
    assert all(address.startswith("/static/") for address in loaded)
    for address in loaded:
        answer = client.get(address)
        assert answer.status_code == 200
        if not address.endswith(".woff2"):
            assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", answer.text), address


def test_faults_of_a_field_are_told_beside_it(client: TestClient) -> None:
    """A year that isn't one is told at its field; the search is done without it."""
    page = soup(client, "/?q=ansvar&year_from=tjue")
    field = page.find(id="year_from")
    assert field["aria-invalid"] == "true"
    assert "«tjue» er ikke et år" in words(page.find(id=field["aria-describedby"]))
    assert page.find("article")


def test_addresses_hold_the_whole_state() -> None:
    """What is read from an address is written back into it."""
    address = (
        "/?q=a+%26+b&mode=lexical&limit=20&type=act&type=bill&language=nn&publisher=A+B"
        "&area=4&status=current&year_from=2000&lang=nn"
    )
    asked = read(QueryParams(address[2:]))
    assert address == asked.address()
    assert "type=bill" in asked.without("types", DocumentType.ACT)
    assert "type=act" not in asked.without("types", DocumentType.ACT)
    assert asked.without_filters() == "/?q=a+%26+b&mode=lexical&limit=20&lang=nn"


def test_what_cannot_be_read_in_an_address_is_left_out() -> None:
    """Old or odd values never stop a search."""
    asked = read(QueryParams("q=a&type=x&status=current&area=9&area=2&limit=999&mode=x&year_to="))
    assert Asked(q="a", statuses=(Status.CURRENT,), areas=(2,), limit=50, submitted=True) == asked


def test_filters_count_the_documents_near_the_question(client: TestClient) -> None:
    """Each value has its number of documents, with the noun for a screen reader; none is 0."""
    page = soup(client, "/?q=ansvar+for+veiledning")
    box = page.find("fieldset", class_="group-type")
    assert box is not None
    counted = [words(label) for label in box.find_all("label")]
    assert counted == ["Lov 1 dokument", "Veileder 1 dokument", "Proposisjon 1 dokument"]
    chosen = soup(client, "/?q=ansvar+for+veiledning&type=act")
    assert [words(label) for label in chosen.select(".group-type label")] == counted
    assert [words(label) for label in chosen.select(".group-status label")] == [
        "Gjeldende 1 dokument"
    ]


def test_the_start_page_tells_what_is_new(client: TestClient) -> None:
    """The newest changes are links to what changed."""
    items = soup(client, "/?lang=nn").select(".recent li")
    assert len(items) == 3
    assert all(item.find("a")["href"].startswith("/dokument/") for item in items)


def test_a_browser_can_take_kjelda_in(client: TestClient) -> None:
    """The OpenSearch description is XML with this server's own address, in the written form."""
    answer = client.get("/opensearch.xml?lang=nn")
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    found = BeautifulSoup(answer.text, "xml")
    assert found.Url["template"] == "http://testserver/?q={searchTerms}&lang=nn"
    assert found.Language.string == "nn"


def test_a_page_is_sent_compressed(client: TestClient) -> None:
    """The search page with its style and script is under 35 kB, and under 90 kB with the font."""
    sent = 0
    for address in (
        "/?q=ansvar",
        "/static/designsystemet.css",
        "/static/kjelda.css",
        "/static/live.js",
        "/static/kjelda.svg",
    ):
        with client.stream("GET", address) as answer:
            sent += sum(len(part) for part in answer.iter_raw())
    assert sent < 35_000
    with client.stream("GET", "/static/inter-latin.woff2") as answer:
        assert sent + sum(len(part) for part in answer.iter_raw()) < 90_000
