"""``kjelda changes``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from api import console
from api.places import month_ago, parse_day
from corpus.documents import Document

_WORDS = {
    "new": "new",
    "changed": "changed",
    "status": "status",
    "superseded": "no longer in force",
    "gone": "gone",
}
_MOST_NAMES = 8


@click.command()
@click.option(
    "--since", metavar="DATE", help="A day, such as 2026-11-01 or 1.11.2026; else the last 30 days."
)
@console.home_option
@console.json_option
def command(since: str | None, home: Path | None, as_json: bool) -> None:
    """What changed in the base: new, changed (which sections), superseded, gone.

    Newest first. A text that Kjelda only reads otherwise after an upgrade is no change.
    """
    start = _day(since)
    settings = console.settings(home=home)
    from api.result import change_data
    from search.engine import DATABASE
    from search.store.truth import Truth

    # The rows are enough: neither the index nor the model is opened.
    truth = Truth(settings.home / DATABASE, read_only=True)
    try:
        found = truth.history.changes(start.isoformat())
        heads = {document.id: document for document in truth.documents()}
    finally:
        truth.close()
    if as_json:
        changes = [change_data(change) for change in found]
        console.print_json({"since": start.isoformat(), "changes": changes})
        return
    if not found:
        click.echo(f"Nothing has changed since {start}.")
    for change in found:
        click.echo(f"{change.at[:10]}  {_WORDS[change.kind]:<19}{change.title}")
        told = change.difference
        head = heads.get(change.document_id)
        if head is not None:
            click.echo(f"{'':<31}{_address(head)}")
            if change.kind == "superseded" and head.replaced_by:
                heir = heads.get(head.replaced_by)
                name = f"{heir.title}, {_address(heir)}" if heir else head.replaced_by
                click.echo(f"{'':<31}superseded by: {name}")
        if told.status:
            click.echo(f"{'':<31}status: {told.status[0]} → {told.status[1]}")
        for word, names in (
            ("new", told.added),
            ("changed", told.changed),
            ("removed", told.removed),
        ):
            for name in names[:_MOST_NAMES]:
                click.echo(f"{'':<31}{word}: {name}")
            if len(names) > _MOST_NAMES:
                click.echo(f"{'':<31}{word}: and {len(names) - _MOST_NAMES} more")


def _address(document: Document) -> str:
    """Where it is to be read: at its publisher, else here."""
    if document.uri.startswith(("https://", "http://")):
        return document.uri
    return f"kjelda show {document.id}"


def _day(said: str | None) -> date:
    if said is None:
        return month_ago()
    try:
        return parse_day(said)
    except ValueError:
        raise click.BadParameter(
            f"{said} is not a day; write it as 2026-11-01 or 1.11.2026", param_hint="--since"
        ) from None
