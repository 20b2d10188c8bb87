"""A paper as an accessible PDF (PDF/UA-1): tagged, with title, language and bookmarks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from api.packs.errors import ExportUnavailable
from api.packs.exports.html import html
from api.packs.exports.paper import Paper


def pdf(paper: Paper) -> bytes:
    """The paper as PDF/UA-1. Raises ExportUnavailable where Pango is not installed."""
    try:
        import weasyprint
    except OSError as error:
        # WeasyPrint loads Pango when it is imported; pip can't install that.
        raise ExportUnavailable("unavailable_pdf") from error
    _mark_languages()
    found: bytes = weasyprint.HTML(
        string=html(paper, for_print=True), url_fetcher=_nothing, base_url="about:blank"
    ).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return found


def _nothing(url: str, *_: Any, **__: Any) -> Any:
    """A file that is made here asks for nothing: no address of a document is ever fetched."""
    raise ValueError(f"an export fetches nothing, but was asked for {url[:100]}")


@cache
def _mark_languages() -> None:
    """Let WeasyPrint write the lang of each HTML element onto its tag.

    It writes the document's language only, and a screen reader would read Nynorsk quotes as
    Bokmål. There is no hook for it: the function that makes tags is wrapped once. A test reads
    the languages back out of the tags.
    """
    from weasyprint.pdf import tags

    build = tags._build_box_tree

    def with_language(box: Any, *rest: Any, **more: Any) -> Iterator[Any]:
        import pydyf

        for element in build(box, *rest, **more):
            lang = box.element.attrib.get("lang") if box.element is not None else None
            if lang and "Lang" not in element:
                element["Lang"] = pydyf.String(lang)
            yield element

    tags._build_box_tree = with_language
