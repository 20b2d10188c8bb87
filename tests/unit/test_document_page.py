"""A document's page over a real small base: the way on, status, search inside, picture, citing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from reportlab.pdfgen.canvas import Canvas

from api.app import create_app
from api.result import quoted_url, text_fragment
from api.settings import Settings
from corpus.documents import Document, Language, Passage, Place
from ingest.sync import ingest
from search.engine import Searcher
from search.errors import StoreError

ACT = """---
title: "Lov <b>om</b> kjelder (kjeldelova)"
uri: "https://example.org/lov"
type: act
language: nn
status: current
publisher: "Testdepartementet & co"
published: 2020-11-06
valid_from: 2021-01-01
---

## § 1. Føremål

Lova skal gje rettleiing om kjelder til kommunane `<img src=x onerror=alert(1)>`.

## § 4. Ansvar

Fylkeskommunen har ansvar for rettleiing og kurs.

## § 5. Tilskot

Kommunen kan få tilskot til rettleiing.
"""
OLD = """---
title: "Gammel veileder"
uri: "https://example.org/gammel"
type: guidance
language: nb
status: superseded
valid_to: 2020-12-31
replaced_by: "https://example.org/lov"
---

Gammel tekst om ansvar for rettleiing.
"""
QUOTE = "Brannvernleiaren skal gje opplæring i sløkking kvart einaste år."


def pdf(*pages: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(420, 595))
    canvas.setTitle("Brannvern på skulen")
    for page in pages:
        for number, line in enumerate(page.split("\n")):
            canvas.drawString(40, 500 - 15 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


GENERAL = "\n".join(["Om brannvern generelt på skulen, og kva alle må vite om det."] * 4)
PAGES = pdf(GENERAL, QUOTE)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two texts and a PDF of two pages."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "lov.md").write_text(ACT)
    (folder / "gammel.md").write_text(OLD)
    (folder / "brann.pdf").write_bytes(PAGES)
    return folder


@pytest.fixture(scope="module")
def client(
    files: Path, tmp_path_factory: pytest.TempPathFactory, make_base: Callable[[Path], Any]
) -> Iterator[TestClient]:
    """A client of an app over them."""
    other = make_base(tmp_path_factory.mktemp("other"))
    other.close()
    encoder = other.encoder
    encoder.max_tokens = 40  # a page of the PDF is a passage
    home = tmp_path_factory.mktemp("home")
    report = ingest([files], home=home, encoder=encoder)
    assert report.failed == ()
    app = create_app(Settings(home=home), lambda: Searcher.open(home, lambda: encoder))
    with TestClient(app) as found:
        yield found


def soup(client: TestClient, path: str, status: int = 200) -> BeautifulSoup:
    client.cookies.clear()  # the written form of a page before
    answer = client.get(path, headers={"accept-language": "nb"})
    assert status == answer.status_code, answer.text
    for leak in ("<built-in", "None", "Undefined", "{{", "&lt;bound", "StrEnum", "Status."):
        assert leak not in answer.text
    return BeautifulSoup(answer.text, "html.parser")


def words(page: Any) -> str:
    return " ".join(page.get_text(" ").split())


def hits(client: TestClient, query: str) -> list[str]:
    """The addresses of the hits, without the fragment."""
    return [a["href"].split("#")[0] for a in soup(client, query).select("article h3 a")]


# -- the way back and on ------------------------------------------------------


def test_a_hit_knows_its_search(client: TestClient) -> None:
    """The page says which hit it is, leads to the next and the one before, and back."""
    found = hits(client, "/?q=ansvar+rettleiing&type=act&lang=nn")
    assert len(found) >= 2
    first = soup(client, found[0]).find(class_="trail")
    assert f"Treff 1 av {len(found)}" in words(first)
    assert "Søk: «ansvar rettleiing»" in words(first)
    assert not first.find(rel="prev")
    assert first.find(rel="next")["href"].split("#")[0] == found[1]
    second = soup(client, found[1]).find(class_="trail")
    assert second.find(rel="prev")["href"].split("#")[0] == found[0]
    back = second.a["href"]
    assert back.startswith("/?q=ansvar+rettleiing&type=act&lang=nn#hit-")
    assert hits(client, back.split("#")[0]) == found


def test_a_page_without_a_search_leads_to_the_front_page(client: TestClient) -> None:
    """A citable link holds no search, and its page has no hits to go through."""
    path = hits(client, "/?q=ansvar")[0].split("&q=")[0]
    page = soup(client, path)
    assert not page.find(class_="trail")
    assert page.find(class_="back").a["href"] == "/"


def test_a_passage_that_is_no_hit_any_more_is_said_to_be(client: TestClient) -> None:
    """With another search, or after a change in the base, no wrong number is shown."""
    path = hits(client, "/?q=ansvar&type=act")[0].split("&q=")[0]
    trail = soup(client, f"{path}&q=qwxz&mode=lexical").find(class_="trail")
    assert "ikke blant treffene nå" in words(trail)
    assert not trail.find(rel="next")


@pytest.mark.parametrize("query", ["x" * 5000, "   ", "«"])
def test_an_odd_search_in_the_address_never_stops_the_page(client: TestClient, query: str) -> None:
    """A document can be read whatever the rest of its address says."""
    path = hits(client, "/?q=ansvar&type=act")[0].split("&q=")[0].split("?")[0]
    assert client.get(path, params={"passage": 0, "q": query}).status_code == 200


def test_a_search_that_fails_leaves_the_document(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without model or index the text stands, with the way back."""
    path = hits(client, "/?q=ansvar&type=act")[0]

    def fail(_query: object) -> None:
        raise StoreError("no index")

    monkeypatch.setattr(client.app.state.base.searcher(), "search", fail)  # type: ignore[attr-defined]
    page = soup(client, path)
    assert page.find(id="sitat")
    assert page.find(class_="trail").a["href"].startswith("/?q=ansvar")


