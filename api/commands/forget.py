"""``kjelda forget``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from api import console


@click.command()
@click.argument("wanted", nargs=-1, required=True, metavar="PATH|DOCUMENT...")
@click.option("--dry-run", is_flag=True, help="Show what would go; remove nothing.")
@console.home_option
@console.json_option
def command(wanted: tuple[str, ...], dry_run: bool, home: Path | None, as_json: bool) -> None:
    """Remove documents from the base. Nothing is asked, and no file is touched.

    PATH is a file, folder or archive that documents came from, there or gone: all that came from
    it or from below it is removed. DOCUMENT is the id, the address or the file name of one. Earlier
    editions go along.

    Exit code 1 where a name means nothing in the base (nothing is removed then), 2 where a file
    name is that of several documents.
    """
    settings = console.settings(home=home)
    from ingest.forget import Ambiguous, forget

    try:
        gone = forget(wanted, home=settings.home, dry_run=dry_run)
    except Ambiguous as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        console.print_json({"dry_run": dry_run, "removed": [asdict(one) for one in gone]})
        return
    for one in gone:
        click.echo(f"{'would go' if dry_run else 'removed'}  {one.id}  {one.place or one.uri}")
    number = f"{len(gone)} document{'' if len(gone) == 1 else 's'}"
    click.echo(f"{number} {'would be removed; nothing was' if dry_run else 'removed'}.")
    if not gone and not dry_run:
        click.echo("What could not be read there is told of no more.")
    back = sum(one.returns for one in gone)
    if back:
        click.echo(
            f"{back} of them would come back with the next ingest: the file is still there, or it "
            "is of the register or shipped. Remove the file too if it is to stay away.",
            err=True,
        )
