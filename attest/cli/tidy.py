"""`attest tidy`: removes evidence files that no demand names."""

from __future__ import annotations

from pathlib import Path

import click

from attest.attachments.store import StoreFailed
from attest.cli.common import instance_option, session
from attest.domain.wording import count, size
from attest.services import evidence_strays


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would be removed, and remove nothing.")
@instance_option
def tidy(dry_run: bool, instance: Path) -> None:
    """Remove evidence files that no demand names.

    They stay behind where a process is killed while it takes one in. Whatever came in during the
    last 24 hours is left alone, and so is everything that a demand names.
    """
    try:
        with session(instance) as ctx:
            found = (evidence_strays.find_strays if dry_run else evidence_strays.tidy)(ctx)
    except StoreFailed as error:
        raise click.ClickException(str(error)) from error
    if not found:
        click.echo("There is nothing to remove.")
        return
    words = "Would remove" if dry_run else "Removed"
    click.echo(
        f"{words} {count(len(found.digests), 'file')} ({size(found.bytes)}) that no demand "
        f"names, and {count(found.halves, 'file')} that never came in whole."
    )