def test_the_search_follows_through_the_document(client: TestClient) -> None:
    """Outline and search inside keep the way back."""
    page = soup(client, hits(client, "/?q=ansvar&type=act")[0])
    assert all("q=ansvar&type=act" in a["href"] for a in page.select(".outline a"))
    hidden = {i["name"]: i["value"] for i in page.select(".find input[type=hidden]")}
    assert hidden == {"passage": hidden["passage"], "utgave": "1", "q": "ansvar", "type": "act"}


# -- status --------------------------------------------------------------------


def test_the_status_box_says_what_holds_and_what_it_replaces(client: TestClient) -> None:
    """Status in words, from when, and what it took the place of."""
    box = soup(client, hits(client, "/?q=ansvar&type=act")[0]).find(class_="standing")
    said = words(box)
    for part in (
        *("Status: Gjeldende", "Etter det Kjelda kjenner til, gjelder dette i dag."),
        *("Gjelder fra 1. januar 2021", "Erstatter Gammel veileder (erstattet)"),
    ):
        assert part in said
    assert "gammel" in box.find("dd", string=None).find_next("a")["href"]


def test_the_status_box_leads_to_the_heir(client: TestClient) -> None:
    """What is superseded says so, until when it held, and links to what came after."""
    box = soup(client, hits(client, "/?q=gammel+tekst&type=guidance")[0]).find(class_="standing")
    assert "Gjelder ikke" in words(box) or "gjelder ikke lenger" in words(box)
    assert "Gjelder til 31. desember 2020" in words(box)
    assert box.find(class_="warning-big").a.get_text() == "Lov <b>om</b> kjelder (kjeldelova)"


def test_an_unknown_status_is_no_promise(client: TestClient) -> None:
    """Where nobody says that it holds, Kjelda does not either."""
    said = words(soup(client, hits(client, "/?q=brannvernleiaren")[0]).find(class_="standing"))
    assert "Kjelda vet ikke om dette gjelder" in said


# -- search inside -------------------------------------------------------------


