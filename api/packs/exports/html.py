"""A paper as one HTML file that needs nothing else: the most accessible of the formats."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.packs.exports.paper import Fact, Heads, Notes, Paper, Quoted
from api.packs.texts import text

TEMPLATES = Path(__file__).parents[2] / "templates" / "packs"
STATIC = Path(__file__).parents[2] / "static"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests |= {
        "heads": lambda block: isinstance(block, Heads),
        "notes": lambda block: isinstance(block, Notes),
        "quoted": lambda block: isinstance(block, Quoted),
    }
    environment.globals |= {"web": web, "shown": shown}
    return environment


def web(url: str | None) -> bool:
    """Whether an address may be a link: http and https only."""
    return url is not None and url.lower().startswith(("https://", "http://"))


def shown(url: str) -> str:
    """An address as people read it: the § is a §."""
    return url.replace("%C2%A7", "§")


def html(paper: Paper, *, for_print: bool = False) -> str:
    """The paper as HTML. ``for_print`` is what the PDF is made of."""
    return (
        _environment()
        .get_template("export.html")
        .render(
            paper=paper,
            p=partial(text, paper.written),
            style=(STATIC / "pack-export.css").read_text(encoding="utf-8"),
            for_print=for_print,
            depth=3 if any(isinstance(block, Heads) for block in paper.blocks) else 2,
        )
    )


def fact_line(fact: Fact) -> str:
    """A fact on one line: ``Status: Gjeldande``."""
    return f"{fact.label}: {fact.value.text}"
