"""The shapes of the HTTP API, with what each field means. Only the rim knows Pydantic."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from corpus.documents import DocumentType, Language, Status
from search.values import Mode


class PlaceOut(BaseModel):
    """Where a text stands in its source."""

    section: str | None = Field(description="The § or numbered heading, as printed")
    page: int | None = Field(description="The physical PDF page, counted from 1")
    page_end: int | None = Field(
        description="The last physical page, if the text runs over several"
    )
    page_label: str | None = Field(
        description="What is printed on the page, or on the first and last one: 96, 96–97"
    )
    anchor: str | None = Field(description="The fragment that opens the place in the source")


class ClaimOut(BaseModel):
    """What one source says of a document's status."""

    origin: str = Field(description="document, notice (on the page), dates, register or fetch")
    status: Status
    words: str | None = Field(description="As it is said there")
    on: date | None = Field(description="The day it was said or seen")


class DocumentHead(BaseModel):
    """A publication, without its text."""

    id: str = Field(description="Derived from the address, never from the content; stable")
    uri: str = Field(description="The canonical address")
    file: str | None = Field(description="The name of the file it was read from")
    title: str
    short_title: str | None = Field(description="An act's short title, where it has one")
    publisher: str | None
    type: DocumentType
    language: Language = Field(description="nb, nn, en, or und where undetermined")
    status: Status = Field(
        description="Whether it holds today; a proposal is not the rule in force"
    )
    published: date | None
    updated: date | None = Field(description="Last changed by its publisher")
    valid_from: date | None
    valid_to: date | None
    fetched: date | None = Field(description="When Kjelda fetched it")
    areas: list[int] = Field(description="Areas of work, 1 to 6; 0 spans them all")
    replaced_by: str | None = Field(description="The id of the document that replaced it")
    translation_of: str | None = Field(description="The id of the document it is a translation of")
    edition: int = Field(description="Counts the texts that its address has given, from 1")
    ocr: int | None = Field(description="For a scan read by OCR: how sure that is, in percent")
    claims: list[ClaimOut] = Field(
        description="What its sources say of its status, where that is more than one word"
    )
    conflict: bool = Field(description="One source says that it is in force, another that it isn't")


class ExcerptOut(BaseModel):
    """A cut of the passage around the words of the query."""

    text: str
    marks: list[tuple[int, int]] = Field(
        description="[start, end) offsets into text, in characters"
    )


class MatchOut(BaseModel):
    """Why a hit was found by words."""

    typed: str = Field(description="The word, or the words, of the query")
    found: str = Field(description="The word of the passage that answers to it")
    via: str = Field(description="word, part (of a compound), form, synonym or spelling")


class OtherFormOut(BaseModel):
    """The same document in the other written form."""

    id: str
    title: str
    language: Language
    url: str = Field(description="The document's page on this server")


class CorrectionOut(BaseModel):
    """A word that the base does not have, and the one searched for in its place."""

    typed: str
    used: str


class HitOut(BaseModel):
    """A passage that was found. At least one of the two ranks is set."""

    rank: int = Field(description="The place on this list, from 1")
    score: float = Field(description="What the list is ordered by; comparable within one answer")
    similarity: float | None = Field(description="Cosine of query and passage, -1 to 1")
    lexical_rank: int | None = Field(description="The place in the ranking by words")
    vector_rank: int | None = Field(description="The place in the ranking by meaning")
    document: DocumentHead
    passage: int = Field(description="The passage's number in the document, from 0")
    headings: list[str] = Field(description="The heading trail, outermost first")
    place: PlaceOut
    language: Language = Field(description="The language of this passage")
    text: str = Field(description="The whole passage")
    excerpt: ExcerptOut
    url: str = Field(description="The document's page on this server, opened at the passage")
    source_url: str | None = Field(description="The original at the place, if it is on the web")
    reasons: list[str] = Field(description="Rules that moved the hit, such as type:act")
    matches: list[MatchOut] = Field(description="Why it was found by words")
    other_form: OtherFormOut | None = Field(description="The document in the other written form")


