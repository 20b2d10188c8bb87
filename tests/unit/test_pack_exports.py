"""Exports, opened again by other programs: whole, marked with language, safe."""

from __future__ import annotations

import io
import itertools
import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pptx
import pypdf
import pytest
import rispy
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from pybtex.database import parse_string

from api.packs.errors import ExportUnavailable
from api.packs.exports.formats import FORMATS, Context, filename
from api.packs.exports.paper import Paper, Part, compose, parts_of
from api.packs.exports.slides import LINE, ROOM, split
from api.packs.model import Heading, Note
from tests.unit.packs import ACT, BILL, DAY, HOSTILE, LANGUAGE_ACT, PDF, pack

ADDRESS = "https://kjelda.example.no"
NB = Context("nb", ADDRESS, date(2026, 12, 1), date(2026, 11, 20))
NN = replace(NB, written="nn")
PRINTED = ("docx", "pptx", "pdf", "md", "html")
# What every export must say of every quote, in Bokmål.
TOLD = (
    "Fylkeskommunen er ansvarlig.",
    "§ 4",
    "Lovdata",
    "Gjeldende",
    "6. november 2020",
    "1. januar 2026",
    "Føremålet med lova er å styrkje norsk språk.",
    "Kunnskapsdepartementet & co",
    "Erstattet. Dette dokumentet er erstattet av et nyere. Det gjelder ikke lenger.",
    "Forslag. Dette er et forslag. Det er ikke vedtatt og gjelder ikke.",
    "25. november 2026",
    "1. desember 2026",
    "20. november 2026",
    "hvem har ansvar for integrering?",
    (
        "Lov 6. november 2020 nr. 127 om integrering gjennom opplæring, utdanning og arbeid "
        "(integreringsloven) § 4"
    ),
    "Hvem har ansvaret?",
    "Start med et spørsmål som alle kan svare på.",
)
LINKS = (
    f"{ADDRESS}/dokument/lov-2020-11-06-127?passage=3&utgave=2#sitat",
    "https://lovdata.no/dokument/NL/lov/2020-11-06-127/%C2%A74",
    "https://www.regjeringen.no/no/dokumenter/id3100000/#page=12",
)


def made(name: str, context: Context = NB, **fields: Any) -> bytes:
    return FORMATS[name].write(pack(**fields), context)


def docx_text(raw: bytes) -> tuple[str, set[str]]:
    document = docx.Document(io.BytesIO(raw))
    body = document.element.body
    said = "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in body.iter(f"{W}p"))
    return said, {r.target_ref for r in document.part.rels.values() if r.is_external}


def pptx_text(raw: bytes) -> tuple[str, set[str]]:
    show = pptx.Presentation(io.BytesIO(raw))
    said, links = [], set()
    for slide in show.slides:
        for shape in slide.placeholders:
            for paragraph in shape.text_frame.paragraphs:
                said.append("".join(run.text for run in paragraph.runs))
                links |= {r.hyperlink.address for r in paragraph.runs if r.hyperlink.address}
        said.append(slide.notes_slide.notes_text_frame.text)
    # In the notes addresses stand as text.
    return "\n".join(said), links | set(re.findall(r"https://\S+", "\n".join(said)))


def pdf_text(raw: bytes) -> tuple[str, set[str]]:
    reader = pypdf.PdfReader(io.BytesIO(raw))
    said = " ".join(page.extract_text() for page in reader.pages)
    links = {
        str(a.get_object()["/A"]["/URI"])
        for page in reader.pages
        for a in page.get("/Annots", [])
        if "/A" in a.get_object() and "/URI" in a.get_object()["/A"]
    }
    return said, links


def html_text(raw: bytes) -> tuple[str, set[str]]:
    page = BeautifulSoup(raw, "html.parser")
    return page.get_text(" "), {a["href"] for a in page.find_all("a")}


def md_text(raw: bytes) -> tuple[str, set[str]]:
    body = raw.decode().split("---\n", 2)[2]
    return html_text(MarkdownIt("commonmark").render(body).encode())


READ = {
    "docx": docx_text,
    "pptx": pptx_text,
    "pdf": pdf_text,
    "html": html_text,
    "md": md_text,
}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("- ", "-")


