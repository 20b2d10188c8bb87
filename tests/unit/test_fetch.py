"""Fetching from a real server that misbehaves: nothing lost, nothing doubled, nobody else called.

The server is of this test, on this machine, so the rules name it; those that ship never would.
"""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from corpus.currency import Origin
from corpus.documents import DocumentType, Language, Status
from corpus.sources import HOSTS, Source, Verification, card_id
from ingest import register
from ingest.fetch.chapters import chapters
from ingest.fetch.client import Client, FetchError, Gone, Limits
from ingest.fetch.guard import Forbidden, Rules, Unresolved, is_public
from ingest.fetch.shelf import Page, Shelf
from ingest.fetch.walk import Pace, Walk
from ingest.report import Report
from ingest.sync import ingest_register
from search.engine import DATABASE
from search.store.truth import Truth

SHARED = Path(__file__).parents[3] / "shared" / "documents"
PAGE = (
    "<!DOCTYPE html><html lang='nb'><head><title>{title}</title></head><body><main>"
    "<h1>{title}</h1><p>{text}</p></main></body></html>"
)
Reply = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers by path, out of the server's table."""

    protocol_version = "HTTP/1.1"
    server: Any

    def do_GET(self) -> None:
        """Count the request and answer it."""
        path = self.path
        self.server.seen.append((path, dict(self.headers)))
        reply = self.server.replies.get(path)
        if reply is None:
            give(b"", status=404)(self)
        else:
            reply(self)

    def log_message(self, *_args: Any) -> None:
        """Nothing."""


def give(
    body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str
) -> Reply:
    """An ordinary answer."""

    def reply(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def html(title: str, text: str = "Tekst om ansvar.") -> bytes:
    return PAGE.format(title=title, text=text).encode()


def lead(target: str, status: int = 301) -> Reply:
    return give(b"", status=status, Location=target)


class Served:
    """A server on 127.0.0.1: its table of answers, and what it was asked for."""

    def __init__(self) -> None:
        self.server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.replies = {}
        self.server.seen = []
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def host(self) -> str:
        """Name and port."""
        return f"127.0.0.1:{self.server.server_address[1]}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.host}{path}"

    def put(self, path: str, reply: Reply) -> str:
        """Answer a path so; gives its address."""
        self.server.replies[path] = reply
        return self.url(path)

    @property
    def asked(self) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(path for path, _ in self.server.seen)

    def headers(self, path: str) -> dict[str, str]:
        """What came with the last request for a path."""
        return next(headers for seen, headers in reversed(self.server.seen) if seen == path)

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def server() -> Iterator[Served]:
    """A server that the rules allow."""
    served = Served()
    yield served
    served.close()


@pytest.fixture
def private() -> Iterator[Served]:
    """Another server on this machine, which nothing may reach."""
    served = Served()
    served.put("/", give(html("Intern")))
    yield served
    served.close()


def rules(server: Served, **changes: Any) -> Rules:
    """Rules that allow this one server."""
    loopback = ipaddress.ip_address("127.0.0.1")
    found = Rules(frozenset({server.host}), frozenset({"http"}), lambda ip: ip == loopback)
    return replace(found, **changes)


LIMITS = Limits(size=200_000, total=2.0, wait=0.5)


@pytest.fixture
def client(server: Served) -> Iterator[Client]:
    """A client for the server, with short patience."""
    found = Client(rules(server), LIMITS)
    yield found
    found.close()


# -- the guard -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4001::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # the metadata of cloud machines
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("::ffff:10.0.0.1", False),  # IPv4 in IPv6
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a00:1", False),  # NAT64 of 10.0.0.1
        ("2002:a00:1::", False),  # 6to4 of 10.0.0.1
    ],
)
def test_public_numbers(number: str, public: bool) -> None:
    """Only the public internet, however the number is wrapped."""
    assert is_public(ipaddress.ip_address(number)) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://www.regjeringen.no/",  # not https
        "https://imdiny-prep.imdi.no/regelverk",  # staging
        "https://www.regjeringen.no.evil.example/",
        "https://www.regjeringen.no:8443/",
        "https://bruker:ord@www.regjeringen.no/",
        "https://www.regjeringen.no@evil.example/",
        "https://127.0.0.1/",
        "file:///etc/passwd",
        "ftp://www.regjeringen.no/",
        "https://[::1/",
        "//www.regjeringen.no/",
        "",
    ],
)
def test_addresses_that_are_never_fetched(url: str) -> None:
    """The host is compared whole, and the scheme is https."""
    with pytest.raises(Forbidden):
        Rules().check(url)
    assert Rules().check("https://www.regjeringen.no/no/id1/") in HOSTS


