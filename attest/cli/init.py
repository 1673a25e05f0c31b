"""`attest init`: makes an instance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from attest.cli.common import instance_option, session
from attest.database.migrate import upgrade
from attest.services.accounts import accounts
from attest.services.accounts.invitations import invitation_link
from attest.services.accounts.membership import new_organisation
from attest.services.accounts.people import ensure_person
from attest.services.instance import create_instance, load_log_key, take_back_instance
from attest.signing import fingerprint


@click.command()
@click.option(
    "--name",
    prompt="Name of the instance (such as attest.example.org; it never changes)",
    help="First part of every log's origin. No spaces, no +. It can never be changed.",
)
@click.option(
    "--base-url",
    prompt="Address at which people will reach it (such as https://attest.example.org)",
    help="Letters link to it.",
)
@click.option("--mail-from", prompt="Sender of its letters", help="An email address.")
@click.option("--organisation", prompt="First organisation", help="A controller's name.")
@click.option(
    "--code",
    prompt="Its code (2 to 10 capital letters or digits, first part of its references)",
    help="Such as ND: its demands will be ND-2026-001, ND-2026-002, …",
)
@click.option("--handler-name", prompt="First case handler: name", help="The first case handler.")
@click.option("--handler-role", prompt="First case handler: title", help="Their title.")
@click.option("--handler-email", prompt="First case handler: email", help="Their email address.")
@click.option("--database-url", help="Without it, an SQLite file in the instance's folder.")
@instance_option
def init(
    name: str,
    base_url: str,
    mail_from: str,
    organisation: str,
    code: str,
    handler_name: str,
    handler_role: str,
    handler_email: str,
    database_url: str | None,
    instance: Path,
) -> None:
    """Make an instance: settings, keys, tables, and its first organisation.

    Prints the invitation of the first case handler, who invites colleagues and, with the
    first demand, the contractor. Keep the log key (instance/log-key) safe and backed up
    apart from the database: it signs every checkpoint.
    """
    more: dict[str, Any] = {"database_url": database_url} if database_url else {}
    settings = create_instance(
        instance, instance_name=name, base_url=base_url.rstrip("/"), mail_from=mail_from, **more
    )
    try:
        upgrade(settings.database_url)
        with session(instance, writes=True) as ctx:
            body = new_organisation(ctx, organisation, code)
            handler = ensure_person(
                ctx,
                organisation_id=body.id,
                name=handler_name,
                role=handler_role,
                email=handler_email,
                duties=frozenset({"case_handler", "administrator"}),
            )
            link = accounts.new_link(ctx, handler.account, accounts.INVITATION)
            address = invitation_link(settings, link.id)
            until = link.expires_at
    except BaseException:
        # Half an instance would refuse the next `attest init`.
        take_back_instance(settings)
        raise
    click.echo(f"Made the instance {name} in {settings.instance_path}.")
    click.echo(f"Log key, to be read out: {fingerprint(load_log_key(settings).keyid)}")
    click.echo("")
    click.echo(f"Give this link to {handler_name}; it works once, until {until:%d %B %Y}:")
    click.echo(f"  {address}")
    click.echo("")
    click.echo("Next: `attest serve`, and `attest worker` beside it.")
