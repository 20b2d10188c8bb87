"""Take the README's pictures of the pages, from a base of one's own.

    KJELDA_HOME=kjelda-data python tests/tools/screenshots.py

Needs Chromium. Writes docs/images/*.png; look at each before it is committed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PORT = 8177
# Name, address, width and height in pixels, and whether in the dark.
PICTURES = (
    ("search", "/?q=kven+har+ansvar+for+introduksjonsprogrammet&lang=nn", 1280, 900, False),
    ("search-dark", "/?q=kven+har+ansvar+for+introduksjonsprogrammet&lang=nn", 1280, 900, True),
    ("search-narrow", "/?q=kven+har+ansvar+for+introduksjonsprogrammet&lang=nb", 360, 780, False),
    ("document", "integreringslova § 4", 1280, 900, False),  # a question: its first hit is opened
    ("help-first", "/?q=dei+vil+gifte+meg+bort+i+sommar&lang=nn", 1280, 900, False),
    ("topic", "/emne/negativ-sosial-kontroll?lang=nn", 1280, 900, False),
)


def main() -> None:
    """Serve the base, visit each address, and take its picture."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    server = subprocess.Popen([sys.executable, "-m", "api.cli", "serve", "--port", str(PORT)])
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/ready")
                break
            except OSError:
                time.sleep(0.25)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox"] if os.getuid() == 0 else []
            )
            for name, address, width, height, dark in PICTURES:
                page = browser.new_page(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if dark else "light",
                )
                if address.startswith("/"):
                    page.goto(f"http://127.0.0.1:{PORT}{address}")
                else:
                    page.goto(f"http://127.0.0.1:{PORT}/?q={quote(address)}&lang=nn")
                    page.locator("article h3 a").first.click()
                    page.wait_for_load_state()
                page.screenshot(path=IMAGES / f"{name}.png")
                page.close()
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
