"""`attest db upgrade`: brings the tables up to this version."""

from __future__ import annotations

from pathlib import Path

import click

from attest.cli.common import instance_option
from attest.database.migrate import upgrade as upgrade_tables
from attest.settings import Settings


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@instance_option
def upgrade(instance: Path) -> None:
    """Bring the database's tables up to this version of Attest.

    Run it after an update, before `attest serve` and `attest worker` are started again. It
    does nothing where the tables are current. Make a backup first.
    """
    upgrade_tables(Settings.load(instance).database_url)
    click.echo("The tables are current.")
