"""The HTTP API over a real small base: shapes, errors, readiness, headers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.base import Searching, opener
from api.routes import mask
from api.schemas import DocumentOut, SearchOut
from api.settings import Settings
from ingest.sync import ingest

ACT = """---
title: "Lov <script>alert(1)</script> om kjelder"
uri: "https://example.org/lov#topp"
type: act
language: nb
status: current
publisher: Testdepartementet
areas: [2]
published: 2020-11-06
---

## § 1. Formål

Loven skal gi gode kilder til alle som veileder.

## § 4. Ansvar

Fylkeskommunen har ansvar for veiledning & kurs om kilder.

- kurs
- rettledning
"""
OLD = """---
title: "Gammel veileder"
type: guidance
language: nb
status: superseded
replaced_by: "https://example.org/lov"
published: 2001-02-03
---

Gammel tekst om ansvar for veiledning.
"""


@pytest.fixture
def home(tmp_path: Path, encoder: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with two documents, taken in the ordinary way."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "lov.md").write_text(ACT)
    (folder / "gammel.md").write_text(OLD)
    encoder.max_tokens = 512
    monkeypatch.setattr("search.embedding.encoder.load", lambda *_, **__: encoder)
    report = ingest([folder], home=tmp_path / "home", encoder=encoder)
    assert (len(report.added), report.failed) == (2, ())
    return tmp_path / "home"


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    """A client of an app over that base."""
    with TestClient(create_app(Settings(home=home)), raise_server_exceptions=False) as found:
        yield found


def test_a_search_gives_what_its_description_says(client: TestClient) -> None:
    """The answer is exactly the described shape: no field more, none less."""
    answer = client.get("/api/v1/search", params={"q": "ansvar for veiledning"})
    assert answer.status_code == 200
    data = answer.json()
    assert data == SearchOut.model_validate(data, strict=False).model_dump(mode="json")
    hit = data["hits"][0]
    assert hit["place"]["section"] == "§ 4"
    assert hit["document"]["title"] == "Lov <script>alert(1)</script> om kjelder"
    assert [hit["excerpt"]["text"][a:b] for a, b in hit["excerpt"]["marks"] if b - a == 6] == [
        "ansvar"
    ]
    assert (
        f"/dokument/{hit['document']['id']}?passage={hit['passage']}&utgave=1#sitat" == hit["url"]
    )
    assert hit["source_url"].startswith("https://example.org/lov")


def test_a_misspelt_word_is_told_and_the_question_kept(client: TestClient) -> None:
    """The answer has the question as typed, what was searched for, notices, and why hits match."""
    found = client.get("/api/v1/search", params={"q": "veiledning og asnvar"}).json()
    SearchOut.model_validate(found)
    assert found["query"] == "veiledning og asnvar"
    assert found["corrections"] == [{"typed": "asnvar", "used": "ansvar"}]
    assert [n["lang"] for n in found["notices"] if n["kind"] == "did_you_mean"] == ["nb", "nn"]
    assert {"typed": "asnvar", "found": "ansvar", "via": "spelling"} in found["hits"][0]["matches"]


def test_filters_are_or_within_and_between(client: TestClient) -> None:
    """A repeated parameter widens, another one narrows."""

    def titles(**params: object) -> set[str]:
        hits = client.get("/api/v1/search", params={"q": "ansvar", **params}).json()["hits"]
        return {hit["document"]["type"] for hit in hits}

    assert {"act", "guidance"} == titles(type=["act", "guidance"])
    assert {"act"} == titles(type=["act", "guidance"], year_from=2010)
    assert {"guidance"} == titles(status="superseded")
    assert set() == titles(type="act", status="superseded")
    assert {"act"} == titles(publisher="Testdepartementet", area=2)


def test_a_document_gives_what_its_description_says(client: TestClient) -> None:
    """Sections come with their places, in the described shape."""
    hit = client.get("/api/v1/search", params={"q": "ansvar kilder"}).json()["hits"][0]
    data = client.get(f"/api/v1/documents/{hit['document']['id']}").json()
    assert data == DocumentOut.model_validate(data).model_dump(mode="json")
    assert "§ 4" in {section["place"]["section"] for section in data["sections"]}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/search", 422, "invalid_parameter"),
        ("/api/v1/search?q=%20", 422, "invalid_query"),
        ("/api/v1/search?q=" + "x" * 1001, 422, "invalid_query"),
        ("/api/v1/search?q=a&limit=51", 422, "invalid_parameter"),
        ("/api/v1/search?q=a&mode=magic", 422, "invalid_parameter"),
        ("/api/v1/search?q=a&area=7", 422, "invalid_parameter"),
        ("/api/v1/documents/none", 404, "not_found"),
        ("/api/v1/nothing", 404, "not_found"),
    ],
)
def test_errors_of_the_api_are_json(client: TestClient, path: str, status: int, code: str) -> None:
    """Every error has a code for programs and a message for people."""
    answer = client.get(path)
    assert (status, code) == (answer.status_code, answer.json()["error"]["code"])
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("query", "name"), [("q=a&type=poem", "type"), ("q=a&area=9", "area"), ("limit=3", "q")]
)
def test_errors_name_the_parameter(client: TestClient, query: str, name: str) -> None:
    """Its name, also where it may be repeated, never a number in a list."""
    message = client.get(f"/api/v1/search?{query}").json()["error"]["message"]
    assert message.startswith(f"{name}: ")


@pytest.mark.parametrize(
    "path", ["/", "/?q=ansvar", "/endringar", "/endringar.atom", "/api", "/health", "/finst-ikkje"]
)
def test_head_answers_as_get_without_a_body(client: TestClient, path: str) -> None:
    """Feed readers and link checkers ask so."""
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert "content-security-policy" in head.headers


def test_only_reading_is_allowed(client: TestClient) -> None:
    """A POST is refused in the same shape."""
    answer = client.post("/api/v1/search?q=a")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")


def test_ready_says_what_is_missing(tmp_path: Path) -> None:
    """Without a base the server lives, is not ready, and says how to mend it."""
    with TestClient(create_app(Settings(home=tmp_path))) as client:
        assert client.get("/health").status_code == 200
        answer = client.get("/ready")
        assert answer.status_code == 503
        assert "kjelda ingest" in answer.json()["error"]["message"]
        assert client.get("/api/v1/search?q=a").status_code == 503
        page = client.get("/?q=a", headers={"accept-language": "nn"})
        assert page.status_code == 503
        assert "Søket er ikkje klart" in page.text


def test_a_base_that_comes_later_is_found(tmp_path: Path, home: Path) -> None:
    """A server that started before the first ingest needs no restart."""
    empty = tmp_path / "empty"
    places = [empty, home]

    def open_current() -> Searching:
        return opener(places[0], None)()

    app = create_app(Settings(home=empty), open_current)
    with TestClient(app) as client:
        assert client.get("/ready").status_code == 503
        places.pop(0)
        assert client.get("/ready").status_code == 200


def test_the_description_covers_every_endpoint(client: TestClient) -> None:
    """OpenAPI names the endpoints, and each parameter has a description."""
    described = client.get("/api/openapi.json").json()
    assert {
        "/api/v1/search",
        "/api/v1/answer",
        "/api/v1/documents",
        "/api/v1/documents/{document_id}",
        "/api/v1/changes",
        "/health",
        "/ready",
    } == set(described["paths"])
    for path in described["paths"].values():
        for operation in path.values():
            assert operation["description"]
    parameters = described["paths"]["/api/v1/search"]["get"]["parameters"]
    assert all(parameter["description"] for parameter in parameters)
    assert client.get("/docs").status_code == 404


@pytest.mark.parametrize("path", ["/", "/health", "/nothing", "/static/kjelda.css", "/api"])
def test_every_answer_is_protected(client: TestClient, path: str) -> None:
    """Nothing from elsewhere, no script but ours, no framing, no referrer with the question."""
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "require-trusted-types-for 'script'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_fault_is_told_without_its_cause(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unexpected error is a clean 500 with the headers, in JSON and as a page."""

    def broken(*_: object) -> None:
        raise RuntimeError("hemmeleg spørsmål")

    monkeypatch.setattr("api.routes.run_query", broken)
    monkeypatch.setattr("api.search_page.run_query", broken)
    for path in ("/api/v1/search?q=a", "/?q=a"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "hemmeleg" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_queries_are_logged_only_when_asked_for(
    home: Path, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """No log holds a query; where the setting asks for it, identity numbers are masked."""
    caplog.set_level(logging.DEBUG)
    client.get("/api/v1/search?q=hemmeleg 01017012345")
    client.get("/?q=hemmeleg")
    ours = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert [r for r in ours if "hemmeleg" in r.getMessage()] == []
    with TestClient(create_app(Settings(home=home, log_queries=True))) as loud:
        loud.get("/api/v1/search?q=hemmeleg 01017012345")
    logged = [r.getMessage() for r in caplog.records if r.name == "kjelda.queries"]
    assert logged == ["query: hemmeleg ***********"]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("010170 12345", "***********"),
        ("er 01017012345?", "er ***********?"),
        ("lov 2020-11-06-127", "lov 2020-11-06-127"),
        ("123456789012", "123456789012"),
    ],
)
def test_identity_numbers_are_masked(text: str, masked: str) -> None:
    """Eleven digits alone are taken for a national identity number."""
    assert masked == mask(text)


def test_tracebacks_in_the_log_hold_no_message() -> None:
    """The log of a fault names file, line and kind of error, not what was searched for."""
    from api.errors import WithoutMessages

    def fault(raiser: Callable[[], None]) -> logging.LogRecord:
        try:
            raiser()
        except ValueError as error:
            trace = (type(error), error, error.__traceback__)
            return logging.LogRecord("uvicorn.error", 40, "", 0, "Exception", None, trace)
        raise AssertionError

    def raiser() -> None:
        raise ValueError("hemmeleg")

    record = fault(raiser)
    assert WithoutMessages().filter(record)
    said = logging.Formatter().format(record)
    assert "builtins.ValueError" in said
    assert "in raiser" in said
    assert "ValueError: hemmeleg" not in said
