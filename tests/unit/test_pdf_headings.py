"""Headings, lists and furniture of PDFs: what a citation is named by must be the right place."""

import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from corpus.documents import Section
from ingest.extract import Extracted, extract, furniture, pages
from ingest.extract.bullets import with_bullets
from ingest.extract.geometry import Box
from ingest.extract.lines import Line, flowing, one_line, tidied
from ingest.extract.segments import Segment
from ingest.read import SourceFile

BENCH = Path(__file__).parents[3] / "shared" / "bench" / "pdf" / "documents"
TEXT = "Kommunen skal sørge for at reglene blir fulgt, og at ingen blir"
REST = "glemt i arbeidet med saken."

Row = tuple[str, str, float]  # text, font, size; "" is a gap


def made(*sheets: Sequence[Row], title: str = "") -> bytes:
    """A PDF of lines, each with its font and size."""
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=A4, invariant=1)
    if title:
        paper.setTitle(title)
    for sheet in sheets:
        y = 780.0
        for text, font, size in sheet:
            y -= 1.25 * size if text else 8
            paper.setFont(font, size)
            paper.drawString(70, y, text)
        paper.showPage()
    paper.save()
    return out.getvalue()


def bold(text: str, size: float = 11) -> Row:
    return (text, "Times-Bold", size)


def plain(*texts: str) -> list[Row]:
    return [(text, "Times-Roman", 11.0) for text in texts]


GAP: Row = ("", "Times-Roman", 11.0)


def read(data: bytes, name: str = "lov-om-proving.pdf") -> Extracted:
    return extract(SourceFile("file:x.pdf", name, content=data))


def sections(data: bytes) -> tuple[Section, ...]:
    return read(data).document.sections


def numbers(data: bytes) -> list[str | None]:
    return [section.place.section for section in sections(data)]


@pytest.mark.parametrize("end", ["mv.", "m.v.", "m.m.", "osv.", "o.l.", ""])
def test_a_paragraph_whose_heading_ends_in_an_abbreviation_has_its_own_section(end: str) -> None:
    """The text of § 2 is filed under § 2, not under the § before it."""
    rows: list[Row] = [bold("Lov om prøving", 20)]
    for n, name in enumerate(("Formål", f"Tilsyn {end}".strip(), "Klage"), 1):
        rows += [bold(f"§ {n}. {name}"), *plain(f"(1) Paragraf {n}. {TEXT}", REST)]
    found = sections(made(rows))
    assert [s.place.section for s in found] == ["§ 1", "§ 2", "§ 3"]
    assert found[1].text.startswith("(1) Paragraf 2.")


def test_a_bold_heading_of_a_paragraph_may_take_two_lines_and_end_a_page() -> None:
    """Its text begins on the next page, and its hyphen stays."""
    first = [*plain(TEXT, REST), bold("§ 1. Formål"), *plain(TEXT, REST, TEXT, REST)]
    first += [bold("§ 2. Kommunestyre-"), bold("og fylkestingsvalget i landet")]
    found = sections(made(first, plain(f"(1) {TEXT}", REST)))
    assert found[-1].headings == ("§ 2. Kommunestyre- og fylkestingsvalget i landet",)
    assert (found[-1].place.section, found[-1].place.page) == ("§ 2", 2)


def test_headings_in_the_type_of_the_text_count_on() -> None:
    """A short capitalised title in sequence is a heading; references and wrapped lines are not."""
    rows = plain("Forskrift om prøving av reglene i kommunene og fylkeskommunene her")
    for n, name in enumerate(("Formål", "Tilsyn mv.", "Klage"), 1):
        rows += [GAP, *plain(f"§ {n}. {name}", f"(1) {TEXT}", REST)]
    rows += [GAP, *plain("§ 4 gjelder tilsvarende for andre saker enn dem som er nevnt ovenfor.")]
    rows += plain("Kommunen skal følge reglene som er gitt i denne forskriften og etter")
    rows += plain("§ 4. Departementet har likevel siste ord i slike saker som disse her.")
    rows += [GAP, *plain("§ 9. Ute av rekken", f"(1) {TEXT}", REST)]
    assert numbers(made(rows)) == [None, "§ 1", "§ 2", "§ 3"]


