"""What the commands share: options for settings, JSON, tables and progress."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from api.settings import Settings
    from ingest.report import Progress, Report

Command = Callable[..., Any]

STAGES = {"fetch": "Fetching", "read": "Reading", "embed": "Embedding", "index": "Indexing"}
UNITS = {"fetch": "pages", "read": "files", "embed": "passages", "index": "passages"}
_WARNINGS = 20  # more hide the failures that follow
_EVERY = 5.0  # seconds between plain lines of progress


def home_option(command: Command) -> Command:
    """``--home``: the data folder."""
    return click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        help="The data folder, instead of KJELDA_HOME.",
    )(command)


def model_option(command: Command) -> Command:
    """``--model``: the embedding model."""
    return click.option("--model", help="The embedding model, instead of KJELDA_MODEL.")(command)


def json_option(command: Command) -> Command:
    """``--json``: one JSON object on stdout, and nothing else."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object only.")(
        command
    )


def settings(**given: Any) -> Settings:
    """The settings in force. Raises SettingsError."""
    from api.settings import load

    return load(**given)


def print_json(data: object) -> None:
    """JSON in UTF-8, as it is read by people too."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def console(*, stderr: bool = False) -> Console:
    """A terminal that never wraps what is piped, and never reads markup in documents."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    piped = not stream.isatty()
    return Console(
        stderr=stderr,
        highlight=False,
        markup=False,
        emoji=False,
        width=100 if piped else None,
        soft_wrap=piped,
    )


def indented(out: Console, text: Text, by: int) -> None:
    """Print a text set in; what is piped is neither wrapped nor filled up with spaces."""
    from rich.padding import Padding
    from rich.text import Text as Line

    if out.is_terminal:
        out.print(Padding(text, (0, 0, 0, by)))
        return
    for line in text.split("\n"):
        out.print(Line.assemble(" " * by, line) if line.plain else Line())


def written() -> str:
    """The written form of what is said in Norwegian: Nynorsk where the locale is, else Bokmål."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "nn" if next(filter(None, names), "").lower().startswith("nn") else "nb"


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """How far a run is: bars on a terminal, a line now and then elsewhere, on stderr."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bars() as tell:
            yield tell
    else:
        yield _Lines()


@contextmanager
def _bars() -> Iterator[Callable[[Progress], None]]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        Task,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars
    from rich.text import Text

    class Rate(ProgressColumn):
        """Done a second."""

        def render(self, task: Task) -> Text:
            """``42/s``; nothing before it is known."""
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f} {task.fields['unit']}/s" if speed else "", style="dim")

    with Bars(
        TextColumn("{task.description:<10}", markup=False),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[current]}", style="dim", markup=False),
        console=console(stderr=True),
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(now: Progress) -> None:
            if now.stage not in tasks:
                words = STAGES.get(now.stage, now.stage)
                unit = UNITS.get(now.stage, "")
                tasks[now.stage] = bars.add_task(words, total=now.total, unit=unit, current="")
            bars.update(
                tasks[now.stage], completed=now.done, total=now.total, current=now.current[-40:]
            )

        yield tell


class _Lines:
    """Plain lines: when a stage begins, and every few seconds."""

    def __init__(self) -> None:
        self.stage = ""
        self.last = 0.0

    def __call__(self, now: Progress) -> None:
        moment = time.monotonic()
        if now.stage == self.stage and moment - self.last < _EVERY:
            return
        self.stage, self.last = now.stage, moment
        of = "" if now.total is None else f" of {now.total}"
        line = f"{STAGES.get(now.stage, now.stage)}: {now.done}{of} {UNITS.get(now.stage, '')}"
        click.echo(line.rstrip(), err=True)


def print_report(report: Report) -> None:
    """What a run did, in words."""
    counts = [
        (len(report.added), "added"),
        (len(report.updated), "updated"),
        (len(report.moved), "moved"),
        (len(report.kept), "unchanged"),
        (len(report.deleted), "deleted"),
        (len(report.failed), "failed"),
    ]
    said = ", ".join(f"{n} {word}" for n, word in counts if n) or "nothing to take in"
    click.echo(
        f"{said}. {report.embedded} passages embedded in {report.seconds:.1f} s; "
        f"the base holds {report.documents} documents, {report.passages} passages."
    )
    for note in report.notes:
        click.echo(f"  note     {note}", err=True)
    for warning in report.warnings[:_WARNINGS]:
        click.echo(f"  warning  {warning}", err=True)
    if len(report.warnings) > _WARNINGS:
        more = len(report.warnings) - _WARNINGS
        click.echo(f"  and {more} more warnings; --json lists them all", err=True)
    for failure in report.failed:
        click.echo(f"  failed   {failure.uri}: {failure.reason}", err=True)


def model_step(*, quiet: bool) -> Callable[[str], None] | None:
    """Tell the steps of building the model, once in a lifetime, so that nobody waits blindly."""
    return None if quiet else lambda step: click.echo(f"Model: {step}", err=True)
