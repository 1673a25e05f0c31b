"""Accounts: signing in with a throttle, passwords, the one-use links that set them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete, func, select, update

from attest.database.tables import Account, Invitation, SignInAttempt
from attest.domain.refusal import Refused
from attest.mail.invitations import password_reset
from attest.services.accounts.invitations import invitation_id_of
from attest.services.accounts.passwords import check_password, hash_password, password_matches
from attest.services.context import Context
from attest.services.facts import throttle
from attest.services.letters import post

KEPT = timedelta(days=1)
FROM_ONE_PLACE = 10  # failures for one address from one place, within the window
IN_ALL = 50  # failures for one address, or from one place

RESETS = 3  # letters with a link to a new password
RESETS_WINDOW = timedelta(hours=1)
ASKED_FROM_ONE_PLACE = 10  # requests for such a letter, whatever the address, within WINDOW

INVITATION = "invitation"
RESET = "reset"

WRONG = "The email address or the password is wrong. Check both and try again."


class TooManyAttempts(Refused):
    """The throttle holds somebody off, whatever they type."""


class LinkSpent(Refused):
    """A link that was used, that ran out, or that a later one replaced."""


@dataclass(frozen=True)
class Checked:
    """What came of comparing a password, before anything is written."""

    email: str
    place: str
    account_id: str | None  # None where it was wrong


def compare(ctx: Context, email: str, password: str, place: str) -> Checked:
    """Compares a password; only reads, because it takes long. `place` is a network address.

    Raises TooManyAttempts, before looking at the password at all.
    """
    email = email.strip().lower()
    for subject, limit in _subjects(ctx, email, place):
        if throttle.lately(ctx, subject) >= limit:
            raise TooManyAttempts(
                "There were too many wrong attempts. Wait fifteen minutes, then try again."
            )
    account = ctx.session.scalar(select(Account).where(Account.email == email))
    right = password_matches(account.password_hash if account else None, password)
    welcome = account is not None and any(person.active for person in account.people)
    return Checked(email, place, account.id if account and right and welcome else None)


def sign_in(ctx: Context, checked: Checked) -> Account | None:
    """Writes down what `compare` found. Gives the account, or None where it was wrong."""
    ctx.session.execute(delete(SignInAttempt).where(SignInAttempt.at < ctx.now - KEPT))
    account = ctx.session.get(Account, checked.account_id) if checked.account_id else None
    subjects = _subjects(ctx, checked.email, checked.place)
    if account is None:
        ctx.session.add_all(SignInAttempt(subject=subject, at=ctx.now) for subject, _ in subjects)
        ctx.session.flush()
        return None
    # A right password forgives the wrong ones before it, from this place alone.
    ctx.session.execute(delete(SignInAttempt).where(SignInAttempt.subject == subjects[0][0]))
    account.last_sign_in_at = ctx.now
    ctx.session.flush()
    return account


def new_link(ctx: Context, account: Account, purpose: str) -> Invitation:
    """A one-use link for an account. Earlier unused ones of the same purpose end with it."""
    _spend(ctx, account, purpose)
    lasts = (
        timedelta(minutes=ctx.settings.reset_minutes)
        if purpose == RESET
        else timedelta(days=ctx.settings.invitation_days)
    )
    link = Invitation(
        id=str(uuid4()),
        account_id=account.id,
        purpose=purpose,
        created_at=ctx.now,
        expires_at=ctx.now + lasts,
        used_at=None,
    )
    ctx.session.add(link)
    ctx.session.flush()
    return link


def request_reset(ctx: Context, email: str, place: str) -> None:
    """Writes a letter with a link to whoever has this address, and says nothing where nobody has.

    Three letters an hour are enough: nobody's mailbox is flooded through this page. A known address
    takes a little longer, so every request is written down, and raises TooManyAttempts from a
    `place` (a network address) that asks for many: nobody measures whole lists of addresses.
    """
    _note_request(ctx, place)
    letter = password_reset(ctx.settings.reset_minutes, ctx.settings.base_url)
    account = ctx.session.scalar(select(Account).where(Account.email == email.strip().lower()))
    people = [person for person in account.people if person.active] if account else []
    if account is None or not people:
        return
    lately = ctx.session.scalar(
        select(func.count())
        .select_from(Invitation)
        .where(
            Invitation.account_id == account.id,
            Invitation.purpose == RESET,
            Invitation.created_at > ctx.now - RESETS_WINDOW,
        )
    )
    if (lately or 0) >= RESETS:
        return
    link = new_link(ctx, account, RESET)
    post.queue_letter(
        ctx,
        letter=letter,
        key=f"password_reset:{link.id}",
        person=people[0],
        invitation=link,
    )


def _note_request(ctx: Context, place: str) -> None:
    subject = throttle.keyed(ctx, f"reset\0{place}")
    if throttle.lately(ctx, subject) >= ASKED_FROM_ONE_PLACE:
        raise TooManyAttempts(
            "Too many letters were asked for from your network. Wait fifteen minutes, then try "
            "again."
        )
    throttle.count(ctx, subject)


def read_link(ctx: Context, token: str) -> tuple[Invitation, Account]:
    """What a link stands for.

    Raises NotFound for no link of ours, LinkSpent for one that can't be used any more.
    """
    link = ctx.session.get(Invitation, invitation_id_of(ctx.settings, token))
    account = ctx.session.get(Account, link.account_id) if link else None
    if link is None or account is None:
        raise LinkSpent("This link is not known here any more. Ask for a new one.")
    if link.used_at is not None:
        raise LinkSpent(
            "This link was used already, or a newer letter replaced it. "
            "If you have a password, sign in. If not, ask for a new link."
        )
    if link.expires_at <= ctx.now:
        raise LinkSpent("This link has run out. Ask for a new one.")
    return link, account


def use_link(ctx: Context, token: str, password: str) -> Account:
    """Sets the password that a link allows to set, once, and ends every earlier session.

    Raises what `read_link` raises, and Refused for a password that won't do.
    """
    link, account = read_link(ctx, token)
    check_password(password, account.email)
    # Two clicks at once: only the one that marks the row goes on.
    marked = ctx.session.scalar(
        update(Invitation)
        .where(Invitation.id == link.id, Invitation.used_at.is_(None))
        .values(used_at=ctx.now)
        .returning(Invitation.id)
    )
    if marked is None:
        raise LinkSpent("This link was used already. Sign in with the password you chose.")
    _spend(ctx, account, INVITATION)
    _spend(ctx, account, RESET)
    account.password_hash = hash_password(password)
    account.epoch += 1
    account.last_sign_in_at = ctx.now
    ctx.session.flush()
    return account


def _spend(ctx: Context, account: Account, purpose: str) -> None:
    ctx.session.execute(
        update(Invitation)
        .where(
            Invitation.account_id == account.id,
            Invitation.purpose == purpose,
            Invitation.used_at.is_(None),
        )
        .values(used_at=ctx.now)
    )


def _subjects(ctx: Context, email: str, place: str) -> list[tuple[str, int]]:
    """What failures are counted by, and how many are too many. The rows tell no addresses."""

    return [
        (throttle.keyed(ctx, f"both\0{email}\0{place}"), FROM_ONE_PLACE),
        (throttle.keyed(ctx, f"address\0{email}"), IN_ALL),
        (throttle.keyed(ctx, f"place\0{place}"), IN_ALL),
    ]
