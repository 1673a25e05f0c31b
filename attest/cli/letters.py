"""`attest letters`: which letters there are, and whether one's own templates can be used."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from attest.cli.common import instance_option
from attest.domain.wording import count
from attest.mail.own_templates import EVERYWHERE, facts, problems
from attest.mail.samples import every
from attest.settings import Settings, SettingsError


@click.command()
@click.option("--list", "listing", is_flag=True, help="Name every letter, and what it may name.")
@click.option("--check", is_flag=True, help="Try every letter with the templates in letters_path.")
@instance_option
def letters(listing: bool, check: bool, instance: Path) -> None:
    """List the letters, or check your own templates for them.

    Your own templates lie in the folder that the setting letters_path names. The check renders
    every letter in every language with sample facts, and names what a template must not name,
    what it lacks, and files that belong to no letter. It exits with 1 where it finds anything:
    Attest then uses its own template in place of yours.
    """
    if listing == check:
        raise click.UsageError("Say --list or --check.")
    if listing:
        for kind in sorted({letter.kind for letter in every().values()}):
            click.echo(f"{kind}.txt: {', '.join(sorted(facts(kind) - EVERYWHERE))}")
        return
    folder = Settings.load(instance).letters_path
    if folder is None:
        raise SettingsError("letters_path is not set: Attest's own templates are used.")
    found = problems(folder)
    for each in found:
        click.echo(each)
    if found:
        click.echo(f"{count(len(found), 'problem')}. Where a template fails, Attest's own is used.")
        sys.exit(1)
    click.echo(f"Every letter can be written with the templates in {folder}.")
