"""Editions and changes: what was cited opens again, and what changed is told, with its day."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from ingest.report import Report
from ingest.sync import ingest
from search.engine import DATABASE, Searcher
from search.store import schema
from search.store.truth import Truth

TODAY = datetime.now(UTC).date()
OLD = "# Rutine\n\n## 1 Melding\n\nMeld frå innan tre dagar.\n\n## 2 Anna\n\nHald fram.\n"
NEW = "# Rutine\n\n## 1 Melding\n\nMeld frå innan ein dag.\n\n## 3 Nytt\n\nSom er nytt.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A document in a folder."""
    (tmp_path / "docs").mkdir()
    found = tmp_path / "docs" / "rutine.md"
    found.write_text(OLD)
    return found


@pytest.fixture
def take(tmp_path: Path, file: Path, encoder: Any) -> Callable[[], Report]:
    """Take the folder in."""
    return lambda: ingest([file.parent], home=tmp_path / "home", encoder=encoder, today=TODAY)


@pytest.fixture
def client(tmp_path: Path, take: Callable[[], Report], encoder: Any) -> Any:
    """The web over the base."""
    take()
    home = tmp_path / "home"
    app = create_app(Settings(home=home), lambda: Searcher.open(home, lambda: encoder))
    with TestClient(app) as found:
        yield found


def truth(home: Path) -> Truth:
    return Truth(home / DATABASE, read_only=True)


def test_a_changed_document_keeps_its_edition(
    tmp_path: Path, file: Path, take: Callable[[], Report]
) -> None:
    """Old text, sections and passages stand; the change names its sections."""
    take()
    base = truth(tmp_path / "home")
    (before,) = base.documents()
    passages = base.passages_of(before.id)
    file.write_text(NEW)
    take()
    (after,) = base.documents()
    assert (before.edition, after.edition) == (1, 2)
    earlier = base.history.edition(before.id, 1)
    assert earlier is not None
    assert earlier.document.sections[0].text == "Meld frå innan tre dagar."
    assert list(earlier.passages) == passages
    assert [number for number, _ in base.history.editions(before.id)] == [1]
    changed, new = base.history.changes(TODAY.isoformat())
    assert (changed.kind, new.kind) == ("changed", "new")
    assert changed.difference.added == ("3 Nytt",)
    assert changed.difference.removed == ("2 Anna",)
    assert changed.difference.changed == ("1 Melding",)
    assert base.history.changes("2999-01-01") == []
    base.close()


def test_a_deleted_document_is_gone_with_its_editions(
    tmp_path: Path, file: Path, take: Callable[[], Report]
) -> None:
    """Who removes a file removes what it said."""
    take()
    file.write_text(NEW)
    take()
    (file.parent / "annan.md").write_text("# Annan\n\nTekst.\n")
    file.unlink()
    take()
    base = truth(tmp_path / "home")
    gone = base.history.changes(TODAY.isoformat())[0]
    assert (gone.kind, gone.title) == ("gone", "Rutine")
    assert base.history.editions(gone.document_id) == []
    base.close()


