"""HTML: the main content of a page, with headings, anchors, lists and tables."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.element import CData, NavigableString, PageElement, Tag

from corpus.documents import DocumentType
from corpus.text import normalise_line
from ingest.errors import BrokenFile
from ingest.extract import html_head as head
from ingest.extract.draft import Draft
from ingest.extract.html_notices import spoken
from ingest.extract.notices import claims_in
from ingest.extract.outline import Outline
from ingest.extract.own import PREFIX, told

_LEFT_OUT = frozenset(
    {
        *("script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "head"),
        *("nav", "aside", "footer", "form", "button", "input", "select", "textarea", "dialog"),
        *("img", "picture", "video", "audio", "math"),
    }
)
_LEFT_OUT_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert"}
)
_CHROME = re.compile(r"\b(?:breadcrumbs?|cookie[\w-]*|skip-?link|to-top[\w-]*|share|sr-only)\b")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DEEPEST = 1_000
_NESTING = re.compile(
    rb"<(/?)(?:div|ul|ol|table|section|article|blockquote|main|aside|span|b|i|font)\b",
    re.IGNORECASE,
)
_INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn"),
        *("em", "font", "i", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp"),
        *("small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    }
)


def extract(data: bytes) -> Draft:
    """The main content, and what the page's head tells. Raises BrokenFile."""
    if _depth(data) > _DEEPEST:
        raise BrokenFile("its tags are nested too deep to be read")
    with warnings.catch_warnings():
        # XHTML, and scraps without a tag, are read as HTML on purpose.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        try:
            page = BeautifulSoup(data, "lxml")
        except (ValueError, AssertionError, RecursionError) as error:
            raise BrokenFile(f"not readable as HTML ({error})") from error
    meta = head.meta(page)
    main = _main(page)
    claims = claims_in(spoken(page, main))
    heading = main.find("h1") or page.find("h1")
    title = _words(heading) if isinstance(heading, Tag) else ""
    outline = Outline(slugs=False)
    try:
        _Reader(outline, title).read(main)
    except RecursionError as error:
        raise BrokenFile("its tags are nested too deep to be read") from error
    kind = head.kind(meta)
    published, updated = head.dates(meta)
    draft = Draft(
        sections=outline.sections(),
        title=title or meta.get("og:title") or meta.get("dc.title") or head.site_title(page),
        uri=head.canonical(page, meta),
        type=kind or DocumentType.WEB_PAGE,
        language=head.language(page, meta),
        status=head.status(kind, meta),
        publisher=head.publisher(meta),
        published=published,
        updated=updated,
        claims=claims,
    )
    own = {
        name.removeprefix(PREFIX): text for name, text in meta.items() if name.startswith(PREFIX)
    }
    return told(draft, own)


def _depth(data: bytes) -> int:
    """How deep tags are nested that must be closed: a parser takes long over thousands."""
    depth = deepest = 0
    for match in _NESTING.finditer(data):
        depth += -1 if match[1] else 1
        depth = max(depth, 0)
        deepest = max(deepest, depth)
    return deepest


class _Reader:
    """Walks the content in order, and fills the outline."""

    def __init__(self, outline: Outline, title: str) -> None:
        self.outline = outline
        self.title = title
        self.titled = False
        self.line: list[str] = []
        self.anchor: str | None = None

    def read(self, root: Tag) -> None:
        self._children(root)
        self._end_line()

    def _children(self, tag: Tag) -> None:
        for child in tag.children:
            self._node(child)

    def _node(self, node: PageElement) -> None:
        if isinstance(node, NavigableString):
            if type(node) in (NavigableString, CData):
                self.line.append(re.sub(r"\s+", " ", node))
            return
        if not isinstance(node, Tag) or _is_left_out(node):
            return
        name = node.name
        if name in _HEADINGS:
            self._heading(node, _HEADINGS[name])
            return
        self._note_anchor(node)
        if name == "br":
            self.line.append("\n")
        elif name in _INLINE:
            self._children(node)
        elif name == "summary":
            self._end_line()
            self.outline.heading(6, _words(node), self.anchor)
        elif name in ("ul", "ol") and not node.find(list(_HEADINGS)):
            self._block("\n".join(_list(node)))
        elif name == "table" and _is_data_table(node):
            self._block("\n".join(_rows(node)))
        elif name == "dl" and not node.find(list(_HEADINGS)):
            self._block("\n".join(_terms(node)))
        elif name == "pre":
            self._block(node.get_text())
        else:
            self._end_line()
            self._children(node)
            self._end_line()

    def _heading(self, tag: Tag, level: int) -> None:
        self._end_line()
        inner = tag.find(attrs={"id": True}) or tag.find("a", attrs={"name": True})
        controls = tag.find(attrs={"aria-controls": True})
        own = _anchor(tag) or (_anchor(inner) if isinstance(inner, Tag) else None)
        if own is None and isinstance(controls, Tag):
            own = str(controls["aria-controls"])  # the fold that this heading opens
        self.anchor = own or self.anchor
        text = _words(tag)
        if not self.titled and text == self.title:
            self.titled = True
            if self.anchor:
                self.outline.anchor(self.anchor)
        else:
            self.outline.heading(level, text, self.anchor)

    def _note_anchor(self, tag: Tag) -> None:
        if name := _anchor(tag):
            self.anchor = name

    def _block(self, text: str) -> None:
        self._end_line()
        self.outline.paragraph(text)

    def _end_line(self) -> None:
        text, self.line = "".join(self.line), []
        self.outline.paragraph(text)


