"""Markdown: headings, paragraphs, lists and tables as plain readable text.

Marks of emphasis and links go, what they hold stays. Front matter is told in
ingest.extract.front.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.text import normalise_line
from ingest.extract import front
from ingest.extract.draft import Draft
from ingest.extract.outline import Outline
from ingest.extract.plain import decode

_ATTRIBUTE = re.compile(r"\s*\{#([\w-]+)\}\s*$")
_TAG = re.compile(r"<!--.*?-->|<[^>]+>", re.DOTALL)
# The law export sets links apart wrongly: "etter § 12 , skal", "overtredelse av§ 3".
_LOOSE_MARK = re.compile(r"(?<=[\w)]) (?=[,;.)]+(?:\s|$))|(?<=\() ")
_GLUED_SIGN = re.compile(r"(?<=[a-zæøå])(?=§)")
_BULLET = re.compile(r"^[•·▪–]\s+")


def extract(data: bytes, today: date) -> Draft:
    """One section per heading; ``today`` decides whether an act is in force.

    Raises BrokenFile for front matter or bytes that cannot be read.
    """
    # Line feeds first: front matter and Markdown both go by lines.
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    told, body = front.split(text)
    draft = front.read(told, today) if told else Draft(sections=())
    if "refid" in told:
        body = _LOOSE_MARK.sub("", _GLUED_SIGN.sub(" ", body))
    outline = Outline()
    title = _fill(outline, _parser().parse(body), draft.title)
    return replace(draft, sections=outline.sections(), title=draft.title or title)


def _parser() -> MarkdownIt:
    # Indented text in the law export is text, never code.
    return MarkdownIt("commonmark").enable("table").disable("code")


def _fill(outline: Outline, tokens: Sequence[Token], title: str | None) -> str | None:
    """Put all blocks into the outline; gives the document's own first heading."""
    own_title: str | None = None
    position = 0
    while position < len(tokens):
        token = tokens[position]
        end = _closing(tokens, position)
        inner = tokens[position + 1 : end]
        if token.type == "heading_open":
            text = normalise_line(_inline(tokens[position + 1]))
            anchor = _ATTRIBUTE.search(text)
            text = _ATTRIBUTE.sub("", text)
            first = own_title is None and token.tag == "h1"
            if first and (title is None or normalise_line(title) == text):
                own_title = text
            else:
                outline.heading(int(token.tag[1]), text, anchor[1] if anchor else None)
        elif token.type == "table_open":
            outline.paragraph("\n".join(_rows(inner)))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            outline.paragraph("\n".join(_list(tokens, position, end)))
        elif token.type == "blockquote_open":
            # Headings in a quotation are the quoted text's, not this document's.
            outline.paragraph("\n\n".join(_blocks(inner)))
        elif text := _leaf(token, inner):
            outline.paragraph(text)
        position = end + 1
    return own_title


def _closing(tokens: Sequence[Token], position: int) -> int:
    """The index of the token that closes the block opened at ``position``."""
    depth = 0
    for index in range(position, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


def _leaf(token: Token, inner: Sequence[Token]) -> str:
    if token.type == "fence":
        return token.content
    if token.type == "html_block":
        return _TAG.sub(" ", token.content)
    if token.type == "paragraph_open":
        return _inline(inner[0])
    return ""


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """The blocks in a list point or a quotation, each as text."""
    position = 0
    while position < len(tokens):
        end = _closing(tokens, position)
        token, inner = tokens[position], tokens[position + 1 : end]
        if token.type in ("bullet_list_open", "ordered_list_open"):
            yield "\n".join(_list(tokens, position, end))
        elif token.type == "heading_open":
            yield _inline(inner[0])
        elif token.type == "table_open":
            yield "\n".join(_rows(inner))
        elif token.type == "blockquote_open":
            yield from _blocks(inner)
        elif text := _leaf(token, inner):
            yield text
        position = end + 1


def _list(tokens: Sequence[Token], start: int, end: int) -> Iterator[str]:
    """A line for every point, marked as in the source: ``- `` or its number."""
    ordered = tokens[start].type == "ordered_list_open"
    position = start + 1
    while position < end:
        close = _closing(tokens, position)
        item = tokens[position]
        mark = f"{item.info}{item.markup}" if ordered else "-"
        text = "\n".join(_blocks(tokens[position + 1 : close])).replace("\n\n", "\n")
        yield f"{mark} {_BULLET.sub('', text)}"
        position = close + 1


def _rows(tokens: Sequence[Token]) -> Iterator[str]:
    """A line for every row, cells parted by `` | ``."""
    cells: list[str] = []
    for token in tokens:
        if token.type == "inline":
            cells.append(normalise_line(_inline(token)))
        elif token.type == "tr_close":
            yield " | ".join(cells)
            cells = []


def _inline(token: Token) -> str:
    """The words of an inline token, without its marks."""
    parts: list[str] = []
    for child in token.children or ():
        if child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak" or (
            child.type == "html_inline" and child.content.lower().startswith("<br")
        ):
            parts.append("\n")
        elif child.type == "image":
            parts.append(_inline(child))  # the text that stands for the picture
        elif child.type != "html_inline":
            parts.append(child.content)
    return "".join(parts)
