"""Letters with places become words, columns, rows and tables; see docs/decisions/0009."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.extract.geometry import Box
from ingest.extract.glyphs import Piece
from ingest.extract.layout import lines
from ingest.extract.lines import Line
from ingest.extract.segments import segments_of
from ingest.extract.tables import grids

WIDE = 5.0  # points of a letter of size 10


def said(
    text: str, x: float, y: float, size: float = 10.0, font: str = "Times", angle: int = 0
) -> list[Piece]:
    """A line of text as a page gives it: a piece for each word, with drawn spaces."""
    found = []
    step = WIDE * size / 10
    for n, word in enumerate(text.split(" ")):
        end = x + step * len(word)
        found.append(Piece(word, x, end, y, size, font, angle, spaced=n > 0))
        x = end + step / 2
    return found


def texts(pieces: list[Piece], boxes: tuple[Box, ...] = ()) -> list[str]:
    return [line.text for line in lines(pieces, boxes)]


def letters(*placed: tuple[str, float, bool]) -> list[Piece]:
    """Pieces on one line from where they begin; each letter is half an em wide."""
    return [Piece(t, x, x + WIDE * len(t), 100, 10.0, "Times", 0, s) for t, x, s in placed]


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        ([("om", 0, False), ("stilling", 10.2, False)], "omstilling"),
        ([("om", 0, False), ("stilling", 13, True)], "om stilling"),
        # a space that was drawn and taken back by kerning
        ([("planlegg", 0, False), ("ja", 40.2, True)], "planleggja"),
        # no space is drawn, but seen
        ([("to", 0, False), ("ord", 12.5, False)], "to ord"),
        # letter-spaced, as emphasis: one word
        ([(c, 8.0 * n, False) for n, c in enumerate("Departement")], "Departement"),
        # what was drawn first may stand last
        ([("norsk", 30, True), ("lære", 0, False)], "lære norsk"),
    ],
)
def test_words_are_parted_by_gaps(placed: list[tuple[str, float, bool]], expected: str) -> None:
    """Kerning makes no spaces and hides none."""
    assert [s.text for s in segments_of(letters(*placed))] == [expected]


def test_small_letters_beside_a_word() -> None:
    """A lowered number stays, a raised one is a unit's or a footnote's."""

    def beside(word: str, small: str, y: float, after: str) -> str:
        pieces = letters((word, 0, False))
        end = WIDE * len(word)
        pieces.append(Piece(small, end, end + 3, y, 6.0, "Times", 0, spaced=False))
        pieces += letters((after, end + 3.2, False))
        return segments_of(pieces)[0].text

    assert beside("CO", "2", 98, "-avgift") == "CO2-avgift"
    assert beside("ferdigheiter", "2", 104, ".") == "ferdigheiter."
    assert beside("m", "2", 104, ".") == "m²."


def test_false_bold_is_read_once() -> None:
    """Letters drawn twice, a hair apart, and a shadow under a longer title."""
    twice = said("Mål", 0, 100) + said("Mål", 0.4, 100)
    assert texts(twice) == ["Mål"]
    shadow = said("om språk", 3, 100.5) + said("om språkmiljø", 0, 100)
    assert texts(shadow) == ["om språkmiljø"]


LEFT = [f"venstre linje nummer {n} i spalten" for n in "abcdef"]
RIGHT = [f"høyre linje nummer {n} i spalten" for n in "abcdef"]


def columns(top: float = 600) -> list[Piece]:
    """Two columns drawn line by line across the page."""
    found = []
    for n, (one, other) in enumerate(zip(LEFT, RIGHT, strict=True)):
        found += said(one, 50, top - 12 * n) + said(other, 300, top - 12 * n)
    return found


def test_columns_are_read_one_after_the_other() -> None:
    """Whatever the order in which they were drawn; what crosses them stands above and below."""
    title = said("Overskrift over begge spaltene på siden, fra kant til kant og litt til", 50, 640)
    below = said("En linje under begge spaltene på siden, fra kant til kant og litt til", 50, 500)
    assert texts(title + columns() + below) == [
        "Overskrift over begge spaltene på siden, fra kant til kant og litt til",
        *LEFT,
        *RIGHT,
        "En linje under begge spaltene på siden, fra kant til kant og litt til",
    ]


def test_a_figure_and_a_note_come_after_the_columns() -> None:
    """A sentence goes on from the left column to the right one."""
    note = said("en fotnote under venstre spalte", 50, 520, size=7)
    figure = said("etikett i figuren over høyre", 300, 624, size=7)
    figure += said("kilde for figuren der oppe", 300, 614, size=7)
    got = texts(figure + columns() + note)
    assert got[:12] == [*LEFT, *RIGHT]
    assert sorted(got[12:]) == sorted(
        [
            "en fotnote under venstre spalte",
            "etikett i figuren over høyre",
            "kilde for figuren der oppe",
        ]
    )


def test_rows_of_a_table_stay_rows() -> None:
    """Numbers beside words are cells; they are not glued, nor read column by column."""
    pieces = []
    for n, (name, one, other) in enumerate(
        [("Elektrisitet", "39", "2091"), ("Bensin", "196", "1537"), ("Diesel", "11", "2422")]
    ):
        y = 400 - 14 * n
        pieces += said(name, 50, y) + said(one, 250, y) + said(other, 350, y)
    assert texts(pieces) == [
        "Elektrisitet | 39 | 2091",
        "Bensin | 196 | 1537",
        "Diesel | 11 | 2422",
    ]


def ruled(rows: int, edges: tuple[float, ...], top: float, high: float) -> tuple[Box, ...]:
    """The lines of a table."""
    left, right, low = edges[0], edges[-1], top - rows * high
    level = [Box(left, top - n * high, right, top - n * high) for n in range(rows + 1)]
    return (*level, *(Box(x, low, x, top) for x in edges))


def test_cells_of_a_ruled_table_are_read_whole() -> None:
    """A cell of several lines is one, and its row is one line."""
    pieces = said("Krav", 52, 388) + said("Tekst", 102, 388)
    pieces += said("3.1", 52, 340)
    pieces += said("Det skal være mu-", 102, 348) + said("lig å slette", 102, 336)
    boxes = ruled(2, (50, 100, 300), 400, 40)
    assert texts(pieces, boxes) == ["Krav | Tekst", "3.1 | Det skal være mulig å slette"]


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ((), 0),
        (ruled(1, (50, 100, 300), 400, 40), 0),  # one row is a box with a line in it
        (ruled(3, (50, 300), 400, 40), 0),  # one column is boxes of text
        (ruled(2, (50, 100, 300), 400, 40), 1),
        (ruled(2, (50, 100, 300), 400, 40) + ruled(2, (50, 100, 300), 200, 20), 2),
        ((Box(50, 300, 300, 340), Box(50, 340, 300, 380)), 0),  # surfaces are no lines
    ],
)
def test_what_is_a_ruled_table(boxes: tuple[Box, ...], expected: int) -> None:
    """Two rows and two columns of lines that touch."""
    assert len(grids(boxes)) == expected


def test_numbers_in_the_margin_go() -> None:
    """A column outside the text that counts on; a list that is numbered stays."""
    pieces = []
    for n in range(8):
        pieces += said(str(98 + n), 20, 600 - 12 * n, size=7)
        pieces += said(f"Linje {'abcdefgh'[n]} med tekst som fyller spalten", 60, 600 - 12 * n)
    assert texts(pieces) == [f"Linje {c} med tekst som fyller spalten" for c in "abcdefgh"]
    few = [p for p in pieces if p.y > 560]
    assert texts(few)[0].startswith("98 ")


def test_text_in_other_directions_comes_last() -> None:
    """A photo's credit along the edge does not part the text."""
    credit = said("Foto: Åsne Moe", 10, 50, angle=90)
    assert texts(credit + said("Dette er teksten på siden her", 50, 600)) == [
        "Dette er teksten på siden her",
        "Foto: Åsne Moe",
    ]


