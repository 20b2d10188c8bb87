"""A real server over a real small base, and a Chromium to look at it with."""

from __future__ import annotations

import io
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from api.app import create_app
from api.settings import Settings
from ingest.sync import ingest
from search.embedding.encoder import Encoder

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# No sandbox: CI runs as root in a container. The rest keeps Chromium from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

ACT = """---
title: "Lov om rettleiing og kompetanseheving (rettleiingslova)"
uri: "https://example.org/dokument/lov"
type: act
language: nn
status: current
publisher: "Arbeids- og inkluderingsdepartementet"
areas: [2]
published: 2020-11-06
updated: 2026-01-01
---

## Kapittel 1. Innleiing

### § 1. Føremål

Føremålet med lova er å gje gode kjelder til alle som rettleier innvandrarar i kommunane.

### § 4. Ansvaret til fylkeskommunen

Fylkeskommunen har ansvar for rettleiing og kompetanseheving av kommunane.

- kurs for rådgjevarar i introduksjonsprogrammet
- rettleiing av frivillige organisasjonar
"""
GUIDE = """---
title: "Veileder om negativ sosial kontroll for {}kompetansehevingstiltaksansvarlige"
type: guidance
language: nb
status: {}
published: {}-01-01
---

## Ansvar

Fylkeskommunen og kommunen har ansvar for veiledning om negativ sosial kontroll.
"""
BILL = """---
title: "Framlegg til endringar i rettleiingslova"
type: bill
language: nn
status: proposal
published: 2026-02-03
---

Departementet gjer framlegg om at fylkeskommunen får ansvar for meir rettleiing.
"""
ENGLISH = """---
title: "Who is responsible for guidance?"
type: article
language: en
status: current
---

The county municipality is responsible for guidance of the municipalities.
"""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, model: Encoder) -> Iterator[str]:
    """The address of a server with seven documents, one too long for one page, one a PDF."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    files = tmp_path_factory.mktemp("files")
    (files / "lov.md").write_text(ACT)
    (files / "rettleiar.md").write_text(GUIDE.format("", "current", 2024))
    (files / "gammal.md").write_text(GUIDE.format("tidligere ", "superseded", 2010))
    (files / "framlegg.md").write_text(BILL)
    (files / "english.md").write_text(ENGLISH)
    (files / "brann.pdf").write_bytes(_pdf())
    paragraph = "Kommunen skal rettleie om tilskot. " * 46
    long = "".join(f"\n\n## § {n}. Paragraf {n}\n\n{paragraph}" for n in range(1, 61))
    long = long.replace("## § 56.", "Ein særskild frist gjeld for fiskarar.\n\n## § 56.")
    (files / "lang.md").write_text(f"---\ntitle: Lang lov\ntype: act\n---\n{long}\n")
    yield from _serve(files, tmp_path_factory.mktemp("home"), model)


def _pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setTitle("Brannvern i skulebygg")
    canvas.drawString(72, 700, "Brannvernleiaren skal gje opplæring i sløkking kvart")
    canvas.drawString(72, 680, "einaste år, og føre bok over kven som har vore med.")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _serve(files: Path, home: Path, model: Encoder) -> Iterator[str]:
    from search.engine import Searcher

    report = ingest([files], home=home, encoder=model)
    assert report.failed == ()
    app = create_app(Settings(home=home), lambda: Searcher.open(home, lambda: model))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        running.start()
        try:
            while app.state.base.missing():
                time.sleep(0.05)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            running.join()


@pytest.fixture(scope="session")
def browser(address: str) -> Iterator[Browser]:
    """A headless Chromium; asks for ``address`` so that one without the other never starts."""
    assert address
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()
