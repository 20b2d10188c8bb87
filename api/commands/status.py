"""``kjelda status``."""

from __future__ import annotations

from pathlib import Path

import click

from api import console

_WORDS = {
    "documents": "documents",
    "passages": "passages",
    "vectors": "vectors",
    "model_id": "embedded with",
    "generation": "index",
    "indexed_passages": "passages in it",
    "changed_since_indexed": "documents newer than it",
    "last_run_started": "last run began",
    "last_run_finished": "last run ended",
    "failed_files": "files not read",
    "by_status": "by status",
    "in_conflict": "status disputed",
    "fetched_first": "oldest seen at source",
    "fetched_last": "newest seen at source",
}


@click.command()
@console.home_option
@console.json_option
def command(home: Path | None, as_json: bool) -> None:
    """What is in the base, and from when. `kjelda doctor` says what is wrong with it.

    "files not read" are those that the last run over them could not take in.
    """
    settings = console.settings(home=home)
    from api.base import opener

    searcher = opener(settings.home, settings.model, download=settings.model_download)()
    try:
        status = {"home": str(settings.home), **searcher.status(), **searcher.currency()}
    finally:
        searcher.close()
    if as_json:
        console.print_json(status)
        return
    for name, value in status.items():
        words = _WORDS.get(name, name.replace("_", " "))
        missing = "never" if name == "last_run_started" else "not yet"
        click.echo(f"{words:<24}{missing if value is None else _said(value)}")


def _said(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{number} {word}" for word, number in value.items()) or "–"
    return value
