"""A paper as an accessible PDF (PDF/UA-1): tagged, with title, language and bookmarks."""

from __future__ import annotations

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
    found: bytes = weasyprint.HTML(
        string=html(paper, for_print=True), url_fetcher=_nothing, base_url="about:blank"
    ).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return found


def _nothing(url: str, *_: Any, **__: Any) -> Any:
    """A file that is made here asks for nothing: no address of a document is ever fetched."""
    raise ValueError(f"an export fetches nothing, but was asked for {url[:100]}")
