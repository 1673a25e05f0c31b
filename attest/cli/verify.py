"""`attest verify`: the verifier, as `python -m attest.bundle` runs it, and timestamps too."""

from __future__ import annotations

import sys

import click

from attest.bundle.command import run
from attest.certificates import check_signature


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
    short_help="Verify a bundle offline, against a trust file of your own.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """Verify a bundle offline, against a trust file of your own."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(
        run(
            arguments,
            sys.stdout,
            sys.stderr,
            prog="attest verify",
            check_signature=check_signature,
        )
    )
