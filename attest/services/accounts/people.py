"""People: who acts for an organisation, with which duties, and how they come in."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import select

from attest.database.tables import Account, Duty, Organisation, Person
from attest.domain.duties import DUTIES
from attest.domain.email_address import is_email_address
from attest.domain.refusal import Refused
from attest.domain.text import problem, typed
from attest.services.context import Context


def ensure_person(
    ctx: Context,
    *,
    organisation_id: str,
    name: str,
    role: str,
    email: str,
    duties: Iterable[str],
    telephone: str | None = None,
) -> Person:
    """Finds or makes the person with this address in an organisation, and adds the duties.

    Somebody who is there already keeps name and title: the caller can't rename them. Whose access
    had ended gets these duties alone. No letter is written here. Raises Refused with the field for
    what can't be kept.
    """
    name = line(name, "name", "Type a name.")
    role = line(role, "role", "Type a title.")
    email = address(email)
    wanted = frozenset(duties)
    if not wanted or not wanted <= DUTIES.keys():
        raise Refused("Choose what this person may do.", field="duties")
    account = ctx.session.scalar(select(Account).where(Account.email == email))
    if account is None:
        account = Account(
            id=str(uuid4()),
            email=email,
            password_hash=None,
            epoch=0,
            created_at=ctx.now,
            last_sign_in_at=None,
        )
        ctx.session.add(account)
        ctx.session.flush()
    person = ctx.session.scalar(
        select(Person).where(
            Person.account_id == account.id, Person.organisation_id == organisation_id
        )
    )
    if person is None:
        person = Person(
            id=str(uuid4()),
            account_id=account.id,
            organisation_id=organisation_id,
            name=name,
            role=role,
            telephone=telephone,
            active=True,
            created_at=ctx.now,
        )
        ctx.session.add(person)
    elif not person.active:
        # What ended stays ended: whoever invites again may not be able to hand all of it out.
        person.duty_rows.clear()
        ctx.session.flush()
        ctx.session.refresh(person)
    person.active = True
    for duty in sorted(wanted - person.duties):
        person.duty_rows.append(Duty(name=duty))
    ctx.session.flush()
    ctx.session.refresh(person)
    ctx.session.refresh(account, ["people"])
    return person


def acts_as(person: Person | None, duty: str) -> bool:
    """Whether somebody still has access, and this duty."""
    return person is not None and person.active and duty in person.duties


def people_in(ctx: Context, organisation: Organisation) -> list[Person]:
    """Everybody of an organisation, those who still act first, by name."""
    return list(
        ctx.session.scalars(
            select(Person)
            .where(Person.organisation_id == organisation.id)
            .order_by(Person.active.desc(), Person.name, Person.id)
        ).unique()
    )


def line(value: str, field: str, empty: str) -> str:
    """One line that somebody typed, tidy. Raises Refused with the field; `empty` where it is."""
    value = typed(value)
    if not value:
        raise Refused(empty, field=field)
    if len(value) > 200:
        raise Refused("Use 200 characters or fewer.", field=field)
    if wrong := problem(value):
        raise Refused(wrong, field=field)
    return value


def address(value: str) -> str:
    """An email address as it is kept. Raises Refused with the field `email`."""
    value = typed(value).lower()
    if not is_email_address(value):
        raise Refused("Enter an email address like name@example.org.", field="email")
    return value
