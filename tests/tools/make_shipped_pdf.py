"""Make the shipped booklet: corpus/documents/negativ-sosial-kontroll-innforing-nb.pdf.

The text is Kjelda's own. Run it again after a change of law:

    pip install reportlab
    python tests/tools/make_shipped_pdf.py [OUTPUT.pdf]

The result is deterministic: the same script and the same reportlab give the same bytes.
The first two pages are numbered i and ii, the rest 1, 2, 3 and so on, both in the footer
and in /PageLabels, so that a reader that trusts only one of the two still cites right.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["SOURCE_DATE_EPOCH"] = "1795392000"  # 2026-11-23, the date of the edition

import reportlab
from reportlab import rl_config

rl_config.invariant = 1

from reportlab.lib.colors import HexColor, white  # noqa: E402
from reportlab.lib.enums import TA_LEFT, TA_RIGHT  # noqa: E402
from reportlab.lib.pagesizes import A5  # noqa: E402
from reportlab.lib.styles import ParagraphStyle  # noqa: E402
from reportlab.lib.units import mm  # noqa: E402
from reportlab.pdfbase import pdfmetrics  # noqa: E402
from reportlab.pdfbase.pdfdoc import PDFString  # noqa: E402
from reportlab.pdfbase.ttfonts import TTFont  # noqa: E402
from reportlab.platypus import (  # noqa: E402
    BaseDocTemplate,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = ROOT / "corpus" / "documents" / "negativ-sosial-kontroll-innforing-nb.pdf"

TITLE = "Negativ sosial kontroll: plikter og hjelp – kort innføring"
URI = "kjelda:negativ-sosial-kontroll-innforing-nb"
CHECKED = "2026-11-23"
FRONT = 2  # pages with roman numbers

INK = HexColor("#1d2a33")
TEAL = HexColor("#0b5563")
PALE = HexColor("#e9f2f3")
RULE = HexColor("#b9ced2")
RED = HexColor("#a3231f")
PALERED = HexColor("#fbeceb")
GREY = HexColor("#5a6870")


def fonts() -> None:
    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in (("K", "Vera"), ("K-B", "VeraBd"), ("K-I", "VeraIt"), ("K-BI", "VeraBI")):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{file}.ttf")))
    pdfmetrics.registerFontFamily("K", normal="K", bold="K-B", italic="K-I", boldItalic="K-BI")


def label(page: int) -> str:
    """The printed label of a physical page (1-based)."""
    return ("i", "ii", "iii", "iv")[page - 1] if page <= FRONT else str(page - FRONT)


def styles() -> dict[str, ParagraphStyle]:
    base = ParagraphStyle(
        "base",
        fontName="K",
        bulletFontName="K",
        fontSize=8.6,
        leading=12.4,
        textColor=INK,
        alignment=TA_LEFT,
        spaceAfter=5,
    )
    make = lambda name, **kw: ParagraphStyle(name, parent=base, **kw)  # noqa: E731
    return {
        "p": base,
        "lead": make("lead", fontSize=9.4, leading=13.6, spaceAfter=7),
        "h1": make("h1", fontName="K-B", fontSize=15, leading=19, textColor=TEAL, spaceAfter=7),
        "h2": make(
            "h2",
            fontName="K-B",
            fontSize=9.8,
            leading=13,
            textColor=TEAL,
            spaceBefore=6,
            spaceAfter=3,
            keepWithNext=1,
        ),
        "li": make("li", leftIndent=10, bulletIndent=1, spaceAfter=2.5),
        "cell": make("cell", fontSize=7.9, leading=10.8, spaceAfter=0),
        "cellb": make("cellb", fontName="K-B", fontSize=7.9, leading=10.8, spaceAfter=0),
        "head": make(
            "head", fontName="K-B", fontSize=7.9, leading=10.8, textColor=white, spaceAfter=0
        ),
        "box": make("box", spaceAfter=0),
        "title": make(
            "title", fontName="K-B", fontSize=23, leading=29, textColor=TEAL, spaceAfter=6
        ),
        "sub": make("sub", fontSize=12, leading=17, textColor=GREY, spaceAfter=14),
        "small": make("small", fontSize=7.6, leading=10.6, textColor=GREY, spaceAfter=4),
        "src": make(
            "src", fontSize=7.5, leading=10.3, spaceAfter=2.5, leftIndent=9, bulletIndent=1
        ),
        "toch": make("toch", fontName="K-B", fontSize=15, leading=19, textColor=TEAL, spaceAfter=7),
        "toc0": make("toc0", fontName="K-B", fontSize=8.8, leading=12.6, spaceAfter=1),
        "toc1": make("toc1", fontSize=7.8, leading=11, textColor=GREY, spaceAfter=0),
        "tocn": make(
            "tocn", fontName="K-B", fontSize=8.8, leading=12.6, alignment=TA_RIGHT, spaceAfter=0
        ),
    }


# ---------------------------------------------------------------- the text
# ("h1", text) starts a chapter, ("h2", text) a section; "red"/"box" are framed paragraphs.
CHAPTERS: list[list[tuple]] = [
    [
        ("h1", "1 Akutt: hvem du ringer"),
        (
            "red",
            "<b>Fare for liv eller helse nå: ring politiet, 112.</b> Kompetanseteamet og "
            "hjelpetelefonene er ikke nødtelefoner.",
        ),
        (
            "table",
            ["Behov", "Hvem", "Nummer"],
            [
                ["Fare nå", "Politiet", "112"],
                ["Ikke akutt", "Politiet", "02800"],
                [
                    "Barn i fare",
                    "Barnevernstjenesten, tilgjengelig til enhver tid (barnevernsloven § 15-3)",
                    "kommunens nummer",
                ],
                ["Barn og unge som vil snakke", "Alarmtelefonen for barn og unge", "116 111"],
                ["Vold i nære relasjoner", "VO-linjen", "116 006"],
                [
                    "Trygt sted for voksne og barn",
                    "Krisesenteret, gratis og døgnåpent, uten henvisning (krisesenterlova § 2)",
                    "kommunens tilbud",
                ],
                ["Råd i en sak", "Kompetanseteamet, mandag–fredag kl. 9–15", "478 090 50"],
                [
                    "Råd og samtale",
                    "Røde Kors-telefonen. Åpningstiden er oppgitt ulikt (9–17 og "
                    "9.00–15.30); sjekk rodekorstelefonen.no",
                    "815 55 201",
                ],
                [
                    "Personen er i utlandet",
                    "Utenriksdepartementets operative senter, døgnåpent",
                    "+47 23 95 00 00",
                ],
            ],
            (29, 57, 32),
        ),
        ("h2", "Før du snakker med familien"),
        (
            "p",
            "Vurder om det kan skade. Vet foreldrene at politi eller barnevern er inne, kan det "
            "fremskynde en reise eller sette barnet eller søsken i fare. Bufdir har dette med i "
            "sine kontrollspørsmål. Spør politiet, barnevernstjenesten eller Kompetanseteamet "
            "først.",
        ),
        ("h2", "Snakk trygt"),
        ("li", "Snakk med den det gjelder alene. Bruk kvalifisert tolk, aldri familie."),
        ("li", "Avtal hvordan dere kan ha kontakt uten at andre ser det."),
        ("li", "Skriv ned hva du fikk vite, når, og hvem du varslet."),
    ],
    [
        ("h1", "2 Plikten til å avverge"),
        (
            "lead",
            "Alle skal søke å avverge visse alvorlige lovbrudd, uten hensyn til taushetsplikt "
            "(straffeloven § 196).",
        ),
        ("h2", "Når plikten gjelder"),
        (
            "p",
            "Det må fortsatt være mulig å avverge lovbruddet eller følgene av det, og det må "
            "fremstå som sikkert eller mest sannsynlig at lovbruddet er eller vil bli begått.",
        ),
        ("h2", "Lovbrudd i listen som er mest aktuelle her"),
        (
            "table",
            ["Paragraf", "Lovbrudd", "Øvre straff"],
            [
                ["§ 253", "tvangsekteskap", "6 år"],
                ["§ 255", "grov frihetsberøvelse", "10 år"],
                ["§ 262 annet ledd", "ekteskap med noen under 16 år", "3 år"],
                ["§ 282 / § 283", "mishandling i nære relasjoner / grov", "6 / 15 år"],
                ["§ 284", "kjønnslemlestelse", "6 år"],
            ],
            (34, 62, 22),
        ),
        (
            "p",
            "Også blant annet § 274 (grov kroppsskade), § 275 (drap) og § 291 (voldtekt) står i "
            "listen. § 285 (grov kjønnslemlestelse, inntil 15 år) er ikke nevnt med eget nummer. "
            "Handle likevel: § 284 står der.",
        ),
        ("h2", "Hva du gjør"),
        (
            "p",
            "Du kan anmelde eller søke å avverge på annen måte. Du må ikke gripe inn fysisk; å "
            "si fra til politi eller barnevern kan være nok (NKVTS, 2020).",
        ),
        ("h2", "Straff og unntak"),
        (
            "p",
            "Brudd kan straffes med bot eller fengsel inntil ett år. Det straffes ikke når "
            "handlingen ikke kom så langt som til straffbart forsøk, eller når plikten ikke "
            "kunne oppfylles uten å utsette deg selv, dine nærmeste eller noen uskyldig for "
            "siktelse, tiltale eller fare for liv, helse eller velferd. Det siste unntaket "
            "gjelder ikke for foreldre og andre med daglig omsorg når den som rammes, er "
            "mindreårig (§ 196 tredje og fjerde ledd).",
        ),
    ],
    [
        ("h1", "3 Meldeplikten til barnevernet"),
        (
            "lead",
            "Den som arbeider for et forvaltningsorgan, skal uten hinder av taushetsplikt "
            "melde fra uten ugrunnet opphold når det er grunn til å tro at et barn blir eller "
            "vil bli mishandlet eller utsatt for annen alvorlig omsorgssvikt "
            "(barnevernsloven § 13-2).",
        ),
        ("h2", "Terskelen"),
        (
            "p",
            "«Grunn til å tro» er lavere enn i plikten til å avverge. Du trenger ikke være "
            "sikker, men det må foreligge noe konkret. Plikten er personlig (Bufdir). "
            "Bestemmelsen nevner ikke tvangsekteskap eller kjønnslemlestelse med egne ord.",
        ),
        ("h2", "Din egen lov"),
        (
            "table",
            ["Tjeneste", "Bestemmelse"],
            [
                ["Barnehage", "barnehageloven § 46"],
                ["Skole og voksenopplæring", "opplæringslova § 24-3"],
                ["Privatskole", "privatskolelova § 7-4"],
                ["Helsetjenesten", "helsepersonelloven § 33"],
                ["Introduksjonsprogram, norskopplæring", "integreringsloven § 49"],
                ["Sosiale tjenester i Nav", "sosialtjenesteloven § 45"],
                ["Krisesenter", "krisesenterlova § 6"],
                ["Familievernkontor", "familievernkontorloven § 10"],
            ],
            (59, 59),
        ),
        ("h2", "Etter at du har meldt"),
        (
            "li",
            "Barnevernstjenesten skal gå gjennom meldingen snarest og senest innen en uke "
            "(barnevernsloven § 2-1).",
        ),
        (
            "li",
            "Den skal innen tre uker bekrefte at meldingen er mottatt, og opplyse offentlige "
            "meldere om det er satt i gang undersøkelse (§ 13-3). Det finnes unntak.",
        ),
        ("li", "Barnevernet kan senere gi pålegg om opplysninger (§ 13-4)."),
    ],
    [
        ("h1", "4 Tvangsekteskap, barneekteskap og kjønnslemlestelse"),
        ("h2", "Tvangsekteskap"),
        (
            "p",
            "Straffbart med inntil seks år når noen tvinges ved vold, frihetsberøvelse, annen "
            "straffbar eller urettmessig atferd eller utilbørlig press. Det gjelder også "
            "ekteskapslignende forbindelser, og den som medvirker til en utenlandsreise med "
            "forsett om slik tvang (straffeloven § 253).",
        ),
        (
            "box",
            "<b>Fristen er ett år.</b> Den som ble tvunget, kan reise søksmål om ugyldighet "
            "innen ett år etter å ha blitt fri for tvangen, og senest fem år etter at "
            "ekteskapet ble inngått (ekteskapsloven § 16). De samme fristene gjelder for "
            "skilsmisse på grunn av tvang (§ 23). Eldre tekster sier seks måneder.",
        ),
        ("h2", "Barneekteskap"),
        (
            "p",
            "Den som er under 18 år, kan ikke inngå ekteskap (ekteskapsloven § 1 a). Ekteskap "
            "eller ekteskapslignende forbindelse med noen under 16 år straffes med inntil tre år "
            "(straffeloven § 262). Ekteskap fra utlandet anerkjennes som hovedregel ikke når en "
            "part var under 18 år (ekteskapsloven §§ 18 b og 18 c, i kraft 1. januar 2025).",
        ),
        ("h2", "Kjønnslemlestelse"),
        (
            "p",
            "Straffes med inntil seks år, grov kjønnslemlestelse inntil 15 år. Samtykke fritar "
            "ikke, og rekonstruksjon er også forbudt (straffeloven §§ 284 og 285). Hun skal ha "
            "tilbud om nødvendig helsehjelp (NKVTS).",
        ),
        ("h2", "I utlandet"),
        (
            "p",
            "Straffeloven gjelder for tvangsekteskap, barneekteskap og kjønnslemlestelse begått "
            "i utlandet av norske statsborgere og personer bosatt i Norge (§ 5 første ledd).",
        ),
    ],
    [
        ("h1", "5 Reise og utreiseforbud"),
        (
            "lead",
            "Det viktigste er å hindre utreise. Når barnet først er ute, kan norske "
            "myndigheter gjøre mindre (Bufdir).",
        ),
        ("h2", "Spørsmål å stille"),
        ("li", "Er det kjøpt returbillett, og vet barnet om planene?"),
        ("li", "Er det konflikt hjemme, og er det snakket om ekteskap?"),
        ("li", "Kan det at foreldrene vet om saken, fremskynde reisen?"),
        ("h2", "Utreiseforbud"),
        (
            "table",
            ["", "Akuttvedtak (§ 4-6)", "Vedtak i nemnda (§ 5-13)"],
            [
                [
                    "Hvem",
                    "barnevernstjenestens leder, stedfortreder eller påtalemyndigheten",
                    "barneverns- og helsenemnda",
                ],
                [
                    "Når",
                    "nærliggende fare for at barnet umiddelbart blir sendt eller tatt med ut til "
                    "slike forhold",
                    "nærliggende fare for mishandling, alvorlig fare for liv eller "
                    "helse eller annen alvorlig omsorgssvikt i utlandet",
                ],
                [
                    "Varighet",
                    "faller bort uten begjæring til nemnda innen seks uker",
                    "høyst seks måneder, kan forlenges med inntil seks måneder",
                ],
            ],
            (18, 50, 50),
        ),
        (
            "p",
            "Reglene står i barnevernsloven og er i kraft fra 23. januar 2026. Tekster som "
            "kaller dem et forslag, er utdaterte. Nemndlederen skal om mulig avgjøre innen 48 "
            "timer om et akuttvedtak godkjennes (§ 14-22). Brudd kan straffes som "
            "omsorgsunndragelse (straffeloven § 261, i kraft 15. april 2026).",
        ),
        ("h2", "Pass"),
        (
            "p",
            "Pass skal ikke utstedes når utreiseforbud gjelder. Det kan også nektes når det er "
            "grunn til å tro at barnet vil bli utsatt for straffbare forhold i utlandet eller "
            "fare for liv eller helse, og pass kan tilbakekalles (passloven §§ 5 og 7).",
        ),
    ],
    [
        ("h1", "6 Taushetsplikt, tjenester og kilder"),
        ("h2", "Når du kan dele"),
        (
            "li",
            "Med samtykke, eller når individualiserende kjennetegn er utelatt "
            "(forvaltningsloven § 13 a).",
        ),
        (
            "li",
            "Så langt det er nødvendig for å unngå fare for liv eller helse (forvaltningsloven "
            "av 1967 § 13 b første ledd nr. 7). Særlover kan ha egne regler.",
        ),
        (
            "li",
            "Kompetanseteamet, rådgiverne ved skoler og spesialutsendingene kan fra 1. juli "
            "2026 dele med hverandre og med andre offentlige organer når det er nødvendig for "
            "oppgavene (lov 12. juni 2026 nr. 25 § 5).",
        ),
        ("h2", "Tjenester"),
        (
            "li",
            "<b>Kompetanseteamet:</b> råd i saker, også for utsatte over 18 år; tilgang til "
            "botilbudet for voksne (Bufdir).",
        ),
        ("li", "<b>Mangfoldsrådgivere</b> (før: minoritetsrådgivere) ved utvalgte skoler (IMDi)."),
        (
            "li",
            "<b>Spesialutsendinger for integrering</b> i Amman, Ankara, Islamabad og Nairobi "
            "(IMDi).",
        ),
        (
            "li",
            "<b>Krisesenter</b> i kommunen, med kvalifisert tolk når det er nødvendig "
            "(krisesenterlova § 3).",
        ),
        ("h2", "Kilder, kontrollert 23. november 2026"),
        (
            "src",
            "lovdata.no: straffeloven (2005-05-20-28), barnevernsloven (2021-06-18-97), "
            "ekteskapsloven (1991-07-04-47), passloven (1997-06-19-82), krisesenterlova "
            "(2009-06-19-44), forvaltningsloven (1967-02-10), lov 12. juni 2026 nr. 25",
        ),
        (
            "src",
            "lovdata.no: barnehageloven (2005-06-17-64), opplæringslova (2023-06-09-30), "
            "privatskolelova (2003-07-04-84), helsepersonelloven (1999-07-02-64), "
            "integreringsloven (2020-11-06-127), sosialtjenesteloven (2009-12-18-131), "
            "familievernkontorloven (1997-06-19-62)",
        ),
        (
            "src",
            "bufdir.no: vold/aresrelatert/kompetanseteamet, vold/aresrelatert/botilbud, "
            "barnevern/melde-fra-offentlig-melder, etterlatte barn (flere sider)",
        ),
        (
            "src",
            "imdi.no: nora/hvem-gjor-hva, integreringsrådgivere, mangfoldsrådgiver (14. juni 2024)",
        ),
        (
            "src",
            "regjeringen.no: Sjef i eget liv 2025–2028, kap. 10 (telefonnumre); rettentil.no; "
            "NKVTS, voldsveileder og pressemelding (2020)",
        ),
        (
            "small",
            "Lovtekst er kontrollert mot konsolidert utgave fra juni 2026. Senere endringer "
            "er ikke med. Opplysninger fra nettsider bygger på lagrede kopier.",
        ),
    ],
]


class Booklet(BaseDocTemplate):
    def __init__(self, path: str, st: dict[str, ParagraphStyle]) -> None:
        super().__init__(
            path,
            pagesize=A5,
            leftMargin=15 * mm,
            rightMargin=15 * mm,
            topMargin=19 * mm,
            bottomMargin=17 * mm,
            title=TITLE,
            author="Kjelda",
            subject="Plikter, frister og hjelp i saker om negativ sosial kontroll, "
            "tvangsekteskap og kjønnslemlestelse",
            keywords=f"kjelda.uri={URI}; kjelda.areas=4; kjelda.type=guidance; "
            f"kjelda.status=current; kjelda.checked={CHECKED}; "
            "kjelda.language=nb",
            creator="Kjelda",
            lang="nb-NO",
            invariant=1,
        )
        self.st = st
        self.chapter = ""
        frame = Frame(self.leftMargin, self.bottomMargin, self.width, self.height, 0, 0, 0, 0)
        self.addPageTemplates(
            [
                PageTemplate("cover", [frame], onPage=self.cover),
                PageTemplate("body", [frame], onPageEnd=self.furniture),
            ]
        )

    # -- furniture
    def cover(self, canvas, doc) -> None:
        w, h = A5
        canvas.saveState()
        canvas.setFillColor(TEAL)
        canvas.rect(0, h - 26 * mm, w, 26 * mm, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.setFont("K-B", 13)
        canvas.drawString(15 * mm, h - 16 * mm, "Kjelda")
        canvas.restoreState()
        self.footer(canvas)

    def furniture(self, canvas, doc) -> None:
        w, h = A5
        canvas.saveState()
        canvas.setFont("K", 6.8)
        canvas.setFillColor(GREY)
        canvas.drawString(15 * mm, h - 12 * mm, "Negativ sosial kontroll: plikter og hjelp")
        canvas.drawRightString(w - 15 * mm, h - 12 * mm, "Kjelda")
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.6)
        canvas.line(15 * mm, h - 14 * mm, w - 15 * mm, h - 14 * mm)
        canvas.restoreState()
        self.footer(canvas)

    def footer(self, canvas) -> None:
        w, _ = A5
        canvas.saveState()
        canvas.setFont("K", 6.8)
        canvas.setFillColor(GREY)
        canvas.drawString(15 * mm, 9 * mm, "Kontrollert 23. november 2026")
        canvas.setFont("K-B", 8)
        canvas.drawRightString(w - 15 * mm, 9 * mm, label(canvas.getPageNumber()))
        canvas.restoreState()

    # -- outline
    def afterFlowable(self, flowable) -> None:
        level = getattr(flowable, "outline_level", None)
        if level is None:
            return
        text, key = flowable.getPlainText(), flowable.outline_key
        promised = getattr(flowable, "promised_page", None)
        if promised is not None and promised != self.page:
            raise SystemExit(f"«{text}» fell on page {self.page}, not {promised}: shorten the text")
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, level, closed=0)


def heading(
    text: str, style: ParagraphStyle, level: int, key: str, page: int | None = None
) -> Paragraph:
    p = Paragraph(text, style)
    p.outline_level, p.outline_key, p.promised_page = level, key, page
    return p


def contents(st) -> Table:
    """One row per chapter: each chapter fills one page, and afterFlowable checks that it does."""
    rows = []
    for c, chapter in enumerate(CHAPTERS, 1):
        title = next(x[1] for x in chapter if x[0] == "h1")
        parts = " · ".join(x[1] for x in chapter if x[0] == "h2")
        rows.append(
            [
                [
                    Paragraph(f'<a href="#k{c}">{title}</a>', st["toc0"]),
                    Paragraph(parts, st["toc1"]),
                ],
                Paragraph(label(FRONT + c), st["tocn"]),
            ]
        )
    t = Table(rows, colWidths=[106 * mm, 12 * mm])
    t.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
            ]
        )
    )
    return t


def framed(text: str, st, fill, bar) -> Table:
    t = Table([[Paragraph(text, st["box"])]], colWidths=[118 * mm])
    t.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), fill),
                ("LINEBEFORE", (0, 0), (0, -1), 3, bar),
                ("LEFTPADDING", (0, 0), (-1, -1), 9),
                ("RIGHTPADDING", (0, 0), (-1, -1), 8),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
            ]
        )
    )
    return t


def grid(head: list[str], rows: list[list[str]], widths, st) -> Table:
    data = [[Paragraph(c, st["head"]) for c in head]]
    for row in rows:
        data.append([Paragraph(c, st["cellb" if i == 0 else "cell"]) for i, c in enumerate(row)])
    t = Table(data, colWidths=[x * mm for x in widths], repeatRows=1)
    t.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), TEAL),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 1), (-1, -1), 0.5, RULE),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [white, PALE]),
                ("LEFTPADDING", (0, 0), (-1, -1), 5),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ]
        )
    )
    return t


def story(st) -> list:
    out: list = [
        Spacer(1, 34 * mm),
        heading("Negativ sosial kontroll: plikter og hjelp", st["title"], 0, "tittel"),
        Paragraph("Kort innføring for ansatte som møter saken i arbeidet", st["sub"]),
        framed("<b>Fare for liv eller helse nå: ring politiet, 112.</b>", st, PALERED, RED),
        Spacer(1, 9 * mm),
        Paragraph(
            "Heftet sier hva du har plikt til, hvilke frister som gjelder, og hvem som kan "
            "hjelpe. Hver regel har sin paragraf, slik at du kan lese den selv. Heftet "
            "erstatter ikke loven og er ikke juridisk råd i en enkelt sak.",
            st["p"],
        ),
        Paragraph(
            "Skrevet av Kjelda. Lovtekst er kontrollert mot konsolidert utgave fra juni "
            "2026. Kontrollert 23. november 2026.",
            st["small"],
        ),
        NextPageTemplate("body"),
        PageBreak(),
        heading("Innhold", st["toch"], 0, "innhold"),
    ]
    out += [
        contents(st),
        Spacer(1, 6 * mm),
        KeepTogether(
            [
                Paragraph("Hva er negativ sosial kontroll?", st["h2"]),
                Paragraph(
                    "Bruk av press, oppsyn, trusler, tvang eller annet som systematisk begrenser "
                    "noen i livsutfoldelsen eller gjentatte ganger hindrer personer i å ta "
                    "selvstendige valg om eget liv og egen fremtid (lov 12. juni 2026 nr. 25 § 2, "
                    "i kraft 1. juli 2026).",
                    st["p"],
                ),
            ]
        ),
    ]
    for c, chapter in enumerate(CHAPTERS, 1):
        out.append(PageBreak())
        s = 0
        for item in chapter:
            kind = item[0]
            if kind == "h1":
                out.append(heading(item[1], st["h1"], 0, f"k{c}", FRONT + c))
            elif kind == "h2":
                s += 1
                out.append(heading(item[1], st["h2"], 1, f"k{c}-{s}"))
            elif kind in ("li", "src"):
                out.append(Paragraph(item[1], st[kind], bulletText="•"))
            elif kind == "red":
                out += [framed(item[1], st, PALERED, RED), Spacer(1, 3 * mm)]
            elif kind == "box":
                out += [Spacer(1, 1 * mm), framed(item[1], st, PALE, TEAL), Spacer(1, 2 * mm)]
            elif kind == "table":
                out += [grid(item[1], item[2], item[3], st), Spacer(1, 3 * mm)]
            else:
                out.append(Paragraph(item[1], st[kind]))
    return out


class Labelled(Booklet):
    def beforeDocument(self) -> None:
        self.canv.addPageLabel(0, style="ROMAN_LOWER", start=1)
        self.canv.addPageLabel(FRONT, style="ARABIC", start=1)
        self.canv.showOutline()
        self.canv.setCatalogEntry("ViewerPreferences", "<< /DisplayDocTitle true >>")
        self.canv.setCatalogEntry("Lang", PDFString("nb-NO"))


def main(path: Path = DEFAULT) -> Path:
    fonts()
    st = styles()
    path.parent.mkdir(parents=True, exist_ok=True)
    Labelled(str(path), st).build(story(st))
    return path


if __name__ == "__main__":
    print(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT))
