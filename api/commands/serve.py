"""``kjelda serve``."""

from __future__ import annotations

import logging
import socket
import threading
from contextlib import suppress
from pathlib import Path

import click

from api import console


@click.command()
@click.option("--host", help="The address to listen on, instead of KJELDA_HOST (127.0.0.1).")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Instead of KJELDA_PORT (8000); 0: any."
)
@console.home_option
@console.model_option
def command(host: str | None, port: int | None, home: Path | None, model: str | None) -> None:
    """Serve the web pages and the HTTP API until Ctrl-C.

    The address is printed when the model and the index have answered a first query.
    Requests are not logged: an address holds what was searched for.
    """
    settings = console.settings(host=host, port=port, home=home, model=model)
    import uvicorn

    from api.app import create_app
    from api.errors import WithoutMessages
    from search.errors import SearchError

    if not settings.loopback:
        click.echo(
            f"WARNING: {settings.host} can be reached from other machines, and Kjelda has no "
            "access control: everyone who reaches it can read the whole base. Put it behind a "
            "proxy that checks who asks, or use --host 127.0.0.1.",
            err=True,
        )
    app = create_app(settings)
    if settings.log_queries:
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
        logging.getLogger("kjelda.queries").setLevel(logging.INFO)
    else:
        logging.getLogger("uvicorn.error").addFilter(WithoutMessages())
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise click.ClickException(
            f"can't listen on {settings.host} port {settings.port}: {error.strerror}; "
            "try --port 0 for a free one"
        ) from error
    name = f"[{settings.host}]" if family == socket.AF_INET6 else settings.host
    address = f"http://{name}:{listening.getsockname()[1]}"
    server = uvicorn.Server(config)

    def announce() -> None:
        try:
            app.state.base.warm_up()
        except SearchError as error:
            click.echo(f"Not ready: {error}", err=True)
            click.echo(f"{address} answers 503 until that is mended. Ctrl-C stops.", err=True)
        else:
            click.echo(f"Kjelda answers at {address} (Ctrl-C stops)")

    threading.Thread(target=announce, daemon=True).start()
    # uvicorn raises the signal again once everything is closed: that is the end, not a fault.
    with listening, suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    click.echo("Stopped.", err=True)
