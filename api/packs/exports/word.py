"""A paper as DOCX: real headings, a quote style, links, and the language of every run."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from api.packs.exports.html import web
from api.packs.exports.office import safe, tag
from api.packs.exports.paper import Fact, Heads, Notes, Paper, Part, Quoted
from api.packs.texts import text

LIST_IN_QUOTE = "Kjelda List in Quote"
_LINK_COLOUR = "0D5561"
_WARNING_COLOUR = "8A2B0F"


def docx(paper: Paper) -> bytes:
    """The paper as a Word file."""
    writer = _Writer(paper)
    out = io.BytesIO()
    writer.write().save(out)
    return out.getvalue()


class _Writer:
    def __init__(self, paper: Paper) -> None:
        import docx as library

        self.paper = paper
        self.say = partial(text, paper.written)
        self.document = library.Document()
        self.deep = any(isinstance(block, Heads) for block in paper.blocks)
        self._prepare()

    def _prepare(self) -> None:
        from docx.shared import Pt, RGBColor

        document, paper = self.document, self.paper
        properties = document.core_properties
        properties.title = safe(paper.title.text)
        properties.language = tag(paper.written)
        properties.author = "Kjelda"
        properties.comments = ""
        properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
        styles = document.styles
        _set_language(styles["Normal"].element.get_or_add_rPr(), paper.written)
        # Word's template says en-US in its defaults; what has no style of its own follows them.
        for found in styles.element.xpath("w:docDefaults//w:lang"):
            _fill(found, paper.written)
        styles["Normal"].font.name = "Calibri"
        styles["Normal"].font.size = Pt(11)
        for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
            styles[name].font.color.rgb = RGBColor.from_string("16282C")
            _plain_fonts(styles[name].element)
        self._page()
        quote = styles["Intense Quote"]
        quote.font.italic = False
        quote.font.bold = False
        quote.font.color.rgb = RGBColor.from_string("16282C")
        quote.paragraph_format.space_before = Pt(3)
        quote.paragraph_format.space_after = Pt(3)
        _left_line(quote.element)
        quote.paragraph_format.left_indent = Pt(14)
        quote.paragraph_format.right_indent = Pt(0)
        entry = styles.add_style(LIST_IN_QUOTE, 1)
        entry.base_style = styles["List Bullet"]
        entry.paragraph_format.space_after = Pt(3)
        _left_line(entry.element)
        entry.paragraph_format.left_indent = Pt(28)
        entry.paragraph_format.first_line_indent = Pt(-14)

    def _page(self) -> None:
        """A4, and the page's number below."""
        from docx.shared import Mm

        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(25)
        section.top_margin = section.bottom_margin = Mm(22)
        paragraph = section.footer.paragraphs[0]
        paragraph.alignment = 2
        self._said(paragraph, f"{self.say('export_page')} ", self.paper.written)
        _field(paragraph, "PAGE")
        self._said(paragraph, f" {self.say('export_of')} ", self.paper.written)
        _field(paragraph, "NUMPAGES")

    def write(self) -> Any:
        """The document, filled."""
        paper = self.paper
        self._said(self.document.add_paragraph(style="Title"), paper.title.text, paper.title.lang)
        self._heading(self.say("export_about"), paper.written, 1)
        self._table(paper.about)
        self._said(self.document.add_paragraph(), paper.advice, paper.written)
        if self.deep and paper.blocks and isinstance(paper.blocks[0], Quoted):
            self._heading(self.say("export_quotes"), paper.written, 1)
        for block in paper.blocks:
            if isinstance(block, Heads):
                self._heading(block.said.text, block.said.lang, 1)
            elif isinstance(block, Notes):
                self._parts(block.parts, block.lang, None)
            else:
                self._quoted(block)
        if paper.sources:
            self._heading(self.say("export_sources"), paper.written, 1)
        for source in paper.sources:
            paragraph = self.document.add_paragraph(style="List Number")
            self._said(paragraph, source.lead, source.said.lang)
            if source.url:
                self._said(paragraph, " ", paper.written)
                self._link(paragraph, source.url, source.url)
            self._said(paragraph, f" {self.say('doc_status')}: {source.status}.", paper.written)
            if source.warning:
                self._warn(paragraph, f" {source.warning}")
        return self.document

    def _quoted(self, block: Quoted) -> None:
        from docx.shared import Pt

        level = 2 if self.deep else 1
        heading = self.document.add_heading(level=level)
        self._said(heading, f"{block.label}: ", self.paper.written)
        self._said(heading, block.title.text, block.title.lang)
        if block.place:
            self._said(heading, f", {block.place}", self.paper.written)
        if block.trail:
            paragraph = self.document.add_paragraph()
            self._said(paragraph, block.trail.text, block.trail.lang)
            paragraph.paragraph_format.keep_with_next = True
        if block.warning:
            paragraph = self.document.add_paragraph()
            self._warn(paragraph, block.warning)
            paragraph.paragraph_format.keep_with_next = True
        self._parts(block.parts, block.lang, "Intense Quote")
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(6)
        self._said(paragraph, block.reference.text, block.reference.lang)
        self._facts(block.facts)
        paragraph = self.document.add_paragraph()
        self._link(paragraph, f"{self.say('open')}: {block.label.lower()}", block.kjelda)
        if web(block.original):
            self._said(paragraph, " · ", self.paper.written)
            words = f"{self.say('source_open')}: {block.label.lower()}"
            self._link(paragraph, words, block.original or "")

    def _facts(self, facts: Sequence[Fact]) -> None:
        paragraph = self.document.add_paragraph()
        for number, fact in enumerate(facts):
            lead = " · " if number else ""
            self._said(paragraph, f"{lead}{fact.label}: ", self.paper.written)
            self._said(paragraph, fact.value.text, fact.value.lang)

    def _table(self, facts: Sequence[Fact]) -> None:
        """Two columns with a header row that is one, so that a reader knows what each cell is."""
        from docx.oxml.ns import qn
        from docx.shared import Mm

        table = self.document.add_table(rows=1, cols=2, style="Table Grid")
        heads = (self.say("export_fact"), self.say("export_value"))
        for cell, words in zip(table.rows[0].cells, heads, strict=True):
            self._said(cell.paragraphs[0], words, self.paper.written).bold = True
        properties = table.rows[0]._tr.get_or_add_trPr()
        header = properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
        properties.append(header)
        for fact in facts:
            label, value = table.add_row().cells
            self._said(label.paragraphs[0], fact.label, self.paper.written)
            self._said(value.paragraphs[0], fact.value.text, fact.value.lang)
        table.autofit = False
        table.columns[0].width, table.columns[1].width = Mm(42), Mm(118)
        for row in table.rows:
            row.cells[0].width, row.cells[1].width = Mm(42), Mm(118)
        self.document.add_paragraph()

    def _parts(self, parts: Sequence[Part], lang: str, style: str | None) -> None:
        for part in parts:
            if part.is_list:
                for line in part.lines:
                    entry = "List Bullet" if style is None else LIST_IN_QUOTE
                    self._said(self.document.add_paragraph(style=entry), line, lang)
                continue
            paragraph = self.document.add_paragraph(style=style)
            for number, line in enumerate(part.lines):
                run = self._said(paragraph, line, lang)
                if number < len(part.lines) - 1:
                    run.add_break()

    def _heading(self, words: str, lang: str, level: int) -> None:
        self._said(self.document.add_heading(level=level), words, lang)

    def _said(self, paragraph: Any, words: str, lang: str) -> Any:
        run = paragraph.add_run(safe(words))
        if lang != self.paper.written:
            _set_language(run._r.get_or_add_rPr(), lang)
        return run

    def _warn(self, paragraph: Any, words: str) -> None:
        from docx.shared import RGBColor

        run = self._said(paragraph, words, self.paper.written)
        run.bold = True
        run.font.color.rgb = RGBColor.from_string(_WARNING_COLOUR)

    def _link(self, paragraph: Any, words: str, url: str) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml.ns import qn
        from docx.shared import RGBColor

        relation = paragraph.part.relate_to(
            safe(url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True
        )
        element = paragraph._p.makeelement(qn("w:hyperlink"), {qn("r:id"): relation})
        run = self._said(paragraph, words, self.paper.written)
        run.underline = True
        run.font.color.rgb = RGBColor.from_string(_LINK_COLOUR)
        element.append(run._r)
        paragraph._p.append(element)


def _set_language(properties: Any, lang: str) -> None:
    """Put w:lang into run properties; for an unknown language, that there is nothing to check."""
    from docx.oxml.ns import qn

    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    found = properties.makeelement(qn("w:lang"), {})
    _fill(found, lang)
    properties.append(found)


def _fill(element: Any, lang: str) -> None:
    from docx.oxml.ns import qn

    for name in ("val", "eastAsia"):
        element.set(qn(f"w:{name}"), tag(lang) or "x-none")


def _field(paragraph: Any, name: str) -> None:
    """A field that Word fills in: PAGE or NUMPAGES."""
    from docx.oxml.ns import qn

    field = paragraph._p.makeelement(qn("w:fldSimple"), {qn("w:instr"): name})
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


def _plain_fonts(style: Any) -> None:
    """Headings in the text's own typeface: the template's theme font is not everywhere."""
    from docx.oxml.ns import qn

    for fonts in style.iter(qn("w:rFonts")):
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for name in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{name}"), "Calibri")


def _left_line(style: Any) -> None:
    """A line at the left of quotes instead of the template's line below."""
    from docx.oxml.ns import qn

    properties = style.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    border = properties.makeelement(qn("w:pBdr"), {})
    left = border.makeelement(
        qn("w:left"),
        {
            qn("w:val"): "single",
            qn("w:sz"): "24",
            qn("w:space"): "8",
            qn("w:color"): _LINK_COLOUR,
        },
    )
    border.append(left)
    properties.insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
