"""The document's page in a real browser: looks, keyboard, the way on, copying, no scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import LOOKS, SPACING, opened, violations

pytestmark = pytest.mark.browser
WAYS = {
    **LOOKS,
    "without scripts": {"java_script_enabled": False, "viewport": {"width": 1280, "height": 900}},
}


def act(page: Page) -> None:
    """Follow the first hit to its citation in an act."""
    page.goto("/?q=rettleiing+av+frivillige+organisasjonar&type=act")
    page.locator("article h3 a").first.click()


def has_focus(page: Page, id: str) -> None:
    """Wait until the page is loaded and the element has the focus."""
    page.wait_for_function("id => document.activeElement.id === id", arg=id)


def states(page: Page) -> Iterator[str]:
    """The states of the page: an act, with words found and with none, superseded, a picture."""
    act(page)
    yield "act"
    citation = page.url.split("#")[0]
    for state, words in (("found", "veiledning"), ("some", "lova organisasjonar"), ("none", "x1")):
        page.goto(f"{citation}&finn={words}#finn")
        yield state
    page.goto("/?q=ansvar+for+veiledning&status=superseded")
    page.locator("article h3 a").first.click()
    yield "superseded"
    page.goto("/?q=brannvernleiaren+opplæring+sløkking")
    page.locator("article h3 a").first.click()
    page.get_by_role("link", name=re.compile("^Vis side 1 som bil")).click()
    yield "picture"
    page.goto(page.url.replace("bilde=1", "bilde=9"))
    yield "no picture"


@pytest.mark.parametrize("look", WAYS)
def test_no_state_has_an_accessibility_fault(browser: Browser, address: str, look: str) -> None:
    """No violation by axe, with everything folded out, and nothing runs out of the page."""
    with opened(browser, address, **WAYS[look]) as page:
        for state in states(page):
            if look != "without scripts":
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            if look != "without scripts":  # axe is a script
                assert violations(page) == [], state
            width = page.locator("html").evaluate("e => e.scrollWidth")
            assert width <= page.viewport_size["width"], state  # type: ignore[index]


def test_text_can_be_spaced_and_doubled(browser: Browser, address: str) -> None:
    """With wide spacing or 200 % text at 320 px nothing runs out of the page."""
    with opened(browser, address, viewport={"width": 320, "height": 640}) as page:
        for state in states(page):
            for css in (SPACING, "html { font-size: 200% }"):
                page.evaluate(
                    "css => { const s = new CSSStyleSheet(); s.replaceSync(css);"
                    "document.adoptedStyleSheets = [s];"
                    "document.querySelectorAll('details').forEach(d => d.open = true) }",
                    css,
                )
                assert page.evaluate("document.documentElement.scrollWidth") <= 320, state


def test_the_focus_lands_on_the_citation(browser: Browser, address: str) -> None:
    """A screen reader begins to read at the cited passage, and the next hit's likewise."""
    with opened(browser, address) as page:
        act(page)
        has_focus(page, "sitat")
        page.get_by_role("navigation", name="Treffene i søket").get_by_role(
            "link", name="Neste treff"
        ).press("Enter")
        page.locator(".trail-steps strong", has_text="Treff 2 av").wait_for()
        has_focus(page, "sitat")


def test_the_way_back_is_the_very_search(browser: Browser, address: str) -> None:
    """The question and its filters stand as they were."""
    with opened(browser, address) as page:
        act(page)
        page.get_by_role("link", name="Til søket").click()
        assert page.locator("#q").input_value() == "rettleiing av frivillige organisasjonar"
        assert "type=act" in page.url
        assert page.locator("article").first.is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_words_are_found_in_the_document(browser: Browser, address: str, scripts: bool) -> None:
    """The form works by keyboard, with and without scripts; a place gets the focus."""
    with opened(browser, address, java_script_enabled=scripts) as page:
        act(page)
        field = page.get_by_label("Ord i dokumentet")
        field.fill("veiledning")
        field.press("Enter")
        page.wait_for_url("**finn=veiledning**")
        assert "steder med «veiledning»" in page.locator(".found-places h3").inner_text()
        last = page.locator(".found-places ol a").last
        last.press("Enter")
        mark = page.locator("mark.found:target:focus")
        assert mark.inner_text().startswith(("rettleiing", "rettleier"))
        assert page.locator("#sitat").is_visible()


def test_a_long_document_is_searched_whole(browser: Browser, address: str) -> None:
    """A place in another part is opened there, and the citation can be reached again."""
    with opened(browser, address) as page:
        page.goto("/?q=særskild+frist+for+fiskarar")
        page.locator("article", has_text="§ 55").locator("h3 a").first.click()
        page.get_by_label("Ord i dokumentet").fill("«Paragraf 2»")
        page.get_by_label("Ord i dokumentet").press("Enter")
        page.locator(".found-places ol a").first.click()
        assert page.get_by_role("heading", name="§ 2. Paragraf 2", exact=True).is_visible()
        page.get_by_role("link", name="Gå til det siterte avsnittet").click()
        assert "§ 55" in page.locator("#sitat").inner_text()


def test_a_citation_is_copied_and_announced(browser: Browser, address: str) -> None:
    """The button copies its text, and a status says so; nothing moves the focus."""
    with opened(browser, address) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        act(page)
        page.get_by_text("Siter", exact=True).click()
        button = page.get_by_role("button", name="Kopier Juridisk henvisning")
        button.press("Enter")
        status = page.locator(".cite [role=status]")
        status.get_by_text("Kopiert: Juridisk henvisning").wait_for()
        assert "§ 4" in page.evaluate("navigator.clipboard.readText()")
        assert page.evaluate("document.activeElement.id") == "cite-law-copy"


def test_without_scripts_there_are_no_dead_buttons(browser: Browser, address: str) -> None:
    """The references stand as text; a button that could do nothing isn't there."""
    with opened(browser, address, java_script_enabled=False) as page:
        act(page)
        page.get_by_text("Siter", exact=True).click()
        assert "§ 4" in page.locator("#cite-law").inner_text()
        assert page.get_by_role("button", name="Kopier").count() == 0


def test_the_picture_is_drawn_and_named(browser: Browser, address: str) -> None:
    """The page as a picture has its text beside it, and gets the focus when asked for."""
    with opened(browser, address) as page:
        for state in states(page):
            if state != "picture":
                continue
            has_focus(page, "bilde")
            picture = page.get_by_role("img", name="Bilde av side 1 i originalen.")
            page.wait_for_function("document.querySelector('.picture img').naturalWidth > 1000")
            assert picture.is_visible()
            assert "Sitatet er rammet inn." in page.locator(".picture").inner_text()
