"""The pages in a real browser: accessibility, narrow and dark, keyboard, no scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import LOOKS, SPACING, STATES, opened, opened_loosely, violations

pytestmark = pytest.mark.browser


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


def test_filters_work_at_once(browser: Browser, address: str) -> None:
    """A ticked filter changes hits, counts, title and address, says so, and keeps the focus."""
    with opened(browser, address) as page:
        page.goto(STATES["hits"])
        before = page.locator("article").count()
        act = page.get_by_role("checkbox", name=re.compile("^Lov "))
        act.focus()
        page.keyboard.press("Space")
        page.wait_for_url("**type=act**")
        assert page.locator("article").count() < before
        assert "treff" in page.locator("#melding").inner_text()
        assert page.locator("#melding").inner_text() == page.locator("#treff-tittel").inner_text()
        assert page.title().startswith(page.locator("#treff-tittel").inner_text())
        assert page.locator(":focus").get_attribute("value") == "act"
        assert page.locator(":focus").is_checked()
        page.go_back()
        page.wait_for_function("!location.search.includes('type=act')")
        page.locator("article").nth(before - 1).wait_for()


def test_a_filter_that_fails_is_told(browser: Browser, address: str) -> None:
    """When the server does not answer, the reader hears it, and the button is still there."""
    with opened_loosely(browser, address) as page:
        page.goto(STATES["hits"])
        page.route("**type=act**", lambda route: route.abort())
        page.get_by_role("checkbox", name=re.compile("^Lov ")).check()
        page.locator("#melding", has_text="ikke oppdatert").wait_for(state="attached")
        assert page.get_by_role("button", name="Bruk filtrene").is_visible()


def test_filters_are_closed_where_there_is_no_room(browser: Browser, address: str) -> None:
    """On a phone the hits come before any filter; on a wide screen they stand side by side."""
    with opened(browser, address, viewport={"width": 320, "height": 640}) as page:
        page.goto(STATES["hits"])
        assert not page.get_by_role("checkbox").first.is_visible()
        assert page.locator("article").first.is_visible()
    with opened(browser, address, viewport={"width": 1280, "height": 900}) as page:
        page.goto(STATES["hits"])
        assert page.get_by_role("checkbox").first.is_visible()
        assert page.locator("#treff").bounding_box()["x"] > 300  # type: ignore[index]


def test_the_chosen_written_form_is_remembered(browser: Browser, address: str) -> None:
    """Once Nynorsk is chosen, a page without the choice in its address is in Nynorsk."""
    with opened(browser, address) as page:
        page.goto("/?lang=nn")
        page.goto("/endringar")
        assert page.locator("html").get_attribute("lang") == "nn"
