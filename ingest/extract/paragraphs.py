"""The headings of §s in lines of text: acts are cited by them, so none may be passed over.

A line that opens with "§ 3. Tilsyn" is a heading in type of its own, and in the text's own type
too where it begins a block and counts on from the § before it. Pure functions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ingest.extract.lines import CELL, POINT, Line, one_line

_SIGN = re.compile(
    r"^§\s?(?:(?P<chapter>\d{1,3})[A-Z]?[-‐‑–])?(?P<number>\d{1,3})(?:\s?(?P<letter>[a-zæøåA-HJ-Z]))?"
    r"(?P<stop>\.)?(?:\s+(?=[«“\"(]?[A-ZÆØÅ]|\(opphev)|$)"
)
_ABBREVIATED = re.compile(
    r"\b(?:mv|m\.\s?v|mm|m\.\s?m|m\.\s?fl|mfl|osv|ol|o\.\s?l|oa|o\.\s?a|e\.\s?l|etc|pst)\.$",
    re.IGNORECASE,
)
# After these a § is referred to; after "skal lyde:" it is quoted out of another act.
_REFERS = re.compile(r"(?:\b(?:jf|jfr|nr|pkt|kap|art|if|iht)\.|,|\b(?:etter|og|eller|av|til|i))$")
_QUOTES = re.compile(r"\blyde?r?\s?:$")
_LEADERS = re.compile(r"\.\s?\.\s?\.|…|_{3}|\s\d{1,3}$")
_ENDED = tuple(".!?:;)»”")
_FULL = 0.8  # of a full line: a shorter one ends by itself
_LENGTH = 200
_PLAIN_LENGTH = 120  # of a title in the type of the text
_MOST = 4  # lines of a title
_MISSED = 3  # steps between §s that follow each other
_BESIDE = 25  # letters of a text that another column stands beside; cells are shorter


class Number(NamedTuple):
    """The number of a §: chapter (0 where acts have none), number, letter."""

    chapter: int
    number: int
    letter: str


class Before(NamedTuple):
    """The § before, and whether a heading that is none has closed it."""

    number: Number | None = None
    closed: bool = True


class Found(NamedTuple):
    """A heading: its level (0 for a §: below its chapter), its words, and its lines.

    No lines are used where the text goes on on the heading's own line. ``told`` when the PDF
    itself says the level.
    """

    level: int
    text: str
    used: int
    told: bool = False


def number_of(text: str) -> Number | None:
    """The number of the § that a heading names."""
    match = _SIGN.match(text)
    if match is None:
        return None
    return Number(int(match["chapter"] or 0), int(match["number"]), match["letter"] or "")


def ends_as_prose(text: str) -> bool:
    """Whether a line ends as a sentence or in the middle of one, which headings don't."""
    if _ABBREVIATED.search(text):
        return False
    return text.endswith((".", ",", ";", ":", "-", "\u00ad"))


def is_quoted(lines: Sequence[Line], at: int) -> bool:
    """Whether a § is the wording that another act is to have."""
    return at > 0 and _QUOTES.search(lines[at - 1].text) is not None


def stands_out(lines: Sequence[Line], at: int, used: int) -> bool:
    """Whether lines are bold or larger than the text after them, or than most of the page."""
    first = lines[at]
    if at + used < len(lines):
        after = lines[at + used]
        return (first.bold and not after.bold) or first.size > 1.05 * after.size
    return first.bold and sum(line.bold for line in lines) * 2 < len(lines)


def alike(first: Line, other: Line) -> bool:
    """Whether two lines are of one type."""
    return abs(first.size - other.size) < 0.3 and first.bold == other.bold


def paragraph_at(
    lines: Sequence[Line], at: int, words: Counter[str], before: Before
) -> Found | None:
    """The heading of a § that begins at a line."""
    first = lines[at]
    match = _SIGN.match(first.text)
    number = number_of(first.text)
    if match is None or number is None or is_quoted(lines, at):
        return None
    if CELL in first.text[: match.end() + _BESIDE] or f"{CELL}§" in first.text:
        return None  # a row of a table, or another § beside it
    used = _title_lines(lines, at)
    text = one_line(lines[at : at + used], words)
    leads = _LEADERS.search(text[match.end() :]) is not None  # to a page
    fits = len(text) <= _LENGTH and not leads and CELL not in text
    if fits and not text.endswith((",", ";", ":")) and stands_out(lines, at, used):
        return Found(0, text, used)
    if not begins(lines, at) or not _counts_on(before, number, bool(match["stop"])):
        return None
    listed = at + used < len(lines) and _SIGN.match(lines[at + used].text)
    if leads or (listed and not ends_as_prose(text)):
        return None  # a table of contents
    is_title = len(text) <= _PLAIN_LENGTH and not ends_as_prose(text) and CELL not in text
    if is_title and used < _MOST and _ends_here(lines, at + used - 1):
        return Found(0, text, used)
    # "§ 3. Departementet kan ...": no title, and the text stays whole.
    return Found(0, match[0].rstrip(". "), 0)


def _title_lines(lines: Sequence[Line], at: int) -> int:
    """How many lines a heading takes: those of its type that go on, up to the next §."""
    used = 1
    while at + used < len(lines) and used < _MOST:
        before, line = lines[at + used - 1], lines[at + used]
        if not alike(lines[at], line) or _SIGN.match(line.text) or POINT.match(line.text):
            break
        # The next line of a heading in type of its own may begin with a name.
        goes_on = line.text[0].islower() or before.text[-1] in "-\u00ad"
        own_type = lines[at].bold and not line.starts and not ends_as_prose(before.text)
        if not goes_on and not own_type:
            break
        used += 1
    return used


def begins(lines: Sequence[Line], at: int) -> bool:
    """Whether a block begins at a line, and the line above does not lead on to it."""
    if at == 0:
        return True
    above = lines[at - 1].text
    if _REFERS.search(above):
        return False
    return lines[at].starts or above.endswith(_ENDED) or not alike(lines[at - 1], lines[at])


def _ends_here(lines: Sequence[Line], at: int) -> bool:
    """Whether a block ends with a line: the next is another, or this one is not full."""
    if at + 1 < len(lines) and POINT.match(lines[at + 1].text) and lines[at + 1].text[0] != "(":
        return False  # "§ 4 Det gis fritak for drivstoff som / a. utføres ..."
    if at + 1 >= len(lines) or lines[at + 1].starts or not alike(lines[at], lines[at + 1]):
        return True
    after = lines[at + 1]
    if after.text.startswith("(") or after.left > lines[at].left + 0.7 * after.size:
        return True  # numbered, or indented as the first lines of paragraphs are
    lengths = sorted(len(line.text) for line in lines)
    return len(lines[at].text) < _FULL * lengths[int((len(lengths) - 1) * 0.75)]


def _counts_on(before: Before, number: Number, stop: bool) -> bool:
    """Whether a § follows the one before it; a few may be missing in between."""
    last = before.number
    opens = number.number == 1 and not number.letter
    if last is None:
        return opens
    if opens and not number.chapter:
        return stop or before.closed  # another act in the same file
    if number.chapter != last.chapter:
        return opens and (0 < number.chapter - last.chapter <= 2 or before.closed)
    if number.number == last.number:
        return number.letter > last.letter
    return 0 < number.number - last.number <= _MISSED
