"""PDF extraction, on PDFs written here and on the real ones of ../shared/bench/pdf."""

import io
import json
from collections import Counter
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from corpus.documents import Language
from ingest.errors import BrokenFile, EmptyFile, EncryptedFile, NoTextLayer, WrongType
from ingest.extract import extract, lines, ocr, pages
from ingest.extract.lines import Line
from ingest.extract.pdf import extract as extract_pdf
from ingest.read import SourceFile

BENCH = Path(__file__).parents[3] / "shared" / "bench" / "pdf"
_LIST = BENCH / "phrases.dev.jsonl"
PHRASES = (
    [json.loads(line) for line in _LIST.read_text("utf-8").splitlines()] if _LIST.exists() else []
)


def pdf(*pages_of_lines: list[str], title: str = "", labels: str = "") -> bytes:
    """A PDF with a line of Helvetica for every line given."""
    objects = ["", ""]
    kids = []
    for text in pages_of_lines:
        shown = "".join(
            f"({line.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T*\n"
            for line in text
        )
        stream = f"BT /F1 11 Tf 14 TL 70 780 Td\n{shown}ET"
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Contents {len(objects)} 0 R /Resources << /Font << /F1 << /Type /Font "
            "/Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {labels} >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    objects.append(f"<< /Title ({title}) >>")
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252"))
    start = out.tell()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    out.write(
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
        f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\n"
        f"startxref\n{start}\n%%EOF".encode()
    )
    return out.getvalue()


def source(data: bytes, name: str = "rapport.pdf") -> SourceFile:
    return SourceFile(f"file:{name}", name, content=data)


BODY = [
    "Fylkeskommunen har ansvar for det regionale integreringsarbeidet og skal utarbeide",
    "planer for kvalifisering av innvandrere i fylket.",
]


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(BODY))))
    writer.encrypt(user_password=password, owner_password="eier", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_sections_carry_heading_page_and_printed_label() -> None:
    """A heading's text goes on over the page, each page with its label."""
    labels = "/PageLabels << /Nums [0 << /S /r >> 1 << /S /D >>] >>"
    data = pdf(
        ["Forord", *BODY],
        ["2.1 Ansvar i fylket", "Kommunen busetter flyktningar etter avtale."],
        ["Staten gjev tilskot til kommunane kvart år."],
        title="Plan",
        labels=labels,
    )
    document = extract(source(data)).document
    assert document.title == "Plan"
    assert [(s.headings, s.place.section, s.place.page) for s in document.sections] == [
        ((), None, 1),
        (("2.1 Ansvar i fylket",), "2.1", 2),
        (("2.1 Ansvar i fylket",), "2.1", 3),
    ]
    assert [s.place.page_label for s in document.sections] == ["i", "1", "2"]


def test_title_falls_back_to_the_file_name() -> None:
    """Word's own metadata is no title."""
    data = pdf(["kort"] + BODY * 3, title="Microsoft Word - utkast3.doc")
    assert "utkast" not in extract(source(data, "handlings-plan_2025.pdf")).document.title


def test_furniture_goes_and_the_text_stays() -> None:
    """Running head, footer and page numbers are left out; a repeated body line is not."""
    made = [
        [
            "Handlingsplan 2025",
            f"Denne siden handler om tema {chr(65 + n)} i planen.",
            *BODY,
            *(f"Punkt {chr(97 + n)} {i} er en egen linje." for i in range(8)),
            "Dette er siste linje på siden.",
            f"Side {n + 1} av 6",
        ]
        for n in range(6)
    ]
    texts = [page.text for page in pages(source(pdf(*made)))]
    assert len(texts) == 6
    for number, text in enumerate(texts):
        assert "Handlingsplan 2025" not in text
        assert "av 6" not in text
        assert f"tema {chr(65 + number)}" in text
    assert [page.page_label for page in pages(source(pdf(*made)))] == list("123456")


def test_a_word_over_two_pages_stands_whole_on_the_first() -> None:
    """The rest of the word is taken from the next page."""
    first = [*BODY, "Barnehagen byggjer på verdigrunn-"]
    got = pages(source(pdf(first, ["laget i samfunnet.", *BODY])))
    assert got[0].text.endswith("verdigrunnlaget")
    assert got[1].text.startswith("i samfunnet.")


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("en bin-", "dende uttalelse", "en bindende uttalelse"),
        ("norsk CO2-", "avgift", "norsk CO2-avgift"),
        ("fiske-", "og fangstfartøy", "fiske- og fangstfartøy"),
        ("alle IKT-", "leverandører", "alle IKT-leverandører"),
        ("se § 9-", "9 i loven", "se § 9-9 i loven"),
        ("bachelor-", "/cand.mag.-graden", "bachelor-/cand.mag.-graden"),
        ("ein ikkje-", "munnleg prøve", "ein ikkje-munnleg prøve"),
        ("samarbeid nord-", "sør i fylket", "samarbeid nord-sør i fylket"),
        ("kriminalitetsføre\u00ad", "byggjande", "kriminalitetsførebyggjande"),
        ("tallet er 12 -", "og mer", None),
        ("ingen strek", "her", None),
    ],
)
def test_hyphens_at_line_ends(before: str, after: str, whole: str | None) -> None:
    """Soft hyphens go, hard ones stay, suspended ones keep their space."""
    assert lines.joined(before, after, Counter()) == whole


