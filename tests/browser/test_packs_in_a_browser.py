"""Course packs in a real browser: accessibility, keyboard, no scripts, downloads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import LOOKS, SPACING, opened, violations

pytestmark = pytest.mark.browser
LONG = "Samfunnsøkonomisklønnsomhetsvurderingsutgreiingsmetodikk " * 3


def button(page: Any, does: str, what: str = "") -> Any:
    """A button by what it does and, in its hidden part, to what."""
    return page.get_by_role("button", name=re.compile(rf"^{does}\s*:\s*{what}"))


def press(page: Page, what: Any) -> None:
    """Press a button or a link, and wait for the page that it leads to."""
    with page.expect_navigation(wait_until="load"):
        what.click()


def shows(page: Page, items: int) -> None:
    """Wait until the pack has so many items and the page is loaded: what is left behind is told."""
    expect(page.locator(".pack-item")).to_have_count(items)
    page.wait_for_load_state()


def make(page: Page) -> str:
    """A pack by hand: two quotes, a heading, a note; gives its address."""
    page.set_default_timeout(5_000)
    for count, query in enumerate(
        ("/?q=ansvar+for+rettleiing&lang=nn", "/?q=framlegg+rettleiing&type=bill&lang=nn"), 1
    ):
        page.goto(query)
        press(page, page.locator("article").first.get_by_role("button", name="Legg i kurspakke"))
        shows(page, count)
    page.get_by_label("Ny overskrift").fill("Kven har ansvar?")
    press(page, button(page, "Legg til nedst", "overskrift"))
    shows(page, 3)
    page.get_by_label("Ny merknad").fill(f"Spør deltakarane først.\n\n- ein\n- to\n\n{LONG}")
    press(page, button(page, "Legg til nedst", "merknad"))
    shows(page, 4)
    return page.url.split("?")[0].split("#")[0]


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_of_packs_has_an_accessibility_fault(
    browser: Browser, address: str, look: str
) -> None:
    """No violation by axe in any state, with everything folded out, and nothing is cut off."""
    with opened(browser, address, **LOOKS[look]) as page:
        here = make(page)
        states = [
            "/pakke",
            "/pakke?lang=nn",
            here,
            f"{here}?lang=nn&sagt=removed&borte=1",
            f"{here}/sjekk",
            f"{here}/slett",
            "/pakke/" + "x" * 32,
            "/oversikt",
            "/oversikt?q=ansvar",
            "/oversikt?q=",
        ]
        for state in states:
            page.goto(state)
            assert_whole(page, state)
        page.goto(f"{here}?lang=nb")
        page.get_by_label("Ny overskrift").fill("x" * 300)
        press(page, button(page, "Legg til nederst", "overskrift"))
        assert "300 tegn" in page.locator("#heading-fault").inner_text()
        assert_whole(page, "fault")


def assert_whole(page: Page, state: str) -> None:
    page.wait_for_load_state()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert violations(page) == [], state
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], state  # type: ignore[index]


def test_a_pack_can_be_spaced_and_doubled(browser: Browser, address: str) -> None:
    """With wide spacing or 200 % text at 320 px nothing runs out of the page."""
    with opened(browser, address, viewport={"width": 320, "height": 640}) as page:
        here = make(page)
        for state in (here, f"{here}/sjekk", "/oversikt?q=ansvar"):
            for css in (SPACING, "html { font-size: 200% }"):
                page.goto(state)
                page.evaluate(
                    "css => { const s = new CSSStyleSheet(); s.replaceSync(css);"
                    "document.adoptedStyleSheets = [s] }",
                    css,
                )
                assert page.evaluate("document.documentElement.scrollWidth") <= 320, state


def test_everything_about_packs_works_without_scripts(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """Adding, ordering, taking out, putting back, downloading, copying and deleting."""
    with opened(browser, address, java_script_enabled=False, accept_downloads=True) as page:
        here = make(page)
        items = page.locator(".pack-item")
        expect(items).to_have_count(4)
        press(page, button(page, "Flytt opp", "Merknad"))
        expect(items.nth(2)).to_contain_text("Spør deltakarane først.")
        press(page, button(page, "Ta bort", "Overskrift"))
        expect(items).to_have_count(3)
        press(page, page.locator(".notice").get_by_role("button", name="Legg tilbake"))
        expect(items).to_have_count(4)
        page.get_by_label(re.compile(r"Flytt til plass\s*:\s*Overskrift")).fill("1")
        press(page, button(page, "Flytt", "Overskrift"))
        expect(items.first).to_contain_text("Kven har ansvar?")
        with page.expect_download() as loading:
            page.get_by_role("link", name="PDF, tilgjengeleg").click()
        file = tmp_path / loading.value.suggested_filename
        loading.value.save_as(file)
        assert file.suffix == ".pdf"
        assert file.read_bytes().startswith(b"%PDF-")
        press(page, page.get_by_role("link", name="Sjekk på nytt"))
        expect(page.locator("main")).to_contain_text("Alle sitata står i basen")
        page.goto(f"{here}?lang=nn")
        press(page, page.get_by_role("button", name="Kopier til neste kurs"))
        assert page.url.split("?")[0] != here
        press(page, page.get_by_role("link", name="Slett pakka"))
        press(page, page.get_by_role("button", name="Ja, slett pakka"))
        expect(page.locator("main")).to_contain_text("Pakka er sletta.")


def test_a_pack_is_ordered_by_keyboard(browser: Browser, address: str) -> None:
    """After a move the focus goes on from the item that was moved."""
    with opened(browser, address) as page:
        make(page)
        second = page.locator(".pack-item").nth(1)
        moved = second.get_attribute("id")
        button(second, "Flytt opp").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/*sagt=moved*")
        assert page.locator(".pack-item").first.get_attribute("id") == moved
        assert page.evaluate("location.hash") == f"#{moved}"
        page.keyboard.press("Tab")
        inside = "document.activeElement.closest('.pack-item')?.id"
        assert page.evaluate(inside) == moved


def test_the_cookie_of_a_pack_is_sent_to_packs_only(browser: Browser, address: str) -> None:
    """No other page learns which pack is in use, and no script can read it."""
    with opened(browser, address) as page:
        here = make(page)
        sent: list[Any] = []
        page.on("request", lambda r: sent.append((r.url, r.all_headers().get("cookie"))))
        page.goto("/")
        page.goto(here)
        cookies = {url.removeprefix(address): cookie for url, cookie in sent}
        assert "kjelda_pakke" not in (cookies["/"] or "")
        assert "kjelda_pakke" in cookies[here.removeprefix(address)]
        assert page.evaluate("document.cookie") == ""


def test_an_exported_page_has_no_accessibility_fault(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """The HTML file, opened from disk, light and narrow."""
    with opened(browser, address, accept_downloads=True) as page:
        make(page)
        with page.expect_download() as loading:
            page.get_by_role("link", name="Nettside (HTML)").click()
        file = tmp_path / "pakke.html"
        loading.value.save_as(file)
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(file.as_uri())
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_the_button_of_a_hit_stands_in_the_tab_order(browser: Browser, address: str) -> None:
    """It has the document's name in it, so that a list of buttons can be told apart."""
    with opened(browser, address) as page:
        page.goto("/?q=ansvar+for+rettleiing&lang=nn")
        names = [b.inner_text() for b in page.get_by_role("button", name="Legg i kurspakke").all()]
        assert len(names) > 1
        assert len(set(names)) == len(names)