def _anchor(tag: Tag) -> str | None:
    name = tag.get("id") or (tag.get("name") if tag.name == "a" else None)
    return str(name) if name else None


def _is_left_out(tag: Tag) -> bool:
    if tag.name in _LEFT_OUT or tag.has_attr("hidden") or tag.get("aria-hidden") == "true":
        return True
    if tag.get("role") in _LEFT_OUT_ROLES:
        return True
    classes = tag.get("class")
    return bool(classes) and _CHROME.search(" ".join(map(str, classes or ()))) is not None


def _main(page: BeautifulSoup) -> Tag:
    """The element that holds the page's own text."""
    for found in (page.find("main"), page.find(attrs={"role": "main"})):
        if isinstance(found, Tag) and _words(found):
            return found
    articles: list[Tag] = [
        tag for tag in page.find_all("article") if not tag.find_parent("article")
    ]
    if len(articles) == 1:
        return articles[0]
    body = page.body or page
    for header in body.find_all("header"):
        if not header.find_parent("article"):
            header.decompose()
    return body


def _words(tag: Tag) -> str:
    """All text in a tag, buttons included, on one line."""
    return normalise_line(tag.get_text(" " if tag.find(["p", "div", "br"]) else ""))


def _cell(tag: Tag) -> str:
    """Text of a cell or list point, without what is left out everywhere."""
    parts: list[str] = []
    for child in tag.children:
        if isinstance(child, Tag):
            if _is_left_out(child):
                continue
            apart = child.name not in _INLINE
            parts.append(f" {_cell(child)} " if apart else _cell_inline(child))
        elif type(child) in (NavigableString, CData):
            parts.append(str(child))
    return normalise_line("".join(parts))


def _cell_inline(tag: Tag) -> str:
    """Text of an inline tag, with the spaces at its ends: they part words."""
    text = tag.get_text()
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() else ""
    return f"{lead}{_cell(tag)}{tail}"


def _list(tag: Tag, depth: int = 0) -> Iterator[str]:
    """A line for every point, nested ones below theirs."""
    start = str(tag.get("start") or "1")
    number = int(start) if start.isdigit() else 1
    for item in tag.find_all("li", recursive=False):
        nested = item.find_all(["ul", "ol"])
        inner = [found for found in nested if found.find_parent("li") is item]
        for found in inner:
            found.extract()
        text = _cell(item)
        if text:
            yield f"{number}. {text}" if tag.name == "ol" else f"- {text}"
            number += 1
        for found in inner:
            yield from _list(found, depth + 1)


def _is_data_table(tag: Tag) -> bool:
    """Whether a table holds rows of cells; one that frames other content does not."""
    return not tag.find(["table", *_HEADINGS]) and any(
        len(row.find_all(["td", "th"])) > 1 for row in tag.find_all("tr")
    )


def _rows(tag: Tag) -> Iterator[str]:
    caption = tag.find("caption")
    if isinstance(caption, Tag) and (text := _words(caption)):
        yield text
    for row in tag.find_all("tr"):
        cells = [_cell(cell) for cell in row.find_all(["td", "th"])]
        if any(cells):
            yield " | ".join(cells)


def _terms(tag: Tag) -> Iterator[str]:
    term = ""
    for child in tag.find_all(["dt", "dd"]):
        text = _cell(child)
        if child.name == "dt":
            if term:
                yield term
            term = text
        elif text:
            yield f"{term}: {text}" if term else text
            term = ""
    if term:
        yield term
