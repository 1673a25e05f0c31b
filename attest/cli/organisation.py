"""`attest organisation add`: a further controller."""

from __future__ import annotations

from pathlib import Path

import click

from attest.cli.common import instance_option, session
from attest.services import accounts
from attest.services.invitations import invitation_link
from attest.services.membership import new_organisation
from attest.services.people import ensure_person


@click.group()
def organisation() -> None:
    """Look after the organisations that raise demands here."""


@organisation.command()
@click.argument("name")
@click.option("--code", required=True, help="First part of its references, such as ND.")
@click.option("--handler-name", required=True, help="Its first case handler.")
@click.option("--handler-role", required=True, help="Their title.")
@click.option("--handler-email", required=True, help="Their email address.")
@instance_option
def add(
    name: str, code: str, handler_name: str, handler_role: str, handler_email: str, instance: Path
) -> None:
    """Add an organisation that raises demands, and print its first case handler's invitation.

    Contractors need no such step: they come in with the first demand that names them.
    """
    with session(instance, writes=True) as ctx:
        body = new_organisation(ctx, name, code)
        handler = ensure_person(
            ctx,
            organisation_id=body.id,
            name=handler_name,
            role=handler_role,
            email=handler_email,
            duties=frozenset({"case_handler"}),
        )
        link = accounts.new_link(ctx, handler.account, accounts.INVITATION)
        address = invitation_link(ctx.settings, link.id)
        signs_in = handler.account.password_hash is not None
    click.echo(f"Added {name}.")
    if signs_in:
        click.echo(f"{handler_name} has a password already and signs in with it.")
    else:
        click.echo(f"Give this link to {handler_name}; it works once: {address}")
