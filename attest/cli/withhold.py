"""`attest withhold`: erases what a demand no longer needs once its retention has ended."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path

import click

from attest.cli.common import demand_of, instance_option, now, open_settings
from attest.database.engine import make_engine, read_session, write_session
from attest.database.tidying import overwrite_what_is_erased, tidy
from attest.mail import mailbox
from attest.services.context import Context
from attest.services.instance import load_log_key
from attest.services.withholding import TYPES, Erasable, erasable
from attest.services.withholding import withhold as erase


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
    ever erased. It cannot be undone. Backups are yours to expire.
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
    if found.dispute:
        yield f"{1:>9,}  reason why the demand was disputed"
