"""Topics, lists and feedback in a real browser: accessibility, keyboard, no scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import LOOKS, SPACING, opened, violations

pytestmark = pytest.mark.browser

STATES = {
    "topics": "/emne",
    "topic": "/emne/rettleiing-av-kommunane?lang=nn",
    "topic of danger": "/emne/negativ-sosial-kontroll",
    "all": "/dokument",
    "list": "/dokument?type=act&type=bill&sort=date",
    "empty list": "/dokument?type=news&area=6&lang=nn",
    "form": "/tilbakemelding",
    "thanks": "/tilbakemelding/takk",
}


def to_the_form(page: Page) -> None:
    """Follow the first hit's link to its form."""
    page.goto("/?q=rettleiing+av+frivillige+organisasjonar&type=act&lang=nb")
    page.locator("article").first.get_by_role("link", name="Meld fra om feil").click()


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_has_an_accessibility_fault(browser: Browser, address: str, look: str) -> None:
    """No state has a violation by axe, with everything folded out, and nothing is cut off."""
    with opened(browser, address, **LOOKS[look]) as page:
        for state in [*STATES, "form of a hit", "faults"]:
            if state in STATES:
                page.goto(STATES[state])
            elif state == "form of a hit":
                to_the_form(page)
            else:
                page.get_by_role("button", name="Send meldingen").click()
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert violations(page) == [], state
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= page.viewport_size["width"], state  # type: ignore[index]


@pytest.mark.parametrize("state", ["topics", "topic", "list", "form"])
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
                "!e.closest('.hidden') && e.getBoundingClientRect().right > 321)"
                ".map(e => e.outerHTML.slice(0, 99))"
            )
            assert cut == []


def test_a_report_is_sent_without_scripts(browser: Browser, address: str) -> None:
    """From a hit: faults first, with what was written kept and the summary in focus; then sent.

    A real browser's Origin and Sec-Fetch-Site pass the check.
    """
    with opened(browser, address, java_script_enabled=False) as page:
        to_the_form(page)
        assert "Fylkeskommunen har ansvar" in page.locator("blockquote").inner_text()
        page.get_by_label("Fortell mer").fill("Ring 91 23 45 67 om § 4")
        page.get_by_role("button", name="Send meldingen").click()
        page.locator("#feil:focus").wait_for()
        assert page.get_by_label("Fortell mer").input_value() == "Ring 91 23 45 67 om § 4"
        page.get_by_label("Fortell mer").fill("Feil tal i § 4")
        page.get_by_label("Innholdet er feil").check()
        page.get_by_role("button", name="Send meldingen").click()
        assert page.get_by_role("heading", name="Takk, meldingen er lagret").is_visible()
        page.get_by_role("link", name="Tilbake til dokumentet").click()
        assert page.locator("#sitat").is_visible()


def test_a_report_is_sent_by_keyboard(browser: Browser, address: str) -> None:
    """The links of the summary lead to the fields; arrows choose; the button is reached."""
    with opened(browser, address) as page:
        page.goto("/tilbakemelding")
        page.get_by_role("button", name="Send meldingen").focus()
        page.keyboard.press("Enter")
        page.locator("#feil:focus").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator(":focus").get_attribute("id") == "slag-wrong"
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        assert page.get_by_label("Innholdet er utdatert").is_checked()
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("id") == "tekst"
        page.keyboard.type("Tala er gamle")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Takk, meldingen er lagret").wait_for()


def test_lists_work_without_scripts(browser: Browser, address: str) -> None:
    """From the topics to a list, filtered and sorted, to a document."""
    with opened(browser, address, java_script_enabled=False) as page:
        page.goto("/emne")
        page.get_by_role("link", name="Se alle dokumentene i én liste").click()
        page.get_by_text("Avgrens listen").click()
        page.get_by_label("Lov (2)").check()
        page.get_by_role("button", name="Vis listen").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Dokumenter: Lov"
        page.get_by_role("link", name="Dato, nyeste først").click()
        assert "type=act" in page.url
        assert "sort=date" in page.url
        page.locator(".entry-title a").first.click()
        assert "rettleiingslova" in page.get_by_role("heading", level=1).inner_text()


def test_the_parts_of_a_topic_are_reached_by_keyboard(browser: Browser, address: str) -> None:
    """A link at the top leads to the group, and the next stop is within it."""
    with opened(browser, address) as page:
        page.goto(STATES["topic"])
        page.get_by_role("navigation", name="På denne sida").get_by_role("link").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator("section.group").first.locator(":focus").count() == 1
