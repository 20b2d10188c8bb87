"""The pages in a real browser: accessibility, narrow and dark, keyboard, no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ICON = "/static/kjelda.svg"
STATES = {
    "start": "/",
    "hits": "/?q=ansvar+for+rettleiing&limit=20",
    "filtered": "/?q=ansvar&type=act&language=nn&year_from=2000&lang=nn",
    "empty": "/?q=qwxz&mode=lexical&type=act",
    "error": "/?q=",
    "year": "/?q=ansvar&year_from=tjue",
    "api": "/api",
    "missing": "/dokument/none",
}
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 320, "height": 640}},
    "narrow dark": {"color_scheme": "dark", "viewport": {"width": 320, "height": 640}},
    "forced colours": {"forced_colors": "active", "viewport": {"width": 1280, "height": 900}},
}
# WCAG 1.4.12: the spacing a reader may set without losing text.
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
word-spacing: .16em !important } p { margin-bottom: 2em !important }"""


@contextmanager
def opened(browser: Browser, address: str, **look: Any) -> Iterator[Page]:
    """A page that fails the test if the console says anything or anything else is asked."""
    context = browser.new_context(base_url=address, locale="nb-NO", **look)
    page = context.new_page()
    said: list[str] = []
    # Chromium logs the status of a page that is an error on purpose.
    page.on("console", lambda m: said.append(m.text) if "status of" not in m.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    # A page that is left before its icon has come breaks that off: no fault of the page.
    page.on(
        "requestfailed",
        lambda r: None if r.failure == "net::ERR_ABORTED" and ICON in r.url else said.append(r.url),
    )
    page.on("request", lambda r: None if r.url.startswith(address) else said.append(r.url))
    yield page
    context.close()
    assert said == []


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"][:150] for node in rule["nodes"]]) for rule in found]


def cited(page: Page) -> None:
    """Follow the first hit to its citation."""
    page.goto("/?q=rettleiing+av+frivillige+organisasjonar&type=act")
    page.locator("article h3 a").first.click()


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_has_an_accessibility_fault(browser: Browser, address: str, look: str) -> None:
    """No state has a violation by axe, with everything folded out, and nothing is cut off."""
    with opened(browser, address, **LOOKS[look]) as page:
        for state in [*STATES, "document"]:
            if state == "document":
                cited(page)
            else:
                page.goto(STATES[state])
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert violations(page) == [], state
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= page.viewport_size["width"], state  # type: ignore[index]


@pytest.mark.parametrize("state", ["hits", "filtered", "start"])
def test_text_can_be_spaced_and_doubled(browser: Browser, address: str, state: str) -> None:
    """With wide spacing or 200 % text at 320 px nothing runs out of the page."""
    with opened(browser, address, viewport={"width": 320, "height": 640}) as page:
        for css in (SPACING, "html { font-size: 200% }"):
            page.goto(STATES[state])
            page.evaluate(
                "css => { const s = new CSSStyleSheet(); s.replaceSync(css);"
                "document.adoptedStyleSheets = [s] }",
                css,
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            cut = page.evaluate(
                "[...document.querySelectorAll('main *')].filter(e => e.offsetParent && "
                "e.getBoundingClientRect().right > 321).map(e => e.outerHTML.slice(0, 99))"
            )
            assert cut == []


def test_everything_works_without_scripts(browser: Browser, address: str) -> None:
    """Searching, filtering and reading need no JavaScript."""
    with opened(browser, address, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_label("Hva leter du etter?").fill("ansvar for rettleiing")
        page.get_by_text("Avgrens søket").click()
        page.get_by_label("Lov", exact=True).check()
        page.get_by_role("button", name="Bruk filtrene").click()
        assert "type=act" in page.url
        page.locator("article h3 a").first.click()
        assert page.locator("#sitat").is_visible()


def test_the_keyboard_reaches_the_content_first(browser: Browser, address: str) -> None:
    """The skip link is the first stop, is seen when it has focus, and leads to main."""
    with opened(browser, address) as page:
        page.goto(STATES["hits"])
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert skip.inner_text() == "Hopp til innholdet"
        assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("id") == "q"


def test_a_citation_is_in_sight(browser: Browser, address: str) -> None:
    """A hit opens with the cited passage on the screen, marked and named."""
    with opened(browser, address, viewport={"width": 1280, "height": 500}) as page:
        cited(page)
        assert "§ 4" in page.locator("#sitat").inner_text()
        assert page.evaluate("document.querySelector('#sitat').getBoundingClientRect().top") < 500
        assert "frivillige organisasjonar" in page.locator("mark").last.inner_text()


def test_a_long_document_is_read_in_parts(browser: Browser, address: str) -> None:
    """A part holds a part of the text; the outline and the links lead to the rest."""
    with opened(browser, address) as page:
        page.goto("/?q=særskild+frist+for+fiskarar")
        page.locator("article", has_text="§ 55").locator("h3 a").first.click(timeout=5_000)
        assert page.get_by_role("heading", name="§ 55. Paragraf 55").is_visible()
        assert page.get_by_role("heading", name="§ 1. Paragraf 1", exact=True).count() == 0
        page.get_by_role("navigation", name="Innhold").locator("summary").click()
        page.get_by_role("link", name="§ 1. Paragraf 1", exact=True).click()
        assert page.get_by_role("heading", name="§ 1. Paragraf 1", exact=True).is_visible()
        page.get_by_role("link", name="Neste del").first.click()
        assert "del=2" in page.url


def test_the_written_form_can_be_changed(browser: Browser, address: str) -> None:
    """The switch keeps the search and changes every word of the interface."""
    with opened(browser, address) as page:
        page.goto(STATES["hits"])
        page.get_by_role("link", name="Nynorsk").click()
        assert page.locator("html").get_attribute("lang") == "nn"
        assert page.locator("#q").input_value() == "ansvar for rettleiing"
        assert page.get_by_role("button", name="Søk").is_visible()
        assert "Kva leitar du etter?" in page.locator("main").inner_text()


def test_print_keeps_the_hits(browser: Browser, address: str) -> None:
    """On paper the hits stand without form and buttons."""
    with opened(browser, address) as page:
        page.goto(STATES["hits"])
        page.emulate_media(media="print")
        assert page.locator("article").first.is_visible()
        assert not page.locator("#q").is_visible()
