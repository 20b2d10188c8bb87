"""``kjelda``: one entry point, each command loaded only when it is used.

This module and what it imports stay light (click only), so that ``kjelda --help``
answers at once: tests/unit/test_lazy_imports.py holds that.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

# name: (module, one line for the list of commands)
COMMANDS: dict[str, tuple[str, str]] = {
    "ingest": ("api.commands.ingest", "Take documents in; without a path, the official sources."),
    "search": ("api.commands.search", "Search the base; hits say where they stand."),
    "forget": ("api.commands.forget", "Remove documents that are to be there no more."),
    "show": ("api.commands.show", "Show a document: sections and their places."),
    "changes": ("api.commands.changes", "What is new, changed, superseded or gone."),
    "serve": ("api.commands.serve", "Serve the web pages and the HTTP API."),
    "status": ("api.commands.status", "What is in the base, and from when."),
    "doctor": ("api.commands.doctor", "What is wrong with the base, and what mends it."),
    "rebuild": ("api.commands.rebuild", "Embed everything anew with the model that is set."),
    "model": ("api.commands.model", "Build the default model, and say where it is."),
    "feedback": ("api.commands.feedback", "What readers report, and searches without hits."),
    "evaluate": ("api.commands.evaluate", "Score the search on judged questions."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of a user's first day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kjelda", message="%(prog)s %(version)s")
def cli() -> None:
    """Kjelda: a Norwegian knowledge base with semantic search.

    \b
    kjelda ingest ~/documents           take documents in
    kjelda search "krav på norskopplæring"
    kjelda serve                        the same in a browser

    Settings: environment KJELDA_HOME, KJELDA_MODEL, KJELDA_MODEL_DOWNLOAD, KJELDA_HOST,
    KJELDA_PORT, KJELDA_CONTACT and KJELDA_LOG_QUERIES, or kjelda.toml in the working folder.

    Exit codes: 0 done (also when a file could not be read: it is listed), 1 it could
    not be done, 2 the command was written wrongly.
    """  # noqa: D301 - click keeps a block after \b as it is


def main() -> None:
    """Run the command line; a known error is one line on stderr, never a traceback."""
    # Set before torch or a tokenizer can load: both warn or fork on their own otherwise.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        code = cli.main(prog_name="kjelda", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        goes_on = sys.argv[1:2] in (["ingest"], ["rebuild"])  # what was taken in is kept
        _say("stopped; run the same again to go on" if goes_on else "stopped")
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except BrokenPipeError:
        # The reader (head, less) has enough. Python would complain at exit otherwise.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if not _known(error):
            raise
        _say(f"error: {error}")
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _known(error: Exception) -> bool:
    """Whether the error has a message for the user. Asks no slow import."""
    kinds: list[Any] = []
    for module, names in {
        "search.errors": ["SearchError"],
        "ingest.errors": ["IngestError"],
        "api.settings": ["SettingsError"],
    }.items():
        if loaded := sys.modules.get(module):
            kinds += [getattr(loaded, name) for name in names]
    return isinstance(error, tuple(kinds))


def _say(line: str) -> None:
    click.echo(f"kjelda: {line}", err=True)


if __name__ == "__main__":
    main()