def test_a_paragraph_without_a_title_is_cited_by_its_number_and_kept_whole() -> None:
    """Such as "§ 2. Departementet kan ...": it is the text of § 2, word for word."""
    rows = [bold("Forskrift om prøving", 20)]
    rows += [*plain(f"§ 1. {TEXT}", REST), GAP, *plain(f"§ 2. {TEXT}", REST)]
    found = sections(made(rows))
    assert [s.place.section for s in found] == ["§ 1", "§ 2"]
    assert found[1].text == f"§ 2. {TEXT} {REST}"


def test_a_paragraph_before_a_table_in_small_type_is_not_taken_for_its_heading() -> None:
    """It leads on to the table with a colon, and counts on from the § before it."""
    rows = [bold("Vedtak om avgift", 20), *plain(f"§ 1 {TEXT}", REST), GAP]
    rows += [
        *plain("§ 2 Avgift skal betales med følgende beløp i året:"),
        ("Bil", "Times-Roman", 9),
    ]
    assert numbers(made(rows)) == ["§ 1", "§ 2"]


def test_titles_that_fill_their_line_or_have_a_letter() -> None:
    """The paragraphs' indent tells where a title ends; § 2 A is another § than § 2."""
    paper = io.BytesIO()
    page = canvas.Canvas(paper, pagesize=A4, invariant=1)
    y = 780
    for name in ("1 Formuesskatt til staten – upersonlig skattyter", "2 Skatt på", "2 A Skatt på"):
        for left, text in (
            (70, f"§ {name} {'grunnrenteinntekt' if name[0] == '2' else ''}".strip()),
            (86, "Selskaper som er nevnt i loven, og som ikke er"),
            (70, "fritatt, svarer skatt til staten etter denne satsen."),
        ):
            page.drawString(left, y, text)
            y -= 14
    page.save()
    found = sections(paper.getvalue())
    assert [s.place.section for s in found] == ["§ 1", "§ 2", "§ 2 A"]
    assert all(s.text.startswith("Selskaper") for s in found)


def test_a_table_of_contents_and_a_quotation_are_no_sections() -> None:
    """Entries without text between them, and the wording that another act is to have."""
    rows = [bold("Lov om prøving", 20), *plain("§ 1. Formål", "§ 2. Klage"), GAP]
    rows += [bold("§ 1. Formål"), *plain(TEXT, REST), bold("§ 2. Endringer i andre lover")]
    rows += plain("I lov 20. juni 2014 nr. 30 om kredittvurderingsbyråer skal § 1 lyde:")
    rows += [bold("§ 1. EØS-regler om byråer"), *plain(TEXT, REST)]
    assert numbers(made(rows)) == [None, "§ 1", "§ 2"]


def test_chapters_start_anew_and_paragraphs_stand_below_them() -> None:
    """§ 2-1 after § 1-2, under the chapter it belongs to, in any type."""
    rows: list[Row] = []
    for chapter, name in ((1, "Innledning"), (2, "Gjennomføring")):
        rows += [bold(f"Kapittel {chapter}. {name}", 14)]
        for n in (1, 2):
            rows += [GAP, *plain(f"§ {chapter}-{n} Formål", f"(1) {TEXT}", REST)]
    found = sections(made(rows))
    assert [(s.headings[0], s.place.section) for s in found] == [
        ("Kapittel 1. Innledning", "§ 1-1"),
        ("Kapittel 1. Innledning", "§ 1-2"),
        ("Kapittel 2. Gjennomføring", "§ 2-1"),
        ("Kapittel 2. Gjennomføring", "§ 2-2"),
    ]


