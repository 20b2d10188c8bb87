"""Pictures of PDF pages: the quote is boxed, and a hostile file costs a line."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.align import covered, letters, spelt
from ingest.chunk import chunk
from ingest.extract import extract
from ingest.facsimile import LONGEST, draw
from ingest.language import detect
from ingest.pictures import KEPT, NoPicture, Pictures
from ingest.read import SourceFile

PDFS = Path(__file__).parents[3] / "shared" / "bench" / "pdf" / "documents"
QUOTE = "Fylkeskommunen har ansvar for rettleiing og kompetanseheving."


def pdf(*lines: str, size: tuple[float, float] = A4, turned: int = 0) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    if turned:
        canvas.setPageRotation(turned)
    for number, line in enumerate(lines):
        canvas.drawString(72, size[1] - 100 - 20 * number, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


DATA = pdf(
    "Ei linje.", "Fylkeskommunen har ansvar for rettleiing og kompetanse-", "heving.", "Slutt."
)


def coloured(webp: bytes) -> tuple[int, int, int, int]:
    """The box around what is painted in the picture."""
    picture = Image.open(io.BytesIO(webp)).convert("RGB")
    blue = picture.getchannel("B").point(lambda v: 255 if v < 180 else 0)
    red = picture.getchannel("R").point(lambda v: 255 if v > 200 else 0)
    box = Image.composite(blue, Image.new("L", picture.size), red).getbbox()
    assert box is not None
    return box


def test_the_quote_is_boxed_line_by_line() -> None:
    """All its letters are found, and the boxes stand where the lines stand."""
    picture = Pictures().draw("a", DATA, 1, QUOTE)
    assert (picture.pages, picture.boxes, picture.share) == (1, 2, 1.0)
    assert (picture.width, picture.height) == (1241, 1754)
    left, top, right, bottom = coloured(picture.webp)
    scale = 150 / 72
    assert left == pytest.approx(72 * scale, abs=8)
    assert top > 100 * scale
    assert bottom < 160 * scale
    assert right < 500 * scale


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_is_boxed_too(turned: int) -> None:
    """The boxes follow the page as it is shown."""
    answer, webp = draw(pdf(QUOTE, size=(600, 600), turned=turned), 1, QUOTE)
    assert (answer["share"], answer["boxes"]) == (1.0, 1)
    left, top, right, bottom = coloured(webp)
    wide, high = right - left, bottom - top
    assert (wide > high) == (turned == 180)


def test_a_quote_that_is_not_there_leaves_the_page_clean() -> None:
    """The picture is given all the same, and says that nothing is boxed."""
    answer, webp = draw(DATA, 1, "heilt andre ord enn dei som står på sida her")
    assert (answer["boxes"], answer["share"]) == (0, 0.0)
    assert webp


def test_a_wall_map_is_made_smaller() -> None:
    """Pixels have a limit, whatever the page says of its size."""
    answer, _ = draw(pdf("x", size=(14_000, 9_000)), 1, "")
    assert max(answer["width"], answer["height"]) <= LONGEST + 1


@pytest.mark.parametrize("data", [b"", b"no pdf", DATA[:300]], ids=["empty", "text", "cut"])
def test_a_broken_file_is_a_line(data: bytes) -> None:
    """No picture, and a reason; never an exception of a library."""
    with pytest.raises(NoPicture) as raised:
        Pictures().draw("b", data, 1, QUOTE)
    assert raised.value.reason == "broken"


@pytest.mark.parametrize("number", [0, 2, 10**8])
def test_a_page_that_is_not_there_is_a_line(number: int) -> None:
    """Pages count from 1."""
    with pytest.raises(NoPicture):
        Pictures().draw("c", DATA, number, "")


def test_a_page_that_takes_too_long_is_ended() -> None:
    """The process is ended with its limit of time."""
    with pytest.raises(NoPicture) as raised:
        Pictures(seconds=0.01).draw("d", DATA, 1, "")
    assert raised.value.reason == "slow"


def test_a_picture_is_drawn_once_and_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page shows it, and the browser asks for it next."""
    pictures = Pictures()
    asked = []

    def ask(data: bytes, page: int, quote: str) -> tuple[dict[str, float], bytes]:
        asked.append(page)
        return {"pages": 99, "width": 1, "height": 1, "boxes": 0, "share": 0.0}, b"webp"

    monkeypatch.setattr(pictures, "_ask", ask)
    assert pictures.draw("e", DATA, 1, "") is pictures.draw("e", DATA, 1, "")
    assert asked == [1]
    for page in range(2, KEPT + 2):
        pictures.draw("e", DATA, page, "")
    assert pictures.kept("e", 1, "") is None
    assert pictures.kept("e", KEPT + 1, "") is not None


# Two whose pages hold no text that a quote could be: a map, and a font with a false map.
ODD = {"plankart", "sokerhandboka_2011", "skannet_hefte_nn"}
LARGE = {"prop_1_ls_2025_2026", "gul_bok_2026", "noark5_spesifikasjon"}


@pytest.mark.bench
def test_quotes_are_found_on_real_pages() -> None:
    """Of passages of public PDFs, 97 of 100 are found whole (95 % of their letters)."""
    if not PDFS.is_dir():
        pytest.skip(f"no {PDFS}")
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    def count(texts: Sequence[str]) -> list[int]:
        return [int(1.4 * len(re.findall(r"\w+|[^\w\s]", text))) + 2 for text in texts]

    shares = []
    for path in sorted(PDFS.glob("*.pdf")):
        if path.stem in ODD | LARGE:
            continue
        file = SourceFile(f"file:pdf/{path.name}", path.name, path=path)
        document = extract(file, today=date(2026, 11, 25), detect=detect).document
        passages = [p for p in chunk(document, count, 256, detect=detect) if p.place.page]
        opened = pdfium.PdfDocument(path)
        for passage in random.Random(1).sample(passages, min(20, len(passages))):
            first, last = passage.place.page or 1, passage.place.page_end or passage.place.page or 1
            pages = []
            for number in range(first, last + 1):
                text = opened[number - 1].get_textpage()
                codes = (raw.FPDFText_GetUnicode(text, at) for at in range(text.count_chars()))
                pages.append(spelt(chr(code) for code in codes)[0])
            shares.append(covered(letters(passage.text), pages))
        opened.close()
    assert len(shares) > 150
    assert sum(share >= 0.95 for share in shares) / len(shares) >= 0.97
