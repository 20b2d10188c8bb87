"""``kjelda show``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import click

from api import console
from corpus.documents import Document, Section

if TYPE_CHECKING:
    from search.store.truth import Truth


@click.command()
@click.argument("document")
@click.option("--text", "as_text", is_flag=True, help="Print the text in reading order.")
@click.option("--pages", is_flag=True, help="Print the cleaned text of each physical page.")
@click.option("--edition", type=click.IntRange(1), help="An earlier edition, where it is kept.")
@console.home_option
@console.json_option
def command(
    document: str,
    as_text: bool,
    pages: bool,
    edition: int | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Show a document: its sections, each with its place.

    DOCUMENT is the path of a file on disk (read now, as ingest would read it), or the id,
    the file name or the address of a document in the base. Exit code 2 where several documents
    have a file of that name: they are listed.
    """
    if as_text and (pages or as_json):
        raise click.UsageError("--text stands alone; take --json or --pages instead")
    path = Path(document).expanduser()
    if path.is_dir():
        raise click.BadParameter(
            f"{document} is a folder; name a file in it", param_hint="DOCUMENT"
        )
    until = None
    if not path.is_file():
        found, until = _from_base(document, home, edition)
        found_pages = _pages_of(found) if pages else []
    elif edition is None:
        found, found_pages = _from_disk(path, pages)
    else:
        raise click.UsageError(
            "--edition is for a document of the base; name it by its id (`kjelda search` shows it)"
        )
    if pages:
        _print_pages(found_pages, as_json=as_json)
    elif as_json:
        from api.result import document_data

        console.print_json(document_data(found, until))
    elif as_text:
        click.echo("\n\n".join(text for _, text in _whole(found)))
    else:
        _print(found, until)


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


def _from_base(name: str, home: Path | None, edition: int | None) -> tuple[Document, str | None]:
    """A document of the base, or an earlier edition of it and the moment when that ended."""
    settings = console.settings(home=home)
    from search.engine import DATABASE
    from search.store.truth import Truth

    # The rows are enough: neither the index nor the model is opened.
    truth = Truth(settings.home / DATABASE, read_only=True)
    try:
        document = truth.document(_meant(truth, name) or "")
        if document is None or edition in (None, document.edition):
            until = None
        else:
            earlier = truth.history.edition(document.id, edition)
            if earlier is None:
                kept = [str(number) for number, _ in truth.history.editions(document.id)]
                raise click.ClickException(
                    f"edition {edition} of {document.id} is not kept; there are "
                    f"{', '.join([*kept, str(document.edition)])}"
                )
            document, until = earlier.document, earlier.until
    finally:
        truth.close()
    if document is None:
        raise click.ClickException(
            f"there is no document or file {name}; `kjelda search` shows the ids of its hits "
            "with --explain"
        )
    return document, until


def _meant(truth: Truth, name: str) -> str | None:
    """The id of the document that goes by a name. Raises UsageError where several do."""
    named = truth.named(name)
    exact = [document for document, by_file in named if not by_file]
    if exact or len(named) < 2:
        return exact[0] if exact else next((document for document, _ in named), None)
    from ingest.forget import places

    where = places(truth)
    lines = (f"  {document}  {_unquoted(where[document][2])}" for document, _ in named)
    raise click.UsageError(
        f"{len(named)} documents have a file of the name {name}; name one by its id:\n"
        + "\n".join(lines)
    )


def _unquoted(place: str | None) -> str:
    return unquote(place) if place else ""


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


def _print(document: Document, until: str | None) -> None:
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
        "edition": document.edition if document.edition > 1 or until else None,
        "replaced on": until and until[:10],
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
        console.indented(out, Text(section.text), 2)
