"""``kjelda feedback``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api import console

if TYPE_CHECKING:
    from api.feedback.store import Stored
    from search.store.truth import Truth

KINDS = ("wrong", "outdated", "missing", "quote", "other")
_WORDS = {
    "wrong": "content is wrong",
    "outdated": "out of date",
    "missing": "something is missing",
    "quote": "quote not in the source",
    "other": "other",
}
_NOW = {
    "same": "the passage is the same today",
    "changed": "THE PASSAGE HAS CHANGED SINCE",
    "gone": "THE PASSAGE IS GONE",
    "no document": "THE DOCUMENT IS GONE",
    "no base": "there is no base to compare with",
}
_MOST_WORDS = 40


@click.command()
@click.option("--since", metavar="DATE", help="A day, such as 2026-11-01; else all.")
@click.option("--kind", type=click.Choice(KINDS), help="One kind only.")
@click.option("--done", type=int, metavar="ID", help="Mark a report as handled.")
@click.option("--delete", type=int, metavar="ID", help="Remove a report for good.")
@click.option("--missing", is_flag=True, help="The words of searches that found nothing.")
@console.home_option
@console.json_option
def command(
    since: str | None,
    kind: str | None,
    done: int | None,
    delete: int | None,
    missing: bool,
    home: Path | None,
    as_json: bool,
) -> None:
    """What readers report: wrong, out of date, missing, quote not in the source. Newest first.

    Says of each whether the passage has changed since. With --missing: what searches found
    nothing for; only ordinary words are counted, never names or whole questions.
    """
    if sum((done is not None, delete is not None, missing)) > 1:
        raise click.UsageError("--done, --delete and --missing are one at a time")
    start = _day(since)
    folder = console.settings(home=home).home
    if missing:
        _missing(folder, start, as_json=as_json)
        return
    from api.feedback.store import Kind, Reports

    reports = Reports(folder)
    number = done if done is not None else delete
    if number is not None:
        found = reports.mark_done(number) if done is not None else reports.delete(number)
        if not found:
            raise click.ClickException(f"there is no report {number}")
        if as_json:
            console.print_json({"id": number, "done": done is not None, "deleted": done is None})
        else:
            click.echo(f"{number} is {'marked as handled' if done is not None else 'deleted'}.")
        return
    _list(folder, reports.all(since=start, kind=Kind(kind) if kind else None), as_json=as_json)


def _list(folder: Path, found: list[Stored], *, as_json: bool) -> None:
    truth = _truth(folder) if found else None
    try:
        rows = [_data(one, truth) for one in found]
    finally:
        if truth is not None:
            truth.close()
    if as_json:
        console.print_json({"reports": rows})
        return
    if not rows:
        click.echo("No reports.")
    for row in rows:
        mark = f"  (handled {row['done']})" if row["done"] else ""
        click.echo(f"{row['id']:>4}  {row['at']}  {_WORDS[row['kind']]}{mark}")
        if row["document"]:
            place = f", {row['place']}" if row["place"] else ""
            click.echo(f"      {row['title'] or row['document']}{place}")
            passage = "" if row["passage"] is None else f" passage {row['passage']},"
            click.echo(f"      {row['document']},{passage} edition {row['edition']}")
        if row["now"]:
            click.echo(f"      {_NOW[row['now']]}")
        for line in row["text"].splitlines():
            click.echo(f"      | {line}")


def _data(stored: Stored, truth: Truth | None) -> dict[str, Any]:
    report = stored.report
    document = truth.document(report.document) if truth and report.document else None
    return {
        "id": stored.id,
        "at": stored.at,
        "kind": str(report.kind),
        "document": report.document,
        "title": document.title if document else None,
        "edition": report.edition,
        "passage": report.passage,
        "place": report.place,
        "now": _now(stored, truth),
        "text": report.text,
        "done": stored.done,
    }


def _now(stored: Stored, truth: Truth | None) -> str | None:
    """How what was reported stands today; None for a report of no document."""
    report = stored.report
    if report.document is None:
        return None
    if truth is None:
        return "no base"
    document = truth.document(report.document)
    if document is None:
        return "no document"
    if report.passage is None:
        return "same" if document.edition == report.edition else "changed"
    passages = {p.number: p.digest for p in truth.passages_of(document.id)}
    if report.digest in passages.values():
        return "same"
    return "changed" if report.passage in passages else "gone"


def _truth(folder: Path) -> Truth | None:
    from search.engine import DATABASE
    from search.errors import SearchError
    from search.store.truth import Truth

    try:
        return Truth(folder / DATABASE, read_only=True)
    except SearchError:
        return None  # reports outlive the base


def _missing(folder: Path, start: date | None, *, as_json: bool) -> None:
    import sqlite3

    from api.feedback import missing

    try:
        found = missing.read(folder, start)
    except sqlite3.Error as error:
        raise click.ClickException(f"{folder / missing.FILE} can't be read: {error}") from error
    if as_json:
        console.print_json(
            {
                "searches": found.searches,
                "unknown_words": found.unknown,
                "by_form": found.by_form,
                "by_number_of_words": found.by_words,
                "words": [{"word": w, "searches": n} for w, n in found.words.items()],
            }
        )
        return
    if not found.searches:
        click.echo("No search without hits is counted.")
        return
    forms = ", ".join(f"{number} {form}" for form, number in found.by_form.items())
    lengths = ", ".join(f"{number} of {words}" for words, number in found.by_words.items())
    click.echo(f"{found.searches} searches found nothing. Language: {forms}. Words: {lengths}.")
    click.echo(f"{found.unknown} words that are not ordinary words here are not kept.")
    for word, number in list(found.words.items())[:_MOST_WORDS]:
        click.echo(f"{number:>5}  {word}")
    if len(found.words) > _MOST_WORDS:
        click.echo(f"       and {len(found.words) - _MOST_WORDS} more; --json lists them all")


def _day(said: str | None) -> date | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise click.BadParameter(
            f"{said} is not a day; write it as 2026-11-01", param_hint="--since"
        ) from None
