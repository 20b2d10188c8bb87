"""``kjelda model``."""

from __future__ import annotations

from pathlib import Path

import click

from api import console


@click.command()
@click.option(
    "--untrained", is_flag=True, help="The model as published, without Kjelda's training."
)
@console.home_option
@console.json_option
def command(home: Path | None, as_json: bool, untrained: bool) -> None:
    """Build the default model if it isn't there, and say where it is.

    The folder is an ordinary SentenceTransformer model. Nothing is downloaded. Other
    commands build it when they need it; this one is for those who prepare a machine.
    """
    settings = console.settings(home=home)
    from search.embedding import bundle

    variant = bundle.UNTRAINED if untrained else bundle.DEFAULT
    place = settings.home / "models" / variant.name
    folder = bundle.build(place, console.model_step(quiet=as_json), variant)
    if as_json:
        console.print_json({"model_id": variant.model_id, "folder": str(folder)})
    else:
        click.echo(f"{variant.model_id}\n{folder}")
