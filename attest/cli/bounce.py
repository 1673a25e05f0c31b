"""`attest bounce`: takes a message that came back, from a mail server's pipe."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError

from attest.cli.common import instance_option, now
from attest.database.engine import make_engine
from attest.database.migrate import is_current
from attest.mail.reports import MOST
from attest.services.instance import load_log_key
from attest.services.sending.returns import take_message
from attest.settings import Settings

_SAID = {
    "taken": "Taken.",
    "known": "Known already: it changes nothing.",
    "nobody": "It came to no letter's return address: nothing is done about it.",
    "not yet": "Its letter is being sent this moment: it has to come again.",
}


@click.command()
@click.option(
    "--recipient",
    metavar="ADDRESS",
    help="The address on the message's envelope. Without it, the message's own headers are asked.",
)
@instance_option
def bounce(recipient: str | None, instance: Path) -> None:
    """Take a message that came back, from standard input, for a mail server's pipe.

    A letter's return address tells which letter it was; only a message to a right one is believed.
    The same message twice changes nothing the second time.

    The exit status is 0 for whatever can be dealt with, so that the mail server never answers what
    may be an answer itself, and 75 (EX_TEMPFAIL) where the message has to be delivered again
    later: the database is busy or down, the instance cannot be read.
    """
    raw = _read_all()
    try:
        settings = Settings.load(instance)
        log_key = load_log_key(settings)
        engine = make_engine(settings.database_url)
        try:
            if not is_current(engine):
                raise click.ClickException("The database is not at this version of Attest.")
            outcome = take_message(engine, settings, log_key, now(), raw, recipient)
        finally:
            engine.dispose()
    except Exception as error:
        # Whatever it is, the mail server keeps the message: an operator can put it right.
        if isinstance(error, OperationalError):
            said = "The database cannot be used."
        else:
            said = str(error) or type(error).__name__
        click.echo(f"{said} Try again later.", err=True)
        raise SystemExit(os.EX_TEMPFAIL) from None
    click.echo(_SAID[outcome], err=True)
    if outcome == "not yet":
        raise SystemExit(os.EX_TEMPFAIL)


def _read_all() -> bytes:
    """The beginning of what comes; all of it is read, else the mail server finds a broken pipe."""
    kept = sys.stdin.buffer.read(MOST)
    while sys.stdin.buffer.read(MOST):
        pass
    return kept
