"""The web application: API, pages and static files, with strict headers on everything."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from api import answers, browse, changes, document, errors, pages, picture, routes, search_page
from api.base import Base, Opener, opener
from api.feedback import guard, missing
from api.feedback import pages as feedback
from api.headers import Head, SafeHeaders
from api.packs.install import install as install_packs
from search.errors import SearchError

if TYPE_CHECKING:
    from api.settings import Settings

STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings, open_base: Opener | None = None) -> FastAPI:
    """The application. ``open_base`` replaces the base in the data folder (tests).

    Creating it imports neither model nor index; both load in the background at start.
    """
    base = Base(
        open_base or opener(settings.home, settings.model, download=settings.model_download)
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # A daemon: Ctrl-C while the model loads ends at once.
        threading.Thread(target=_warm_up, args=(base,), daemon=True).start()
        yield
        app.state.missing.close()
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
    app.state.missing = missing.Counter(settings.home)
    app.state.pace = guard.Pace()
    app.add_middleware(SafeHeaders)
    app.add_middleware(Head)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    errors.install(app)
    app.include_router(routes.router)
    app.include_router(answers.router)
    app.include_router(search_page.router)
    app.include_router(pages.router)
    app.include_router(document.router)
    app.include_router(picture.router)
    app.include_router(changes.router)
    app.include_router(browse.router)
    app.include_router(feedback.router)
    install_packs(app)
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
