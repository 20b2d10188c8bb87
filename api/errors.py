"""What a request can fail with, and how it is told: JSON for programs, a page for people."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api import acute
from api.headers import HEADERS
from search.errors import QueryError, SearchError
from search.query import MAX_LENGTH

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from fastapi.exceptions import RequestValidationError
    from starlette.responses import Response

_JSON_PATHS = ("/api/", "/health", "/ready")
_CODES = {
    404: ("not_found", "there is nothing at this address"),
    405: ("method_not_allowed", "this address can only be read (GET)"),
}


class NotFound(HTTPException):
    """404 with a text of its own."""

    def __init__(self, message: str) -> None:
        super().__init__(404, message)


class NotReady(SearchError):
    """The base or the model can't answer yet."""


def wants_json(request: Request) -> bool:
    """Whether the address belongs to the API."""
    return request.url.path.startswith(_JSON_PATHS)


def install(app: FastAPI) -> None:
    """Register how each kind of error is answered."""
    from fastapi.exceptions import RequestValidationError

    app.add_exception_handler(HTTPException, _on_http)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _on_validation)  # type: ignore[arg-type]
    app.add_exception_handler(SearchError, _on_search)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _on_fault)


def _answer(request: Request, status: int, code: str, message: str) -> Response:
    if wants_json(request):
        body: dict[str, Any] = {"error": {"code": code, "message": message}}
        # Who is in danger gets the number, whatever failed.
        if help_first := acute.notices(request.query_params.get("q", "")[:MAX_LENGTH]):
            body["notices"] = help_first
        return JSONResponse(body, status)
    from api.pages import error_page

    return error_page(request, status, code)


def _on_http(request: Request, error: HTTPException) -> Response:
    code, message = _CODES.get(error.status_code, ("http_error", str(error.detail)))
    if isinstance(error, NotFound):
        message = str(error.detail)
    return _answer(request, error.status_code, code, message)


def _on_validation(request: Request, error: RequestValidationError) -> Response:
    # The value itself is left out of the message: it may be what somebody searched for.
    # In a list, ``loc`` ends in a number: the parameter is what comes after where it stood.
    faults = [
        f"{(*fault['loc'][1:], *fault['loc'])[0]}: {fault['msg']}" for fault in error.errors()
    ]
    return _answer(request, 422, "invalid_parameter", "; ".join(faults))


def _on_search(request: Request, error: SearchError) -> Response:
    if isinstance(error, QueryError):
        return _answer(request, 422, "invalid_query", str(error))
    return _answer(request, 503, "not_ready", str(error))


def _on_fault(request: Request, _error: Exception) -> Response:
    answer = _answer(request, 500, "internal", "something failed on the server; its log says where")
    answer.headers.update(HEADERS)  # this handler stands outside of SafeHeaders
    return answer


class WithoutMessages(logging.Filter):
    """Take exception messages out of a log: they may quote what was searched for."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record; its traceback names files, lines and the kind of error only."""
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            frames = "".join(traceback.format_tb(trace))
            record.exc_text = f"{frames}{kind.__module__}.{kind.__qualname__}"
            record.exc_info = None
        return True
