"""``kjelda search``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api import console
from corpus.documents import DocumentType, Language, Status

if TYPE_CHECKING:
    from rich.console import Console

    from search.values import Hit, SearchResult

_STYLE = {
    Status.CURRENT: "green",
    Status.SUPERSEDED: "bold red",
    Status.PROPOSAL: "bold yellow",
    Status.EXPIRED: "bold red",
    Status.UNKNOWN: "dim",
}
_WARNING = {
    Status.SUPERSEDED: "SUPERSEDED: replaced by a newer document",
    Status.PROPOSAL: "PROPOSAL: not the rule in force",
    Status.EXPIRED: "EXPIRED: no longer in force",
}


@click.command()
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 50), default=10, show_default=True)
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "lexical", "vector"]),
    default="hybrid",
    show_default=True,
    help="By words (lexical), by meaning (vector), or both.",
)
@click.option(
    "--type",
    "types",
    multiple=True,
    type=click.Choice([v.value for v in DocumentType]),
    help="Repeat for or.",
)
@click.option(
    "--language", "languages", multiple=True, type=click.Choice([v.value for v in Language])
)
@click.option("--publisher", "publishers", multiple=True, help="The publisher's whole name.")
@click.option("--area", "areas", multiple=True, type=click.IntRange(0, 6), help="Area of work.")
@click.option("--status", "statuses", multiple=True, type=click.Choice([v.value for v in Status]))
@click.option("--year-from", type=click.IntRange(1000, 9999), help="Published this year or later.")
@click.option("--year-to", type=click.IntRange(1000, 9999), help="Published this year or earlier.")
@click.option("--explain", is_flag=True, help="Show ranks, similarity, reasons and timings.")
@console.home_option
@console.model_option
@console.json_option
def command(
    query: str,
    limit: int,
    mode: str,
    home: Path | None,
    model: str | None,
    explain: bool,
    as_json: bool,
    **filters: Any,
) -> None:
    """Search the base.

    QUERY is a question, some words, a § ("integreringsloven § 4") or a phrase in quotes.
    That nothing was found is an answer: the exit code is 0. Notices are in Nynorsk where the locale
    (LC_ALL, LC_MESSAGES, LANG) is nn, else in Bokmål.
    """
    settings = console.settings(home=home, model=model)
    from api.acute import plain
    from api.base import opener
    from api.result import search_data
    from search.query import MAX_LENGTH, parse
    from search.values import Mode

    # Before anything can fail: who is in danger gets the number first.
    if help_first := plain(query[:MAX_LENGTH]):
        _print_help(console.console(stderr=as_json), help_first)
    parsed = parse(query, limit=limit, mode=Mode(mode), filters=_filters(**filters))
    searcher = opener(settings.home, settings.model, download=settings.model_download)()
    try:
        result = searcher.search(parsed)
    finally:
        searcher.close()
    if as_json:
        console.print_json(search_data(result))
    else:
        _print(console.console(), result, explain=explain)


def _print_help(out: Console, lines: list[str]) -> None:
    from rich.text import Text

    first, *rest = lines
    out.print(Text(first, style="bold red"))
    for line in rest:
        out.print(Text(line))
    out.print()


def _filters(
    *,
    types: tuple[str, ...],
    languages: tuple[str, ...],
    publishers: tuple[str, ...],
    areas: tuple[int, ...],
    statuses: tuple[str, ...],
    year_from: int | None,
    year_to: int | None,
) -> Any:
    from search.values import Filters

    return Filters(
        types=frozenset(map(DocumentType, types)),
        languages=frozenset(map(Language, languages)),
        publishers=frozenset(publishers),
        areas=frozenset(areas),
        statuses=frozenset(map(Status, statuses)),
        year_from=year_from,
        year_to=year_to,
    )


def _print(out: Console, result: SearchResult, *, explain: bool) -> None:
    from rich.text import Text

    form = console.written()
    for typed, used in result.corrections:
        out.print(Text(f"«{typed}» is not in the base; searching for «{used}»", style="bold"))
    for notice in result.notices:
        if notice.kind != "did_you_mean" and notice.lang == form:
            out.print(Text(notice.text, style="bold"))
    if result.corrections or result.notices:
        out.print()
    if not result.hits:
        out.print("Nothing found. Check the spelling, try other words, or drop a filter.")
    if result.nearest:
        out.print(Text("This lies nearest, but is not an answer:", style="bold"))
        out.print()
    for hit in result.nearest:
        _print_hit(out, hit, explain=explain)
    for hit in result.hits:
        _print_hit(out, hit, explain=explain)
    if explain:
        spent = ", ".join(f"{name} {value:.1f}" for name, value in result.timings_ms.items())
        sure = "" if result.confidence is None else f"confidence {result.confidence:.2f}; "
        out.print(Text(f"{sure}mode {result.query.mode}; milliseconds: {spent}", style="dim"))


def _print_hit(out: Console, hit: Hit, *, explain: bool) -> None:
    from rich.text import Text

    from api.places import place_english
    from api.result import source_url

    document, passage = hit.document, hit.passage
    title = Text(f"{hit.rank:>2}  ", style="dim")
    title.append(document.title, style="bold")
    out.print(title)
    where = Text()
    if place := place_english(passage.place):
        where.append(place, style="cyan")
        where.append("  ")
    where.append(" › ".join(passage.headings), style="dim")
    if where.plain.strip():
        console.indented(out, where, 4)
    if document.status in _WARNING:
        console.indented(out, Text(_WARNING[document.status], _STYLE[document.status]), 4)
    excerpt = Text(hit.excerpt.text)
    for start, end in hit.excerpt.marks:
        excerpt.stylize("bold yellow", start, end)
    console.indented(out, excerpt, 4)
    facts = [str(document.type).replace("_", " "), document.status, passage.language]
    facts += [document.publisher] if document.publisher else []
    changed = document.updated or document.published
    facts += [changed.isoformat()] if changed else []
    console.indented(out, Text(" · ".join(facts), style="dim"), 4)
    address = source_url(document, passage.place) or f"kjelda show {document.id}"
    console.indented(out, Text(address, style="blue", overflow="fold"), 4)
    if explain:
        console.indented(out, Text(_explained(hit), style="magenta"), 4)
    out.print()


def _explained(hit: Hit) -> str:
    similarity = "–" if hit.similarity is None else f"{hit.similarity:.3f}"
    reasons = ", ".join(hit.reasons) or "none"
    return (
        f"score {hit.score:.4f} · words #{hit.lexical_rank or '–'} · "
        f"meaning #{hit.vector_rank or '–'} · similarity {similarity} · reasons: {reasons} · "
        f"matches: {_matched(hit)} · passage {hit.passage.number} of {hit.document.id}"
    )


def _matched(hit: Hit) -> str:
    """``tilskot → tilskudd (form)``, each word once."""
    told = [m.found if m.via == "word" else f"{m.typed} → {m.found} ({m.via})" for m in hit.matches]
    return ", ".join(told) or "none"
