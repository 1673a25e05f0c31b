"""`attest worker`: sends letters, chases what is open, gets timestamps."""

from __future__ import annotations

from pathlib import Path

import click

from attest.cli.common import instance_option
from attest.settings import Settings
from attest.worker import run


@click.command()
@click.option("--once", is_flag=True, help="Do one round of everything, then stop.")
@instance_option
def worker(once: bool, instance: Path) -> None:
    """Run the worker of an instance: it sends letters and chases what is open.

    It also opens files again when an exception ends. Where a mailbox is set, it reads what
    comes back; where a time-stamping authority is set, it gets timestamps over checkpoints.

    One worker is enough. What is due is read from the database at each round, so a worker
    that was down catches up, and writes one letter where it missed several.
    """
    run(Settings.load(instance), once=once)
