"""What comes in by a form: read with a limit, from this site only, and the cookie of a pack.

No library for forms: they are urlencoded, small, and without files.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from starlette.responses import Response

from api.packs.errors import PackRefused

COOKIE = "kjelda_pakke"
LARGEST = 100_000  # bytes; the longest note is less, percent-encoded
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_URLENCODED = "application/x-www-form-urlencoded"

Form = dict[str, str]


async def form(request: Request) -> Form:
    """The fields of a form that this site's own page sent. Raises PackRefused."""
    refuse_foreign(request)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise PackRefused("refused_size")
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if body and kind != _URLENCODED:
        raise PackRefused("refused_form")
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=30)
    except ValueError as error:
        raise PackRefused("refused_form") from error
    return dict(pairs)


def refuse_foreign(request: Request) -> None:
    """Refuse what another site's page sent. Raises PackRefused.

    Browsers say where a request comes from in Sec-Fetch-Site (over https and on localhost).
    Origin is ``null`` from our own pages too, because they send no referrer; another site's
    name in it is told apart. A program without either header is no browser.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise PackRefused("refused_origin")
        return
    origin = request.headers.get("origin")
    if origin not in (None, "null") and urlsplit(origin).netloc != request.headers.get("host"):
        raise PackRefused("refused_origin")


def is_token(value: str) -> bool:
    """Whether a text can be a token at all."""
    return _TOKEN.fullmatch(value) is not None


def current(request: Request) -> str | None:
    """The edit token of the pack that this browser adds to, if any."""
    value = request.cookies.get(COOKIE, "")
    return value if is_token(value) else None


def remember(request: Request, response: Response, token: str) -> None:
    """Let this browser add to a pack until it is closed. Only addresses of packs get the cookie."""
    response.set_cookie(
        COOKIE,
        token,
        path="/pakke",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def forget(response: Response) -> None:
    """Let the browser add to no pack."""
    response.delete_cookie(COOKIE, path="/pakke", httponly=True, samesite="strict")


def own_path(value: str) -> str | None:
    """An address within this site to go back to, or None: never another site's."""
    if not re.fullmatch(r"/(?![/\\])[^\s\\\x00-\x1f]{0,2000}", value):
        return None
    path = urlsplit(value).path
    return value if path == "/" or path.startswith(("/dokument/", "/oversikt")) else None


def number(value: str | None) -> int | None:
    """A whole number from 0, or None."""
    value = (value or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
