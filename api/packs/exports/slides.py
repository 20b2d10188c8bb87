"""A paper as PPTX: placeholders only, a title on every slide, the source there and in the notes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from api.packs.exports.html import fact_line, web
from api.packs.exports.office import safe, tag
from api.packs.exports.paper import Heads, Notes, Paper, Part, Quoted
from api.packs.texts import text

ACCENT = "0D5561"
TITLE, CONTENT, SECTION = 0, 1, 2  # layouts of the library's template
LINE = 76  # characters of a line of 22 points: a short line takes the room of a whole one
ROOM = 9 * LINE  # of a quote on a slide
SOURCES = 6  # on a slide
BULLET = "– "


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a slide: runs of words, language and address."""

    runs: tuple[tuple[str, str, str | None], ...]
    small: bool = False
    strong: bool = False

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry of a list."""
        return self.runs[0][0].startswith(BULLET)


def pptx(paper: Paper) -> bytes:
    """The paper as a PowerPoint file."""
    out = io.BytesIO()
    _Writer(paper).write().save(out)
    return out.getvalue()


def split(parts: Sequence[Part], room: int = ROOM) -> list[list[str]]:
    """A quote's lines for each slide: cut between lines, then sentences, then words.

    As few slides as there is room for, and those filled alike: no last line stands alone.
    """
    lines = list(_lines(parts))
    best = _cut(lines, room)
    while room > 2 * LINE and len(tighter := _cut(lines, room - LINE)) == len(best):
        best, room = tighter, room - LINE
    return best


def _cut(lines: Sequence[str], room: int) -> list[list[str]]:
    slides: list[list[str]] = [[]]
    left = room
    for line in lines:
        for piece in _pieces(line, room):
            need = max(len(piece), 1) + (-len(piece)) % LINE
            if need > left and slides[-1]:
                slides.append([])
                left = room
            slides[-1].append(piece)
            left -= need
    return slides


def _lines(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        for line in part.lines:
            yield f"{BULLET}{line}" if part.is_list else line


def _pieces(line: str, room: int) -> Iterator[str]:
    """The line, or where it is too long its sentences put together as far as they fit."""
    rest = line
    while len(rest) > room:
        cut = max(rest.rfind(end, 0, room) + 1 for end in (". ", "; ", ": ", "? ", "! "))
        if cut < room // 3:
            cut = rest.rfind(" ", 0, room)
        if cut <= 0:
            cut = room
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    yield rest


class _Writer:
    def __init__(self, paper: Paper) -> None:
        from pptx import Presentation
        from pptx.util import Emu

        self.paper = paper
        self.say = partial(text, paper.written)
        self.notes = 0
        self.show = Presentation()
        # The library's template is 4:3; the layouts are stretched with the slide.
        wide = Emu(12192000)
        share = wide / self.show.slide_width
        for shape in [*self.show.slide_master.shapes] + [
            shape for layout in self.show.slide_layouts for shape in layout.shapes
        ]:
            if shape._element.spPr.find(_a("xfrm")) is not None:
                shape.left, shape.width = (
                    Emu(int(shape.left * share)),
                    Emu(int(shape.width * share)),
                )
        self.show.slide_width = wide
        properties = self.show.core_properties
        properties.title = safe(paper.title.text)
        properties.language = tag(paper.written) or ""
        properties.author = "Kjelda"

    def write(self) -> Any:
        """The presentation, filled."""
        from pptx.dml.color import RGBColor
        from pptx.enum.text import PP_ALIGN

        paper = self.paper
        first = self._slide(TITLE, paper.title.text, paper.title.lang)
        said = [Line(((fact_line(fact), paper.written, None),)) for fact in paper.about]
        self._fill(first.placeholders[1], said, 16)
        for paragraph in first.placeholders[1].text_frame.paragraphs:
            paragraph.alignment = PP_ALIGN.LEFT
            for run in paragraph.runs:  # the template's grey is too pale
                run.font.color.rgb = RGBColor.from_string("16282C")
        self._notes(first, [paper.advice])
        for block in paper.blocks:
            if isinstance(block, Heads):
                self._divider(block)
            elif isinstance(block, Notes):
                self._note(block)
            else:
                self._quoted(block)
        self._sources()
        return self.show

    def _divider(self, block: Heads) -> None:
        slide = self._slide(SECTION, block.said.text, block.said.lang)
        empty = slide.placeholders[1]
        empty._element.getparent().remove(empty._element)

    def _note(self, block: Notes) -> None:
        """A note for the one who teaches: a slide of its own, split where it is long."""
        cut = split(block.parts)
        self.notes += 1
        for number, lines in enumerate(cut, 1):
            title = f"{self.say('note')} {self.notes}{_of(number, len(cut))}"
            slide = self._slide(CONTENT, title, self.paper.written)
            self._fill(slide.placeholders[1], [Line(((x, block.lang, None),)) for x in lines], 22)

    def _quoted(self, block: Quoted) -> None:
        cut = split(block.parts, ROOM - (3 * LINE if block.warning else 0))
        place = f", {block.place}" if block.place else ""
        for number, lines in enumerate(cut, 1):
            title = f"{_shorten(block.short.text)}{place}{_of(number, len(cut))}"
            slide = self._slide(CONTENT, title, block.title.lang)
            said: list[Line] = []
            if block.warning:
                said.append(Line(((block.warning, self.paper.written, None),), strong=True))
            said += [Line(((line, block.lang, None),)) for line in lines]
            said.append(
                Line(
                    (
                        (f"{self.say('export_source')}: ", self.paper.written, None),
                        (
                            _shorten(block.reference.text, 160),
                            block.reference.lang,
                            block.original if web(block.original) else block.kjelda,
                        ),
                        (f" · {self._status(block)}", self.paper.written, None),
                    ),
                    small=True,
                )
            )
            self._fill(slide.placeholders[1], said, 22)
            self._notes(slide, self._about(block))

    def _status(self, block: Quoted) -> str:
        label = self.say("doc_status")
        return next(fact_line(f) for f in block.facts if f.label == label)

    def _about(self, block: Quoted) -> list[str]:
        lines = [f"{block.label}: {block.reference.text}"]
        if block.trail:
            lines.append(block.trail.text)
        if block.warning:
            lines.append(block.warning)
        lines += [fact_line(fact) for fact in block.facts]
        lines.append(f"{self.say('open')}: {block.kjelda}")
        if block.original:
            lines.append(f"{self.say('source_open')}: {block.original}")
        return lines

    def _sources(self) -> None:
        sources = self.paper.sources
        slides = -(-len(sources) // SOURCES)
        for start in range(0, len(sources), SOURCES):
            title = f"{self.say('export_sources')}{_of(start // SOURCES + 1, slides)}"
            slide = self._slide(CONTENT, title, self.paper.written)
            said: list[Line] = []
            for source in sources[start : start + SOURCES]:
                runs: list[tuple[str, str, str | None]] = [(source.lead, source.said.lang, None)]
                if source.url:
                    runs.append((" ", self.paper.written, None))
                    runs.append((source.url, self.paper.written, source.url))
                runs.append(
                    (f" {self.say('doc_status')}: {source.status}.", self.paper.written, None)
                )
                said.append(Line(tuple(runs)))
            self._fill(slide.placeholders[1], said, 16)

    def _slide(self, layout: int, title: str, lang: str) -> Any:
        from pptx.dml.color import RGBColor
        from pptx.enum.text import PP_ALIGN

        slide = self.show.slides.add_slide(self.show.slide_layouts[layout])
        frame = slide.shapes.title.text_frame
        self._runs(frame.paragraphs[0], ((title, lang, None),), 26 if layout == CONTENT else 38)
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        font = frame.paragraphs[0].runs[0].font
        font.bold = True
        font.color.rgb = RGBColor.from_string(ACCENT)
        # The template writes the title of a divider in capitals: harder to read.
        font._element.set("cap", "none")
        return slide

    def _fill(self, placeholder: Any, lines: Sequence[Line], size: int) -> None:
        from pptx.util import Pt

        frame = placeholder.text_frame
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            self._runs(paragraph, _unmarked(line), 14 if line.small else size, strong=line.strong)
            if line.small:
                paragraph.space_before = Pt(10)
            if not line.is_entry:
                _no_bullet(paragraph)

    def _runs(
        self,
        paragraph: Any,
        runs: Sequence[tuple[str, str, str | None]],
        size: int,
        *,
        strong: bool = False,
    ) -> None:
        from pptx.dml.color import RGBColor
        from pptx.util import Pt

        for words, lang, url in runs:
            run = paragraph.add_run()
            run.text = safe(words)
            run.font.size = Pt(size)
            if name := tag(lang):
                run._r.get_or_add_rPr().set("lang", name)
            if strong:
                run.font.bold = True
                run.font.color.rgb = RGBColor.from_string("8A2B0F")
            if url:
                run.hyperlink.address = safe(url)

    def _notes(self, slide: Any, lines: Sequence[str]) -> None:
        frame = slide.notes_slide.notes_text_frame
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = safe(line)
            run._r.get_or_add_rPr().set("lang", tag(self.paper.written) or "")


def _unmarked(line: Line) -> Sequence[tuple[str, str, str | None]]:
    """The runs without the mark of an entry: the layout has a bullet for it."""
    if not line.is_entry:
        return line.runs
    (words, lang, url), *rest = line.runs
    return ((words.removeprefix(BULLET), lang, url), *rest)


def _a(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/drawingml/2006/main}}{name}"


def _no_bullet(paragraph: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    properties.append(properties.makeelement(_a("buNone"), {}))


def _of(number: int, total: int) -> str:
    """Which of several slides it is: titles that differ tell slides apart."""
    return f" ({number}/{total})" if total > 1 else ""


def _shorten(words: str, most: int = 70) -> str:
    """A title that fits a slide; the notes and the last slide have it whole."""
    if len(words) <= most:
        return words
    return words[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
