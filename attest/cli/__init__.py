"""The command line: `attest COMMAND`. One file a command."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import ArgumentError, OperationalError

from attest import __version__
from attest.cli.bounce import bounce
from attest.cli.check import check
from attest.cli.db import db
from attest.cli.demo import demo
from attest.cli.export import export
from attest.cli.extract import extract
from attest.cli.init import init
from attest.cli.keygen import keygen
from attest.cli.letters import letters
from attest.cli.organisation import organisation
from attest.cli.renew import renew
from attest.cli.serve import serve
from attest.cli.sign import sign
from attest.cli.tidy import tidy
from attest.cli.trust import trust
from attest.cli.verify import verify
from attest.cli.withhold import withhold
from attest.cli.worker import worker
from attest.database.engine import UnknownDatabase
from attest.domain.refusal import Refused
from attest.services.upkeep.journal import set_up_journal
from attest.settings import SettingsError

COMMANDS = (
    init,
    serve,
    worker,
    bounce,
    verify,
    trust,
    export,
    extract,
    renew,
    check,
    tidy,
    withhold,
    keygen,
    sign,
    organisation,
    letters,
    db,
    demo,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="attest %(version)s")
def attest() -> None:
    """Demand that a contractor deletes named files, and keep evidence that anybody can verify.

    To try it out: `attest demo`. To run it: `attest init`, then `attest serve` and
    `attest worker`, each as a process of its own. To verify a bundle that somebody gave
    you: `attest verify`; that needs no instance and no network.
    """


for command in COMMANDS:
    attest.add_command(command)


def main() -> None:
    """The console script: errors are sentences, never tracebacks of our own refusals."""
    set_up_journal()
    try:
        attest()
    except (SettingsError, Refused) as error:
        click.echo(str(error), err=True)
    except OSError as error:
        click.echo(f"{error.filename or 'A file'}: {error.strerror or error}.", err=True)
    except (OperationalError, ArgumentError, UnknownDatabase) as error:
        # Without the statement, and without the address, which may hold a password.
        why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        click.echo(f"The database cannot be used: {why}", err=True)
    else:
        return
    sys.exit(2)
