"""Topic pages and lists over a small base: groups, links, paging, JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from api.app import create_app
from api.browse import DocumentsOut
from api.browsing import PAGE_SIZE
from api.settings import Settings
from ingest.sync import ingest

FILES = {
    "lov.md": """---
title: "Lov <b>om</b> ansvar"
uri: "https://example.org/lov"
type: act
language: nn
status: current
publisher: "Departementet & co"
areas: [4]
published: 2020-11-06
---
Fylkeskommunen har ansvar.
""",
    "gammal.md": """---
title: "Gamal lov"
type: act
language: nb
status: superseded
replaced_by: "https://example.org/lov"
areas: [4]
published: 1995-01-01
---
Gammel tekst.
""",
    "prop.md": """---
title: "Prop. 1 L"
type: bill
language: nb
status: superseded
replaced_by: "https://example.org/lov"
areas: [4]
---
Forarbeid.
""",
    "nou.md": """---
title: "NOU 2024: 13"
type: nou
language: nb
status: proposal
areas: [4]
---
Utredning.
""",
    "uviss.md": """---
title: "Uviss rettleiar"
type: guidance
language: nn
areas: [4]
---
Kanskje.
""",
}
LEAKS = ("<built-in", "None", "Undefined", "{{", "}}", "StrEnum", "Status.", 'lang="und"', "<b>")


@pytest.fixture
def client(tmp_path: Path, encoder: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A client of an app over five documents of one area and many news."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    for number in range(PAGE_SIZE + 3):
        head = f"---\ntitle: Nytt {number:02}\ntype: news\nlanguage: nn\nareas: [1]\n---\n"
        (folder / f"nytt{number}.md").write_text(f"{head}Noko nytt nummer {number}.\n")
    encoder.max_tokens = 512
    monkeypatch.setattr("search.embedding.encoder.load", lambda *_, **__: encoder)
    report = ingest([folder], home=tmp_path / "home", encoder=encoder)
    assert report.failed == ()
    with TestClient(create_app(Settings(home=tmp_path / "home"))) as found:
        yield found


def soup(client: TestClient, path: str, status: int = 200, language: str = "nn") -> BeautifulSoup:
    answer = client.get(path, headers={"accept-language": language})
    assert status == answer.status_code, answer.text
    for leak in LEAKS:
        assert leak not in answer.text
    found = BeautifulSoup(answer.text, "html.parser")
    assert len(found.find_all("h1")) == 1
    assert language == found.html["lang"]
    ids = [tag["id"] for tag in found.find_all(id=True)]
    assert sorted(set(ids)) == sorted(ids)
    return found


def words(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split())


@pytest.mark.parametrize("written", ["nb", "nn"])
@pytest.mark.parametrize(
    "path",
    ["/emne", "/emne/negativ-sosial-kontroll", "/emne/tilskot", "/dokument", "/dokument?type=act"],
)
def test_every_page_is_whole_in_both_written_forms(
    client: TestClient, path: str, written: str
) -> None:
    """One h1, language, no leaks, every link of the page's own leads somewhere."""
    page = soup(client, path, language=written)
    for link in page.main.find_all("a", href=True):
        address = link["href"]
        if address.startswith("#"):
            assert page.find(id=address[1:]), address
        elif address.startswith("/"):
            assert client.get(address).status_code == 200, address


def test_the_index_counts_each_area(client: TestClient) -> None:
    """Six areas with their number of documents, and the ways into the lists."""
    page = soup(client, "/emne")
    areas = page.select(".areas li")
    assert len(areas) == 6
    assert f"{PAGE_SIZE + 3} dokument" in words(areas[0])
    assert "5 dokument" in words(areas[3])
    assert page.find("a", string="Lov")["href"] == "/dokument?type=act"


def test_a_topic_parts_what_holds_from_what_does_not(client: TestClient) -> None:
    """In force, proposed, ended and unknown stand apart; each names what is around it."""
    page = soup(client, "/emne/negativ-sosial-kontroll")
    groups = {g: page.find(id=g).parent for g in ("current", "proposal", "ended", "unknown")}
    assert "Lov <b>om</b> ansvar" in words(groups["current"])
    assert "Har erstatta: Gamal lov" in words(groups["current"])
    assert "Førearbeid: Prop. 1 L" in words(groups["current"])
    assert "er ikkje lov" in words(groups["proposal"])
    assert "Førearbeid til vedteken lov" in words(groups["proposal"])
    assert "Sjå lova: Lov <b>om</b> ansvar" in words(groups["proposal"])
    assert "Erstatta av: Lov <b>om</b> ansvar" in words(groups["ended"])
    assert "Uviss rettleiar" in words(groups["unknown"])
    assert groups["current"].find("a", string="Gamal lov")["lang"] == "nb"