def test_a_name_that_leads_into_the_closed_network_is_not_called(private: Served) -> None:
    """Neither alone nor beside a public number: the connection is never opened."""
    host = f"kjelde.example:{private.server.server_address[1]}"
    for numbers in (["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"]):
        name = Rules(frozenset({host}), frozenset({"http"}), resolve=lambda *_, n=numbers: n)
        client = Client(name, LIMITS)
        with pytest.raises(Forbidden, match="not a public address"):
            client.get(f"http://{host}/")
        client.close()
    assert not private.server.seen


def test_the_number_that_was_checked_is_the_one_that_is_called(
    server: Served, private: Served
) -> None:
    """The name is looked up once: a second answer can't lead elsewhere."""
    server.put("/", give(html("Rett")))
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    port = server.server.server_address[1]
    host = f"kjelde.example:{port}"
    name = rules(server, hosts=frozenset({host}), resolve=lambda *_: next(answers))
    client = Client(name, LIMITS)
    assert b"Rett" in (client.get(f"http://{host}/").body or b"")
    client.close()


def test_a_name_without_a_number(server: Served) -> None:
    """Told as what it is: perhaps there is no network."""

    def nowhere(*_: Any) -> list[str]:
        raise Unresolved("the name x can't be resolved; is there a network?")

    client = Client(rules(server, resolve=nowhere), LIMITS)
    with pytest.raises(Unresolved, match="network"):
        client.get(server.url("/"))
    client.close()


# -- one request -----------------------------------------------------------------


def test_an_ordinary_page(server: Served, client: Client) -> None:
    """Its body, kind and marks; packed or not; the client says who it is."""
    url = server.put(
        "/a", give(html("Éin"), ETag='"1"', Last_Modified="Fri, 03 Jul 2026 14:00:00 GMT")
    )
    answer = client.get(url)
    assert (answer.body, answer.etag) == (html("Éin"), '"1"')
    assert server.headers("/a")["User-Agent"].startswith("Kjelda/")
    packed = server.put("/b", give(gzip.compress(html("B")), Content_Encoding="gzip"))
    assert client.get(packed).body == html("B")
    server.put("/æ?a=1", give(b""))
    server.put("/%C3%A6?a=1", give(html("Æ")))
    assert client.get(server.url("/æ?a=1")).body == html("Æ")


def test_an_unchanged_page_is_not_sent_again(server: Served, client: Client) -> None:
    """The server is told which copy is at hand."""
    url = server.put("/a", give(b"", status=304))
    answer = client.get(url, '"1"', "Fri, 03 Jul 2026 14:00:00 GMT")
    assert (answer.body, answer.etag) == (None, '"1"')
    assert server.headers("/a")["If-None-Match"] == '"1"'
    assert server.headers("/a")["If-Modified-Since"].startswith("Fri")


def drip(handler: Handler) -> None:
    """A byte now and then, for ever: each wait is short, all of it is not."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def hang(_handler: Handler) -> None:
    """No answer at all."""
    time.sleep(3)


def cut(handler: Handler) -> None:
    """Fewer bytes than promised."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(html("Kutta"))
    handler.close_connection = True


