"""Lines of PDF pages made into text: words whole, paragraphs flowing.

Pure functions over pages of lines; nothing here knows pypdf, or where on the page they stand.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from corpus.text import normalise_line


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: the size of its type, whether it is bold, and whether a block begins.

    ``left`` is where it begins, in points; one line is as good as another at any place.
    """

    text: str
    size: float = 0.0
    bold: bool = False
    starts: bool = False
    left: float = field(default=0.0, compare=False)


Lines = list[Line]

CELL = " | "  # between the cells of a row
_HYPHENS = "-‐‑\u00ad\ufffe"
# Signs that begin points of lists; those of Wingdings and Symbol are of the private area.
_BULLETS = re.compile(r"^[\uf020-\uf0ff•▪▫■□●○◦·∙▸▹►▶‣⁃◆◇❖➢➤✓✔]\s*")
POINT = re.compile(r"^(?:[-–—]|\d{1,2}[.)]|[a-zæøå][.)]|\([a-z0-9]{1,2}\))\s+\S")
_NUMBERED = re.compile(r"^\d{1,2}(?:\.\d{1,2}){1,4}\.?\s+[«“\"]?[A-ZÆØÅ]")
_ENTRY = re.compile(r"… [\divxl]{1,5}$")
_SUSPENDED = re.compile(r"^(?:og|eller|samt|og/eller|men|til|som)\b")
# A ligature glyph is often followed by a space that is not there: "ratiﬁ sert".
_LIGATURE_SPACE = re.compile(r"([ﬁﬂ]) (?=[a-zæøå])")
_SOFT_SPACE = re.compile("\u00ad +(?=[a-zæøå])")
_ENDS = re.compile(r"(?<![\w-])[^\W\d_]+$")
_STARTS = re.compile(r"[a-zæøåé]+(?![\w-])")
# The dots between an entry and its page in a table of contents.
_LEADERS = re.compile(r"(?:\s*\.){5,}\s*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# First parts that keep their hyphen whatever follows.
_KEEPS = frozenset({"ikke", "ikkje", "nord", "sør", "øst", "aust", "vest", "e", "tv", "cand"})


def tidied(lines: Iterable[Line]) -> Lines:
    """A page's lines with spaces and signs repaired, none empty.

    A hyphen at the end of a line stays the line's last character.
    """
    found: Lines = []
    for line in lines:
        text = _SOFT_SPACE.sub("", _LIGATURE_SPACE.sub(r"\1", line.text))
        soft = text.rstrip().endswith(("\u00ad", "\ufffe"))
        spoken = _LEADERS.sub(" … ", text.replace("\ufffe", ""))
        clean = _BULLETS.sub("- ", normalise_line(spoken))
        if clean:
            found.append(replace(line, text=clean + "\u00ad" if soft else clean))
    return found


def vocabulary(pages: Iterable[Lines]) -> Counter[str]:
    """All words that stand whole within lines, in lower case; hyphenated ones too."""
    words: Counter[str] = Counter()
    for lines in pages:
        for line in lines:
            words.update(_WORD.findall(line.text.lower().rstrip(_HYPHENS)))
    return words


def mended(lines: Iterable[Line], words: Counter[str]) -> Lines:
    """Lines with broken words whole: see without_stray_spaces."""
    return [replace(line, text=without_stray_spaces(line.text, words)) for line in lines]


def without_stray_spaces(line: str, words: Counter[str]) -> str:
    """A line with ``Depa rtementets`` whole, where kerning was taken for a space.

    Two pieces are one word if that word is known from elsewhere in the document and
    one of the pieces is hardly ever met alone.
    """
    tokens = line.split(" ")
    mended = tokens[:1]
    for token in tokens[1:]:
        first, second = _ENDS.search(mended[-1]), _STARTS.match(token)
        if first and second:
            one, other = first[0].lower(), second[0]
            rare = min(words[one], words[other])
            if rare <= 2 and words[one + other] >= max(2, 5 * rare):
                mended[-1] += token
                continue
        mended.append(token)
    return " ".join(mended)


def joined(before: str, after: str, words: Counter[str]) -> str | None:
    """Two lines as one where a hyphen parts them; None if none does.

    A soft hyphen goes, a hard one stays (``CO2-avgift``), and a suspended one keeps
    its space (``fiske- og fangstfartøy``).
    """
    stem = before.rstrip()
    if not stem or stem[-1] not in _HYPHENS or not after:
        return None
    soft = stem[-1] == "\u00ad"
    loose = stem[-2:-1] == " "  # "ventelis - tene": rarely a hyphen
    stem = stem[:-1].rstrip()
    head = re.search(r"[\w./]+$", stem)
    tail = re.match(r"[^\W\d_]+", after)
    if not head:
        return None
    if soft and tail:
        return stem + after
    if tail is None or not after[0].islower():
        # "§ 9-/9", "EØS-/Norge", "bachelor-/cand.": a hyphen of its own.
        number_or_name = after[0].isdigit() or after[0].isupper() or after[0] == "/"
        return f"{stem}-{after}" if number_or_name and not loose else None
    word = (head[0] + tail[0]).lower()
    hyphenated = f"{head[0]}-{tail[0]}".lower()
    if loose:
        return stem + after if words[word] else None
    if _SUSPENDED.match(after) and not words[word]:
        return f"{stem}- {after}"
    if words[word] > words[hyphenated]:
        return stem + after
    hard = (
        words[hyphenated]
        or head[0].lower() in _KEEPS
        or head[0][-1].isdigit()
        or head[0].endswith(".")
        or (len(head[0]) > 1 and head[0].isupper())
    )
    return f"{stem}-{after}" if hard else stem + after


def one_line(lines: Sequence[Line], words: Counter[str]) -> str:
    """The lines of a heading as one, hyphens treated as in running text."""
    text = lines[0].text
    for line in lines[1:]:
        whole = joined(text, line.text, words)
        text = f"{text} {line.text}" if whole is None else whole
    return text.replace("\u00ad", "")


def whole_words(pages: Sequence[Lines], words: Counter[str]) -> list[Lines]:
    """Pages on which a word broken over two pages stands whole on the first."""
    result = [list(lines) for lines in pages]
    for first, other in itertools.pairwise(result):
        if not first or not other:
            continue
        head, _, rest = other[0].text.partition(" ")
        if (text := joined(first[-1].text, head, words)) is not None and head[0].islower():
            first[-1] = replace(first[-1], text=text)
            other[0:1] = [replace(other[0], text=rest)] if rest else []
    return result


def flowing(lines: Sequence[Line], words: Counter[str]) -> list[str]:
    """Paragraphs, list points and rows of tables, each on one line."""
    if not lines:
        return []
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[int((len(lengths) - 1) * 0.75)]
    paragraphs = [lines[0].text]
    previous = lines[0]
    point = _Points()
    point.take(lines[0])
    for line in lines[1:]:
        whole = None if _is_row(previous) else joined(paragraphs[-1], line.text, words)
        if whole is not None:
            paragraphs[-1] = whole
        elif _starts_paragraph(previous, line, width) or point.ends(previous, line, width):
            paragraphs.append(line.text)
            point.take(line)
        else:
            paragraphs[-1] += " " + line.text
            point.goes_on(line)
        previous = line
    return [paragraph.replace("\u00ad", "-") for paragraph in paragraphs]


class _Points:
    """The point of a list that lines go on with, and whether its lines hang from the mark."""

    def __init__(self) -> None:
        self._first: Line | None = None
        self._hangs: bool | None = None

    def take(self, line: Line) -> None:
        """Begin a paragraph with a line."""
        if not POINT.match(line.text):
            self._first, self._hangs = None, None
        else:
            self._first = line

    def goes_on(self, line: Line) -> None:
        """See where the point's next line begins."""
        if self._first is not None and not line.starts:
            self._hangs = line.left > self._first.left + 2

    def ends(self, before: Line, line: Line, width: int) -> bool:
        """Whether a line is a paragraph after the list: set apart, or left of its marks."""
        if self._first is None or not line.text[0].isupper():
            return False
        if line.starts:
            return line.left < before.left + line.size  # or else the next column
        out = line.left < self._first.left - 0.3 * line.size
        return out and (self._hangs or (self._hangs is None and len(before.text) < width * 0.8))


def _is_row(line: Line) -> bool:
    return CELL in line.text


def _starts_paragraph(before: Line, line: Line, width: int) -> bool:
    above, text = before.text, line.text
    # A list point, a numbered heading, a row, or the line after an entry of the contents.
    if POINT.match(text) or _NUMBERED.match(text) or _ENTRY.search(above):
        return True
    if _is_row(before) != _is_row(line) or (_is_row(line) and text[0] != "|"):
        return True
    if text[0].islower():
        return False
    if abs(before.size - line.size) > 0.08 * max(before.size, line.size):
        return True
    if line.starts or before.bold != line.bold:
        return above[-1] in ".!?:;”»)" or before.bold != line.bold
    short = len(above) < width * 0.8
    return (short and above[-1] in ".!?:;”»)") or len(above) < width * 0.55
