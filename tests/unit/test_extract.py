"""Media types, HTML, Word, Markdown and plain text into documents."""

import io
import itertools
import json
import re
from datetime import date
from pathlib import Path

import docx
import pytest

from corpus.documents import DocumentType, Language, Place, Status
from corpus.text import normalise_line
from ingest.errors import (
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    IngestError,
    UnsupportedType,
    WrongType,
)
from ingest.extract import Extracted, extract, pages
from ingest.extract.numbering import section_number
from ingest.extract.plain import unwrap
from ingest.read import SourceFile, iter_sources

DOCUMENTS = Path(__file__).parents[3] / "shared" / "documents"
LAW = Path(__file__).parents[3] / "shared" / "bench" / "law"
TODAY = date(2026, 11, 23)


def read(content: str | bytes, name: str) -> Extracted:
    data = content.encode() if isinstance(content, str) else content
    return extract(SourceFile(f"file:{name}", name, content=data), today=TODAY)


ACT = """---
tittel: "Lov om integrering (integreringsloven)"
korttittel: "Integreringsloven"
refid: "lov/2020-11-06-127"
ikrafttredelse: "{start}"
sist-endret-ikrafttredelse: "2026-01-01"
---

# Lov om integrering (integreringsloven)

## Kapittel 1 Innledning

#### § 14 a. Innhold

Programmet skal *minst* inneholde, jf. § 12 , dette:

- opplæring i [norsk](https://example.org)
1. første

*Endret ved lov 9 juni 2023 nr. 24.*

#### § 15. (Opphevet)

*Opphevet ved lov 9 juni 2023 nr. 24.*

```
# ikke en overskrift
```

#### § 3b

En.

### Art 5

To.
"""


def test_lovdata_export() -> None:
    """Front matter gives identity, dates and status; headings give the §."""
    document = read(ACT.format(start="2021-01-01"), "lov-2020-11-06-127.md").document
    assert document.id == "lov-2020-11-06-127"
    assert document.uri == "https://lovdata.no/dokument/NL/lov/2020-11-06-127"
    assert document.type is DocumentType.ACT
    assert document.status is Status.CURRENT
    assert document.short_title == "Integreringsloven"
    assert document.publisher == "Lovdata"
    assert (document.published, document.valid_from, document.updated) == (
        date(2020, 11, 6),
        date(2021, 1, 1),
        date(2026, 1, 1),
    )
    first = document.sections[0]
    assert first.headings == ("Kapittel 1 Innledning", "§ 14 a. Innhold")
    assert first.place == Place(section="§ 14 a", anchor="paragraf-14-a")
    assert first.text == (
        "Programmet skal minst inneholde, jf. § 12, dette:\n\n- opplæring i norsk\n\n"
        "1. første\n\nEndret ved lov 9 juni 2023 nr. 24."
    )
    assert [s.place.section for s in document.sections] == ["§ 14 a", "§ 15", "§ 3b", "Art 5"]
    assert document.sections[1].text.endswith("# ikke en overskrift")


def test_a_section_without_text_is_a_section() -> None:
    """Repealed, or a frame for others: who asks for the § sees that it is empty."""
    text = (
        "# Lov\n\n## § 1. Formål\n\nTekst.\n\n"
        "## § 2. (Opphevet)\n\n*Opphevet ved lov 1 mai 2020.*\n\n"
        "## § 3. (Opphevet)\n\n## § 4. Ramme\n\n### § 4-1. Innhald\n\nTekst.\n\n"
        "## § 5. Andre lover\n\n### I lov 1\n\nTekst.\n\n# Kapittel 2\n\n## § 6. (Oppheva)\n"
    )
    sections = read(text, "lov.md").document.sections
    assert [(s.place.section, s.text) for s in sections] == [
        ("§ 1", "Tekst."),
        ("§ 2", "Opphevet ved lov 1 mai 2020."),
        ("§ 3", "§ 3. (Opphevet)"),
        ("§ 4", "§ 4. Ramme"),
        ("§ 4-1", "Tekst."),
        ("§ 5", "Tekst."),
        ("§ 6", "§ 6. (Oppheva)"),
    ]
    assert sections[-1].headings == ("Kapittel 2", "§ 6. (Oppheva)")


