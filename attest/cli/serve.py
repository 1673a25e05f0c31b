"""`attest serve`: the web server."""

from __future__ import annotations

from pathlib import Path

import click
import waitress

from attest.app import create_app
from attest.cli.common import instance_option, open_settings
from attest.domain.letter_merge import MAX_BYTES

# What waitress takes in, on disk, before it asks the application. Larger than the application's
# own limit: waitress answers without a page, the application says what to do instead.
SPOOLED = 1_073_741_824  # bytes

# A request up to this size never touches the disk: a list of people who are affected is one
# (docs/incidents.md), with the fields around it.
IN_MEMORY = MAX_BYTES + 1_000_000  # bytes


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="The port.")
@click.option("--threads", default=8, show_default=True, help="Requests answered at once.")
@instance_option
def serve(host: str, port: int, threads: int, instance: Path) -> None:
    """Run the web server of an instance.

    Put a reverse proxy with TLS in front of it, and run `attest worker` beside it: the
    worker sends the letters.
    """
    settings = open_settings(instance)
    app = create_app(settings)
    try:
        server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            ident="Attest",
            inbuf_overflow=IN_MEMORY,
            # Evidence files are larger, with fields around them.
            max_request_body_size=max(SPOOLED, settings.evidence_limit + 2_000_000),
        )
    except OSError as error:
        raise click.ClickException(
            f"{host}, port {port}, cannot be listened on: {error.strerror or error}. "
            "Stop what runs there, or choose another one with --port."
        ) from error
    click.echo(f"Attest listens on {host}, port {port}.")
    server.run()
