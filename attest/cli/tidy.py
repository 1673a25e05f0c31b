"""`attest tidy`: evidence files that no demand names, and forms that nobody went on with, go; what
a clock that ran ahead holds up goes on."""

from __future__ import annotations

from pathlib import Path

import click

from attest.attachments.store import StoreFailed
from attest.cli.common import instance_option, session
from attest.domain.wording import count, size
from attest.services.facts import unsent
from attest.services.upkeep import evidence_strays, far_ahead


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@instance_option
def tidy(dry_run: bool, instance: Path) -> None:
    """Remove evidence files that no demand names, and forms that were begun and never sent.

    Such files stay behind where a process is killed while it takes one in. Whatever came in during
    the last 24 hours is left alone, and so is everything that a demand names. What somebody typed
    into a form is kept until it is sent, for 30 days after they last typed.

    Letters and demands whose next turn a clock that ran ahead has set too far get it now.
    """
    with session(instance, writes=not dry_run) as ctx:
        forms = (unsent.old if dry_run else unsent.tidy)(ctx)
        far = (far_ahead.find if dry_run else far_ahead.bring_near)(ctx)
    try:
        with session(instance) as ctx:
            found = (evidence_strays.find_strays if dry_run else evidence_strays.tidy)(ctx)
    except StoreFailed as error:
        raise click.ClickException(str(error)) from error
    words = "Would remove" if dry_run else "Removed"
    if found:
        click.echo(
            f"{words} {count(len(found.digests), 'file')} ({size(found.bytes)}) that no demand "
            f"names, and {count(found.halves, 'file')} that never came in whole."
        )
    if forms:
        click.echo(f"{words} {count(forms, 'form')} that somebody began and never sent.")
    if far:
        words = "Would give" if dry_run else "Gave"
        click.echo(
            f"{words} {count(far.letters, 'letter')} and {count(far.demands, 'demand')} their turn "
            "now: they waited for a time that lies too far ahead."
        )
    if not found and not forms and not far:
        click.echo("There is nothing to tidy.")