@pytest.mark.parametrize(
    ("start", "status"),
    [
        ("2021-01-01", Status.CURRENT),
        ("2027-01-01", Status.UNKNOWN),
        ("Kongen bestemmer", Status.UNKNOWN),
        ("2010-01-01 – 2020-01-01", Status.EXPIRED),
        ("", Status.CURRENT),
        ("2027-01-01, 2020-01-01", Status.CURRENT),
    ],
)
def test_status_of_an_act_depends_on_today(start: str, status: Status) -> None:
    """Adopted but not in force is never current."""
    assert read(ACT.format(start=start), "lov.md").document.status is status


def test_own_articles() -> None:
    """All keys of Kjelda's own dialect."""
    text = """---
title: Busetjing
uri: https://kjelda.no/busetjing
language: nn
type: guidance
publisher: Kjelda
status: superseded
areas: [2, 1]
published: 2026-01-02
checked: 2026-10-01
valid_to: 2026-12-31
translation_of: https://kjelda.no/bosetting
replaced_by: lov/2020-11-06-127
theme: blue
---
# Busetjing

Tekst om busetjing.

## 1.2 Kven gjer kva

| Kven | Kva |
|------|-----|
| IMDi | ber kommunar |
"""
    extracted = read(text, "busetjing.md")
    document = extracted.document
    assert document.language is Language.NYNORSK
    assert document.type is DocumentType.GUIDANCE
    assert document.status is Status.SUPERSEDED
    assert document.areas == (1, 2)
    assert (document.published, document.updated) == (date(2026, 1, 2), date(2026, 10, 1))
    assert document.valid_to == date(2026, 12, 31)
    assert document.translation_of == "kjelda-no-bosetting"
    assert document.replaced_by == "lov-2020-11-06-127"
    assert document.sections[1].text == "Kven | Kva\nIMDi | ber kommunar"
    assert document.sections[1].place == Place(section="1.2", anchor="1-2")
    assert extracted.warnings == ("front matter: unknown key 'theme'",)


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("type: blogg", "type is 'blogg'; allowed: act, regulation"),
        ("language: no", "language is 'False'; allowed: nb, nn, en, und"),
        ("areas: [7]", "areas is '7'; allowed: 0, 1, 2"),
        ("published: i fjor", "published is 'i fjor'; allowed: a date"),
        ("title: [uferdig\nuri: x", "front matter, line 3"),
        ("published: 2020-13-45", "front matter"),
        ("refid: tull", "refid is 'tull'"),
    ],
)
def test_broken_front_matter_says_key_and_allowed_values(front: str, said: str) -> None:
    """The message is enough to mend the file."""
    with pytest.raises(BrokenFile) as caught:
        read(f"---\n{front}\n---\n\nTekst.\n", "a.md")
    assert said in str(caught.value)


def test_anchors_are_unique_and_a_rule_is_no_front_matter() -> None:
    """Two headings alike get two anchors; --- may also part paragraphs."""
    document = read("---\nTekst.\n\n---\n\n# Tittel\n\n## Frist\n\nA.\n\n## Frist\n\nB.\n", "a.md")
    anchors = [s.place.anchor for s in document.document.sections if s.headings]
    assert anchors == ["frist", "frist-2"]


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("§ 14 a. Innhold", "§ 14 a"),
        ("§ 14 a Innhold", "§ 14 a"),
        ("§ 5 Formål", "§ 5"),
        ("§ 3-3 a. Frist", "§ 3-3 a"),
        ("§ 13A-1. Formålet", "§ 13A-1"),
        ("§ 1-5A. Kort", "§ 1-5A"),
        ("§ 41 a", "§ 41 a"),
        ("Artikkel 5. Mål", "Artikkel 5"),
        ("Kapittel 3 Tidlig kvalifisering", "Kapittel 3"),
        ("4.1.1 Bebyggelse", "4.1.1"),
        ("2. Formål", "2"),
        ("17. mai", None),
        ("2023 Rapport", None),
        ("Lovens § 9. Visum", None),
    ],
)
def test_numbers_of_headings(heading: str, number: str | None) -> None:
    """As printed, and only where a number stands first."""
    assert section_number(heading) == number