def endless(handler: Handler) -> None:
    """More than anyone wants, without telling its length."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.close_connection = True
    for _ in range(10_000):
        handler.wfile.write(b"x" * 65_536)


def nonsense(handler: Handler) -> None:
    """Not HTTP."""
    handler.wfile.write(b"\x00\x01\x02 hei\r\n\r\n")
    handler.close_connection = True


BOMB = gzip.compress(b"\0" * 50_000_000)


@pytest.mark.parametrize(
    ("reply", "reason", "again"),
    [
        (hang, "no answer within 0.5 s", True),
        (drip, "not here after 2 s", True),
        (cut, "cut short", True),
        (endless, "over the limit of 0.2 MB", False),
        (nonsense, "cut short|can't be talked with", None),
        (give(b"", status=500), "answers 500", True),
        (give(b"", status=503, Retry_After="7"), "answers 503", True),
        (give(b"", status=403), "does not let Kjelda", False),
        (give(b"", status=204), "answers 204", False),
        (give(BOMB, Content_Encoding="gzip"), "over the limit", False),
        (give(gzip.compress(html("B"))[:-9], Content_Encoding="gzip"), "cut short", True),
        (give(b"hei", Content_Encoding="gzip"), "not packed as it says", True),
        (give(b"hei", Content_Encoding="br"), "packed as 'br'", False),
        (lead("/a"), "run in a circle", False),
        (give(b"", status=404), "answers 404", False),
        (give(b"", status=410), "answers 410", False),
    ],
)
def test_what_can_go_wrong_is_told(
    server: Served, client: Client, reply: Reply, reason: str, again: bool | None
) -> None:
    """Each in its own words, with whether it makes sense to try again; never a hang."""
    began = time.monotonic()
    with pytest.raises(FetchError, match=reason) as found:
        client.get(server.put("/a", reply))
    if again is not None:
        assert found.value.again is again
    assert time.monotonic() - began < 6
    if "503" in reason:
        assert found.value.after == 7.0
    assert isinstance(found.value, Gone) is ("404" in reason or "410" in reason)


def test_redirects_are_checked_like_any_address(
    server: Served, private: Served, client: Client
) -> None:
    """On the list it is followed, elsewhere not; the other server hears nothing."""
    server.put("/ny", give(html("Ny")))
    assert client.get(server.put("/gammal", lead("/ny", 308))).url == server.url("/ny")
    for target in (
        private.url("/"),
        f"http://localhost:{private.server.server_address[1]}/",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data/",
        "https://imdiny-prep.imdi.no/",
    ):
        with pytest.raises(Forbidden):
            client.get(server.put("/bort", lead(target)))
    for number in range(8):
        server.put(f"/{number}", lead(f"/{number + 1}"))
    with pytest.raises(FetchError, match="more than 5 times"):
        client.get(server.url("/0"))
    assert not private.server.seen


# -- the walk ----------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """An empty shelf."""
    found = Shelf(tmp_path)
    yield found
    found.close()


class Time:
    """A clock that sleeping sets forward."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        self.slept.append(seconds)
        self.seconds += seconds

    def clock(self) -> float:
        """Seconds since the beginning."""
        return self.seconds

    def now(self) -> datetime:
        """The moment."""
        return datetime(2026, 11, 25, 12, tzinfo=UTC) + timedelta(seconds=self.seconds)


CLIENTS: list[Client] = []


@pytest.fixture(autouse=True)
def close_clients() -> Iterator[None]:
    """No connection outlives its test."""
    yield
    while CLIENTS:
        CLIENTS.pop().close()


def walk(shelf: Shelf, server: Served, time: Time | None = None, **options: Any) -> Walk:
    time = time or Time()
    client = Client(options.pop("rules", None) or rules(server), LIMITS)
    CLIENTS.append(client)
    hosts = frozenset({server.host})
    return Walk(
        shelf,
        client,
        pace=Pace(delay=2.0),
        chapters=lambda url, body: chapters(url, body, hosts),
        sleep=time.sleep,
        clock=time.clock,
        now=time.now,
        **options,
    )


