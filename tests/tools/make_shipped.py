"""Make the shipped articles that are not Markdown, from Markdown in ``shipped/``.

``python tests/tools/make_shipped.py`` writes the DOCX and the HTML to
corpus/documents; with ``--check`` it only says which of them differ. The bytes are
the same each time: no clock, fixed times in the ZIP.
"""

from __future__ import annotations

import argparse
import html
import io
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import docx
import yaml
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.identity import slug

HERE = Path(__file__).parent / "shipped"
SHIPPED = Path(__file__).parents[2] / "corpus" / "documents"
ARTICLES: Mapping[str, str] = {
    "fravaer-og-permisjon-nb": "docx",
    "kven-gjer-kva-nn": "html",
}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LOCALE = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
_MARKDOWN = MarkdownIt("commonmark").enable("table")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with --check compare them. 1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = parser.parse_args(arguments).check
    differing = 0
    for name, kind in ARTICLES.items():
        made = make(HERE / f"{name}.md", kind)
        path = SHIPPED / f"{name}.{kind}"
        same = path.exists() and path.read_bytes() == made
        if not same and not check:
            path.write_bytes(made)
        differing += not same
        verdict = "as it was" if same else "differs" if check else "written"
        sys.stdout.write(f"{path.name}: {verdict}\n")
    return 1 if check and differing else 0


def make(source: Path, kind: str) -> bytes:
    """The bytes of one article as ``docx`` or ``html``."""
    _, front, body = source.read_text(encoding="utf-8").split("---\n", 2)
    meta = yaml.safe_load(front)
    tokens = _MARKDOWN.parse(body)
    return _word(meta, tokens) if kind == "docx" else _page(meta, tokens)


def _facts(meta: Mapping[str, object]) -> dict[str, str]:
    areas = meta["areas"]
    assert isinstance(areas, list)
    return {
        "kjelda.uri": str(meta["uri"]),
        "kjelda.type": str(meta["type"]),
        "kjelda.areas": ",".join(map(str, areas)),
        "kjelda.status": str(meta["status"]),
        "kjelda.publisher": str(meta["publisher"]),
        "kjelda.published": str(meta["published"]),
        "kjelda.checked": str(meta["checked"]),
    }


def _page(meta: Mapping[str, object], tokens: list[Token]) -> bytes:
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slug(inline.content))
    facts = "\n".join(
        f'<meta name="{name}" content="{html.escape(value)}">'
        for name, value in _facts(meta).items()
    )
    body = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return f"""\
<!doctype html>
<html lang="{meta["language"]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(str(meta["title"]))}</title>
{facts}
</head>
<body>
<main>
{body}</main>
</body>
</html>
""".encode()


def _word(meta: Mapping[str, object], tokens: list[Token]) -> bytes:
    document = docx.Document()
    facts = _facts(meta)
    core = document.core_properties
    core.title = str(meta["title"])
    core.author = core.last_modified_by = facts.pop("kjelda.publisher")
    core.language = _LOCALE[str(meta["language"])]
    core.keywords = "; ".join(f"{name}={value}" for name, value in facts.items())
    core.comments = ""
    core.created = core.modified = datetime.fromisoformat(facts["kjelda.checked"]).replace(
        tzinfo=UTC
    )
    _spell_in(document, core.language)
    style = None
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            _write(document.add_heading(level=int(token.tag[1])), inline)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            style = "List Bullet" if token.tag == "ul" else "List Number"
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            style = None
        elif token.type == "paragraph_open":
            _write(document.add_paragraph(style=style), inline)
        elif token.type == "table_open":
            raise NotImplementedError("a table: write it as a list, or teach this script")
    return _packed(document)


def _spell_in(document: WordDocument, language: str) -> None:
    properties = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    properties.find(qn("w:lang")).set(qn("w:val"), language)


def _write(paragraph: Paragraph, inline: Token) -> None:
    for text, bold, href in _runs(inline.children or []):
        run = paragraph.add_run(text)
        run.bold = bold or None
        if href:
            link = OxmlElement("w:hyperlink")
            related = paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link.set(qn("r:id"), related)
            paragraph._p.append(link)
            link.append(run._r)


def _runs(tokens: Sequence[Token]) -> Iterator[tuple[str, bool, str | None]]:
    bold, href = False, None
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            bold = token.nesting == 1
        elif token.type in ("link_open", "link_close"):
            href = str(token.attrs["href"]) if token.nesting == 1 else None
        elif token.type == "softbreak":
            yield " ", bold, href
        elif token.type == "text":
            yield token.content, bold, href
        else:
            raise NotImplementedError(f"{token.type}: teach this script")


def _packed(document: WordDocument) -> bytes:
    """The same parts, in the same order, under a fixed time."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(fixed, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return fixed.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
