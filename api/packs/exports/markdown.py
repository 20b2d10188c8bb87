"""A paper as Markdown (CommonMark). What stands in documents and notes is text, never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from api.packs.exports.html import web
from api.packs.exports.paper import Heads, Notes, Paper, Part, Quoted, Said
from api.packs.texts import text

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~&])")
_NUMBER_MARK = re.compile(r"^(\s*\d{1,9})([.)])")


def escape(words: str) -> str:
    """Words within a line as Markdown prints them, whatever they hold."""
    return _MARKUP.sub(r"\\\1", words)


def escape_line(words: str) -> str:
    """The same at the start of a line, where a number or a mark would begin a list or heading."""
    safe = escape(words)
    if match := _NUMBER_MARK.match(safe):
        return f"{match[1]}\\{match[2]}{safe[match.end() :]}"
    return re.sub(r"^(\s*)([#+=-])", r"\1\\\2", safe)


def markdown(paper: Paper) -> str:
    """The paper. Stretches in another language than the paper's stand in an element with lang."""
    say = partial(text, paper.written)
    out = [
        "---",
        f"title: {_yaml(paper.title.text)}",
        f"lang: {paper.written}",
        "---",
        "",
        f"# {_inline(paper, paper.title)}",
        "",
        *(f"- {escape(fact.label)}: {_inline(paper, fact.value)}" for fact in paper.about),
        "",
        escape(paper.advice),
    ]
    depth = "###" if any(isinstance(block, Heads) for block in paper.blocks) else "##"
    for block in paper.blocks:
        out.append("")
        if isinstance(block, Heads):
            out.append(f"## {_inline(paper, block.said)}")
        elif isinstance(block, Notes):
            out += _marked(paper, block.lang, _parts(block.parts))
        else:
            out += _quoted(paper, block, depth)
    if paper.sources:
        out += ["", f"## {say('export_sources')}", ""]
    for source in paper.sources:
        address = f" <{_address(source.url)}>" if source.url else ""
        lead = _inline(paper, Said(source.lead, source.said.lang))
        line = f"{source.number}. {lead}{address} {say('doc_status')}: "
        warning = f" **{escape(source.warning)}**" if source.warning else ""
        out.append(f"{line}{escape(source.status)}.{warning}")
    return "\n".join(out) + "\n"


def _quoted(paper: Paper, block: Quoted, depth: str) -> list[str]:
    say = partial(text, paper.written)
    place = f", {escape(block.place)}" if block.place else ""
    out = [f"{depth} {escape(block.label)}: {_inline(paper, block.title)}{place}", ""]
    if block.trail:
        out += [_inline(paper, block.trail, first=True), ""]
    if block.warning:
        out += [f"**{escape(block.warning)}**", ""]
    quote = [f"> {line}".rstrip() for line in _parts(block.parts)]
    out += [*_marked(paper, block.lang, quote), "", _inline(paper, block.reference, first=True), ""]
    out += [f"- {escape(fact.label)}: {_inline(paper, fact.value)}" for fact in block.facts]
    out.append(f"- {escape(say('open'))}: <{block.kjelda}>")
    if web(block.original) and block.original:
        out.append(f"- {escape(say('source_open'))}: <{_address(block.original)}>")
    return out


def _parts(parts: Sequence[Part]) -> list[str]:
    out: list[str] = []
    for part in parts:
        if out:
            out.append("")
        if part.is_list:
            out += [f"- {escape_line(line)}" for line in part.lines]
        else:
            # A backslash at the end of a line keeps the break.
            out += [f"{escape_line(line)}\\" for line in part.lines[:-1]]
            out.append(escape_line(part.lines[-1]))
    return out


def _marked(paper: Paper, lang: str, lines: list[str]) -> list[str]:
    if lang == paper.written:
        return lines
    return [f'<div lang="{lang}">', "", *lines, "", "</div>"]


def _inline(paper: Paper, said: Said, *, first: bool = False) -> str:
    """Words with their language; ``first`` on their line."""
    if said.lang == paper.written:
        return escape_line(said.text) if first else escape(said.text)
    return f'<span lang="{said.lang}">{escape(said.text)}</span>'


def _address(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")


def _yaml(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