def test_a_host_is_asked_slowly_and_by_its_rules(server: Served, shelf: Shelf) -> None:
    """Two seconds between, or what robots.txt asks for; what it forbids is not asked for."""
    robots = b"User-agent: *\nDisallow: /stengd\nCrawl-delay: 5\n"
    server.put("/robots.txt", give(robots, "text/plain"))
    urls = [server.put(f"/{name}", give(html(name))) for name in ("a", "b", "stengd/c")]
    time = Time()
    tour = walk(shelf, server, time)
    tour.run(urls)
    assert server.asked == {"/robots.txt": 1, "/a": 1, "/b": 1}
    assert time.slept == [5.0, 5.0]
    (failure,) = tour.failures
    assert "robots.txt does not let robots read it" in failure.reason


@pytest.mark.parametrize(
    ("robots", "fetched"),
    [(give(b"", status=404), 1), (give(b"", status=403), 1), (give(b"", status=500), 0)],
)
def test_a_robots_txt_that_cannot_be_read(
    server: Served, shelf: Shelf, robots: Reply, fetched: int
) -> None:
    """None there means that all is allowed; a fault of the server means that nothing is."""
    server.put("/robots.txt", robots)
    tour = walk(shelf, server)
    tour.run([server.put("/a", give(html("A")))])
    assert tour.fetched == fetched
    assert server.asked["/a"] == fetched


def test_a_fault_that_passes_is_waited_for(server: Served, shelf: Shelf) -> None:
    """Twice 500, then the page: tried again after a while, and it counts once."""
    answers = iter([give(b"", status=500), give(b"", status=503, Retry_After="9"), give(html("A"))])

    def next_answer(handler: Handler) -> None:
        next(answers)(handler)

    url = server.put("/a", next_answer)
    time = Time()
    tour = walk(shelf, server, time)
    tour.run([url])
    assert (server.asked["/a"], tour.fetched, tour.failures) == (3, 1, [])
    assert time.slept == [4.0, 15.0]
    stays = server.put("/b", give(b"", status=500))
    tour = walk(shelf, server)
    tour.run([stays])
    assert server.asked["/b"] == 3
    assert "answers 500; there is no copy" in tour.failures[0].reason


def test_what_is_fresh_or_unchanged_costs_nothing(server: Served, shelf: Shelf) -> None:
    """Within half a day nothing is asked; after it, only whether it has changed."""
    url = server.put("/a", give(html("A"), ETag='"1"'))
    time = Time()
    walk(shelf, server, time).run([url])
    walk(shelf, server, time).run([url])
    assert server.asked["/a"] == 1
    server.put("/a", give(b"", status=304))
    time.seconds += 24 * 3600
    tour = walk(shelf, server, time)
    tour.run([url])
    assert (server.asked["/a"], tour.unchanged, tour.fetched) == (2, 1, 0)
    page = shelf.page(url)
    assert page is not None
    assert page.day == date(2026, 11, 26)
    assert shelf.body(page) == html("A")


def test_a_broken_run_goes_on_where_it_was(server: Served, shelf: Shelf) -> None:
    """What was fetched before the break is not asked for again."""
    urls = [server.put(f"/{name}", give(html(name))) for name in "abc"]

    class Break(Exception):
        pass

    def stop(_progress: Any) -> None:
        if server.asked["/b"]:
            raise Break

    with pytest.raises(Break):
        walk(shelf, server, tell=stop).run(urls)
    walk(shelf, server).run(urls)
    assert {path: n for path, n in server.asked.items() if path != "/robots.txt"} == {
        "/a": 1,
        "/b": 1,
        "/c": 1,
    }


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (give(b"\x89PNG\r\n" + b"\0" * 50, "image/png"), "a PNG picture is not read here"),
        (give(b"", "text/html"), "file is empty"),
        (give(b"%PDF-1.7 ...", "text/html"), "named as HTML, but the content is PDF"),
        (give(b"", status=410), "answers 410"),
        (cut, "cut short"),
        (lead("/"), "leads to the publisher's front page"),
    ],
)
def test_a_bad_answer_never_takes_a_good_copys_place(
    server: Served, shelf: Shelf, reply: Reply, reason: str
) -> None:
    """The copy stays, and the line says of which day it is."""
    server.put("/", give(html("Framside")))
    url = server.put("/a", give(html("A")))
    time = Time()
    walk(shelf, server, time).run([url])
    server.put("/a", reply)
    time.seconds += 24 * 3600
    tour = walk(shelf, server, time)
    tour.run([url])
    (failure,) = tour.failures
    assert reason in failure.reason
    assert failure.reason.endswith("the copy of 2026-11-25 is kept")
    page = shelf.page(url)
    assert page is not None
    assert shelf.body(page) == html("A")