def test_large_headings_of_many_lines_on_a_short_page() -> None:
    """One page, few lines: what stands out is a heading, at the foot of the page too."""
    rows = [bold("Lov om prøving", 24), *plain(TEXT, REST, TEXT, REST)]
    rows += [bold(line, 18) for line in ("Kven kan røyste", "ved", "kommunestyre- og", "fylkesval")]
    rows += [*plain(TEXT, REST), *(bold(line, 18) for line in ("Tiltak for lese-", "og skriving"))]
    found = sections(made(rows, plain(TEXT, REST)))
    assert [s.headings[-1] for s in found] == [
        "Lov om prøving",
        "Kven kan røyste ved kommunestyre- og fylkesval",
        "Tiltak for lese- og skriving",
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Kommunestyre-", "og fylkestingsvalet"), "Kommunestyre- og fylkestingsvalet"),
        (("Lese-", "eller skrivevanskar"), "Lese- eller skrivevanskar"),
        (("Lov om motstandsdyktighet (DORA-", "loven)"), "Lov om motstandsdyktighet (DORA-loven)"),
        (("Næringsutvikling i STN-", "området"), "Næringsutvikling i STN-området"),
        (("Finansdeparte-", "mentet"), "Finansdepartementet"),
    ],
)
def test_hyphens_in_headings_are_those_of_running_text(
    texts: tuple[str, str], expected: str
) -> None:
    """Suspended ones keep their space, those of abbreviations stay, soft ones go."""
    assert one_line([Line(text) for text in texts], Counter()) == expected


def test_numbers_tell_the_levels_and_no_heading_is_lost() -> None:
    """Sizes that contradict the numbers, a heading of two lines, and one without text."""
    rows = [bold("4. Arealformål", 12), bold("4.1.1 Bebyggelse", 14), *plain(TEXT, REST), GAP]
    rows += [bold("5. Bestemmelser til hensynssoner (§§ 12-6, 12-7 og 11-8)", 12)]
    first = "5.1 Særlige hensyn til landbruk, reindrift, friluftsliv, landskap"
    other = "eller bevaring av naturmiljø eller kulturmiljø (§ 11-8 c)"
    rows += [bold(first, 10.5), bold(other, 10.5)]
    rows += [*plain(TEXT, REST), GAP, bold("6. Til slutt", 12), GAP]
    rows += [bold("7. Etter slutt", 12)]
    rows += plain(TEXT, REST)
    found = sections(made(rows))
    assert [s.headings for s in found] == [
        ("4. Arealformål", "4.1.1 Bebyggelse"),
        (
            "5. Bestemmelser til hensynssoner (§§ 12-6, 12-7 og 11-8)",
            f"{first} {other}",
        ),
        ("6. Til slutt",),
        ("7. Etter slutt",),
    ]
    assert found[2].text == "6. Til slutt"


def test_a_chapter_beside_the_page_number_is_furniture_whatever_its_words() -> None:
    """A head that changes on every page; a row of a table with another number stays."""
    sheets = [
        [Line(f"{n}.1. {name} | {n}"), *(Line(f"{TEXT} {name} {i}") for i in range(9))]
        for n, name in enumerate(("BEVARING", "ARKIV", "KASSASJON", "UTTREKK"), 1)
    ]
    sheets[1].insert(0, Line("Bensin | 1537"))
    cleaned = furniture.without_furniture(sheets, list("1234"), None)
    assert [page[0].text.partition(" ")[0] for page in cleaned] == [
        "Kommunen",
        "Bensin",
        "Kommunen",
        "Kommunen",
    ]


@pytest.mark.parametrize("mark", ["•", "▸", "■", "○", "◆", "\uf0b7", "\uf0d8", "✓"])
def test_signs_of_lists_begin_points(mark: str) -> None:
    """Whatever sign is set, those of symbol fonts too."""
    lines = tidied([Line(f"{mark} første punkt"), Line(f"{mark}andre punkt")])
    assert flowing(lines, Counter()) == ["- første punkt", "- andre punkt"]


