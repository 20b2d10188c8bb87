"""The pages of packs over a real small base: forms, links, cookies, what is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from httpx import Response

from api.app import create_app
from api.packs.exports.formats import FORMATS
from api.packs.forms import COOKIE, LARGEST, own_path
from api.packs.model import LONGEST_NOTE
from api.settings import Settings
from ingest.sync import ingest
from tests.unit.test_pages import ACT, BILL, LEAKS, OLD

TYPED = "<b>x</b> & «sitat»"


@pytest.fixture
def home(tmp_path: Path, encoder: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with three documents."""
    (tmp_path / "files").mkdir()
    for name, text in (("lov.md", ACT), ("framlegg.md", BILL), ("gammel.md", OLD)):
        (tmp_path / "files" / name).write_text(text)
    encoder.max_tokens = 512
    monkeypatch.setattr("search.embedding.encoder.load", lambda *_, **__: encoder)
    take_in(tmp_path, encoder)
    return tmp_path


def take_in(folder: Path, encoder: Any) -> None:
    assert ingest([folder / "files"], home=folder / "home", encoder=encoder).failed == ()


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    """A browser's client: it keeps the cookie and asks in Bokmål."""
    with TestClient(
        create_app(Settings(home=home / "home")), headers={"accept-language": "nb"}
    ) as found:
        yield found


def soup(answer: Response, status: int = 200) -> BeautifulSoup:
    assert answer.status_code == status, answer.text
    for leak in LEAKS:
        assert leak not in answer.text, leak
    return BeautifulSoup(answer.text, "html.parser")


def words(page: Any) -> str:
    return " ".join(page.get_text(" ").split())


def fields(form: Any) -> dict[str, str]:
    return {i["name"]: i["value"] for i in form.find_all("input", type="hidden")}


def add(client: TestClient, query: str = "ansvar for kurs om kilder") -> Response:
    """Press the button of the first hit."""
    form = soup(client.get("/", params={"q": query})).find("form", class_="pack-add")
    return client.post(form["action"], data=fields(form))


def token_of(answer: Response) -> str:
    return re.search(r"/pakke/([\w-]{32})", str(answer.url))[1]  # type: ignore[index]


def ids(page: BeautifulSoup) -> list[str]:
    return [li["id"][1:] for li in page.select(".pack-item")]


@pytest.fixture
def token(client: TestClient) -> str:
    """A pack with a quote, a heading and a note, in that order."""
    made = token_of(add(client))
    client.post(f"/pakke/{made}/overskrift", data={"tekst": "Ansvar"})
    client.post(f"/pakke/{made}/merknad", data={"tekst": "Hvem har ansvaret?"})
    return made


def test_the_first_hit_makes_the_pack_and_the_next_goes_into_it(client: TestClient) -> None:
    """The quote is verbatim, with place and status; the way back leads to the hit."""
    answer = add(client)
    page = soup(answer)
    assert "Fylkeskommunen har ansvar for veiledning & kurs om kilder." in words(page.blockquote)
    assert [li.get_text() for li in page.blockquote.find_all("li")] == [
        "kurs i norsk",
        "rettledning",
    ]
    said = words(page)
    for part in ("§ 4", "Gjeldende", "Testdepartementet & co", "Sitatet er lagt i pakken"):
        assert part in said
    back = page.find(class_="notice").find("a")["href"]
    assert back.startswith("/?q=ansvar")
    assert back.endswith("#hit-1")
    first = token_of(answer)
    again = add(client, "framlegg rettleiing")
    assert first == token_of(again)
    assert len(soup(again).find_all("blockquote")) == 2
    assert "Forslag. Dette er et forslag." in words(soup(again).find_all(class_="pack-item")[-1])


def test_the_same_quote_is_not_added_twice(client: TestClient) -> None:
    """And that is said."""
    add(client)
    page = soup(add(client))
    assert "lå alt i pakken" in words(page.find(class_="notice"))
    assert len(page.find_all("blockquote")) == 1


