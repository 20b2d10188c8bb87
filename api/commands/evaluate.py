"""``kjelda evaluate``."""

from __future__ import annotations

from pathlib import Path

import click

from api import console

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--queries", type=_FILE, required=True, help="JSON lines with the questions.")
@click.option("--passages", type=_FILE, help="JSON lines with ready passages to search in.")
@click.option("--documents", type=_FOLDER, help="A folder to take in and search in.")
@click.option(
    "--query-field",
    "fields",
    multiple=True,
    default=("query",),
    show_default=True,
    help="The field with the question; repeat for a report each.",
)
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "lexical", "vector"]),
    default="hybrid",
    show_default=True,
)
@console.home_option
@console.model_option
@console.json_option
def command(
    queries: Path,
    passages: Path | None,
    documents: Path | None,
    fields: tuple[str, ...],
    mode: str,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Score the search on judged questions; prints one JSON object.

    Against --passages, against --documents, or, with neither, against the base itself.
    --json leaves out the progress on stderr.
    """
    if passages and documents:
        raise click.UsageError("give --passages or --documents, not both")
    settings = console.settings(home=home, model=model)
    from api.evaluate import evaluate
    from ingest.report import Progress
    from search.embedding.encoder import load
    from search.values import Mode

    encoder = load(
        settings.model,
        settings.home,
        download=settings.model_download,
        progress=console.model_step(quiet=as_json),
    )
    with console.progress(quiet=as_json) as tell:
        found = evaluate(
            encoder=encoder,
            queries=queries,
            passages=passages,
            documents=documents,
            home=settings.home,
            query_field=fields,
            mode=Mode(mode),
            step=None if tell is None else lambda s, n: tell(Progress(s, n, None)),
        )
    console.print_json(found)
