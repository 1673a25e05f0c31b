"""`attest withhold`: erases what a demand no longer needs once its retention has ended."""

from __future__ import annotations

import getpass
from collections.abc import Collection, Iterator
from pathlib import Path

import click
from sqlalchemy import Engine

from attest.attachments.store import StoreFailed
from attest.cli.common import demand_of, instance_option, now, open_settings
from attest.database.engine import make_engine, read_session, write_session
from attest.database.tidying import overwrite_what_is_erased, tidy
from attest.domain.wording import count
from attest.mail import mailbox
from attest.services.context import Context
from attest.services.instance import load_log_key
from attest.services.upkeep import evidence_strays
from attest.services.upkeep.withholding import TYPES, Erasable, erasable
from attest.services.upkeep.withholding import withhold as erase
from attest.settings import Settings
from attest.signing import PrivateKey


@click.command()
@click.argument("reference", metavar="DEMAND")
@click.option(
    "--type",
    "types",
    multiple=True,
    required=True,
    metavar="TYPE",
    help=f"What to erase, as often as you like: {', '.join(TYPES)}.",
)
@click.option("--by", help="Who does it, for the record.  [default: your user name]")
@click.option("--dry-run", is_flag=True, help="Show what would be erased, and erase nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@instance_option
def withhold(
    reference: str,
    types: tuple[str, ...],
    by: str | None,
    dry_run: bool,
    yes: bool,
    instance: Path,
) -> None:
    """Erase what DEMAND no longer needs, once its retention has ended.

    The bodies of these types go, and the rows that repeat them: a letter's reader, address and
    text. Leaves and hashes stay, so that the log verifies as before. Nothing that was signed is
    ever erased. An evidence file that came in during the last 24 hours is left for `attest tidy`.
    It cannot be undone. Backups are yours to expire.
    """
    chosen = frozenset(types)
    settings = open_settings(instance)
    engine = make_engine(settings.database_url)
    try:
        log_key = load_log_key(settings)
        with read_session(engine) as session:
            ctx = Context(session, now(), settings, log_key)
            found = erasable(ctx, demand_of(ctx, reference), chosen)
        for line in _lines(found):
            click.echo(line)
        if dry_run:
            click.echo("Nothing was erased.")
            return
        if found and not yes:
            click.confirm("Erase this? It cannot be undone.", abort=True)
        if found:
            with write_session(engine) as session:
                overwrite_what_is_erased(session)
                ctx = Context(session, now(), settings, log_key)
                found = erase(ctx, demand_of(ctx, reference), chosen, by or getpass.getuser())
            mailbox.forget(settings, found.letters)
            _remove_files(settings, engine, log_key, found.evidence)
        # Also where nothing was left: the last time, somebody may have been at work.
        if not tidy(engine):
            click.echo(
                "The database was in use, so its files still hold what was erased. Run this "
                "command again while the web server and the worker are stopped.",
                err=True,
            )
    finally:
        engine.dispose()
    if found:
        click.echo(
            "Erased. A trust file must name these types in mayWithhold from now on; those that "
            "`attest trust` and the downloads' page write do."
        )


def _remove_files(
    settings: Settings,
    engine: Engine,
    log_key: PrivateKey,
    digests: Collection[str],
) -> None:
    """Removes the evidence files themselves, where no other demand names them."""
    try:
        with read_session(engine) as session:
            done = evidence_strays.forget(Context(session, now(), settings, log_key), digests)
    except StoreFailed as error:
        click.echo(f"{error} `attest tidy` removes the evidence files later.", err=True)
        return
    if done.young:
        click.echo(
            f"{count(done.young, 'evidence file')} came in during the last 24 hours, perhaps into "
            "another demand: run `attest tidy` a day from now to remove what no demand names.",
            err=True,
        )


def _lines(found: Erasable) -> Iterator[str]:
    if not found:
        yield "There is nothing left to erase."
        return
    for kind, number in found.bodies.items():
        yield f"{number:>9,}  {kind}"
    if found.letters:
        yield f"{len(found.letters):>9,}  rows of letters"
    if found.answers:
        yield f"{found.answers:>9,}  working answers"
    if found.evidence:
        yield f"{len(found.evidence):>9,}  evidence files"
    if found.more_time:
        yield f"{found.more_time:>9,}  times who asked for more time or decided, and why"
    if found.contacts:
        contacts = "escalation contact" if found.contacts == 1 else "escalation contacts"
        yield f"{found.contacts:>9,}  {contacts}"
    if found.held_back:
        yield f"{1:>9,}  demand: why its letters were held back"
    if found.dispute:
        yield f"{1:>9,}  reason why the demand was disputed"
