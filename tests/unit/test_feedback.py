"""Feedback: the form, what is stored of it, what keeps it from misuse, and the command."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import cli
from api.feedback import guard
from api.feedback.pages import MOST
from api.feedback.store import FILE, FeedbackUnavailable, Kind, Report, Reports
from api.settings import Settings
from ingest.sync import ingest
from search.engine import DATABASE
from search.store.truth import Truth

ACT = """---
title: "Lov <b>om</b> kjelder"
uri: "https://example.org/lov"
type: act
language: nb
status: current
---

## § 4. Ansvar

{}
"""
HERE = {"origin": "http://testserver", "accept-language": "nn"}
GOOD = {"slag": "quote", "tekst": "Sitatet er feil i § 4."}
NUMBER = "13097248022"  # made up; its check digits hold


@pytest.fixture
def home(tmp_path: Path, encoder: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one document."""
    (tmp_path / "files").mkdir()
    encoder.max_tokens = 512
    monkeypatch.setattr("search.embedding.encoder.load", lambda *_, **__: encoder)
    write(tmp_path / "home", encoder, "Fylkeskommunen har ansvar for kilder.")
    return tmp_path / "home"


def write(home: Path, encoder: Any, text: str) -> None:
    """Take the document in with this text."""
    (home.parent / "files" / "lov.md").write_text(ACT.format(text))
    assert ingest([home.parent / "files"], home=home, encoder=encoder).failed == ()


def remove(home: Path, name: str) -> None:
    """Take the document out."""
    truth = Truth(home / DATABASE)
    truth.delete(name)
    truth.close()


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    """A client that doesn't follow redirects: where it is led is part of the answer."""
    with TestClient(create_app(Settings(home=home)), follow_redirects=False) as found:
        yield found


def document_id(client: TestClient) -> str:
    return str(client.get("/api/v1/documents").json()["documents"][0]["id"])


def reports(home: Path) -> list[Report]:
    return [one.report for one in Reports(home).all()]


def words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


# -- the form ----------------------------------------------------------------


def test_hits_and_documents_lead_to_the_form(client: TestClient) -> None:
    """Each hit names its passage; a document as a whole names none."""
    hits = BeautifulSoup(client.get("/?q=ansvar+for+kilder").text, "html.parser")
    links = hits.select("article a[href^='/tilbakemelding']")
    assert "passage=0" in str(links[0]["href"])
    assert client.get(str(links[0]["href"])).status_code == 200
    page = BeautifulSoup(client.get(f"/dokument/{document_id(client)}").text, "html.parser")
    (link,) = page.select("main a[href^='/tilbakemelding']")
    assert "passage" not in str(link["href"])


@pytest.mark.parametrize("written", ["nb", "nn"])
def test_the_form_asks_for_no_name(client: TestClient, written: str) -> None:
    """It shows what it is about, and its fields are kind and text only."""
    path = f"/tilbakemelding?dokument={document_id(client)}&passage=0&lang={written}"
    page = BeautifulSoup(client.get(path).text, "html.parser")
    assert "Fylkeskommunen har ansvar" in page.blockquote.get_text()
    assert "§ 4" in words(str(page.select_one(".about-what")))
    seen = {
        tag["name"]
        for tag in page.select("form.feedback input, form.feedback textarea")
        if tag.get("type") != "hidden" and not tag.find_parent(hidden=True)
    }
    assert seen == {"slag", "tekst"}
    assert len(page.select("input[type=radio]")) == len(Kind)
    assert page.html["lang"] == written


@pytest.mark.parametrize("path", ["?dokument=none", "?dokument={}&passage=99", "/takk?dokument=x"])
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    """A document or a passage that the base doesn't have."""
    found = client.get("/tilbakemelding" + path.format(document_id(client)))
    assert found.status_code == 404


# -- what is stored ----------------------------------------------------------


