"""A pack composed for export: every word that is printed, with its language. Pure.

All writers (Word, slides, PDF, HTML, Markdown) print a Paper, so that none can leave a place, a
status or a warning out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from api import citation
from api.packs.model import Heading, Note, Pack, Quote
from api.packs.texts import text
from api.places import day, lang_attribute, place_words
from api.result import document_path
from api.texts import Written
from corpus.documents import Language, Status
from search.analysis.form import written_form

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_DASH = "- "
_DATES = ("published", "updated", "valid_from", "valid_to", "fetched")
_WARNING = {
    Status.SUPERSEDED: "warn_superseded",
    Status.PROPOSAL: "warn_proposal",
    Status.EXPIRED: "warn_expired",
}


@dataclass(frozen=True, slots=True)
class Said:
    """Words with their language: nb, nn, en, or empty where it isn't known."""

    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph with its lines, or a list with its entries."""

    lines: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A label in the paper's language, and what stands beside it; ``url`` makes it a link."""

    label: str
    value: Said
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Heads:
    """A heading of the pack's maker."""

    said: Said


@dataclass(frozen=True, slots=True)
class Notes:
    """A note of the pack's maker."""

    parts: tuple[Part, ...]
    lang: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as it is printed. ``label`` is «Sitat 3»; ``reference`` is in law style.

    ``short`` is an act's short title, or else the title; ``source`` is the number of its document
    in the list of sources.
    """

    number: int
    label: str
    title: Said
    place: str
    trail: Said | None
    parts: tuple[Part, ...]
    lang: str
    facts: tuple[Fact, ...]
    warning: str | None
    kjelda: str
    original: str | None
    reference: Said
    in_text: Said
    short: Said
    source: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A document of the list of sources, as APA has it; ``url`` is the address it ends in."""

    number: int
    said: Said
    url: str | None
    status: str
    warning: str | None

    @property
    def lead(self) -> str:
        """The reference without its address, which is printed as a link after it."""
        return self.said.text.removesuffix(self.url or "").rstrip() if self.url else self.said.text


Block = Heads | Notes | Quoted


@dataclass(frozen=True, slots=True)
class Paper:
    """A pack ready to print, in one language of the interface."""

    title: Said
    written: Written
    about: tuple[Fact, ...]
    advice: str
    blocks: tuple[Block, ...]
    sources: tuple[SourceLine, ...]

    @property
    def quotes(self) -> tuple[Quoted, ...]:
        """The quotes, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Quoted))


def compose(
    pack: Pack, written: Written, address: str, today: date, base_date: date | None
) -> Paper:
    """The pack as a paper. ``address`` is the server's own, without a slash at the end."""
    say = partial(text, written)
    blocks: list[Block] = []
    sources: dict[str, tuple[int, Quote]] = {}
    for item in pack.items:
        content = item.content
        if isinstance(content, Heading):
            blocks.append(Heads(Said(content.text, own_language(content.text, written))))
        elif isinstance(content, Note):
            blocks.append(Notes(parts_of(content.text), own_language(content.text, written)))
        else:
            number = sources.setdefault(content.document_id, (len(sources) + 1, content))[0]
            count = 1 + sum(isinstance(block, Quoted) for block in blocks)
            blocks.append(_quoted(content, count, number, written, address))
    queries = dict.fromkeys(quote.query for quote in pack.quotes if quote.query)
    about = [
        Fact(say("export_made"), Said(day(pack.created), written)),
        Fact(say("export_exported"), Said(day(today), written)),
        Fact(
            say("export_base"),
            Said(day(base_date) if base_date else say("unknown"), written),
        ),
    ]
    if queries:
        asked = "; ".join(f"«{query}»" for query in queries)
        about.append(Fact(say("export_query"), Said(asked, own_language(asked, written))))
    return Paper(
        title=Said(pack.title, own_language(pack.title, written)),
        written=written,
        about=tuple(about),
        advice=say("export_advice"),
        blocks=tuple(blocks),
        sources=tuple(_source(n, quote, written) for n, quote in sources.values()),
    )


def own_language(words: str, written: Written) -> str:
    """The language of words that a person wrote: what they tell, else the interface's."""
    found = written_form(words)
    return written if found is Language.UNDETERMINED else str(found)


