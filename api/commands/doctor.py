"""``kjelda doctor``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api import console

if TYPE_CHECKING:
    from ingest.doctor import Finding

_MARKS = {"error": "✗", "warning": "!", "note": "·"}
_COLOURS = {"error": "red", "warning": "yellow", "note": "bright_black"}


@click.command()
@console.home_option
@console.model_option
@console.json_option
def command(home: Path | None, model: str | None, as_json: bool) -> None:
    """Look for what is wrong with the base, and say which command mends it.

    Damaged rows, missing vectors, an index that does not fit, another model, documents without
    text, twice or in doubt about their status, pages that are stale, gone or could not be
    fetched. Nothing is changed. Exit code 1 where something must be mended, else 0.
    """
    settings = console.settings(home=home, model=model)
    from ingest import doctor
    from search.embedding.encoder import load

    found = doctor.examine(
        settings.home,
        lambda: load(settings.model, settings.home, download=settings.model_download).model_id,
    )
    found += _feedback(settings.home)
    bad = any(finding.level is doctor.Level.ERROR for finding in found)
    if as_json:
        console.print_json({"ok": not bad, "findings": [asdict(finding) for finding in found]})
    else:
        for finding in found:
            mark = click.style(_MARKS[finding.level], fg=_COLOURS[finding.level], bold=True)
            click.echo(f"{mark} {finding.level}: {finding.text}")
            for name in doctor.shown(finding.names):
                click.echo(f"      {name}")
            if finding.mend:
                click.echo(f"    mend: {finding.mend}")
        if not found:
            click.echo("Nothing is wrong.")
        elif not bad:
            click.echo("Nothing must be mended.")
    if bad:
        raise SystemExit(1)


def _feedback(home: Path) -> list[Finding]:
    """Whether what readers report, and searches without hits, can be kept."""
    from api.feedback import missing
    from api.feedback.store import Reports
    from ingest.doctor import Finding, Level

    kept = {
        "reports from readers are refused": Reports(home).fault(),
        "searches without hits are not counted": missing.fault(home),
    }
    return [
        Finding(
            Level.WARNING,
            "feedback",
            f"{what}: {why}",
            mend="let the user that runs `kjelda serve` write in the data folder",
        )
        for what, why in kept.items()
        if why
    ]
