"""``kjelda show``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from api import console
from corpus.documents import Document, Section


@click.command()
@click.argument("document")
@click.option("--text", "as_text", is_flag=True, help="Print the text in reading order.")
@click.option("--pages", is_flag=True, help="Print the cleaned text of each physical page.")
@console.home_option
@console.json_option
def command(document: str, as_text: bool, pages: bool, home: Path | None, as_json: bool) -> None:
    """Show a document: its sections, each with its place.

    DOCUMENT is the path of a file on disk (read now, as ingest would read it), or the id,
    the file name or the address of a document in the base.
    """
    if as_text and (pages or as_json):
        raise click.UsageError("--text stands alone; take --json or --pages instead")
    path = Path(document).expanduser()
    found, found_pages = (
        _from_disk(path, pages) if path.is_file() else _from_base(document, home, pages)
    )
    if pages:
        _print_pages(found_pages, as_json=as_json)
    elif as_json:
        from api.result import document_data

        console.print_json(document_data(found))
    elif as_text:
        click.echo("\n\n".join(text for _, text in _whole(found)))
    else:
        _print(found)


def _from_disk(path: Path, wants_pages: bool) -> tuple[Document, list[dict[str, Any]]]:
    from ingest.extract import extract
    from ingest.extract import pages as extract_pages
    from ingest.read import Failure, is_archive, iter_sources

    if is_archive(path.name):
        raise click.BadParameter(f"{path} is an archive; unpack it", param_hint="DOCUMENT")
    source = next(iter_sources([path]), None)
    if source is None or isinstance(source, Failure):
        reason = source.reason if source else "there is nothing to read in it"
        raise click.ClickException(f"{path}: {reason}")
    pages = [
        {"page": page.page, "page_label": page.page_label, "text": page.text}
        for page in (extract_pages(source) if wants_pages else [])
    ]
    return extract(source).document, pages


def _from_base(
    name: str, home: Path | None, wants_pages: bool
) -> tuple[Document, list[dict[str, Any]]]:
    settings = console.settings(home=home)
    from search.engine import DATABASE
    from search.store.truth import Truth

    # The rows are enough: neither the index nor the model is opened.
    truth = Truth(settings.home / DATABASE, read_only=True)
    try:
        document_id = truth.find(name)
        document = None if document_id is None else truth.document(document_id)
    finally:
        truth.close()
    if document is None:
        raise click.ClickException(
            f"there is no document or file {name}; `kjelda search` shows the ids of its hits "
            "with --explain"
        )
    return document, _pages_of(document) if wants_pages else []


def _whole(document: Document) -> Iterator[tuple[Section, str]]:
    """The sections in reading order, each with the headings that open with it."""
    trail: tuple[str, ...] = ()
    for section in document.sections:
        known = 0
        while known < min(len(trail), len(section.headings)) and (
            trail[known] == section.headings[known]
        ):
            known += 1
        new = section.headings[known:]
        # A heading that has nothing else under it, or whose text goes on on its line.
        if new and (new[-1] == section.text or _runs_on(new[-1], section.text)):
            new = new[:-1]
        trail = section.headings
        yield section, "\n\n".join((*new, section.text))


def _runs_on(heading: str, text: str) -> bool:
    return (heading.startswith("§") or heading[0].isdigit()) and text.startswith(heading)


def _pages_of(document: Document) -> list[dict[str, Any]]:
    """The text of each page, put together from the sections that begin on it."""
    pages: dict[int, dict[str, Any]] = {}
    for section, text in _whole(document):
        place = section.place
        if place.page is None:
            continue
        new = {"page": place.page, "page_label": place.page_label, "text": ""}
        page = pages.setdefault(place.page, new)
        page["text"] = f"{page['text']}\n\n{text}".strip()
    return [pages[number] for number in sorted(pages)]


def _print_pages(pages: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        console.print_json({"pages": pages})
        return
    if not pages:
        click.echo("This document has no pages; only a PDF has.", err=True)
    for page in pages:
        label = page["page_label"]
        printed = f" (printed {label})" if label and label != str(page["page"]) else ""
        click.echo(f"--- page {page['page']}{printed} ---\n{page['text']}\n")


def _print(document: Document) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from api.places import place_english

    out = console.console()
    out.print(Text(document.title, style="bold"))
    dates = {
        name: getattr(document, name)
        for name in ("published", "updated", "valid_from", "valid_to", "fetched")
    }
    facts: dict[str, object] = {
        "id": document.id,
        "address": document.uri,
        "file": document.file,
        "short title": document.short_title,
        "type": document.type.replace("_", " "),
        "status": document.status,
        "language": document.language,
        "publisher": document.publisher,
        **{name.replace("_", " "): value for name, value in dates.items()},
        "areas": ", ".join(map(str, document.areas)),
        "replaced by": document.replaced_by,
        "translation of": document.translation_of,
        "read by OCR": None if document.ocr is None else f"{document.ocr} % sure",
        "edition": document.edition if document.edition > 1 else None,
        "sections": len(document.sections),
    }
    for name, value in facts.items():
        if value not in (None, ""):
            out.print(Text.assemble((f"  {name:<15}", "dim"), str(value)), soft_wrap=True)
    for claim in document.claims:
        said = f": {claim.words}" if claim.words else ""
        told = f"{claim.status} ({claim.origin}{said})"
        out.print(Text.assemble((f"  {'said of it':<15}", "dim"), told), soft_wrap=True)
    trail: tuple[str, ...] = ()
    for section in document.sections:
        out.print()
        if section.headings != trail:
            out.print(Text(" › ".join(section.headings), style="bold"))
            trail = section.headings
        if place := place_english(section.place):
            out.print(Text(place, style="cyan"))
        out.print(Padding(Text(section.text), (0, 0, 0, 2)))
