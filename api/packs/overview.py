"""All documents that treat a topic, as a page and as a table for Excel."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api import asking
from api.packs.exports.html import web
from api.packs.exports.office import safe, tag
from api.packs.texts import text
from api.packs.web import base_date, page, today
from api.places import day, lang_attribute, place_words
from api.result import passage_path, source_url
from api.routes import base_of, written_of
from api.texts import Written
from corpus.identity import slug
from search.errors import QueryError
from search.query import MAX_LENGTH, parse

if TYPE_CHECKING:
    from search.survey import Treated

MOST_SHOWN = 200  # rows on the page; the table for Excel has them all
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    "title",
    "type",
    "publisher",
    "status",
    "date",
    "language",
    "place",
    "passages",
    "link",
    "original",
)
_WIDTHS = (55, 16, 28, 14, 12, 10, 24, 11, 60, 55)
# Excel takes a text that begins so for a formula, and so do programs that read its tables.
_FORMULA = re.compile(r"^[=+\-@\t\r]")

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@dataclass(frozen=True, slots=True)
class Row:
    """A document of an overview, in words. ``lang`` is that of the title."""

    title: str
    lang: str
    type: str
    publisher: str
    status: str
    date: date | None
    language: str
    place: str
    passages: int
    link: str
    original: str | None


def row_of(treated: Treated, written: Written, keep: str = "") -> Row:
    """A treated document as a row; ``keep`` is a parameter for the link."""
    say = partial(text, written)
    document, best = treated.document, treated.best
    dated = document.updated or document.published or document.valid_from
    return Row(
        title=document.title,
        lang=lang_attribute(document.language),
        type=say(f"type_{document.type}"),
        publisher=document.publisher or "",
        status=say(f"status_{document.status}"),
        date=dated,
        language=say(f"language_{document.language}"),
        place=place_words(best.place, written) or (best.headings[-1] if best.headings else ""),
        passages=treated.passages,
        link=passage_path(best, document.edition, keep),
        original=source_url(document, best.place),
    )


@router.get("/oversikt")
def overview_page(request: Request) -> Response:
    """The overview (``?q=``, and the filters of the search page)."""
    asked = asking.read(request.query_params)
    written = written_of(request)
    error, rows = None, None
    if asked.submitted:
        try:
            rows = _rows(request, asked, written)
        except QueryError:
            key = "error_long" if asked.q else "error_empty"
            error = text(written, key, **({"most": MAX_LENGTH} if asked.q else {}))
    return page(
        request,
        "packs/overview.html",
        200 if error is None else 422,
        asked=asked,
        rows=rows,
        error=error,
        most=MOST_SHOWN,
        share=_share(),
        excel=asked.address().replace("/", "/oversikt.xlsx", 1),
        on=base_date(base_of(request).searcher()),
        columns=COLUMNS,
        web=web,
    )


@router.get("/oversikt.xlsx")
def overview_table(request: Request) -> Response:
    """The overview for Excel. Raises QueryError for a question that can't be read."""
    asked = asking.read(request.query_params)
    written = written_of(request)
    rows = _rows(request, asked, written)
    address = str(request.base_url).rstrip("/")
    on = base_date(base_of(request).searcher())
    about = [
        (text(written, "export_query"), asked.q),
        (text(written, "export_exported"), day(today())),
        (text(written, "export_base"), day(on) if on else text(written, "unknown")),
        ("", text(written, "overview_lead")),
        ("", text(written, "overview_cut", share=_share())),
    ]
    name = f"{text(written, 'overview_file')}-{slug(asked.q, 50) or 'tema'}.xlsx"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    made = xlsx(asked.q, rows, about, written, address)
    return Response(made, media_type=XLSX, headers=headers)


def xlsx(
    query: str,
    rows: Sequence[Row],
    about: Sequence[tuple[str, str]],
    written: Written,
    address: str,
) -> bytes:
    """Two sheets: the table, with a header row that stays, and what it is. No text is a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.properties import PageSetupProperties
    from openpyxl.worksheet.table import Table, TableStyleInfo

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = text(written, "overview_sheet")
    heads = [text(written, f"column_{name}") for name in COLUMNS]
    sheet.append(heads)
    for row in rows:
        sheet.append([None] * len(COLUMNS))
        for number, name in enumerate(COLUMNS, 1):
            value = getattr(row, name)
            cell = sheet.cell(sheet.max_row, number)
            if name in ("link", "original"):
                url = f"{address}{value}" if name == "link" else value
                if url:
                    _write(cell, url)
                    cell.hyperlink = url if web(url) else None
                    cell.style = "Hyperlink"
            elif value is not None:
                _write(cell, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJ"[number]].width = width
    for cell in sheet[1]:
        cell.font = Font(name="Calibri", bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes, each as wide as the table
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if rows:
        table = Table(displayName="Oversyn", ref=f"A1:J{len(rows) + 1}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(table)
    facts = book.create_sheet(text(written, "export_about_table"))
    for label, value in about:
        facts.append([None, None])
        _write(facts.cell(facts.max_row, 1), label)
        _write(facts.cell(facts.max_row, 2), value)
        facts.cell(facts.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top")
    facts.column_dimensions["A"].width, facts.column_dimensions["B"].width = 22, 90
    book.properties.title = safe(text(written, "overview_title", query=query))
    book.properties.creator = "Kjelda"
    book.properties.language = tag(written)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(cell: object, value: str | int | date) -> None:
    """A value as it is: a text that looks like a formula stays a text, a date can be sorted by."""
    if isinstance(value, str):
        cell.value = safe(value)  # type: ignore[attr-defined]
        if _FORMULA.match(value):
            cell.data_type = "s"  # type: ignore[attr-defined]
            cell.quotePrefix = True  # type: ignore[attr-defined]
    else:
        cell.value = value  # type: ignore[attr-defined]
        if isinstance(value, date):
            cell.number_format = "dd.mm.yyyy"  # type: ignore[attr-defined]


def _share() -> int:
    """The share of the topic's words that a passage must have, in percent."""
    from search.survey import COVERED  # brings numpy: not before somebody asks

    return round(100 * COVERED)


def _rows(request: Request, asked: asking.Asked, written: Written) -> list[Row]:
    query = parse(asked.q, mode=asked.mode, filters=asked.filters)
    keep = f"lang={asked.lang}" if asked.lang else ""
    return [row_of(one, written, keep) for one in base_of(request).searcher().survey(query)]