def test_marks_that_are_drawn_begin_points() -> None:
    """Small figures before lines, below each other; one alone or a surface is none."""
    lines = [Segment(f"punkt {n}", 65.0, 200.0, 400.0 - 12 * n, 8.5, False) for n in range(3)]
    marks = [Box(54.0, 401.0 - 12 * n, 57.0, 405.0 - 12 * n) for n in range(2)]
    told = with_bullets(lines, [*marks, Box(40, 300, 300, 500)])
    assert [segment.text for segment in told] == ["• punkt 0", "• punkt 1", "punkt 2"]
    assert with_bullets(lines, marks[:1]) == lines
    ornament = [marks[0], Box(55.0, 388.0, 57.0, 390.0)]
    assert with_bullets(lines, ornament) == lines


def test_a_paragraph_after_a_list_is_none_of_its_points() -> None:
    """It is set apart, or stands left of marks that the points' own lines hang from."""
    hanging = [
        Line("m. artikkel 28 om generelle prinsipper for forsvarlig styring av", left=77),
        Line("risiko, og", left=89),
        Line("n. artikkel 42 om hensyn til risiko hos andre leverandører av slikt.", left=77),
        Line("Første punktum gjelder tilsvarende for forskrifter som er gitt her.", left=71),
    ]
    assert len(flowing(hanging, Counter())) == 3
    apart = [
        Line("- teknisk sikkerhet", 11, left=71),
        Line(
            "Senteret skal være en driver for digital sikkerhet i hele Norge.",
            11,
            starts=True,
            left=71,
        ),
    ]
    assert len(flowing(apart, Counter())) == 2
    indented = [
        Line("(1) Departementet kan gi forskrift om gebyr for saker etter loven.", left=85),
        Line("Norges Bank og andre skal høres før forskriften blir gitt av dem.", left=71),
    ]
    assert len(flowing(indented, Counter())) == 1


@pytest.mark.parametrize(
    "junk",
    ["about:blank", "Microsoft Word - lov.docx", "https://lovdata.no/x", "lov.html", "utkast.odt"],
)
def test_what_programs_write_is_no_title(junk: str) -> None:
    """The largest print of the first page is, over its lines."""
    rows = [bold("Lov om prøving av motstand (DORA-", 20), bold("loven)", 20), *plain(TEXT, REST)]
    assert read(made(rows, title=junk)).document.title == "Lov om prøving av motstand (DORA-loven)"


def test_a_masthead_and_a_chapter_number_are_no_titles() -> None:
    """The series and the kind of paper say nothing of the document; a number is of the chapter."""
    rows = [bold("NORSK LOVTIDEND", 30), bold("Avd. I Lover og sentrale forskrifter mv.", 20)]
    rows += [bold("2 Lov om prøving", 14), *plain(TEXT, REST)]
    assert read(made(rows)).document.title == "Lov om prøving"
    flat = read(made(plain("Ja", TEXT, REST)), "lov-om_proving.pdf").document
    assert flat.title == "lov om proving"


def with_pictures(filled: set[int], count: int) -> bytes:
    """Pages of text, some of which are covered by a drawing instead."""
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=A4, invariant=1)
    for page in range(1, count + 1):
        if page in filled:
            for n in range(150):
                paper.rect(5 * (n % 100), 5 * n, 60, 40, fill=1)
        elif page % 2:
            paper.drawString(70, 700, f"{TEXT} {'abcdefghij'[page - 1] * 9}")
        paper.showPage()
    paper.save()
    return out.getvalue()


def test_only_pages_whose_text_may_be_missed_are_warned_of() -> None:
    """A drawing over a page within; not covers, and not blank pages."""
    assert read(with_pictures({1, 5, 10}, 10)).warnings == ("no text on page 5",)


@pytest.mark.bench
def test_the_paragraphs_of_an_act() -> None:
    """Every § of lovtidend_dora_2025.pdf has its section, and its amendments make none."""
    path = BENCH / "lovtidend_dora_2025.pdf"
    if not path.exists():
        pytest.skip("needs ../shared/bench/pdf, which is not part of the repository")
    data = path.read_bytes()
    found = numbers(data)
    assert list(dict.fromkeys(n for n in found if n)) == [f"§ {n}" for n in range(1, 7)]
    assert [p.page for p in pages(SourceFile("file:x.pdf", "x.pdf", content=data))] == [
        *range(1, 7)
    ]
