"""The states of the pages, the ways to look at them, and a page that complains of any fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

# WCAG 1.4.12: the spacing a reader may set without losing text.
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
word-spacing: .16em !important } p { margin-bottom: 2em !important }"""
STATES = {
    "start": "/",
    "hits": "/?q=ansvar+for+rettleiing&limit=20",
    "filtered": "/?q=ansvar&type=act&language=nn&year_from=2000&lang=nn",
    "empty": "/?q=qwxz&mode=lexical&type=act",
    "error": "/?q=",
    "year": "/?q=ansvar&year_from=tjue",
    "api": "/api",
    "missing": "/dokument/none",
    "changes": "/endringar?lang=nn",
    "wrong day": "/endringar?fra=i+dag",
}
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "Nynorsk": {"locale": "nn-NO", "viewport": {"width": 1280, "height": 900}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 320, "height": 640}},
    "narrow dark": {"color_scheme": "dark", "viewport": {"width": 320, "height": 640}},
    "zoomed to 400 %": {"color_scheme": "light", "viewport": {"width": 320, "height": 225}},
    "forced colours": {"forced_colors": "active", "viewport": {"width": 1280, "height": 900}},
}


@contextmanager
def opened(browser: Browser, address: str, **look: Any) -> Iterator[Page]:
    """A page that fails the test if the console says anything or anything else is asked."""
    context = browser.new_context(**{"base_url": address, "locale": "nb-NO", **look})
    page = context.new_page()
    said: list[str] = []
    # Chromium logs the status of a page that is an error on purpose.
    page.on("console", lambda m: said.append(m.text) if "status of" not in m.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    # A page that is left before its script has come aborts the request: no fault.
    page.on("requestfailed", lambda r: None if "ABORTED" in r.failure else said.append(r.url))
    page.on("request", lambda r: None if r.url.startswith(address) else said.append(r.url))
    yield page
    context.close()
    assert said == []


@contextmanager
def opened_loosely(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose requests may fail."""
    context = browser.new_context(base_url=address, locale="nb-NO")
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe says is wrong: each rule with the elements that break it."""
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"][:150] for node in rule["nodes"]]) for rule in found]
