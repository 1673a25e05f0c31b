"""`attest organisation add`: a further controller; `invite`: somebody into one that has nobody."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path

import click

from attest.cli.common import instance_option, session
from attest.domain.duties import INVITING
from attest.domain.wording import DUTIES, count
from attest.services.accounts import accounts
from attest.services.accounts.invitations import invitation_link
from attest.services.accounts.membership import new_organisation
from attest.services.accounts.people import ensure_person
from attest.services.acts import letting_in
from attest.services.acts.letting_in import Hears, Newcomer


@click.group()
def organisation() -> None:
    """Look after the organisations here."""


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


@organisation.command()
@click.argument("named", metavar="ORGANISATION")
@click.option("--name", required=True, help="Who comes in.")
@click.option("--role", required=True, help="Their title.")
@click.option("--email", required=True, help="Their email address: the letter goes there.")
@click.option(
    "--duty",
    type=click.Choice(sorted(INVITING)),
    help="What they are there; without it, liaison or case_handler, whichever fits.",
)
@click.option("--by", help="Who does it, for the letters.  [default: your user name]")
@click.option("--yes", is_flag=True, help="Do not ask.")
@instance_option
def invite(
    named: str,
    name: str,
    role: str,
    email: str,
    duty: str | None,
    by: str | None,
    yes: bool,
    instance: Path,
) -> None:
    """Let somebody in where nobody of ORGANISATION can sign in any more.

    ORGANISATION is its whole name, or its code. Ring them first, on a number that you know from
    elsewhere. The letter brings a link that works once; they invite the others. The organisation's
    other people are told by letter, and so is the other side of each of its live demands: it
    cannot be done unseen.
    """
    who = Newcomer(name, role, email, duty)
    with session(instance) as ctx:
        body = letting_in.organisation_of(ctx, named)
        gets = letting_in.duty_for(ctx, body, duty)
        click.echo(f"{name}, {email}, comes in for {body.name} as {DUTIES[gets]}.")
        for line in _told(letting_in.who_hears(ctx, body, email)):
            click.echo(line)
        code, called = body.code, body.name
    if not yes:
        click.confirm(f"Have you rung {called}, and is this whom they want?", abort=True)
    with session(instance, writes=True) as ctx:
        body = letting_in.organisation_of(ctx, code)
        person = letting_in.let_in(ctx, body, who, by or getpass.getuser())
        signs_in = person.account.password_hash is not None
    click.echo(
        f"The worker sends the letters. {person.name} "
        + ("has a password already and signs in with it." if signs_in else "gets a link by email.")
    )


def _told(hears: Hears) -> Iterator[str]:
    if hears.colleagues:
        yield "Of its own people are told:"
        yield from (f"  {person.name}, {person.account.email}" for person in hears.colleagues)
    else:
        yield "Nobody else acts for it, so nobody of its own is told."
    if hears.elsewhere:
        demands = {demand.id for demand, _ in hears.elsewhere}
        yield f"On the other side of {count(len(demands), 'live demand')} are told:"
        yield from (
            f"  {demand.reference}: {person.name}, {person.account.email}"
            for demand, person in hears.elsewhere
        )
    else:
        yield "It has no live demand whose other side could be told."