@pytest.mark.bench
def test_every_gold_section_of_the_law_set_is_found() -> None:
    """What the questions are judged by stands as a section's number."""
    if not LAW.exists():
        pytest.skip("needs ../shared/bench/law, which is not part of the repository")
    found = {
        item.name: {s.place.section for s in extract(item, today=TODAY).document.sections}
        for item in iter_sources([LAW / "documents"])
        if isinstance(item, SourceFile)
    }
    for line in (LAW / "queries.dev.jsonl").read_text().splitlines():
        for gold in json.loads(line)["gold"]:
            assert gold["section"] in found[gold["file"]], gold


@pytest.mark.bench
def test_every_paragraph_heading_of_an_act_is_a_section() -> None:
    """5 634 headings in 87 acts and regulations: counted, in order, each with its own label."""
    if not LAW.exists():
        pytest.skip("needs ../shared/bench/law, which is not part of the repository")
    counted = 0
    for item in iter_sources([LAW / "documents"]):
        assert isinstance(item, SourceFile)
        headings = re.findall(r"^#{2,6}[ \t]+(§.*)$", item.data.decode(), re.MULTILINE)
        labels = [section_number(normalise_line(heading)) for heading in headings]
        document = extract(item, today=TODAY).document
        found = [s.place.section for s in document.sections if s.place.section in labels]
        assert [label for label, _ in itertools.groupby(found)] == [
            label for label, _ in itertools.groupby(labels)
        ], item.name
        assert all(label and label.startswith("§") for label in labels)
        counted += len(labels)
    assert counted == 5634


PAGE = """<!DOCTYPE html><html lang="nb"><head><title>Om tilskudd - IMDi</title>
<link rel="canonical" href="https://www.imdi.no/tilskudd/">
<meta property="article:published_time" content="2025-03-04T10:00:00Z">
<meta property="og:site_name" content="IMDi"></head><body>
<header><h1>Nettstedet</h1></header><nav>Meny</nav>
<main id="hoved"><h1>Tilskudd</h1><p>Du   kan<br>søke <b>nå</b>.</p>
<h2 id="frist">Frist</h2><p>Fristen er <em>1.</em> mars.</p>
<a name="krav"></a><h3>Krav</h3><ul><li>plan<ul><li>budsjett</li></ul></li></ul>
<ol start="3"><li>søk</li></ol>
<table><tr><th>År</th><th>Sum</th></tr><tr><td>2025</td><td>10</td></tr></table>
<dl><dt>IMDi</dt><dd>direktorat</dd></dl><button>Del</button><aside>Les også</aside>
<script>var x;</script></main><footer>Kontakt</footer></body></html>"""


def test_html_main_content() -> None:
    """Headings, anchors, lists, tables and metadata; nothing of the frame."""
    document = read(PAGE, "side.html").document
    assert (document.title, document.uri) == ("Tilskudd", "https://www.imdi.no/tilskudd/")
    assert document.published == date(2025, 3, 4)
    assert document.publisher == "IMDi"
    assert [(s.headings, s.place.anchor, s.text) for s in document.sections] == [
        ((), None, "Du kan\nsøke nå."),
        (("Frist",), "frist", "Fristen er 1. mars."),
        (
            ("Frist", "Krav"),
            "krav",
            "- plan\n- budsjett\n\n3. søk\n\nÅr | Sum\n2025 | 10\n\nIMDi: direktorat",
        ),
    ]


def test_html_without_main_and_with_a_site_for_canonical() -> None:
    """The body is read without its frame; an address without a path names no page."""
    text = (
        "<html><head><title>Om oss | Fylket</title><link rel=canonical href='https://f.no/'>"
        "</head><body><header>Logo</header><nav>Meny</nav><div>Tekst her.</div></body></html>"
    )
    document = read(text, "om.html").document
    assert (document.title, document.uri) == ("Om oss", "file:om.html")
    assert document.sections[0].text == "Tekst her."
    with pytest.raises(EmptyFile):
        read("<html><body><nav>Meny</nav></body></html>", "tom.html")