def test_the_document_can_be_searched(client: TestClient) -> None:
    """Places are counted, listed with where they stand, linked and marked, without a script."""
    path = hits(client, "/?q=ansvar&type=act")[0]
    page = soup(client, f"{path}&finn=veiledningen")
    box = page.find(class_="found-places")
    assert box.h3.get_text() == "3 steder med «veiledningen»"
    links = box.select("ol a")
    assert [a.find(class_="place").get_text() for a in links] == ["§ 1", "§ 4", "§ 5"]
    for number, link in enumerate(links, 1):
        assert link["href"].endswith(f"#funn-{number}")
        assert page.find(id=f"funn-{number}").get_text() == "rettleiing"
    assert page.find(id="sitat"), "the citation stays"
    assert page.title.get_text().startswith("3 steder med «veiledningen» – Lov")
    assert page.find(id="find")["value"] == "veiledningen"


def test_nothing_found_in_the_document_is_said(client: TestClient) -> None:
    """An honest none, and nothing is marked."""
    page = soup(client, f"{hits(client, '/?q=ansvar&type=act')[0]}&finn=sjiraff")
    assert "Ingen steder med «sjiraff»" in words(page.find(class_="found-places"))
    assert not page.select("mark.found")


def test_what_is_looked_for_is_text_not_markup(client: TestClient) -> None:
    """Neither the words nor the text around them become markup."""
    path = hits(client, "/?q=ansvar&type=act")[0]
    page = soup(client, f'{path}&finn="><script>alert(2)</script>')
    assert page.find(id="find")["value"] == '"><script>alert(2)</script>'
    assert all(s.get("src", "").startswith("/static/") for s in page.find_all("script"))
    inside = soup(client, f"{path}&finn=alert")
    assert "<img src=x onerror=alert(1)>" in inside.find(class_="found-places").get_text()


# -- the page as a picture -------------------------------------------------------