@pytest.mark.parametrize("name", PRINTED)
def test_every_export_tells_all_of_every_quote(name: str) -> None:
    """Words, place, publisher, status, dates, warning, query and reference; and both links."""
    said, links = READ[name](made(name))
    said = flat(said)
    assert [part for part in TOLD if flat(part) not in said] == []
    # A browser writes the § of a link encoded; Markdown's reader decodes nothing.
    assert [link for link in LINKS if link not in links] == []


@pytest.mark.parametrize("name", PRINTED)
def test_what_stands_in_documents_and_notes_is_text(name: str) -> None:
    """A script, a link or a TeX command comes out as it was written, and does nothing."""
    said, links = READ[name](made(name, title=f"Kurs {HOSTILE}"))
    assert flat(said).replace(" ", "").count(HOSTILE.replace(" ", "")) >= 3
    assert not [link for link in links if not link.startswith("https://")]


@pytest.mark.parametrize("name", PRINTED)
def test_no_export_gives_the_secret_link_away(name: str) -> None:
    """An export is handed out; the pack's address is not in it."""
    said, links = READ[name](made(name))
    assert "/pakke/" not in said + " ".join(links)


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_pack_can_be_given_out(name: str) -> None:
    """Without items every format is still a whole file."""
    assert FORMATS[name].write(replace(pack(), items=()), NN) is not None


def test_docx_marks_language_and_structure() -> None:
    """Title, language of the whole and of Nynorsk runs, headings, quote style, a header row."""
    document = docx.Document(io.BytesIO(made("docx")))
    assert (
        document.core_properties.title,
        document.core_properties.language,
    ) == ("Kurs om integrering", "nb-NO")
    normal = document.styles["Normal"].element.find(f"{W}rPr/{W}lang")
    assert normal.get(f"{W}val") == "nb-NO"
    langs = {
        run.text: run._r.find(f"{W}rPr/{W}lang")
        for p in document.paragraphs
        for run in p.runs
        if p.style.name == "Intense Quote"
    }
    assert langs[LANGUAGE_ACT.text].get(f"{W}val") == "nn-NO"
    assert langs["Fylkeskommunen er ansvarlig."] is None
    styles = [p.style.name for p in document.paragraphs]
    assert {"Title", "Heading 1", "Heading 2", "Intense Quote", "List Bullet"} <= set(styles)
    assert document.tables[0].rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None
    assert "en-US" not in zipfile.ZipFile(io.BytesIO(made("docx"))).read("word/styles.xml").decode()


def test_pptx_has_a_title_on_every_slide_and_only_placeholders() -> None:
    """Titles that differ, language on each run, the source on the slide and in the notes."""
    show = pptx.Presentation(io.BytesIO(made("pptx")))
    titles = [slide.shapes.title.text_frame.text for slide in show.slides]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    assert all(shape.is_placeholder for slide in show.slides for shape in slide.shapes)
    runs = [
        run
        for slide in show.slides
        for shape in slide.placeholders
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
    ]
    langs = {run._r.rPr.get("lang") for run in runs if run.text.strip()}
    assert langs <= {"nb-NO", "nn-NO", "en-GB"}
    nynorsk = next(run for run in runs if run.text == LANGUAGE_ACT.text)
    assert nynorsk._r.rPr.get("lang") == "nn-NO"
    quoted = [
        s for s in show.slides if "Kilde: " in "".join(p.text_frame.text for p in s.placeholders)
    ]
    assert len(quoted) >= 4
    assert all("Status: " in slide.notes_slide.notes_text_frame.text for slide in quoted)
    assert titles[-1].startswith("Kilder")


def test_a_long_quote_is_split_over_slides_and_nothing_is_lost() -> None:
    """Each slide has room for its lines; together they are the quote, alike in length."""
    sentence = "Kommunen skal sørgje for at alle som treng det, får opplæring i norsk. "
    parts = parts_of((sentence * 20).strip() + "\n\n- ein\n- to\n\n" + "x" * 2 * ROOM)
    slides = split(parts)
    assert len(slides) > 3
    for lines in slides:
        assert sum(len(line) + (-len(line)) % LINE for line in lines) <= ROOM
    joined = "".join("".join(lines) for lines in slides).replace(" ", "").replace("–", "")
    whole = "".join(line for part in parts for line in part.lines).replace(" ", "")
    assert whole == joined
    even = split(parts_of((sentence * 11).strip()))
    sizes = [sum(map(len, lines)) for lines in even]
    assert max(sizes) < 2 * min(sizes)


