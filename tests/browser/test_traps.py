"""Faults that no checker finds: those that were found by eye once each have a test here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import SPACING, STATES, opened

pytestmark = pytest.mark.browser

GOLDEN = Path(__file__).parent / "golden"
WIDE = {"width": 1280, "height": 900}
CUT = """[...document.querySelectorAll('body *')].filter(e => {
  const style = getComputedStyle(e);
  return style.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1
    && e.clientWidth > 1 && !['INPUT', 'TEXTAREA', 'SELECT', 'TABLE'].includes(e.tagName)
    && style.overflowX !== 'auto' && e.offsetParent;
}).map(e => e.outerHTML.slice(0, 120))"""


def styled(page: Page, css: str) -> None:
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css);"
        "document.adoptedStyleSheets = [s] }",
        css,
    )


@pytest.mark.parametrize("state", STATES)
def test_no_text_is_cut_off(browser: Browser, address: str, state: str) -> None:
    """Long compounds under wide spacing break; no box hides what is too wide for it."""
    for width in (320, 1280):
        view = {"width": width, "height": 700}
        with opened(browser, address, viewport=view) as page:
            page.goto(STATES[state])
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            styled(page, SPACING)
            assert page.evaluate(CUT) == []


def test_paper_is_as_wide_as_the_text(browser: Browser, address: str) -> None:
    """In print the hits have the whole page, not the column beside the filters."""
    with opened(browser, address, viewport=WIDE) as page:
        page.goto(STATES["hits"])
        page.emulate_media(media="print")
        box = page.locator("article").first.bounding_box()
        assert box is not None
        assert box["width"] > 0.9 * page.evaluate("document.body.clientWidth")


@pytest.mark.parametrize("state", STATES)
def test_every_target_can_be_hit(browser: Browser, address: str, state: str) -> None:
    """Links and buttons outside running text are at least 24 pixels high (WCAG 2.5.8)."""
    with opened(browser, address, viewport=WIDE) as page:
        page.goto(STATES[state])
        small = page.evaluate(
            """[...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
            .filter(e => e.checkVisibility() && !e.closest('p, dd, li p, .hidden, .ds-skip-link'))
            .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 100)])
            .filter(([box]) => box.height > 0 && box.height < 24).map(([_, html]) => html)"""
        )
        assert small == []


def test_motion_is_for_those_who_want_it(browser: Browser, address: str) -> None:
    """With reduced motion nothing moves."""
    with opened(browser, address, viewport=WIDE, reduced_motion="reduce") as page:
        page.goto(STATES["hits"])
        assert page.evaluate("document.getAnimations().length") == 0


REVIEWED = {
    **{name: STATES[name] for name in ("start", "hits", "empty", "error")},
    "document": "/dokument/example-org-dokument-lov?passage=1&utgave=1&q=ansvar",
    "topics": "/emne",
    "topic": "/emne/rettleiing-av-kommunane",
    "list": "/dokument?type=act&type=bill",
    "form": "/tilbakemelding",
    "packs": "/pakke",
    "help": "/hjelp",
}


@pytest.mark.parametrize("state", REVIEWED)
@pytest.mark.parametrize("written", ["nb", "nn"])
def test_the_accessibility_tree_is_as_reviewed(
    browser: Browser, address: str, state: str, written: str, request: pytest.FixtureRequest
) -> None:
    """What a screen reader is given stands in tests/browser/golden, and changes there alone.

    Run with ``--golden`` to write it anew, and read the difference.
    """
    with opened(browser, address, viewport=WIDE) as page:
        mark = "&" if "?" in REVIEWED[state] else "?"
        page.goto(f"{REVIEWED[state]}{mark}lang={written}")
        tree = page.locator("body").aria_snapshot()
    # Addresses of files change with their content and folder, days and closeness with the machine.
    tree = re.sub(r"\?v=[0-9a-f]+|\d{1,2}\. [a-z]+ \d{4}|\d,\d\d|files\d+", "…", tree) + "\n"
    file = GOLDEN / f"{state}.{written}.yaml"
    if request.config.getoption("--golden"):
        file.write_text(tree, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == tree
