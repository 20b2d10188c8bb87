"""``kjelda model``."""

from __future__ import annotations

from pathlib import Path

import click

from api import console


@click.command()
@console.home_option
@console.json_option
def command(home: Path | None, as_json: bool) -> None:
    """Build the default model if it isn't there, and say where it is.

    The folder is an ordinary SentenceTransformer model. Nothing is downloaded. Other
    commands build it when they need it; this one is for those who prepare a machine.
    """
    settings = console.settings(home=home)
    from search.embedding import bundle

    folder = bundle.build(settings.home / "models" / bundle.NAME, console.model_step(quiet=as_json))
    if as_json:
        console.print_json({"model_id": bundle.MODEL_ID, "folder": str(folder)})
    else:
        click.echo(f"{bundle.MODEL_ID}\n{folder}")
