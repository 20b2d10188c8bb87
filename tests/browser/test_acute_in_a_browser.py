"""Acute help in a real browser: seen before the hits, and by everyone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import LOOKS, opened, violations

pytestmark = pytest.mark.browser

STATES = {
    "full": "/?q=jeg+er+redd+broren+min",
    "full, Nynorsk": "/?q=dei+vil+gifte+meg+bort+i+sommar&lang=nn",
    "full, English": "/?q=they+took+my+passport+and+i+cant+go+home",
    "small": "/?q=rutine+for+melding+til+barnevernet",
    "help": "/hjelp",
    "help, English": "/hjelp?lang=en",
}


@pytest.mark.parametrize("look", LOOKS)
def test_no_box_has_an_accessibility_fault(browser: Browser, address: str, look: str) -> None:
    """No violation by axe, nothing cut off, and every number is a target of 24 pixels or more."""
    with opened(browser, address, **LOOKS[look]) as page:
        for state, path in STATES.items():
            page.goto(path)
            assert violations(page) == [], state
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= page.viewport_size["width"], state  # type: ignore[index]
            heights = page.evaluate(
                "[...document.querySelectorAll('.acute a')]"
                ".map(a => a.getBoundingClientRect().height)"
            )
            assert heights, state
            assert min(heights) >= 24, state


@pytest.mark.parametrize("state", ["full", "small"])
def test_the_box_comes_before_the_form_and_the_hits(
    browser: Browser, address: str, state: str
) -> None:
    """In the order of reading the number comes first, and it is in sight on a telephone."""
    with opened(browser, address, viewport={"width": 320, "height": 640}) as page:
        page.goto(STATES[state])
        assert page.evaluate(
            "(() => { const box = document.querySelector('.acute');"
            "return ['#sok', '.hits, .empty'].every(s => box.compareDocumentPosition("
            "document.querySelector(s)) & Node.DOCUMENT_POSITION_FOLLOWING) })()"
        )
        number = page.locator(".acute a[href='tel:112']").bounding_box()
        assert number is not None
        assert number["y"] + number["height"] < 640


def test_the_keyboard_reaches_the_number_before_the_form(browser: Browser, address: str) -> None:
    """From the skip link the next stop is the emergency number."""
    with opened(browser, address) as page:
        page.goto(STATES["full"])
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("href") == "tel:112"


def test_wide_spacing_and_large_text_lose_nothing(browser: Browser, address: str) -> None:
    """WCAG 1.4.4 and 1.4.12 at 320 pixels."""
    spacing = "* { line-height: 1.5 !important; letter-spacing: .12em !important }"
    with opened(browser, address, viewport={"width": 320, "height": 640}) as page:
        for css in (spacing, "html { font-size: 200% }"):
            for state in ("full, English", "help"):
                page.goto(STATES[state])
                page.evaluate(
                    "css => { const s = new CSSStyleSheet(); s.replaceSync(css);"
                    "document.adoptedStyleSheets = [s] }",
                    css,
                )
                assert page.evaluate("document.documentElement.scrollWidth") <= 320, state


@pytest.mark.parametrize(("lang", "heading"), [("nn", "Akutt hjelp"), ("en", "Immediate help")])
def test_every_page_leads_to_the_help(
    browser: Browser, address: str, lang: str, heading: str
) -> None:
    """From the frame of any page, in the form of the page; from there to each language."""
    with opened(browser, address) as page:
        page.goto("/?lang=nn")
        page.get_by_role("link", name="Akutt hjelp").click()
        if lang == "en":
            page.get_by_role("link", name="English").click()
        assert page.locator("h1").inner_text() == heading