def test_the_cited_passage_of_a_document_can_be_added(client: TestClient) -> None:
    """From its page; without a citation there is no button."""
    link = soup(client.get("/?q=ansvar+for+kurs+om+kilder")).find("article").h3.a["href"]
    page = soup(client.get(link))
    form = page.find("form", class_="pack-add")
    assert token_of(client.post(form["action"], data=fields(form)))
    assert not soup(client.get(link.split("?")[0])).find("form", class_="pack-add")


def test_the_cookie_goes_to_packs_only_and_is_out_of_reach(client: TestClient) -> None:
    """Strict, not for scripts, for the session, and only sent where packs are."""
    form = soup(client.get("/?q=ansvar")).find("form", class_="pack-add")
    answer = client.post(form["action"], data=fields(form), follow_redirects=False)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=strict", "Path=/pakke"):
        assert part in cookie
    assert "expires" not in cookie.lower()
    assert "max-age" not in cookie.lower()


def test_a_pack_is_not_listed_sent_on_or_stored(client: TestClient, token: str) -> None:
    """By search engines, to other sites, in caches."""
    for path in ("", "/sjekk", "/slett", "/last-ned/md"):
        headers = client.get(f"/pakke/{token}{path}").headers
        assert "noindex" in headers["x-robots-tag"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"


def test_nothing_logs_a_token(
    client: TestClient, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a page nor what is missing."""
    caplog.set_level(0)
    client.get(f"/pakke/{token}")
    client.get(f"/pakke/{token}/last-ned/none")
    client.get("/pakke/" + "x" * 32)
    mine = [r for r in caplog.records if not r.name.startswith("httpx")]
    assert not [r for r in mine if token in r.getMessage()]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
    ],
)
def test_another_site_can_do_nothing(
    client: TestClient, token: str, headers: dict[str, str]
) -> None:
    """Neither add to the pack nor change it nor make one."""
    for path in ("/pakke", "/pakke/legg-i", f"/pakke/{token}/tittel", f"/pakke/{token}/slett"):
        answer = client.post(path, data={"tekst": "x", "tittel": "x"}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert client.get(f"/pakke/{token}").status_code == 200


def test_own_forms_pass_with_what_browsers_send(client: TestClient, token: str) -> None:
    """A page without referrer sends the origin null."""
    for headers in (
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": "http://testserver"},
        {"origin": "null"},
    ):
        answer = client.post(f"/pakke/{token}/tittel", data={"tekst": "Nytt"}, headers=headers)
        assert answer.status_code == 200


def test_items_are_moved_edited_taken_out_and_put_back(client: TestClient, token: str) -> None:
    """By buttons; each answer stands at the item and says what was done."""

    def act(item: str, **sent: str) -> BeautifulSoup:
        return soup(client.post(f"/pakke/{token}/element/{item}", data=sent))

    quote, heading, note = ids(soup(client.get(f"/pakke/{token}")))
    assert [heading, quote, note] == ids(act(heading, gjer="opp"))
    assert [heading, note, quote] == ids(act(quote, gjer="ned"))
    page = act(quote, gjer="plass", plass="1")
    assert [quote, heading, note] == ids(page)
    assert "Flyttet til plass 1." in words(page.find(class_="notice"))
    page = act(heading, gjer="lagre", tekst=TYPED)
    assert TYPED in words(page.find(id=f"i{heading}"))
    page = act(heading, gjer="bort")
    assert [quote, note] == ids(page)
    undo = page.find(class_="notice").form
    page = soup(client.post(undo["action"], data={"gjer": undo.button["value"]}))
    assert [quote, heading, note] == ids(page)


def test_what_is_refused_is_told_at_its_field_and_kept(client: TestClient, token: str) -> None:
    """Nothing that was typed is lost."""
    long = "x" * (LONGEST_NOTE + 1)
    page = soup(client.post(f"/pakke/{token}/merknad", data={"tekst": long}), 422)
    area = page.find(id="merknad")
    assert area.get_text().strip() == long
    assert area["aria-invalid"] == "true"
    fault = page.find(id=area["aria-describedby"].split()[-1])
    assert f"Merknaden har {LONGEST_NOTE + 1} tegn" in words(fault)
    assert page.title.string.startswith("Feil: ")
    for path, name in (("overskrift", "overskrift"), ("tittel", "tittel")):
        page = soup(client.post(f"/pakke/{token}/{path}", data={"tekst": "y" * 300}), 422)
        assert page.find(id=name)["value"] == "y" * 300
    item = ids(page)[2]
    page = soup(
        client.post(f"/pakke/{token}/element/{item}", data={"gjer": "lagre", "tekst": long}), 422
    )
    assert page.find(id=f"tekst-{item}").get_text().strip() == long
    assert page.find(id=f"tekst-{item}").find_parent("details").has_attr("open")
    page = soup(
        client.post(f"/pakke/{token}/element/{ids(page)[0]}", data={"gjer": "plass", "plass": "9"}),
        422,
    )
    assert "«9» er ikke en plass i pakken" in words(page)
    assert len(ids(soup(client.get(f"/pakke/{token}")))) == 3


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"tekst=" + b"x" * LARGEST, "application/x-www-form-urlencoded", 422),
        (b"tekst=%ff%fe", "application/x-www-form-urlencoded", 200),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 422),
        (b"&".join(b"a=1" for _ in range(99)), "application/x-www-form-urlencoded", 422),
        (b'{"tekst": "x"}', "application/json", 422),
        (b"", "", 422),
    ],
)
def test_a_body_that_is_no_form_is_refused(
    client: TestClient, token: str, body: bytes, kind: str, status: int
) -> None:
    """With words, and without harm."""
    answer = client.post(f"/pakke/{token}/merknad", content=body, headers={"content-type": kind})
    assert status == answer.status_code


@pytest.mark.parametrize("path", ["x", "x" * 32, "x" * 33, "%00", "legg-i"])
def test_a_link_that_opens_nothing_is_told(client: TestClient, path: str) -> None:
    """404 in words."""
    answer = client.get(f"/pakke/{path}")
    assert answer.status_code == 404
    assert "Fant ikke" in answer.text


def test_a_passage_that_is_gone_is_told(client: TestClient) -> None:
    """And makes no pack."""
    for sent in ({}, {"dokument": "none"}, {"dokument": "lov", "passage": "x"}):
        page = soup(client.post("/pakke/legg-i", data=sent), 404)
        assert "Avsnittet finnes ikke" in words(page)
    assert COOKIE not in client.cookies


def test_the_read_link_shows_and_changes_nothing(client: TestClient, token: str) -> None:
    """No tools, no edit link, no delete; downloads, check and copy work."""
    page = soup(client.get(f"/pakke/{token}"))
    read = page.find_all(class_="secret")[1]["href"].rsplit("/", 1)[1]
    answer = client.get(f"/pakke/{read}")
    assert token not in answer.text
    page = soup(answer)
    assert not page.select(".pack-tools, textarea, .secret")
    assert client.get(f"/pakke/{read}/sjekk").status_code == 200
    assert client.get(f"/pakke/{read}/last-ned/md").status_code == 200
    for path in ("slett", "tittel", "overskrift", "element/1", "bruk"):
        assert client.post(f"/pakke/{read}/{path}", data={"tekst": "x"}).status_code == 404
    copy = client.post(f"/pakke/{read}/kopi", data={})
    assert token_of(copy) not in (token, read)
    assert soup(copy).find("textarea")


def test_a_copy_is_a_pack_of_its_own(client: TestClient, token: str) -> None:
    """With the same contents, in use from now on; the first one stays as it is."""
    page = soup(client.post(f"/pakke/{token}/kopi", data={}))
    assert "(kopi)" in page.h1.get_text()
    assert len(ids(page)) == 3
    assert "Kopi av en annen pakke" in words(page)
    copied = client.cookies[COOKIE]
    client.post(f"/pakke/{copied}/overskrift", data={"tekst": "Ny"})
    assert len(ids(soup(client.get(f"/pakke/{token}")))) == 3
    page = soup(client.get(f"/pakke/{token}"))
    assert "kommer ikke i denne pakken" in words(page)
    client.post(f"/pakke/{token}/bruk", data={})
    assert client.cookies[COOKIE] == token


def test_a_deleted_pack_is_gone_and_forgotten(client: TestClient, token: str) -> None:
    """After a question; the next quote begins a new one."""
    assert "Slette" in words(soup(client.get(f"/pakke/{token}/slett")).h1)
    page = soup(client.post(f"/pakke/{token}/slett", data={}))
    assert "Pakken er slettet." in words(page)
    assert client.get(f"/pakke/{token}").status_code == 404
    assert token_of(add(client)) != token


def test_check_again_names_exactly_what_changed(
    client: TestClient, home: Path, encoder: Any, token: str
) -> None:
    """One § reworded, one document superseded; after taking it anew nothing is left to look at."""
    add(client, "framlegg rettleiing fylkeskommunen")
    assert "Alle sitatene står i basen" in words(soup(client.get(f"/pakke/{token}/sjekk")))
    (home / "files" / "lov.md").write_text(ACT.replace("& kurs om", "og kurs om"))
    (home / "files" / "framlegg.md").write_text(BILL.replace("proposal", "superseded"))
    take_in(home, encoder)
    page = soup(client.get(f"/pakke/{token}/sjekk"))
    assert "2 av 2 sitater må ses på." in words(page)
    first, second = page.select(".check-item")
    assert "Teksten er endret" in words(first)
    assert first.find("del").contents[-1] == "&"
    assert first.find("ins").contents[-1] == "og"
    assert "Ny status" in words(second)
    assert "Fra «Forslag» til «Erstattet»." in words(second)
    for item in (first, second):
        client.post(item.form["action"], data={"gjer": "oppdater"})
    assert "Alle sitatene står i basen" in words(soup(client.get(f"/pakke/{token}/sjekk")))
    (home / "files" / "framlegg.md").unlink()
    take_in(home, encoder)
    page = soup(client.get(f"/pakke/{token}/sjekk"))
    (gone,) = page.select(".check-item")
    assert "Dokumentet er borte" in words(gone)
    assert "Departementet gjer framlegg" in words(gone.blockquote)


@pytest.mark.parametrize("written", ["nb", "nn"])
def test_every_page_is_whole_in_both_written_forms(
    client: TestClient, token: str, written: str
) -> None:
    """One h1, headings in order, labels, unique ids, no scripts; ?lang= stays in every link."""
    for path in ("/pakke", f"/pakke/{token}", f"/pakke/{token}/sjekk", f"/pakke/{token}/slett"):
        page = soup(client.get(path, params={"lang": written}))
        assert written == page.html["lang"]
        assert len(page.find_all("h1")) == 1
        found = [tag["id"] for tag in page.find_all(id=True)]
        assert len(found) == len(set(found))
        assert not page.find_all(["script", "style"])
        assert not page.find_all(style=True)
        for field in page.select("input:not([type=hidden]), textarea"):
            assert page.find("label", attrs={"for": field["id"]})
        inner = [a["href"] for a in page.find_all("a") if a["href"].startswith("/")]
        inner += [form["action"] for form in page.find_all("form")]
        switch = page.find("a", class_="switch")["href"]
        assert not [a for a in inner if f"lang={written}" not in a and a != switch]


def test_a_note_is_text_not_markup(client: TestClient, token: str) -> None:
    """On the page too."""
    hostile = "<script>alert(1)</script>\n\n</textarea><img src=x onerror=alert(1)>"
    client.post(f"/pakke/{token}/merknad", data={"tekst": hostile})
    client.post(f"/pakke/{token}/tittel", data={"tekst": hostile})
    page = soup(client.get(f"/pakke/{token}"))
    assert not page.find_all("script")
    assert all(img["src"].startswith("/static/") for img in page.find_all("img"))
    assert "<script>alert(1)</script>" in page.h1.get_text()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_downloaded(client: TestClient, token: str, name: str) -> None:
    """With its type and a safe file name."""
    client.post(f"/pakke/{token}/tittel", data={"tekst": 'a"; filename="x.exe'})
    answer = client.get(f"/pakke/{token}/last-ned/{name}")
    assert answer.status_code == 200
    assert FORMATS[name].media_type == answer.headers["content-type"]
    disposition = answer.headers["content-disposition"]
    assert disposition == f'attachment; filename="a-filename-x-exe.{name}"'
    assert client.get(f"/pakke/{token}/last-ned/exe").status_code == 404


def test_a_pack_is_data_too(client: TestClient, token: str) -> None:
    """The API gives it by its token; a wrong one is an error in JSON."""
    data = client.get(f"/api/v1/packs/{token}").json()
    assert [item["kind"] for item in data["items"]] == ["quote", "heading", "note"]
    quote = data["items"][0]
    assert quote["text"].startswith("Fylkeskommunen har ansvar")
    assert (quote["type"], quote["status"], quote["place"]["section"]) == ("act", "current", "§ 4")
    answer = client.get("/api/v1/packs/" + "x" * 32)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "missing_pack")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("/?q=a#hit-1", "/?q=a#hit-1"),
        ("/dokument/lov?passage=1", "/dokument/lov?passage=1"),
        ("//evil.example/", None),
        ("/\\evil.example", None),
        ("https://evil.example/", None),
        ("javascript:alert(1)", None),
        ("/pakke/x/slett", None),
        ("/ ?q", None),
        ("", None),
    ],
)
def test_the_way_back_stays_on_this_site(given: str, expected: str | None) -> None:
    """What a form says of it is not believed."""
    assert expected == own_path(given)


def test_an_overview_lists_every_document_that_treats_the_topic(client: TestClient) -> None:
    """As a page and as a table for Excel with the same rows, whose texts are never formulas."""
    page = soup(client.get("/oversikt", params={"q": "ansvar"}))
    titles = [th.get_text() for th in page.select("tbody th")]
    assert {
        "Lov <script>alert(1)</script> om kjelder",
        "Framlegg til ny lov",
        "Gammel veileder",
    } == set(titles)
    answer = client.get(page.find("a", download=True)["href"])
    assert answer.headers["content-disposition"] == 'attachment; filename="oversikt-ansvar.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book["Oversikt"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert titles == [row[0] for row in rows]
    assert all(row[8].startswith("http://testserver/dokument/") for row in rows)
    act = rows[titles.index("Lov <script>alert(1)</script> om kjelder")]
    assert (
        *act[1:4],
        act[6],
        act[7],
    ) == ("Lov", "Testdepartementet & co", "Gjeldende", "§ 4", 1)
    assert sheet.freeze_panes == "B2"
    assert "ansvar" in [row[1].value for row in book["Om tabellen"].iter_rows()]


def test_an_overview_takes_filters_and_says_when_there_is_nothing(client: TestClient) -> None:
    """The search page's own; an empty question is an error in words."""
    page = soup(client.get("/oversikt?q=ansvar&type=act"))
    assert len(page.select("tbody tr")) == 1
    assert "Ingen dokumenter" in words(soup(client.get("/oversikt?q=qwxz&mode=lexical")))
    assert "Skriv noe å søke etter" in words(soup(client.get("/oversikt?q="), 422))
    assert client.get("/oversikt.xlsx?q=").status_code == 422
    assert soup(client.get("/oversikt?lang=nn")).h1.get_text() == "Oversyn over eit tema"