def test_a_report_is_stored_with_its_place_and_nothing_of_the_reader(
    client: TestClient, home: Path
) -> None:
    """Kind, document, edition, passage, place, digest and text; no address, no browser."""
    about = {"dokument": document_id(client), "passage": "0"}
    headers = {**HERE, "user-agent": "SpionNettlesar", "x-forwarded-for": "203.0.113.77"}
    answer = client.post("/tilbakemelding", data={**GOOD, **about}, headers=headers)
    assert answer.status_code == 303
    assert words(client.get(answer.headers["location"]).text).startswith("Takk")
    (report,) = reports(home)
    assert (report.kind, report.text) == (Kind.QUOTE, GOOD["tekst"])
    assert (report.document, report.edition, report.passage) == (about["dokument"], 1, 0)
    assert report.place == "§ 4"
    assert len(report.digest or "") == 32
    raw = (home / FILE).read_bytes()
    for never in (b"SpionNettlesar", b"203.0.113", b"testclient", b"accept"):
        assert never not in raw


def test_a_report_may_be_about_the_base(client: TestClient, home: Path) -> None:
    """Something may be missing altogether."""
    data = {"slag": "missing", "tekst": "Tolkelova manglar"}
    assert client.post("/tilbakemelding", data=data, headers=HERE).status_code == 303
    assert reports(home) == [Report(Kind.MISSING, "Tolkelova manglar")]


