"""The web application: API, pages and static files, with strict headers on everything."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api import errors, pages, routes
from api.base import Base, Opener, opener
from search.errors import SearchError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.settings import Settings

STATIC = Path(__file__).parent / "static"

# Nothing from elsewhere, no script, no frame around us. img-src data: none is used.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # The address holds the question; no other site shall see it.
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class SafeHeaders:
    """Set the security headers on every answer; only static files may be stored."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to the start of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kept = "public, max-age=86400" if scope["path"].startswith("/static/") else "no-store"

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = {**HEADERS, "cache-control": kept}
                message["headers"] = [
                    *message["headers"],
                    *((name.encode(), value.encode()) for name, value in headers.items()),
                ]
            await send(message)

        await self.app(scope, receive, with_headers)


def create_app(settings: Settings, open_base: Opener | None = None) -> FastAPI:
    """The application. ``open_base`` replaces the base in the data folder (tests).

    Creating it imports neither model nor index; both load in the background at start.
    """
    base = Base(open_base or opener(settings.home, settings.model))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # A daemon: Ctrl-C while the model loads ends at once.
        threading.Thread(target=_warm_up, args=(base,), daemon=True).start()
        yield
        base.close()

    app = FastAPI(
        title="Kjelda",
        summary="Norwegian knowledge base with semantic search: cited hits.",
        version=_version(),
        openapi_url="/api/openapi.json",
        docs_url=None,  # FastAPI's pages load scripts from a CDN; /api lists the endpoints
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.base = base
    app.state.settings = settings
    app.add_middleware(SafeHeaders)
    errors.install(app)
    app.include_router(routes.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def _warm_up(base: Base) -> None:
    # What is missing is told by /ready and by every search; nobody waits for it here.
    with suppress(SearchError):
        base.warm_up()


def _version() -> str:
    try:
        return version("kjelda")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"
