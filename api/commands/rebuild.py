"""``kjelda rebuild``."""

from __future__ import annotations

from pathlib import Path

import click

from api import console


@click.command()
@console.home_option
@console.model_option
@console.json_option
def command(home: Path | None, model: str | None, as_json: bool) -> None:
    """Embed everything anew with the model that is set, and build the index.

    The documents are read from the base; no file is needed. A run that was stopped goes
    on where it was when it is run again.
    """
    settings = console.settings(home=home, model=model)
    from ingest import sync
    from search.embedding.encoder import load
    from search.engine import DATABASE
    from search.errors import BaseMissing

    if not (settings.home / DATABASE).exists():
        raise BaseMissing(
            f"there is no base in {settings.home} yet; take documents in with `kjelda ingest PATH`"
        )
    encoder = load(
        settings.model,
        settings.home,
        download=settings.model_download,
        progress=console.model_step(quiet=as_json),
    )
    with console.progress(quiet=as_json) as tell:
        report = sync.rebuild(home=settings.home, encoder=encoder, progress=tell)
    if as_json:
        console.print_json(report.as_json())
    else:
        console.print_report(report)