def test_an_upgrade_of_the_extractor_is_no_change(
    tmp_path: Path, file: Path, take: Callable[[], Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bytes read otherwise: the edition is kept, readers are told nothing."""
    from dataclasses import replace

    from ingest import session, work

    take()
    really = work.extract

    def other(item: Any, **options: Any) -> Any:
        found = really(item, **options)
        sections = tuple(replace(s, text=f"{s.text} Betre.") for s in found.document.sections)
        return replace(found, document=replace(found.document, sections=sections))

    monkeypatch.setattr(work, "extract", other)
    monkeypatch.setattr(session, "EXTRACTOR", "next")
    take()
    base = truth(tmp_path / "home")
    (document,) = base.documents()
    assert document.edition == 2
    assert base.history.edition(document.id, 1) is not None
    assert [c.kind for c in base.history.changes(TODAY.isoformat())] == ["new"]
    base.close()


def test_a_base_of_the_first_schema_is_upgraded(
    tmp_path: Path, file: Path, take: Callable[[], Report]
) -> None:
    """Nothing is lost, nor embedded again, also when only a reader opens it."""
    take()
    path = tmp_path / "home" / DATABASE
    with sqlite3.connect(path) as db:  # back to how the first schema was
        for column in ("claims", "edition", "content"):
            db.execute(f"ALTER TABLE documents DROP COLUMN {column}")
        for column in ("at", "title", "detail"):
            db.execute(f"ALTER TABLE changes DROP COLUMN {column}")
        db.execute("DROP TABLE editions")
        db.execute("PRAGMA user_version = 1")
    db.close()
    base = truth(tmp_path / "home")
    assert base._db.execute("PRAGMA user_version").fetchone()[0] == schema.SCHEMA_VERSION
    (document,) = base.documents()
    assert (document.edition, document.claims) == (1, ())
    assert base.history.changes("2000-01-01") == []
    base.close()
    report = take()
    assert (len(report.kept), report.embedded) == (1, 0)


def soup(client: TestClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return BeautifulSoup(answer.text, "lxml")


def test_a_citation_of_an_older_edition_opens_what_was_cited(
    client: TestClient, file: Path, take: Callable[[], Report]
) -> None:
    """The link of a hit, followed after the text has changed."""
    hit = client.get("/api/v1/search", params={"q": "melding tre dagar"}).json()["hits"][0]
    assert "tre dagar" in hit["text"]
    file.write_text(NEW)
    take()
    page = soup(client, hit["url"].replace("#", "&lang=nn#"))
    assert "Meld frå innan tre dagar." in page.find("mark", class_="citation").parent.get_text()
    assert page.find(class_="warning-edition") is not None
    assert "(den du les no)" in page.find(class_="standing").dl.get_text()
    searched = soup(client, f"{hit['url'].split('#')[0]}&q=melding&lang=nn").find(class_="trail")
    assert "ikkje blant treffa no" in searched.get_text(), "its number may be another passage's"
    present = soup(client, hit["url"].split("?")[0])
    assert "innan ein dag" in present.get_text()
    assert present.find(class_="warning-edition") is None
    assert "utgave=1" in str(present.find("dl"))
    path = f"/api/v1/documents/{hit['document']['id']}"
    old = client.get(path, params={"edition": 1}).json()
    assert (old["edition"], old["until"][:4]) == (1, str(TODAY.year))
    assert client.get(path).json()["until"] is None
    assert client.get(path, params={"edition": 7}).status_code == 404
    soup(client, f"/dokument/{hit['document']['id']}?utgave=7", 404)


def test_an_older_edition_has_the_status_of_today(
    client: TestClient, file: Path, take: Callable[[], Report]
) -> None:
    """What was in force when it was cited is not shown as in force; the heir is named."""
    hit = client.get("/api/v1/search", params={"q": "melding tre dagar"}).json()["hits"][0]
    heir = file.with_name("arving.md")
    heir.write_text("---\nuri: https://example.no/arving\n---\n# Den nye rutinen\n\nNytt her.\n")
    gone = "status: superseded\nreplaced_by: https://example.no/arving\n"
    file.write_text(f"---\n{gone}---\n{NEW}")
    take()
    box = soup(client, hit["url"].replace("#", "&lang=nn#")).find(class_="standing")
    tags = [tag.get_text() for tag in box.h2.find_all(class_="tag")]
    assert tags == ["Eldre utgåve", "Erstatta"]
    assert "Gjeldande" not in box.h2.get_text()
    assert box.find("a", string="Den nye rutinen") is not None
    assert box.find("dt", string="Status då") is not None


def test_the_page_of_changes(client: TestClient, file: Path, take: Callable[[], Report]) -> None:
    """What is new and what changed, by day, in both written forms; a wrong day is told."""
    file.write_text(NEW)
    take()
    page = soup(client, "/endringar?lang=nn").find("main").get_text(" ", strip=True)
    for words in ("Kva er endra", "Endra avsnitt: 1 Melding", "Nye avsnitt: 3 Nytt", "2 Anna"):
        assert words in page
    assert "Hva er endret" in soup(client, "/endringar?lang=nb").find("main").get_text()
    assert "Ingenting er endra" in soup(client, "/endringar?fra=2999-01-01&lang=nn").get_text()
    assert "Ingenting er endra" in soup(client, "/endringar?fra=1.1.2999&lang=nn").get_text()
    wrong = soup(client, "/endringar?fra=i+går&lang=nn", 422)
    assert wrong.find("input", {"name": "fra"})["aria-invalid"] == "true"
    assert "«i går» er ikkje ein dato" in wrong.find(id="fra-fault").get_text()
    api = client.get("/api/v1/changes", params={"since": TODAY.isoformat()}).json()
    assert [change["kind"] for change in api["changes"]] == ["changed", "new"]
    assert api["changes"][0]["changed"] == ["1 Melding"]


def test_the_feed_is_atom(client: TestClient, file: Path, take: Callable[[], Report]) -> None:
    """An entry a change, each with id, title, moment and link."""
    file.write_text(NEW)
    take()
    answer = client.get("/endringar.atom?lang=nn")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    root = Xml.fromstring(answer.content)
    assert root.tag == f"{atom}feed"
    assert {child.tag.removeprefix(atom) for child in root} >= {"title", "id", "updated", "author"}
    entries = root.findall(f"{atom}entry")
    assert [e.findtext(f"{atom}title") for e in entries] == ["Endra: Rutine", "Ny: Rutine"]
    assert len({e.findtext(f"{atom}id") for e in entries}) == 2
    for entry in entries:
        datetime.fromisoformat(entry.findtext(f"{atom}updated") or "")
        link = entry.find(f"{atom}link")
        assert link is not None
        assert link.get("href", "").startswith("http://testserver/dokument/")
    assert "1 Melding" in (entries[0].findtext(f"{atom}summary") or "")
    seen = date.fromisoformat((root.findtext(f"{atom}updated") or "")[:10])
    assert TODAY <= seen <= datetime.now(UTC).date()  # midnight may pass meanwhile
