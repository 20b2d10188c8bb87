"""``kjelda ingest``."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from api import console


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--offline", is_flag=True, help="Without a PATH: fetch nothing from publishers.")
@click.option("--again", is_flag=True, help="Without a PATH: ask for what was checked today too.")
@console.home_option
@console.model_option
@console.json_option
def command(
    paths: tuple[str, ...],
    offline: bool,
    again: bool,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Take files, folders and archives in; without a PATH, the register of official sources.

    Reads PDF, HTML, DOCX, Markdown, plain text and Lovdata's XML. Run it again at any time: what
    has not changed is skipped, what is gone from a folder is removed.

    Without a PATH, the shipped articles are taken in, and the pages that the register names are
    fetched from their publishers: slowly, as their robots.txt allows, and only what is new since
    the last time. What can't be fetched stands as a card with its link. --offline fetches nothing.

    A file or page that can't be read is listed with the reason and does not stop the run; the
    exit code is then still 0. --json prints the report: added, updated, kept, moved, deleted,
    failed (each with uri and reason), warnings, notes, embedded, passages, seconds.

    A path inside a folder that is in the base is brought in line as a part of it. A file that was
    renamed or moved is the same document still.
    """
    if paths and (offline or again):
        raise click.UsageError("--offline and --again are for a run without a PATH")
    settings = console.settings(home=home, model=model)
    folders = [_existing(path, settings.home) for path in paths]
    from ingest import sync
    from search.embedding.encoder import load

    encoder = load(
        settings.model,
        settings.home,
        download=settings.model_download,
        progress=console.model_step(quiet=as_json),
    )
    with console.progress(quiet=as_json) as tell:
        if folders:
            report = sync.ingest(folders, home=settings.home, encoder=encoder, progress=tell)
        else:
            walk = None if offline else sync.online(settings.contact, again=again)
            report = sync.ingest_register(
                home=settings.home, encoder=encoder, progress=tell, walk=walk
            )
    if as_json:
        console.print_json(report.as_json())
    else:
        console.print_report(report)


def _existing(path: str, home: Path) -> Path:
    """A path that is there. A misspelt one stops the run before anything is read."""
    if "://" in path:
        raise click.BadParameter(
            f"{path} is a web address; save the page or file and give its path", param_hint="PATH"
        )
    from ingest.names import escaped

    found = Path(path).expanduser()
    if not found.exists() and not found.is_symlink():
        raise click.BadParameter(
            f"there is nothing at {escaped(path)}{_known(path, home)}", param_hint="PATH"
        )
    return found


def _known(path: str, home: Path) -> str:
    """What to do where documents came from a path at which there is nothing now."""
    from ingest.forget import forget
    from ingest.names import escaped
    from search.errors import SearchError

    try:
        number = len(forget([path], home=home, dry_run=True))
    except SearchError:
        number = 0
    if not number:
        return ""
    return (
        f", but {number} documents came from it and are kept; if it moved, take it in where it is "
        f"now, else `kjelda forget {shlex.quote(escaped(path))}` removes them"
    )
