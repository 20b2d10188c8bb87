"""The HTTP API of answers: quotes, word for word, each with its place. No language model."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.result import search_data, where_data
from api.routes import Asked, run_query, written_of
from api.schemas import DocumentHead, ErrorOut, HitOut, NoticeOut, PlaceOut
from search.answers import Answer, Quote, answer

router = APIRouter(
    responses={
        422: {"model": ErrorOut, "description": "A parameter can't be read"},
        503: {"model": ErrorOut, "description": "The base or the model is not ready"},
    }
)


class QuoteOut(BaseModel):
    """A stretch of one source, whole sentences, never changed."""

    rank: int = Field(description="The rank of the hit that it is from")
    text: str = Field(description="The words as they stand in the source")
    whole: bool = Field(description="Whether the passage says nothing besides")
    start: int = Field(description="Where it begins in the passage's text, in characters")
    document: DocumentHead
    passage: int = Field(description="The passage's number in its document, from 0")
    headings: list[str]
    place: PlaceOut
    language: str
    url: str = Field(description="The document's page here, opened at the passage")
    source_url: str | None = Field(description="The original at the place, where it has an address")


class AnswerOut(BaseModel):
    """What the sources say of a question."""

    query: str = Field(description="The question, as it was read")
    status: str = Field(description="found or nothing_found")
    notices: list[NoticeOut]
    quotes: list[QuoteOut] = Field(description="Best first; empty when nothing was found")
    nearest: list[HitOut] = Field(
        description="With nothing_found: the passages that lie nearest. They are not an answer"
    )


@router.get("/api/v1/answer", response_model=AnswerOut, tags=["search"], summary="Answer")
def answer_question(request: Request, query: Asked) -> JSONResponse:
    """Quotes that answer a question, from the best passages. Nothing is composed or changed.

    That nothing was found is an answer (status `nothing_found`), not an error. A quote of a
    proposal or of what is superseded says so in its document's status.
    """
    found = answer(run_query(request, query))
    return JSONResponse(answer_data(found, written_of(request)))


def answer_data(found: Answer, written: str) -> dict[str, Any]:
    """What ``GET /api/v1/answer`` gives: acute help first."""
    searched = search_data(found.result, written)
    return {
        **{name: searched[name] for name in ("query", "status", "notices")},
        "quotes": [quote_data(quote) for quote in found.quotes],
        "nearest": searched["nearest"],
    }


def quote_data(quote: Quote) -> dict[str, Any]:
    """One quote with its document and place."""
    return {
        "rank": quote.hit.rank,
        "text": quote.text,
        "whole": quote.whole,
        "start": quote.start,
        **where_data(quote.hit),
    }