def word() -> bytes:
    document = docx.Document()
    document.core_properties.title = "Fra egenskapene"
    document.core_properties.modified = __import__("datetime").datetime(2025, 5, 6)
    document.add_heading("Rettleiing for kommunane", 0)
    document.add_paragraph("Innleiing.")
    document.add_heading("2.1 Ansvar", 2)
    document.add_paragraph("Kommunen skal", style="List Bullet")
    document.add_paragraph("gjere dette", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Kven", "Kva", "IMDi", "ber"], strict=True):
        cell.text = text
    document.add_paragraph("Etter tabellen.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_word_documents() -> None:
    """Headings by style, lists and tables where they stand."""
    document = read(word(), "rettleiing.docx").document
    assert document.title == "Rettleiing for kommunane"
    assert document.updated == date(2025, 5, 6)
    assert [(s.headings, s.place.section, s.text) for s in document.sections] == [
        ((), None, "Innleiing."),
        (
            ("2.1 Ansvar",),
            "2.1",
            "- Kommunen skal\n- gjere dette\n\nKven | Kva\nIMDi | ber\n\nEtter tabellen.",
        ),
    ]
    assert pages(SourceFile("file:a.docx", "a.docx", content=word())) == []


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.docx", word()[:3000], BrokenFile),
        ("a.md", b"", EmptyFile),
        ("a.md", b"  \n\t\n", EmptyFile),
        ("a.md", b"# Bare overskrift\n", EmptyFile),
        ("a.txt", b"tekst\x00med nul", BrokenFile),
        ("a.txt", bytes(range(256)) * 20, WrongType),
        ("a.txt", b"\x89PNG\r\n\x1a\n....", WrongType),
        ("bilde", b"\x89PNG\r\n\x1a\n....", UnsupportedType),
        ("a.html", word(), WrongType),
        ("a.txt", PAGE.encode(), WrongType),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, WrongType),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            EncryptedFile,
        ),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, UnsupportedType),
    ],
)
def test_what_cannot_be_read_is_one_error(
    name: str, content: bytes, error: type[IngestError]
) -> None:
    """Each wrong with its own class and a message in words."""
    with pytest.raises(error) as caught:
        read(content, name)
    assert len(str(caught.value)) > 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_in_any_common_encoding(encoding: str) -> None:
    """Norwegian letters and dashes survive."""
    text = "Rettleiing – for «kommunane»\n\nDette står på første linje, og så bortetter."
    document = read(text.encode(encoding), "notat.txt").document
    assert document.title == "Rettleiing – for «kommunane»"
    assert document.sections[0].text == text


def test_wrapped_lines_flow_and_lists_do_not() -> None:
    """A fixed width is undone; list points keep their lines."""
    long = "Dette er ei linje som er broten ved omlag sytti teikn slik e-post gjer"
    text = f"{long}\n{long}\nog her sluttar det.\n\n- {long}\n{long}\n- kort"
    assert unwrap(text) == f"{long} {long} og her sluttar det.\n\n- {long} {long}\n- kort"
    assert unwrap("Vers ein\nVers to") == "Vers ein\nVers to"


def test_language_of_the_text_beats_a_template() -> None:
    """lang="nb" on a page in Nynorsk is the template's; front matter is believed."""
    nynorsk = "<p>Fylkeskommunen har ikkje ansvar for dei som kjem frå andre kommunar.</p>" * 3
    page = f"<html lang='nb'><body><main>{nynorsk}</main></body></html>"
    assert read(page, "a.html").document.language is Language.NYNORSK


STATUTE = """<!DOCTYPE html><html lang="nb"><head><title>T</title></head><body>
<header class="documentHeader"><dl class="data-document-key-info">
<dt class="dokid">DokumentID</dt><dd class="dokid">{base}/lov/2020-11-06-127</dd>
<dt class="dateInForce">I kraft fra</dt><dd class="dateInForce">2021-01-01</dd>
<dt class="titleShort">Korttittel</dt><dd class="titleShort">Prøvelova</dd>
<dt class="title">Tittel</dt><dd class="title">Lov om prøve</dd>
<dt class="refid">RefID</dt><dd class="refid">lov/2020-11-06-127</dd></dl></header>
<main class="documentBody"><h1>Lov om prøve</h1>
<section class="section" id="kapittel-1"><h2>Kapittel 1. Formål</h2>
<article class="legalArticle" id="kapittel-1-paragraf-1"><h3 class="legalArticleHeader">
<span class="legalArticleValue">§ 14 a</span>. <span class="legalArticleTitle">Innhald</span></h3>
<article class="legalP">Første ledd<sup>1</sup> har:<ul class="defaultList">
<li data-li-identifier="a."><article class="listArticle"><article class="legalP">ein,
<ul><li data-li-identifier="–"><article>indre</article></li></ul></article></article></li>
<li data-li-identifier="2"><article>to</article></li></ul>
<p class="leddfortsettelse">Og held fram.</p></article>
<article class="legalP">Andre ledd.</article>
<table><tr><th>År</th><th>Kr</th></tr><tr><td>2026</td><td>10</td></tr></table>
<article class="changesToParent">Endret ved lov 9 juni 2023 nr. 24.</article></article>
<article class="legalArticle" id="p2"><h3 class="legalArticleHeader"><span>§ 15</span>. (Opphevet)
</h3></article></section>
<section class="section"><h2>II</h2><article class="document-change"><article class="defaultP">
I lov 1 gjøres følgende endringer:</article><article class="change" id="e1">
<article class="defaultP">§ 3 b andre ledd skal lyde:</article><article class="legalP">Ny ordlyd.
</article></article><article class="change"><article class="defaultP">§ 4 oppheves.</article>
</article></article></section></main></body></html>"""