def test_a_host_that_does_not_answer_is_left_in_one_line(server: Served, shelf: Shelf) -> None:
    """Three failed pages, and the rest waits for another day."""
    urls = [server.put(f"/{n}", give(b"", status=500)) for n in range(8)]
    tour = walk(shelf, server)
    tour.run(urls)
    assert sum(server.asked[f"/{n}"] for n in range(8)) < 24
    assert any("the host does not answer" in failure.reason for failure in tour.failures)
    pages = shelf.pages()
    assert len(pages) == 8
    assert all(page.failure for page in pages)


def test_without_a_network_there_is_one_line(server: Served, shelf: Shelf) -> None:
    """A closed network is no hundred failures."""

    def nowhere(host: str, _port: int) -> list[str]:
        raise Unresolved(f"the name {host} can't be resolved; is there a network?")

    names = [f"vert{n}.example" for n in range(9)]
    closed = Rules(frozenset(names), frozenset({"http"}), resolve=nowhere)
    tour = walk(shelf, server, rules=closed)
    tour.run([f"http://{name}/{n}" for name in names for n in range(3)])
    (failure,) = tour.failures
    assert "there is no network here" in failure.reason
    assert "--offline" in failure.reason


def test_bodies_are_written_whole_and_swept(tmp_path: Path, shelf: Shelf) -> None:
    """No part of a page under a page's name; what nobody has is removed."""
    digest = shelf.store(b"A")
    assert shelf.store(b"A") == digest
    shelf.put(Page("http://a/", digest=digest))
    other = shelf.store(b"B")
    (shelf.folder / "part-x").write_bytes(b"half")
    shelf.tidy()
    assert (shelf.folder / digest).read_bytes() == b"A"
    assert not (shelf.folder / other).exists()
    assert not (shelf.folder / "part-x").exists()
    assert shelf.body(Page("http://b/", digest=other)) is None


# -- the register -------------------------------------------------------------------


def source(id: str, url: str | None, **changes: Any) -> Source:
    found = Source(
        id=id,
        title=f"Kjelde {id}",
        publisher="IMDi",
        type=DocumentType.GUIDANCE,
        language=(Language.BOKMAL,),
        areas=(2,),
        status=Status.CURRENT,
        checked=date(2026, 11, 23),
        verification=Verification.SEEN,
        url=url,
    )
    return replace(found, **changes)


@pytest.fixture
def take(tmp_path: Path, server: Served, encoder: Any) -> Callable[..., Report]:
    """An ingest of these sources, from the server."""
    time = Time()

    def run(*sources: Source, later: float = 0.0, offline: bool = False) -> Report:
        time.seconds += later
        return ingest_register(
            home=tmp_path / "home",
            encoder=encoder,
            sources=sources,
            walk=None if offline else lambda shelf, tell: walk(shelf, server, time, tell=tell),
        )

    return run


def truth(tmp_path: Path) -> Truth:
    return Truth(tmp_path / "home" / DATABASE, read_only=True)


DAY = 24 * 3600.0