def test_pdf_is_tagged_with_title_and_language() -> None:
    """PDF/UA-1: marked, a structure tree, language, title shown, headings and lists as such."""
    reader = pypdf.PdfReader(io.BytesIO(made("pdf", NN)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nn"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Kurs om integrering"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    kinds, langs = tags(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/BlockQuote", "/Link"} <= kinds
    assert {"nb", "nn"} <= langs
    assert reader.outline
    # A list holds entries only: other structure in it is no PDF/UA.
    assert children(root["/StructTreeRoot"])["/L"] == {"/LI"}
    assert all(page["/Tabs"] == "/S" for page in reader.pages if "/Annots" in page)


def children(root: Any) -> dict[str, set[str]]:
    """Which kinds of structure elements stand directly in which."""
    found: dict[str, set[str]] = {}
    open_ = [root.get_object()]
    while open_:
        element = open_.pop()
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            one = kid.get_object() if not isinstance(kid, int) else None
            if isinstance(one, dict) and "/S" in one:
                found.setdefault(str(element.get("/S")), set()).add(str(one["/S"]))
                open_.append(one)
    return found


def tags(root: Any) -> tuple[set[str], set[str]]:
    """The kinds of structure elements in a PDF, and the languages set on them."""
    kinds, langs, open_ = set(), set(), [root]
    while open_:
        element = open_.pop().get_object()
        if isinstance(element, list):
            open_ += element
        elif isinstance(element, dict):
            if "/S" in element:
                kinds.add(str(element["/S"]))
            if "/Lang" in element:
                langs.add(str(element["/Lang"]))
            if "/K" in element and not isinstance(element["/K"], int):
                open_.append(element["/K"])
    return kinds, langs


def test_without_pango_the_error_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No silent fallback to something less accessible."""
    import builtins

    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ExportUnavailable) as caught:
        made("pdf")
    assert caught.value.key == "unavailable_pdf"


def test_html_is_one_file_with_the_language_of_its_parts() -> None:
    """Nothing is loaded from anywhere; quotes, titles and notes have their own language."""
    page = BeautifulSoup(made("html", NN), "html.parser")
    assert page.html["lang"] == "nn"
    assert [quote["lang"] for quote in page.find_all("blockquote")] == ["nb", "nn", "nn", "nb"]
    assert not page.find_all(["script", "link", "img", "iframe"])
    assert len(page.find_all("h1")) == 1
    levels = [int(h.name[1]) for h in page.find_all(re.compile("^h[1-6]$"))]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert [li.get_text() for li in page.blockquote.find_all("li")] == ["kurs", "råd"]


def test_markdown_keeps_lines_that_look_like_markup() -> None:
    """A line that begins with a number, a hash or a dash stays what it was."""
    text = (
        "1. januar er en dag.\n\n# ikke overskrift\n\n+ pluss\n\n= lik\n\n> ikke sitat\n\n* stjerne"
    )
    raw = FORMATS["md"].write(pack(Note(text)), NB)
    page = BeautifulSoup(
        MarkdownIt("commonmark").render(raw.decode().split("---\n", 2)[2]), "html.parser"
    )
    assert [p.get_text() for p in page.find_all("p")][-6:] == text.split("\n\n")
    assert not page.find_all(["ol", "blockquote", "h2"])


def test_ris_loads_in_another_program() -> None:
    """Rispy reads type, title, year, number, language, address and places; a law has no author."""
    entries = rispy.loads(made("ris").decode())
    law, language_act, guide, bill = entries
    assert (
        law["type_of_reference"],
        law["year"],
        law["short_title"],
        law["language"],
        law["note"],  # M1: Zotero has it as the act's number
    ) == ("STAT", "2020", "Integreringsloven", "nb-NO", "LOV-2020-11-06-127")
    assert law["urls"] == ["https://lovdata.no/dokument/NL/lov/2020-11-06-127/%C2%A74"]
    assert "authors" not in law
    assert "passage=3&utgave=2" in law["notes"][0]
    assert language_act["language"] == "nn-NO"
    assert (
        guide["type_of_reference"],
        guide["authors"],
    ) == ("RPRT", ["Kunnskapsdepartementet & co,"])
    assert "Erstattet" in guide["notes"][0]
    assert bill["type_of_reference"] == "BILL"


def test_ris_keeps_a_publisher_with_commas_whole() -> None:
    """A program would take what follows the comma for a first name: it is publisher only."""
    name = "Barne-, ungdoms- og familiedirektoratet"
    (entry,) = rispy.loads(FORMATS["ris"].write(pack(replace(PDF, publisher=name)), NB).decode())
    assert (name, None) == (entry["publisher"], entry.get("authors"))


def test_quotes_of_one_document_are_one_reference() -> None:
    """With all their places, and the address of the whole."""
    second = replace(ACT, number=9, place=replace(ACT.place, section="§ 5"), text="Anna.")
    (entry,) = rispy.loads(FORMATS["ris"].write(pack(ACT, second), NB).decode())
    assert entry["start_page"] == "§ 4, § 5"
    assert entry["urls"] == ["https://lovdata.no/dokument/NL/lov/2020-11-06-127"]


def test_csl_json_is_formatted_by_a_csl_processor() -> None:
    """citeproc-py takes every entry; titles keep their Norwegian capitals."""
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    data = json.loads(made("json"))
    assert {item["language"] for item in data} == {"nb-NO", "nn-NO"}
    style = CitationStylesStyle(io.BytesIO(STYLE), validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(data), formatter.plain)
    for item in data:
        bibliography.register(Citation([CitationItem(item["id"])]))
    lines = [str(line) for line in bibliography.bibliography()]
    assert len(lines) == 4
    assert any("Rammeplan for innhaldet i barnehagen" in line and "2011" in line for line in lines)


STYLE = b"""<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">
<info><title>t</title><id>t</id><updated>2026-01-01T00:00:00Z</updated></info>
<citation><layout><text variable="title"/></layout></citation>
<bibliography><layout><names variable="author"/><text variable="title" prefix=" "/>
<date variable="issued" prefix=" "><date-part name="year"/></date></layout></bibliography>
</style>"""


def test_bibtex_loads_in_another_program() -> None:
    """Pybtex reads it; what TeX would take for a command is escaped."""
    entries = parse_string(made("bib").decode(), "bibtex").entries
    assert len(entries) == 4
    law = entries["lov-2020-11-06-127"]
    assert (
        law.fields["langid"],
        law.fields["year"],
        law.fields["number"],
    ) == ("norsk", "2020", "LOV-2020-11-06-127")
    assert entries["file-rammeplan-pdf"].fields["institution"] == r"Kunnskapsdepartementet \& co"
    hostile = replace(BILL, title=HOSTILE)
    title = (
        parse_string(FORMATS["bib"].write(pack(hostile), NB).decode(), "bibtex")
        .entries["regjeringen-id3100000"]
        .fields["title"]
    )
    assert r"\textbackslash{}input\{x\}" in title


def test_a_file_name_is_safe() -> None:
    """Letters, digits and hyphens, whatever the title is."""
    assert filename(pack(title="Kurs: «språk» på 1/2 dag"), "docx") == "kurs-sprak-pa-1-2-dag.docx"
    for title in ("../../etc/passwd", 'a"\r\nX: y', "…", "日本"):
        assert re.fullmatch(r"[a-z0-9-]+\.md", filename(pack(title=title), "md"))


def test_the_language_of_own_words_is_found_out() -> None:
    """A heading in Nynorsk in a Bokmål paper is marked; too few words follow the paper."""
    paper = compose(pack(), "nb", ADDRESS, DAY, None)
    assert [b.said.lang for b in paper.blocks if hasattr(b, "said")] == [("nb"), ("nn")]
    assert compose(pack(Heading("Mat")), "nn", ADDRESS, DAY, None).blocks[0].said.lang == "nn"


def test_paragraphs_and_lists_are_told_apart() -> None:
    """A list goes on over a blank line, and ends at a line of text."""
    assert parts_of("a\nb\n\n- c\n\n- d\ne") == (
        Part(("a", "b")),
        Part(("c", "d"), is_list=True),
        Part(("e",)),
    )


def test_a_base_without_a_date_says_so() -> None:
    """Not known is told, not left out."""
    paper: Paper = compose(pack(PDF), "nn", ADDRESS, DAY, None)
    assert "ikkje kjent" in [fact.value.text for fact in paper.about]