@pytest.mark.parametrize(
    ("data", "said", "field"),
    [
        ({"tekst": "Noko"}, "Vel kva som er gale", "slag"),
        ({"slag": "sql'; --", "tekst": "x"}, "Vel kva som er gale", "slag"),
        ({"slag": "other", "tekst": "  "}, "Skriv kva det gjeld", "tekst"),
        ({"slag": "wrong", "tekst": "x" * (MOST + 1)}, f"{MOST + 1} teikn", "tekst"),
        ({"slag": "wrong", "tekst": f"Sjå {NUMBER}"}, "fødselsnummer", "tekst"),
        ({"slag": "wrong", "tekst": "Ring 91234567"}, "telefonnummer", "tekst"),
        ({"slag": "wrong", "tekst": "til kari@example.no"}, "e-postadresse", "tekst"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_written_is_kept(
    client: TestClient, home: Path, data: dict[str, str], said: str, field: str
) -> None:
    """The form comes back whole, with a summary that has focus; nothing is stored."""
    answer = client.post("/tilbakemelding", data=data, headers=HERE)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    summary = page.find(id="feil")
    assert summary.has_attr("autofocus")
    assert said in words(str(summary))
    target = page.find(id=summary.a["href"][1:])
    assert target["name"] == field
    assert page.textarea.string.lstrip("\n") == data["tekst"]
    assert page.title.string.startswith("Feil: ")
    if "slag" in data and data["slag"] in set(Kind):
        assert page.select_one("input[checked]")["value"] == data["slag"]
    assert not (home / FILE).exists()


def test_what_is_written_is_shown_as_text(client: TestClient) -> None:
    """Markup in a text is text, also when it comes back."""
    data = {"tekst": "</textarea><script>alert(1)</script>"}
    assert "<script>" not in client.post("/tilbakemelding", data=data, headers=HERE).text


def test_the_other_language_keeps_what_it_is_about(client: TestClient) -> None:
    """Also after a fault: the switch leads to the same form."""
    about = f"dokument={document_id(client)}&utgave=1&passage=0"
    answer = client.post(f"/tilbakemelding?{about}", data={"tekst": "x"}, headers=HERE)
    switch = BeautifulSoup(answer.text, "html.parser").select_one("a.switch")
    assert about in switch["href"]


# -- misuse ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://testserver"}, 303),
        ({"origin": "https://testserver"}, 303),  # TLS ends at a proxy
        ({"origin": "http://testserver", "sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "same-origin"}, 303),
        # A proxy that changes Host: the browser's own word counts.
        ({"origin": "https://kjelda.example.no", "sec-fetch-site": "same-origin"}, 303),
        ({}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "", "host": ""}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "http://testserver", "sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_only_our_own_pages_can_send(
    client: TestClient, home: Path, headers: dict[str, str], status: int
) -> None:
    """Another site's form is refused, and what a reader wrote is still there."""
    answer = client.post("/tilbakemelding", data=GOOD, headers=headers)
    assert answer.status_code == status
    assert len(reports(home)) == (status == 303)
    if status == 403:
        assert GOOD["tekst"] in answer.text


def test_the_form_page_lets_the_browser_say_where_it_is(client: TestClient) -> None:
    """With no-referrer, browsers send "Origin: null" with a form."""
    page = BeautifulSoup(client.get("/tilbakemelding").text, "html.parser")
    assert page.find("meta", attrs={"name": "referrer"})["content"] == "same-origin"


def test_a_filled_trap_is_thanked_and_forgotten(client: TestClient, home: Path) -> None:
    """A program that fills in every field learns nothing."""
    data = {**GOOD, "nettstad": "https://spam.example"}
    answer = client.post("/tilbakemelding", data=data, headers=HERE)
    assert answer.status_code == 303
    assert not (home / FILE).exists()


def test_too_large_a_body_is_not_read_to_its_end(client: TestClient, home: Path) -> None:
    """It is refused in words, and nothing is stored."""
    data = {**GOOD, "tekst": "x" * (guard.MOST_BYTES + 1)}
    answer = client.post("/tilbakemelding", data=data, headers=HERE)
    assert answer.status_code == 413
    assert "for stort" in answer.text
    assert not (home / FILE).exists()


def test_the_longest_text_fits_however_it_is_encoded(client: TestClient, home: Path) -> None:
    """Letters that take twelve bytes each in a form."""
    data = {"slag": "wrong", "tekst": "🐟" * MOST}
    assert client.post("/tilbakemelding", data=data, headers=HERE).status_code == 303
    assert reports(home)[0].text == data["tekst"]


def test_a_flood_is_stopped_and_the_text_kept(client: TestClient, home: Path) -> None:
    """After so many at once the form waits; nobody's address is needed for that."""
    sent = [client.post("/tilbakemelding", data=GOOD, headers=HERE) for _ in range(guard.BURST + 1)]
    assert [a.status_code for a in sent] == [303] * guard.BURST + [429]
    assert GOOD["tekst"] in sent[-1].text
    assert len(reports(home)) == guard.BURST


def test_the_pace_recovers() -> None:
    """One more is let through after each interval, never more than the burst."""
    now = [0.0]
    pace = guard.Pace(2, 10, lambda: now[0])
    assert [pace.allows() for _ in range(3)] == [True, True, False]
    now[0] = 10
    assert [pace.allows() for _ in range(2)] == [True, False]
    now[0] = 1000
    assert [pace.allows() for _ in range(3)] == [True, True, False]


# -- what may fail -----------------------------------------------------------


def test_where_nothing_can_be_written_the_text_is_kept(client: TestClient, home: Path) -> None:
    """An error page in words, with what the reader wrote; doctor says the same."""
    (home / FILE).mkdir()  # root may write in a folder that is closed to others
    answer = client.post("/tilbakemelding", data=GOOD, headers=HERE)
    assert answer.status_code == 503
    assert "kan ikkje lagre" in words(answer.text)
    assert GOOD["tekst"] in answer.text
    found = CliRunner().invoke(cli, ["doctor", "--home", str(home), "--json"])
    texts = [f["text"] for f in json.loads(found.output)["findings"]]
    assert any("reports from readers are refused" in text for text in texts)


def test_doctor_has_nothing_to_say_of_a_healthy_folder(home: Path) -> None:
    """And looking leaves no file behind."""
    found = CliRunner().invoke(cli, ["doctor", "--home", str(home), "--json"])
    assert "feedback" not in {f["kind"] for f in json.loads(found.output)["findings"]}
    assert not list(home.glob("*feedback*"))
    assert not list(home.glob("missing*"))


def test_a_document_that_went_while_it_was_written_of(client: TestClient, home: Path) -> None:
    """The text is kept, and the reader is asked what it is about."""
    name = document_id(client)
    remove(home, name)
    data = {**GOOD, "dokument": name}
    answer = client.post("/tilbakemelding", data=data, headers=HERE)
    assert answer.status_code == 409
    assert GOOD["tekst"] in answer.text


def test_a_base_that_is_not_there_keeps_text_and_place(tmp_path: Path) -> None:
    """The form comes back with what it is about, to be sent again."""
    with TestClient(create_app(Settings(home=tmp_path)), follow_redirects=False) as client:
        data = {**GOOD, "dokument": "lov", "passage": "3"}
        answer = client.post("/tilbakemelding", data=data, headers=HERE)
    assert answer.status_code == 503
    page = BeautifulSoup(answer.text, "html.parser")
    assert "passage=3" in page.find("form", method="post")["action"]
    assert GOOD["tekst"] in answer.text


def test_a_file_of_a_newer_kjelda_is_left_alone(tmp_path: Path) -> None:
    """Its reports aren't damaged by one who doesn't know them."""
    Reports(tmp_path).add(Report(Kind.OTHER, "x"))
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(FeedbackUnavailable, match="newer"):
        Reports(tmp_path).add(Report(Kind.OTHER, "y"))
    with pytest.raises(FeedbackUnavailable, match="newer"):
        Reports(tmp_path).all()


# -- the command -------------------------------------------------------------


def run(home: Path, *arguments: str, code: int = 0) -> str:
    found = CliRunner().invoke(cli, ["feedback", "--home", str(home), *arguments])
    assert code == found.exit_code, found.output
    return found.output


def test_reports_are_listed_newest_first(client: TestClient, home: Path, encoder: Any) -> None:
    """With what they are about, and whether the passage has changed since."""
    assert "No reports." in run(home)
    about = {"dokument": document_id(client), "passage": "0"}
    client.post("/tilbakemelding", data={**GOOD, **about}, headers=HERE)
    client.post("/tilbakemelding", data={"slag": "other", "tekst": "Heilt anna"}, headers=HERE)
    said = run(home)
    assert said.index("Heilt anna") < said.index(GOOD["tekst"])
    assert "Lov <b>om</b> kjelder, § 4" in said
    assert "the passage is the same today" in said
    write(home, encoder, "Kommunen har alt ansvar.")
    assert "THE PASSAGE HAS CHANGED SINCE" in run(home)
    remove(home, about["dokument"])
    assert "THE DOCUMENT IS GONE" in run(home)
    (home / "kjelda.sqlite").unlink()
    assert "there is no base to compare with" in run(home)


def test_reports_can_be_chosen_marked_and_deleted(tmp_path: Path) -> None:
    """By day and kind; what is deleted is not in the file any more."""
    store = Reports(tmp_path)
    first = store.add(Report(Kind.WRONG, "hemmeleg-ord-i-teksten"))
    second = store.add(Report(Kind.OUTDATED, "gammalt"))
    rows = json.loads(run(tmp_path, "--kind", "wrong", "--json"))["reports"]
    assert [row["id"] for row in rows] == [first]
    assert store.all(since=date(2999, 1, 1)) == []
    assert len(store.all(since=date(2020, 1, 1))) == 2
    run(tmp_path, "--done", str(second))
    assert "(handled " in run(tmp_path)
    run(tmp_path, "--delete", str(first))
    assert b"hemmeleg" not in (tmp_path / FILE).read_bytes()
    assert f"there is no report {first}" in run(tmp_path, "--delete", str(first), code=1)
    assert store.add(Report(Kind.OTHER, "ny")) > second


def test_a_wrong_day_or_two_things_at_once_are_refused(tmp_path: Path) -> None:
    """Told in words, exit code 2."""
    assert "is not a day" in run(tmp_path, "--since", "i går", code=2)
    assert "one at a time" in run(tmp_path, "--done", "1", "--missing", code=2)
    assert "there is no report 7" in run(tmp_path, "--done", "7", code=1)