def test_the_register_becomes_text_where_it_can_be_fetched(
    tmp_path: Path, server: Served, take: Callable[..., Report]
) -> None:
    """Text, or else a card; a new text keeps the old one; what is gone is in doubt, not lost."""
    url = server.put("/rettleiar", give(html("Rettleiar", "Fristen er tre dagar.")))
    sources = (source("a", url), source("b", server.url("/borte")), source("c", None))
    report = take(*sources)
    base = truth(tmp_path)
    (failure,) = report.failed
    assert (failure.uri, "answers 404" in failure.reason) == (server.url("/borte"), True)
    found = {d.id: d for d in base.documents() if d.publisher == "IMDi"}
    assert {card_id("b"), card_id("c")} < set(found)
    assert len(found) == 3
    (fetched,) = (d for d in found.values() if d.uri == url)
    assert (fetched.title, fetched.type, fetched.areas) == ("Rettleiar", "guidance", (2,))
    assert (fetched.status, fetched.fetched) == (Status.CURRENT, date(2026, 11, 25))

    again = take(*sources)
    assert (again.embedded, again.added, again.updated) == (0, (), ())

    server.put("/rettleiar", give(html("Rettleiar", "Fristen er ein dag.")))
    take(*sources, later=DAY)
    changed = base.document(fetched.id)
    assert changed is not None
    assert (changed.edition, changed.sections[0].text) == (2, "Fristen er ein dag.")
    earlier = base.history.edition(fetched.id, 1)
    assert earlier is not None
    assert earlier.document.sections[0].text == "Fristen er tre dagar."

    server.put("/rettleiar", give(b"", status=410))
    take(*sources, later=DAY)
    gone = base.document(fetched.id)
    assert gone is not None
    assert gone.sections[0].text == "Fristen er ein dag."
    assert gone.status is Status.UNKNOWN
    assert gone.claims[-1].origin is Origin.FETCH
    kinds = [c.kind for c in base.history.changes("2000-01-01") if c.document_id == fetched.id]
    assert kinds == ["gone", "changed", "new"]

    offline = take(*sources, offline=True)
    assert (offline.embedded, offline.failed) == (0, ())
    assert base.document(fetched.id) is not None
    base.close()


def test_the_registers_word_stands_beside_the_pages(
    tmp_path: Path, server: Served, take: Callable[..., Report]
) -> None:
    """A page that is repealed while the register trusts it: a conflict, and the careful word."""
    page = html("Rundskriv").replace(b"<p>", b"<p>Opphevet</p><p>", 1)
    url = server.put("/rundskriv", give(page))
    heir = server.put("/ny", give(html("Ny rettleiar")))
    old = source("a", url, status=Status.SUPERSEDED, status_note="Avløyst.", replaced_by="b")
    take(source("b", heir), old)
    base = truth(tmp_path)
    (document,) = (d for d in base.documents() if d.uri == url)
    (new,) = (d for d in base.documents() if d.uri == heir)
    assert document.status is Status.SUPERSEDED
    assert document.replaced_by == new.id
    assert [c.origin for c in document.claims] == [Origin.NOTICE, Origin.REGISTER]
    take(source("b", heir), replace(old, status=Status.CURRENT, replaced_by=None), offline=True)
    document = base.document(document.id)
    assert document is not None
    assert document.status is Status.EXPIRED
    base.close()


def test_chapters_become_one_document(
    tmp_path: Path, server: Served, take: Callable[..., Report]
) -> None:
    """Each place opens its own chapter; what every chapter repeats stands once."""
    links = "".join(f"<a href='/no/prop/id1/?ch={n}'>Kapittel {n}</a>" for n in (3, 1, 2))
    frame = html("Prop. 1 L", "Til Stortinget.").replace(b"</main>", f"</main>{links}".encode())

    def chapter(n: int) -> bytes:
        body = f"<h2 id='kap{n}'>{n} Overskrift</h2><p>Tekst i kapittel {n}.</p></main>"
        return frame.replace(b"</main>", body.encode())

    url = server.put("/no/prop/id1/", give(frame))
    for n in (1, 2, 3):
        server.put(f"/no/prop/id1/?ch={n}", give(chapter(n)))
    take(source("p", url, type=DocumentType.BILL, status=Status.PROPOSAL))
    base = truth(tmp_path)
    (document,) = (d for d in base.documents() if d.uri == url)
    document = base.document(document.id) or document
    base.close()
    assert [(s.text, s.place.anchor) for s in document.sections] == [
        ("Til Stortinget.", "?ch=1"),
        ("Tekst i kapittel 1.", "?ch=1#kap1"),
        ("Tekst i kapittel 2.", "?ch=2#kap2"),
        ("Tekst i kapittel 3.", "?ch=3#kap3"),
    ]
    from api.result import source_url

    assert source_url(document, document.sections[2].place) == f"{url}?ch=2#kap2"