class HelpSourceOut(BaseModel):
    """Where a number or its hours stand."""

    title: str
    url: str
    checked: date = Field(description="The day somebody read it")


class ContactOut(BaseModel):
    """Whom to call."""

    name: str
    what: str = Field(description="What it is for")
    hours: str | None
    number: str | None = Field(description="As printed; null where the municipality has it")
    tel: str | None = Field(description="As dialled")
    email: str | None
    not_emergency: bool = Field(description="Gives advice in office hours: no emergency line")
    sources: list[HelpSourceOut]


class NoticeOut(BaseModel):
    """Something the reader must see with the hits. Acute help stands first."""

    kind: str = Field(description="acute, superseded, proposal, conflict or did_you_mean")
    level: str = Field(description="full or small")
    text: str
    lang: str = Field(description="The language of the text")
    situation: str | None = Field(
        description="Acute: danger, violence, marriage, travel, abroad, fgm or suicide"
    )
    contacts: list[ContactOut] = Field(description="Acute: whom to call, in order")
    url: str | None = Field(description="Acute: the page on this server with all of it")


class SearchOut(BaseModel):
    """The answer to a search."""

    query: str = Field(description="The query, as it was read")
    status: str = Field(description="found or nothing_found")
    mode: Mode
    notices: list[NoticeOut]
    hits: list[HitOut] = Field(description="Empty when nothing was found")
    nearest: list[HitOut] = Field(
        description="With nothing_found: the passages that lie nearest. They are not an answer"
    )
    confidence: float | None = Field(
        description="The estimated chance that the base answers, 0 to 1; null where there is "
        "none: another model or mode, English, or few passages after the filters"
    )
    corrections: list[CorrectionOut] = Field(description="Words that were searched for otherwise")
    timings_ms: dict[str, float] = Field(
        description="analyse, embed, lexical, vector, rank and total"
    )


class SectionOut(BaseModel):
    """A stretch of a document under one heading trail."""

    number: int = Field(description="The section's number in the document, from 0")
    headings: list[str]
    place: PlaceOut
    text: str = Field(description="Normalised; paragraphs are parted by a blank line")


class DocumentOut(DocumentHead):
    """A publication, whole."""

    url: str = Field(description="The document's page on this server")
    source_url: str | None = Field(description="The original, if it is on the web")
    until: str | None = Field(
        description="For an earlier edition: the moment when another took its place"
    )
    sections: list[SectionOut]


class ChangeOut(BaseModel):
    """A change to a document."""

    at: str = Field(description="The moment Kjelda saw it, ISO 8601 in UTC")
    kind: str = Field(description="new, changed, status, superseded or gone")
    document: str = Field(description="The document's id")
    title: str = Field(description="Its title at that time")
    edition: int = Field(description="The edition that the change led to")
    url: str = Field(description="The document's page on this server")
    added: list[str] = Field(description="Sections that are new, by their headings")
    removed: list[str] = Field(description="Sections that are gone")
    changed: list[str] = Field(description="Sections that are worded otherwise")
    status_before: Status | None
    status_after: Status | None


class ChangesOut(BaseModel):
    """What changed since a day, newest first."""

    since: date
    changes: list[ChangeOut]


class HealthOut(BaseModel):
    """The process is alive."""

    status: str = "alive"


class ReadyOut(BaseModel):
    """Model and index answer."""

    status: str = "ready"


class ErrorBody(BaseModel):
    """What was wrong."""

    code: str = Field(description="For programs: not_found, invalid_parameter, not_ready ...")
    message: str = Field(description="For people: what was wrong and what to do")


class ErrorOut(BaseModel):
    """Every error of the API has this shape. An acute question gets its help all the same."""

    error: ErrorBody
    notices: list[NoticeOut] | None = Field(
        default=None, description="Acute help, where the question calls for it"
    )