def parts_of(words: str) -> tuple[Part, ...]:
    """Paragraphs and lists: lines in a row that begin with a dash are a list."""
    parts: list[Part] = []
    for paragraph in _PARAGRAPH.split(words):
        lines: list[str] = []
        entries: list[str] = []
        for line in filter(str.strip, paragraph.split("\n")):
            if line.startswith(_DASH):
                if lines:
                    parts.append(Part(tuple(lines)))
                    lines = []
                entries.append(line.removeprefix(_DASH))
            else:
                if entries:
                    parts.append(Part(tuple(entries), is_list=True))
                    entries = []
                lines.append(line)
        if entries:
            parts.append(Part(tuple(entries), is_list=True))
        if lines:
            parts.append(Part(tuple(lines)))
    return tuple(_one_list(parts))


def _one_list(parts: Iterable[Part]) -> Iterator[Part]:
    """Lists in a row as one: a blank line between entries doesn't end a list."""
    for is_list, those in itertools.groupby(parts, key=lambda part: part.is_list):
        if is_list:
            yield Part(tuple(line for part in those for line in part.lines), is_list=True)
        else:
            yield from those


def kjelda_path(quote: Quote) -> str:
    """The quote's own page on a Kjelda server, in the edition that was quoted."""
    path = document_path(quote.document_id)
    return f"{path}?passage={quote.number}&utgave={quote.edition}#sitat"


def source_of(quote: Quote) -> citation.Source:
    """The quote's document and place, for references."""
    return citation.Source(
        document_id=quote.document_id,
        title=quote.title,
        type=quote.type,
        language=quote.document_language,
        place=quote.place,
        short_title=quote.short_title,
        publisher=quote.publisher,
        published=quote.published,
        updated=quote.updated,
        url=quote.source_url,
    )


def warning_of(quote: Quote, written: Written) -> str | None:
    """What the reader must be told before the quote, in words; None for a rule in force."""
    said = []
    if quote.status in _WARNING:
        name = text(written, f"status_{quote.status}")
        said.append(f"{name}. {text(written, _WARNING[quote.status])}")
    if quote.conflict:
        said.append(f"{text(written, 'conflict')}.")
    if quote.ocr is not None:
        said.append(text(written, "ocr", quality=quote.ocr))
    return " ".join(said) or None


def _quoted(quote: Quote, count: int, number: int, written: Written, address: str) -> Quoted:
    say = partial(text, written)
    lang = lang_attribute(quote.language)
    document_lang = lang_attribute(quote.document_language)
    source = source_of(quote)
    kjelda = f"{address}{kjelda_path(quote)}"
    place = place_words(quote.place, written)
    facts = [Fact(say("doc_type"), Said(say(f"type_{quote.type}"), written))]
    if quote.publisher:
        facts.append(Fact(say("doc_publisher"), Said(quote.publisher, document_lang)))
    facts.append(Fact(say("doc_status"), Said(say(f"status_{quote.status}"), written)))
    facts += [
        Fact(say(f"doc_{name}"), Said(day(value), written))
        for name in _DATES
        if (value := getattr(quote, name))
    ]
    facts.append(Fact(say("doc_language"), Said(say(f"language_{quote.language}"), written)))
    facts.append(Fact(say("export_added"), Said(day(quote.added), written)))
    if quote.query:
        facts.append(
            Fact(
                say("export_query"),
                Said(f"«{quote.query}»", own_language(quote.query, written)),
            )
        )
    return Quoted(
        number=count,
        label=say("quote", n=count),
        title=Said(quote.title, document_lang),
        place=place,
        trail=Said(" › ".join(quote.headings), lang) if quote.headings else None,
        parts=parts_of(quote.text),
        lang=lang,
        facts=tuple(facts),
        warning=warning_of(quote, written),
        kjelda=kjelda,
        original=quote.source_url,
        reference=Said(citation.law_style(source), document_lang),
        in_text=Said(citation.apa_in_text(source), document_lang),
        short=Said((source.short if source.law else None) or quote.title, document_lang),
        source=number,
    )


def _source(number: int, quote: Quote, written: Written) -> SourceLine:
    reference = citation.apa_reference(source_of(quote), written, quote.fetched)
    url = citation.whole(quote.source_url)
    if not (url and reference.endswith(url)):
        url = None
    return SourceLine(
        number,
        Said(reference, lang_attribute(quote.document_language)),
        url,
        text(written, f"status_{quote.status}"),
        warning_of(quote, written),
    )