@pytest.mark.bench
def test_real_pages_are_served_and_misserved(
    tmp_path: Path, server: Served, private: Served, take: Callable[..., Report]
) -> None:
    """The real pages of regjeringen.no, from a server that does everything wrong in turn."""
    pages = sorted((SHARED / "regjeringen-html").glob("id*/page.html"))
    if not pages:
        pytest.skip("needs ../shared/documents, which is not part of the repository")
    sources = []
    for page in pages:
        url = server.put(f"/{page.parent.name}/", give(page.read_bytes()))
        sources.append(
            source(page.parent.name, url, type=DocumentType.HEARING, status=Status.PROPOSAL)
        )
    assert not take(*sources).failed
    base = truth(tmp_path)
    ids = {d.id for d in base.documents() if d.type is DocumentType.HEARING}
    assert len(ids) == len(pages)
    texts = {id: base.document(id) for id in ids}
    faults: list[Reply] = [
        hang,
        cut,
        give(b"", status=500),
        lead(private.url("/")),
        lead("/sirkel"),
    ]
    server.put("/sirkel", lead("/sirkel"))
    for fault in (*faults, give(b"GIF89a", "image/gif"), give(b"", status=404), endless):
        for page in pages:
            server.put(f"/{page.parent.name}/", fault)
        report = take(*sources, later=DAY)
        assert len(report.failed) in (1, 2, len(pages))
        assert report.embedded == 0
        now = {d.id for d in base.documents() if d.type is DocumentType.HEARING}
        assert now == ids
        assert all(
            (base.document(id) or texts[id]).sections == texts[id].sections  # type: ignore[union-attr]
            for id in ids
        )
    for page in pages:
        server.put(f"/{page.parent.name}/", give(page.read_bytes()))
    assert not take(*sources, later=DAY).failed
    assert {d.id for d in base.documents() if d.type is DocumentType.HEARING} == ids
    base.close()
    assert not private.server.seen


def test_an_act_is_taken_out_of_lovdatas_archive(
    tmp_path: Path, server: Served, encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive is fetched once, in place of a page; an act that is not in it keeps its card."""
    import io
    import tarfile

    from tests.unit.test_extract import STATUTE

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:bz2") as archive:
        for name in ("nl/nl-20201106-127.xml", "nl/nl-20201106-999.xml"):
            body = STATUTE.format(base="NL").encode()
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    url = server.put("/lover.tar.bz2", give(packed.getvalue(), "application/octet-stream"))
    monkeypatch.setattr(register, "ARCHIVES", {"lov": url, "forskrift": url})
    base = "https://lovdata.no/dokument/NL/lov/"
    sources = [source("a", f"{base}2020-11-06-127"), source("b", f"{base}2003-07-04-80")]
    report = ingest_register(
        home=tmp_path / "home",
        encoder=encoder,
        sources=sources,
        walk=lambda shelf, tell: walk(shelf, server, tell=tell),
    )
    assert server.asked["/lover.tar.bz2"] == 1
    assert not report.failed
    found = truth(tmp_path)
    ids = {document.id for document in found.documents()}
    act = found.document("lov-2020-11-06-127")
    found.close()
    assert card_id("b") in ids
    assert card_id("a") not in ids
    assert act is not None
    assert act.sections[0].place.section == "§ 14 a"
    assert any("not among the acts in force" in warning for warning in report.warnings)


def test_sockets_of_this_machine_are_never_opened() -> None:
    """Nothing in the client can be talked into a local socket."""
    from ingest.fetch.guard import GuardedBackend

    with pytest.raises(Forbidden):
        GuardedBackend(Rules()).connect_unix_socket("/run/docker.sock")
    assert socket.getaddrinfo("127.0.0.1", 80)