def test_blocks_and_type_are_told() -> None:
    """A line knows its size, whether it is bold, and whether a block begins."""
    pieces = said("Overskrift", 50, 640, size=14, font="Times-Bold")
    for n in range(4):
        pieces += said("brødtekst som går over linjen", 50, 600 - 12 * n)
    got = lines(pieces)
    assert got[0] == Line("Overskrift", 14.0, bold=True, starts=True)
    assert [(line.bold, line.starts) for line in got[1:]] == [(False, True)] + [(False, False)] * 3


_PIECE = st.builds(
    Piece,
    st.sampled_from(["ord", "a", "12", "–", "§", "lang-", "Å", "•"]),
    st.floats(-50, 700),
    st.floats(-50, 700),
    st.floats(-50, 900),
    st.sampled_from([0.0, 1.0, 6.0, 10.0, 40.0]),
    st.sampled_from(["Times", "Times-Bold"]),
    st.sampled_from([0, 0, 0, 90, 45]),
    st.booleans(),
)
_BOX = st.builds(Box, *[st.floats(-50, 900)] * 4)


@given(st.lists(_PIECE, max_size=40), st.lists(_BOX, max_size=12))
@example([Piece("12", 0.0, 0.0, 0.0, 0.0, "Times", 0, spaced=False)], [])  # a number without size
def test_no_letters_are_lost_or_made(pieces: list[Piece], boxes: list[Box]) -> None:
    """Any page: every line is made of the page's letters, and nothing raises."""
    known = set("".join(p.text for p in pieces)) | set(" |•²³¹⁰⁴⁵⁶⁷⁸⁹")
    for line in lines(pieces, boxes):
        assert set(line.text) <= known
        assert line.text == line.text.strip()