def test_an_act_of_lovdatas_open_data() -> None:
    """§, ledd, lists with their marks, tables, notes, dates; what an act does to others."""
    document = read(STATUTE.format(base="NL"), "nl-20201106-127.xml").document
    assert (document.id, document.type, document.status) == (
        "lov-2020-11-06-127",
        DocumentType.ACT,
        Status.CURRENT,
    )
    assert (document.short_title, document.valid_from) == ("Prøvelova", date(2021, 1, 1))
    first, second, other, changed, repealed = document.sections
    assert first.headings == ("Kapittel 1. Formål", "§ 14 a. Innhald")
    assert first.place == Place("§ 14 a", "kapittel-1-paragraf-1")
    assert first.text == (
        "Første ledd¹ har:\n\na. ein,\n– indre\n2. to\n\nOg held fram.\n\nAndre ledd.\n\n"
        "År | Kr\n2026 | 10\n\nEndret ved lov 9 juni 2023 nr. 24."
    )
    assert (second.place.section, second.text) == ("§ 15", "§ 15. (Opphevet)")
    assert other.headings == ("II",)
    assert (changed.place.section, changed.text) == ("§ 3 b", "Ny ordlyd.")
    assert (repealed.place.section, repealed.text) == ("§ 4", "§ 4 oppheves.")


def test_an_announcement_is_not_the_act_as_it_stands() -> None:
    """Norsk Lovtidend has its own id and address, and says what it is."""
    document = read(STATUTE.format(base="LTI"), "nl-20201106-127.xml").document
    assert document.id == "lti-lov-2020-11-06-127"
    assert document.uri == "https://lovdata.no/dokument/LTI/lov/2020-11-06-127"
    assert document.status is Status.UNKNOWN
    assert document.claims[0].words is not None


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("<?xml version='1.0'?><rss></rss>", UnsupportedType),
        (STATUTE.replace('<dd class="refid">lov/2020-11-06-127</dd>', ""), BrokenFile),
        (STATUTE[: STATUTE.index("<main")], EmptyFile),
    ],
)
def test_other_xml_is_refused(content: str, error: type[IngestError]) -> None:
    """XML of another kind, without the act's name, or a head without a body."""
    with pytest.raises(error):
        read(content, "a.xml")


@pytest.mark.bench
def test_every_paragraph_of_lovdatas_archive_is_a_section() -> None:
    """1 276 files of the archive and the fixtures: each § heading has its label."""
    if not DOCUMENTS.exists():
        pytest.skip("needs ../shared/documents, which is not part of the repository")
    from lxml import html

    from corpus.documents import Document

    found: list[Document] = []
    empty = 0
    headings = 0
    for item in iter_sources([DOCUMENTS / "lovdata-xml"]):
        assert isinstance(item, SourceFile)
        try:
            document = extract(item, today=TODAY, detect=lambda _: Language.BOKMAL).document
        except EmptyFile:
            empty += 1  # a fixture that is a head without a body
            continue
        found.append(document)
        labels = {section.place.section for section in document.sections}
        page = html.document_fromstring(item.data.decode())
        for heading in page.xpath('//*[contains(@class, "legalArticleHeader")]'):
            for note in heading.xpath(".//sup"):
                note.text = ""  # "Artikkel 2⁴"
            assert section_number(normalise_line(heading.text_content())) in labels, item.uri
            headings += 1
    assert (len(found), empty, headings) == (1275, 1, 5166)
    assert len({document.id for document in found}) == 1275