def test_the_document_decides_about_hyphens() -> None:
    """A word that stands hyphenated elsewhere keeps its hyphen."""
    words = lines.vocabulary([[Line("det nasjonalt-regionale samarbeidet og en veileder")]])
    assert lines.joined("nasjonalt-", "regionale", words) == "nasjonalt-regionale"
    assert lines.joined("vei-", "leder", words) == "veileder"


def test_ligatures_and_stray_spaces() -> None:
    """Words broken by a ligature glyph or by kerning are whole again."""
    assert lines.tidied([Line("rati\ufb01 sert")]) == [Line("ratifisert")]
    words = Counter(
        {"departementets": 12, "depa": 1, "rtementets": 1, "i": 40, "dag": 9, "idag": 2}
    )
    assert lines.without_stray_spaces("Depa rtementets svar i dag", words) == (
        "Departementets svar i dag"
    )


def test_empty_password_opens_and_a_real_one_does_not() -> None:
    """A file that any reader opens is read; a locked one is one clear line."""
    assert "integreringsarbeidet" in extract(source(encrypted(""))).document.sections[0].text
    with pytest.raises(EncryptedFile, match="password"):
        extract(source(encrypted("hemmelig")))


def test_scans_empty_and_broken_files_say_what_to_do() -> None:
    """No text layer, no bytes, not a PDF, cut short."""
    with pytest.raises(NoTextLayer, match="OCR"):
        extract(source(pdf([], [], [])))
    with pytest.raises(EmptyFile):
        extract(source(b""))
    with pytest.raises(WrongType, match="named as PDF, but the content is plain text"):
        extract(source(b"Bare tekst"))
    with pytest.raises(WrongType, match="content is PDF"):
        extract(source(pdf(BODY), "rapport.docx"))
    with pytest.raises(BrokenFile):
        extract(source(b"%PDF-1.7\n" + b"\x93\x00\x11rot" * 50))


def test_a_blank_page_is_no_fault() -> None:
    """The other pages are kept, and nothing is said: there was nothing to read."""
    extracted = extract(source(pdf(BODY * 4, [], BODY * 4)))
    assert extracted.warnings == ()
    assert [s.place.page for s in extracted.document.sections] == [1, 3]


@pytest.mark.bench
@pytest.mark.parametrize("name", sorted({row["file"] for row in PHRASES}) or [""])
def test_phrases_of_real_documents(name: str) -> None:
    """Phrases that must and must not stand on a page: columns, tables, notes, margins, hyphens."""
    if not name:
        pytest.skip("needs ../shared/bench/pdf, which is not part of the repository")
    path = BENCH / "documents" / name
    texts = {
        page.page: " ".join(page.text.split())
        for page in pages(SourceFile("file:x", path.name, path=path))
    }
    wrong = [
        row
        for row in PHRASES
        if row["file"] == name
        and (row["text"] in texts[row["pdf_page"]]) != (row["type"] == "must")
    ]
    assert wrong == []


def row(level: int, line: int, word: str, confidence: float, height: int = 30) -> str:
    return f"{level}\t1\t1\t1\t{line}\t1\t0\t0\t50\t{height}\t{confidence}\t{word}"


def test_what_tesseract_is_not_sure_of_is_left_out() -> None:
    """Noise of the paper is no word, and a page of it is no page."""
    table = ["head", row(4, 1, "", -1), row(5, 1, "Barn", 95), row(5, 1, "~|", 12)]
    table += [row(5, 2, "lærer", 91), row(5, 2, " ", 95)]
    page = ocr.from_table("\n".join(table))
    assert page is not None
    assert [line.text for line in page.lines] == ["Barn", "lærer"]
    assert page.quality == 93
    assert ocr.from_table("\n".join(["head", row(5, 1, "x", 40)])) is None
    assert ocr.from_table("") is None


def test_a_scan_without_tesseract_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no text, and no silence either."""
    scan = BENCH / "documents" / "skannet_hefte_nn.pdf"
    if not scan.exists():
        pytest.skip("needs ../shared/bench/pdf, which is not part of the repository")
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    with pytest.raises(NoTextLayer, match="tesseract-ocr-nor"):
        extract_pdf(scan.read_bytes())


@pytest.mark.bench
def test_a_scan_is_read_by_ocr_and_marked() -> None:
    """A slanted scan in Nynorsk: its words, its headings, its pages, and how sure that is."""
    scan = BENCH / "documents" / "skannet_hefte_nn.pdf"
    if not scan.exists():
        pytest.skip("needs ../shared/bench/pdf, which is not part of the repository")
    if not ocr.is_installed():
        pytest.skip("needs Tesseract with Norwegian (Debian: tesseract-ocr-nor)")
    found = extract(SourceFile("file:s.pdf", "s.pdf", content=scan.read_bytes()))
    document = found.document
    assert document.ocr is not None
    assert document.ocr > 90
    assert document.language is Language.NYNORSK
    assert [s.headings[-1] for s in document.sections] == [
        "1.1 Språkmiljøet i barnehagen",
        "1.2 Språkleg mangfald i barnehagen",
    ]
    assert [s.place.page for s in document.sections] == [1, 2]
    assert (
        "Barn blir inspirerte til rolleleik når dei har eit godt utval" in document.sections[0].text
    )
    assert any("read by OCR" in warning for warning in found.warnings)