def test_the_cited_page_can_be_seen(client: TestClient) -> None:
    """A link asks for the picture; it says what is boxed and on which page."""
    path = hits(client, "/?q=brannvernleiaren+opplæring+sløkking")[0]
    page = soup(client, path)
    assert not page.find(class_="picture"), "the page stays light"
    link = page.find("a", string="Vis side 2 som bilde")["href"]
    shown = soup(client, link.split("#")[0]).find(class_="picture")
    assert shown.img["alt"] == "Bilde av side 2 i originalen. Sitatet er rammet inn."
    assert not shown.find(style=True)
    answer = client.get(shown.img["src"])
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = client.get(shown.img["src"], headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    before = shown.find("a", string="← Forrige side")["href"]
    first = soup(client, before.split("#")[0]).find(class_="picture")
    assert first.img["alt"].startswith("Bilde av side 1 i originalen. Teksten på siden")


def test_a_changed_file_gives_no_picture_but_a_line(client: TestClient, files: Path) -> None:
    """Another text must not stand beside the quote; the page says why."""
    path = hits(client, "/?q=brannvernleiaren")[0]
    document = path.split("?")[0]
    (files / "brann.pdf").write_bytes(pdf("Heilt anna.", "Noko anna."))
    page = soup(client, f"{path}&bilde=2")
    assert "Filen er endret etter at Kjelda leste den" in words(page.find(class_="picture"))
    assert not page.find(class_="picture").img
    assert not page.find("a", string="Åpne PDF-en på side 2")
    assert client.get(f"{document}/side/2.webp?passage=1").status_code == 404
    (files / "brann.pdf").unlink()
    page = soup(client, f"{path}&bilde=2")
    assert "ikke lenger der Kjelda leste den" in words(page.find(class_="picture"))
    assert client.get(f"{document}/original.pdf").status_code == 404
    (files / "brann.pdf").write_bytes(PAGES)


@pytest.mark.parametrize("number", ["0", "3", "99999999"])
def test_a_page_that_is_not_there_is_a_line(client: TestClient, number: str) -> None:
    """Never a fault of the server."""
    path = hits(client, "/?q=brannvernleiaren")[0]
    assert "lar seg ikke tegne" in words(soup(client, f"{path}&bilde={number}"))
    assert client.get(f"{path.split('?')[0]}/side/{number}.webp").status_code == 404


def test_only_documents_of_the_base_have_pictures(client: TestClient) -> None:
    """No path comes from the address, and what is no PDF has neither picture nor file."""
    act = hits(client, "/?q=ansvar&type=act")[0].split("?")[0]
    for path in (
        *("/dokument/none/side/1.webp", "/dokument/..%2f..%2fetc%2fpasswd/original.pdf"),
        *(f"{act}/side/1.webp", f"{act}/original.pdf", f"{act}/side/x.webp"),
    ):
        assert client.get(path).status_code in (404, 422)
    assert not soup(client, f"{act}?bilde=1").find(class_="picture")


def test_the_pdf_opens_at_the_physical_page(client: TestClient, files: Path) -> None:
    """The file is given as it is, for the browser's own viewer."""
    link = soup(client, hits(client, "/?q=brannvernleiaren")[0]).find(
        "a", string="Åpne PDF-en på side 2"
    )["href"]
    assert link.endswith("/original.pdf#page=2")
    answer = client.get(link)
    assert answer.content == (files / "brann.pdf").read_bytes()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"


# -- citing ----------------------------------------------------------------------


def test_the_quote_and_its_references_can_be_selected(client: TestClient) -> None:
    """Law style, APA and the quote stand as text, each in its language."""
    page = soup(client, hits(client, "/?q=ansvar+kurs&type=act")[0])
    quote = page.find(id="cite-quote")
    assert quote.get_text().startswith("«Fylkeskommunen har ansvar for rettleiing og kurs.» (")
    assert quote["lang"] == "nn"
    assert "§ 4" in page.find(id="cite-law").get_text()
    assert "Testdepartementet & co" in page.find(id="cite-list").get_text()
    link = page.find(id="cite-link").get_text()
    assert link.startswith("http://testserver/dokument/")
    assert "q=" not in link
    assert page.find(class_="cite").find(role="status").get_text() == ""


def test_a_reference_manager_finds_the_head(client: TestClient) -> None:
    """Zotero reads citation_* and Dublin Core."""
    page = soup(client, hits(client, "/?q=ansvar&type=act")[0])
    metas = {m["name"]: m["content"] for m in page.find_all("meta", attrs={"name": True})}
    assert metas["citation_title"] == "Lov <b>om</b> kjelder (kjeldelova)"
    assert metas["citation_publication_date"] == "2020/11/06"
    assert metas["citation_public_url"] == "https://example.org/lov"
    assert metas["DC.language"] == metas["citation_language"] == "nn"
    assert metas["DCTERMS.valid"] == "start=2021-01-01"
    own = soup(client, hits(client, "/?q=brannvernleiaren")[0])
    address = own.find("meta", attrs={"name": "citation_public_url"})["content"]
    assert address.startswith("http://testserver/dokument/")


# -- text fragments ----------------------------------------------------------------


def document(**fields: Any) -> Document:
    values = {"uri": "https://example.org/side", "media_type": "text/html"} | fields
    return Document("d", title="T", sections=(), **values)


def passage(text: str, place: Place) -> Passage:
    return Passage("d", 0, "T", (), text, place, Language.BOKMAL, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kommunen skal rettleie.", "Kommunen%20skal%20rettleie."),
        (
            "Ein to tre fire fem seks sju.\n\n- åtte ni\n- ti elleve",
            "Ein%20to%20tre%20fire%20fem,ti%20elleve",
        ),
        ("NAV-kontor, a & b", "NAV%2Dkontor%2C%20a%20%26%20b"),
        ("", ""),
    ],
)
def test_a_text_fragment_is_encoded(text: str, expected: str) -> None:
    """What parts a directive is escaped where it is text; a list's dash is no word."""
    assert expected == text_fragment(text)


@pytest.mark.parametrize(
    ("fields", "place", "expected"),
    [
        ({}, Place(), "https://example.org/side#:~:text=Eit%20sitat"),
        ({}, Place(anchor="#del2"), "https://example.org/side#del2"),
        ({"uri": "https://example.org/side#topp"}, Place(), "https://example.org/side#topp"),
        ({"media_type": "application/pdf"}, Place(page=3), "https://example.org/side#page=3"),
        ({"media_type": "text/markdown"}, Place(), "https://example.org/side"),
        ({"uri": "file:a.html"}, Place(), None),
    ],
)
def test_a_quote_is_marked_where_nothing_surer_leads(
    fields: dict[str, Any], place: Place, expected: str | None
) -> None:
    """An anchor and a page go before the text; our own words are not the publisher's."""
    assert expected == quoted_url(document(**fields), passage("Eit sitat", place))
