"""`attest check`: does everything that is kept still hold together?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from attest.cli.common import instance_option, session
from attest.services.upkeep.checking import check as check_all


@click.command()
@click.option(
    "--sizes-only", is_flag=True, help="Do not read evidence files, only look at their sizes."
)
@instance_option
def check(sizes_only: bool, instance: Path) -> None:
    """Rebuild every log from its rows, and compare.

    Every leaf goes through the verifier's rules again, signatures too; the logs' heads,
    the checkpoints that were sent out, timestamps, and every count and state that pages
    show must be what the logs give; every evidence file must be there and hash to its name.
    Nothing is changed. Exit status: 0 if all holds, 1 if not.
    """
    found = 0
    with session(instance) as ctx:
        for finding in check_all(ctx, hashes=not sizes_only):
            found += 1
            click.echo(f"{finding.reference}: {finding.sentence}")
    if found:
        click.echo(f"{found} of the things checked do not hold.", err=True)
        sys.exit(1)
    click.echo("Everything holds.")
