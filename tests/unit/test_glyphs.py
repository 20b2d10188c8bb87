"""The interpreter of content streams: where letters stand, on pages written here."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from ingest.extract import glyphs
from ingest.extract.glyphs import Piece

FONT = (
    "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
    "/Encoding /WinAnsiEncoding >> >> /XObject << /X 5 0 R >> >>"
)
A = 5.56  # the width of a Helvetica *a* of size 10, in points


def page(stream: str, form: str = "", extra: str = "", matrix: str = "1 0 0 1 0 0") -> glyphs.Drawn:
    """What is read from a page with this content, and a form /X that it may draw."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] {extra} "
            f"/Contents 4 0 R /Resources {FONT} >>"
        ),
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        (
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Matrix [{matrix}] "
            f"/Resources {FONT} /Length {len(form)} >>\nstream\n{form}\nendstream"
        ),
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))
    start = out.tell()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    out.write(
        f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\n"
        f"startxref\n{start}\n%%EOF".encode()
    )
    reader = PdfReader(out)
    return glyphs.read(reader.pages[0], reader, {})


def placed(drawn: glyphs.Drawn) -> list[tuple[str, float, float]]:
    return [(p.text, round(p.x0, 1), round(p.y, 1)) for p in drawn.pieces]


def text(operators: str) -> str:
    return f"BT /F1 10 Tf {operators} ET"


@pytest.mark.parametrize(
    ("operators", "expected"),
    [
        ("50 700 Td (a) Tj", [("a", 50, 700)]),
        ("50 700 Td (a) Tj 0 -12 Td (b) Tj", [("a", 50, 700), ("b", 50, 688)]),
        ("50 700 Td 14 TL (a) Tj T* (b) Tj", [("a", 50, 700), ("b", 50, 686)]),
        ("50 700 Td 14 TL (a) Tj (b) '", [("a", 50, 700), ("b", 50, 686)]),
        ('50 700 Td 14 TL 3 1 (a) "', [("a", 50, 686)]),
        ("50 700 Td 0 -15 TD (a) Tj T* (b) Tj", [("a", 50, 685), ("b", 50, 670)]),
        ("2 0 0 2 50 700 Tm (a) Tj 5 5 Td (b) Tj", [("a", 50, 700), ("b", 60, 710)]),
        # a kern of 1000 thousandths is an em back
        ("50 700 Td [(a) -1000 (b)] TJ", [("a", 50, 700), ("b", round(50 + A + 10, 1), 700)]),
        # letter spacing, horizontal scaling
        ("50 700 Td 2 Tc (a) Tj (b) Tj", [("a", 50, 700), ("b", round(50 + A + 2, 1), 700)]),
        ("50 700 Td 50 Tz (a) Tj (b) Tj", [("a", 50, 700), ("b", round(50 + A / 2, 1), 700)]),
        # a rise lifts, word spacing widens a space
        ("50 700 Td 4 Ts (a) Tj", [("a", 50, 704)]),
        ("50 700 Td 9 Tw (a b) Tj", [("a", 50, 700), ("b", round(50 + A + 2.78 + 9, 1), 700)]),
    ],
)
def test_where_letters_stand(operators: str, expected: list[tuple[str, float, float]]) -> None:
    """Each operator that moves text, by PDF 32000-1, 9.4."""
    assert placed(page(text(operators))) == expected


def test_letters_far_apart_are_pieces_of_their_own() -> None:
    """A string with a wide letter spacing is a row of cells."""
    drawn = page(text("50 700 Td 30 Tc (12) Tj"))
    assert [p.text for p in drawn.pieces] == ["1", "2"]


def test_a_space_counts_where_it_was_drawn() -> None:
    """Not for what comes after a jump."""
    near = page(text("50 700 Td (a b) Tj")).pieces[1]
    far = page(text("50 700 Td (a ) Tj 200 0 Td (b) Tj")).pieces[1]
    assert (near.spaced, far.spaced) == (True, False)


def test_state_is_saved_and_scaled() -> None:
    """The matrix scales place and size; Q brings back what q saved."""
    drawn = page(f"q 2 0 0 2 0 0 cm {text('50 100 Td (a) Tj')} Q {text('50 100 Td (b) Tj')}")
    assert [(p.text, p.x0, p.y, p.size) for p in drawn.pieces] == [
        ("a", 100, 200, 20),
        ("b", 50, 100, 10),
    ]


def test_forms_are_read_in_their_place() -> None:
    """Text of a form that the page draws, by the form's own matrix too."""
    drawn = page("q 1 0 0 1 10 20 cm /X Do Q", text("50 100 Td (a) Tj"), matrix="1 0 0 1 5 5")
    assert placed(drawn) == [("a", 65, 125)]


def test_a_form_that_draws_itself_ends() -> None:
    """Broken files do so; what it says is read a few times at most."""
    drawn = page("/X Do", text("50 100 Td (a) Tj") + " /X Do /X Do")
    assert 1 <= len(drawn.pieces) <= 600


def test_what_lies_outside_the_page_is_not_read() -> None:
    """Printers' marks and the next page of a spread stand beyond the crop box."""
    two = text("50 700 Td (inne) Tj 0 -690 Td (ute) Tj")
    assert [p.text for p in page(two, extra="/CropBox [0 100 600 800]").pieces] == ["inne"]


@pytest.mark.parametrize(
    ("turn", "matrix", "angle"),
    [
        ("", "0 1 -1 0 300 100", 90),
        ("/Rotate 90", "0 1 -1 0 300 100", 0),
        ("", "1 0 0 1 50 5", 0),
    ],
)
def test_directions(turn: str, matrix: str, angle: int) -> None:
    """Turned text has its angle, as the page is seen."""
    (piece,) = page(text(f"{matrix} Tm (a) Tj"), extra=turn).pieces
    assert piece.angle == angle
    assert piece.x1 - piece.x0 == pytest.approx(A)


def test_lines_and_rectangles_are_told() -> None:
    """Painted ones only: a clipping path is nothing to see."""
    drawn = page("10 10 100 50 re f 5 5 m 5 90 l S 0 0 600 800 re W n")
    assert [tuple(map(round, box)) for box in drawn.boxes] == [(10, 10, 110, 60), (5, 5, 5, 90)]


@pytest.mark.parametrize(
    "stream", ["", "BT (a) Tj ET", "BT /F9 10 Tf (a) Tj ET", "Q Q ET Tj TJ Td", "BT /F1 Tf () Tj"]
)
def test_odd_content_gives_nothing(stream: str) -> None:
    """No font, unknown fonts, operators without operands."""
    assert page(stream).pieces == []


def test_a_piece_is_a_plain_value() -> None:
    """As layout is given it."""
    (piece,) = page(text("50 700 Td (a) Tj")).pieces
    assert piece == Piece("a", 50, pytest.approx(50 + A), 700, 10, "Helvetica", 0, spaced=False)
