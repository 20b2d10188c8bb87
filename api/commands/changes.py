"""``kjelda changes``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from api import console
from api.places import month_ago

_WORDS = {
    "new": "new",
    "changed": "changed",
    "status": "status",
    "superseded": "no longer in force",
    "gone": "gone",
}
_MOST_NAMES = 8


@click.command()
@click.option("--since", metavar="DATE", help="A day, such as 2026-11-01; else the last 30 days.")
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


def _day(said: str | None) -> date:
    if said is None:
        return month_ago()
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise click.BadParameter(
            f"{said} is not a day; write it as 2026-11-01", param_hint="--since"
        ) from None
