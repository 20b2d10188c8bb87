"""Acute help is served before anything else, also when all else fails, and is never logged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import cli
from api.schemas import SearchOut
from api.settings import Settings

CALL = "jeg er redd broren min"
GENERAL = "straff for tvangsekteskap"


@pytest.fixture
def client(
    make_base: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """A server over a base with one document."""
    base = make_base(tmp_path)
    base.put("lov", "Straff for tvangsekteskap og for bror min.", title="Straffeloven")
    base.publish()
    monkeypatch.setattr("search.embedding.encoder.load", lambda *_, **__: base.encoder)
    settings = Settings(home=tmp_path, log_queries=True)
    with TestClient(create_app(settings), raise_server_exceptions=False) as found:
        yield found
    base.close()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[TestClient]:
    """A server without a base."""
    with TestClient(create_app(Settings(home=tmp_path / "none"))) as found:
        yield found


def test_the_api_gives_it_as_the_first_notice(client: TestClient) -> None:
    """With level, situation, texts and contacts, in the described shape."""
    found = client.get("/api/v1/search", params={"q": CALL}, headers={"accept-language": "nn"})
    data = found.json()
    assert data == SearchOut.model_validate(data, strict=False).model_dump(mode="json")
    first = data["notices"][0]
    assert tuple(first[key] for key in ("kind", "level", "situation", "lang")) == (
        "acute",
        "full",
        "danger",
        "nn",
    )
    assert first["contacts"][0]["tel"] == "112"
    assert first["contacts"][0]["sources"][0]["checked"] == "2026-11-25"
    assert "Ikkje sei noko til familien" in first["text"]


@pytest.mark.parametrize(("query", "level"), [(CALL, "full"), (GENERAL, "small")])
def test_it_stands_before_the_hits(client: TestClient, query: str, level: str) -> None:
    """On the page the box is the first thing in main."""
    page = BeautifulSoup(client.get("/", params={"q": query}).text, "html.parser")
    main = page.find("main")
    assert main.find(True)["class"] == ["acute", f"acute-{level}"]
    assert page.find("a", href="tel:112")
    assert page.find("section", class_="acute")["lang"] == "nb"


def test_an_english_question_gets_english_help_on_a_nynorsk_page(client: TestClient) -> None:
    """The part is marked with its language."""
    answer = client.get("/", params={"q": "they want to marry me off", "lang": "nn"})
    section = BeautifulSoup(answer.text, "html.parser").find("section", class_="acute")
    assert section["lang"] == "en"
    assert "Do not tell the family" in section.text


def test_a_question_too_long_still_gets_the_number(client: TestClient) -> None:
    """What can't be searched for can be answered: 422, and the box."""
    long = CALL + " og" * 600
    page = client.get("/", params={"q": long})
    assert (page.status_code, "tel:112" in page.text) == (422, True)
    data = client.get("/api/v1/search", params={"q": long})
    assert (data.status_code, data.json()["notices"][0]["kind"]) == (422, "acute")


def test_it_is_there_without_a_base(bare: TestClient) -> None:
    """503, and the box; an ordinary question gets the error alone."""
    page = bare.get("/", params={"q": CALL})
    assert (page.status_code, "tel:112" in page.text) == (503, True)
    data = bare.get("/api/v1/search", params={"q": CALL})
    assert (data.status_code, data.json()["notices"][0]["level"]) == (503, "full")
    assert "notices" not in bare.get("/api/v1/search", params={"q": "tolk"}).json()


@pytest.mark.parametrize(
    ("lang", "said"), [("nn", "naudtelefon"), ("nb", "nødtelefon"), ("en", "emergency")]
)
def test_the_page_with_all_of_it_needs_no_base(bare: TestClient, lang: str, said: str) -> None:
    """Every number with its hours and sources, in three languages."""
    answer = bare.get("/hjelp", params={"lang": lang})
    assert answer.status_code == 200
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.find("div", class_="help")["lang"] == lang
    assert said in page.text
    for number in ("112", "113", "116111", "116006", "47809050", "+4723950000"):
        assert page.find("a", href=f"tel:{number}")
    assert "kompetanseteamet@bufdir.no" in page.text
    assert page.find("time", datetime="2026-11-25")


@pytest.mark.parametrize("path", ["/", "/api/v1/search"])
@pytest.mark.parametrize("query", [CALL, GENERAL])
def test_it_is_never_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture, path: str, query: str
) -> None:
    """Not even where the settings ask for all questions."""
    caplog.set_level(logging.DEBUG)
    client.get(path, params={"q": query})
    client.get(path, params={"q": "norskopplæring for alle"})
    ours = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert [r for r in ours if query in r.getMessage()] == []
    assert "query: norskopplæring for alle" in [r.getMessage() for r in ours]


def test_the_terminal_says_it_before_the_search_fails(tmp_path: Path) -> None:
    """Without a base the number is there all the same."""
    found = CliRunner().invoke(cli, ["search", CALL, "--home", str(tmp_path / "none")])
    assert found.exit_code != 0
    assert "112" in found.output.splitlines()[0]
