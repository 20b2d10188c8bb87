"""Puts packs and overviews into the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.packs import downloads, overview, routes
from api.packs.errors import PackError
from api.packs.web import on_pack_error

if TYPE_CHECKING:
    from fastapi import FastAPI


def install(app: FastAPI) -> None:
    """Register the pages, and how what packs refuse is told."""
    app.include_router(routes.router)
    app.include_router(downloads.router)
    app.include_router(overview.router)
    app.add_exception_handler(PackError, on_pack_error)  # type: ignore[arg-type]