def test_the_topic_of_danger_says_whom_to_call_first(client: TestClient) -> None:
    """Area 4 opens with the police's number; no other area does."""
    page = soup(client, "/emne/negativ-sosial-kontroll")
    first = page.h1.find_next("p")
    assert words(first) == "Er nokon i fare? Ring politiet på 112."
    assert "112" not in words(soup(client, "/emne/busetjing").main)


def test_an_unknown_topic_is_not_found(client: TestClient) -> None:
    """It is a page that says so."""
    soup(client, "/emne/none", 404)


def test_a_list_says_what_it_shows(client: TestClient) -> None:
    """The heading names every choice in words, names of publishers as they are."""
    page = soup(client, "/dokument?type=act&type=nou&type=guidance&status=current")
    assert words(page.h1) == "Dokument: Lov, NOU eller rettleiar; Gjeldande"
    page = soup(client, "/dokument?publisher=Departementet+%26+co")
    assert words(page.h1) == "Dokument: Departementet & co"
    assert words(soup(client, "/dokument").h1) == "Alle dokument"


def test_a_list_is_read_page_by_page(client: TestClient) -> None:
    """Without scripts, by links; a page too many shows the last."""
    page = soup(client, "/dokument?type=news")
    assert f"Viser 1–{PAGE_SIZE} av {PAGE_SIZE + 3}" in words(page.main)
    after = page.find("a", rel="next")["href"]
    last = soup(client, after)
    assert len(last.select(".entry")) == 3
    assert "Side 2 av 2" in last.title.string
    assert words(last.find("a", rel="prev")) == "← Førre side"
    assert words(soup(client, "/dokument?type=news&side=99").main) == words(last.main)


def test_a_list_can_be_sorted(client: TestClient) -> None:
    """By title or by date; the order in force is told to all."""
    page = soup(client, "/dokument?area=4&sort=date")
    assert words(page.select_one("[aria-current]")) == "Dato, nyaste først"
    titles = [words(p) for p in page.select(".entry-title")]
    assert titles[0] == "Lov <b>om</b> ansvar"
    assert titles[1] == "Gamal lov"


def test_an_empty_list_says_so_and_leads_on(client: TestClient) -> None:
    """No documents is an answer, with a way out."""
    page = soup(client, "/dokument?type=act&area=6")
    assert "Ingen dokument passar" in words(page.main)
    assert page.find("a", string="Fjern alle filtera")["href"] == "/dokument"


def test_filters_count_what_they_would_leave(client: TestClient) -> None:
    """A number stands by each choice, and chosen values can be taken away."""
    page = soup(client, "/dokument?status=superseded")
    labels = [words(label) for label in page.find_all("label")]
    assert "Lov (1)" in labels
    assert "Proposisjon (1)" in labels
    assert page.select_one("a.chip")["href"] == "/dokument"


def test_the_lists_as_json(client: TestClient) -> None:
    """The same documents, in the shape that is described."""
    data = client.get("/api/v1/documents?type=act&sort=date&limit=1").json()
    assert data["total"] == 2
    DocumentsOut.model_validate(data)
    assert set(data["documents"][0]) == set(
        DocumentsOut.model_fields["documents"].annotation.__args__[0].model_fields  # type: ignore[union-attr]
    )
    assert data["documents"][0]["source_url"] == "https://example.org/lov"
    rest = client.get("/api/v1/documents?type=act&sort=date&offset=1").json()
    assert [d["title"] for d in rest["documents"]] == ["Gamal lov"]
    assert client.get("/api/v1/documents?limit=0").status_code == 422
    assert client.get("/api/v1/documents?type=x").status_code == 422


def test_a_card_is_marked_and_leads_out(client: TestClient, encoder: Any, tmp_path: Path) -> None:
    """A registered source without its text is told from a text that is there."""
    from corpus.sources import load_sources, source_document
    from search.engine import DATABASE
    from search.store.truth import Stored, Truth

    card = source_document(next(s for s in load_sources() if s.url and not s.areas))
    truth = Truth(tmp_path / "home" / DATABASE)
    truth.apply(
        Stored(card, (), encoder.encode_passages(["x"])[:0], "card", "test", "1"),
        encoder.model_id,
        "added",
    )
    truth.close()
    for path in ("/emne/tilskot", "/dokument?area=0"):
        entry = soup(client, path).find("li", class_="entry", string=None)
        assert "Kjeldekort, utan tekst" in words(entry)
        assert "Alle områda" in words(entry)
        out = entry.find("a", href=re.compile("^https://"))
        assert "Opne originalen" in words(out)
        assert out["href"] == card.uri
