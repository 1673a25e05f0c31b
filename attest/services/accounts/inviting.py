"""Inviting people into an organisation, sending the link again, and ending somebody's access."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from attest.database import outbox
from attest.database.tables import Account, Invitation, Letter, Person
from attest.domain.duties import may_hand_out, may_invite
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.mail.letters import invitation_of_colleague
from attest.services.accounts import accounts, people
from attest.services.context import Context
from attest.services.letters import post
from attest.services.letters.letter_facts import writer

_KIND = "invitation_of_colleague"


@dataclass(frozen=True)
class Colleague:
    """A person as the list of an organisation shows them."""

    person: Person
    state: str  # active, invited (no password yet) or ended
    link_until: datetime | None  # how long the newest unused link works
    changeable: bool  # the reader may end or renew this person's access
    trouble: str | None = None  # the state of the letter with that link: bounced, or unknown


def colleagues(ctx: Context, reader: Person) -> list[Colleague]:
    """Everybody of the reader's organisation."""
    everybody = people.people_in(ctx, reader.organisation)
    links = _open_links(ctx, [person.account_id for person in everybody])
    trouble = _in_trouble(ctx, [person.account_id for person in everybody])
    return [
        Colleague(
            person,
            _state(person),
            links.get(person.account_id) if person.account.password_hash is None else None,
            person.id != reader.id and _may_change(reader, person),
            trouble.get(person.account_id) if person.account.password_hash is None else None,
        )
        for person in everybody
    ]


def invite(
    ctx: Context,
    inviter: Person,
    *,
    name: str,
    role: str,
    email: str,
    duties: Iterable[str],
    telephone: str | None = None,
) -> Person:
    """Gives somebody duties in the inviter's organisation, and writes to them.

    Who has a password already gets no link: they see the organisation when they next sign in.
    Raises NotAllowed, and Refused with the field.
    """
    wanted = frozenset(duties)
    if not may_invite(inviter.duties):
        raise NotAllowed(
            "Only case handlers, liaisons and administrators invite people. Ask one of them."
        )
    if not wanted <= frozenset(may_hand_out(inviter.duties)):
        raise Refused("You can't hand out this duty. Choose from those offered.", field="duties")
    person = people.ensure_person(
        ctx,
        organisation_id=inviter.organisation_id,
        name=name,
        role=role,
        email=email,
        duties=wanted,
        telephone=telephone,
    )
    if person.id == inviter.id:
        raise Refused("This is your own address.", field="email")
    _write(ctx, inviter, person)
    return person


def send_again(ctx: Context, inviter: Person, person_id: str) -> Person:
    """Writes a new link to somebody who has no password yet; the earlier one stops working."""
    person = _changeable(ctx, inviter, person_id)
    if person.account.password_hash is not None or not person.active:
        raise Refused(f"{person.name} needs no invitation: they can sign in already.")
    _write(ctx, inviter, person)
    return person


def end_access(ctx: Context, ender: Person, person_id: str) -> Person:
    """Ends what somebody may do for the organisation, at once. Rows stay.

    Their sessions end where they act for nobody else: another organisation's people are not ours
    to sign out.
    """
    person = _changeable(ctx, ender, person_id)
    person.active = False
    if not any(other.active for other in person.account.people):
        person.account.epoch += 1
    ctx.session.flush()
    return person


def changeable_person(ctx: Context, changer: Person, person_id: str) -> Person:
    """The person whom the changer may change. Raises NotFound, NotAllowed, Refused."""
    return _changeable(ctx, changer, person_id)


def _changeable(ctx: Context, changer: Person, person_id: str) -> Person:
    person = ctx.session.get(Person, person_id)
    if person is None or person.organisation_id != changer.organisation_id:
        raise NotFound
    if person.id == changer.id:
        raise Refused("You can't end your own access. Ask a colleague.")
    if not _may_change(changer, person):
        raise NotAllowed(
            "Only somebody who may hand out all of this person's duties can change them."
        )
    return person


def _may_change(changer: Person, person: Person) -> bool:
    return may_invite(changer.duties) and person.duties <= frozenset(may_hand_out(changer.duties))


def _state(person: Person) -> str:
    if not person.active:
        return "ended"
    return "active" if person.account.password_hash is not None else "invited"


def _write(ctx: Context, inviter: Person, person: Person) -> None:
    if person.account.password_hash is not None:
        return
    link = accounts.new_link(ctx, person.account, accounts.INVITATION)
    zone = ZoneInfo(ctx.settings.time_zone)
    post.queue_letter(
        ctx,
        letter=invitation_of_colleague(
            writer(inviter),
            sorted(person.duties),
            link.expires_at.astimezone(zone).date(),
            ctx.settings.base_url,
        ),
        key=_key(link.id),
        person=person,
        invitation=link,
    )


def _key(link_id: str) -> str:
    return f"{_KIND}:{link_id}"


def _in_trouble(ctx: Context, account_ids: list[str]) -> dict[str, str]:
    """The states of letters with open links that did not arrive, or of which nobody knows. Letters
    about a demand tell of theirs on its own pages."""
    links = ctx.session.execute(
        select(Invitation.id, Invitation.account_id).where(
            Invitation.account_id.in_(account_ids),
            Invitation.used_at.is_(None),
            Invitation.expires_at > ctx.now,
        )
    )
    # By their keys, which have an index.
    accounts_of = {_key(link_id): account_id for link_id, account_id in links}
    rows = ctx.session.execute(
        select(Letter.key, Letter.state).where(
            Letter.key.in_(sorted(accounts_of)), Letter.state.in_(outbox.TROUBLED)
        )
    )
    return {accounts_of[key]: state for key, state in rows}


def _open_links(ctx: Context, account_ids: list[str]) -> dict[str, datetime]:
    rows = ctx.session.execute(
        select(Account.id, Invitation.expires_at)
        .join(Invitation, Invitation.account_id == Account.id)
        .where(
            Account.id.in_(account_ids),
            Invitation.used_at.is_(None),
            Invitation.expires_at > ctx.now,
        )
        .order_by(Invitation.expires_at)
    )
    return {key: value for key, value in rows}  # noqa: C416 (a row is no pair to mypy)
