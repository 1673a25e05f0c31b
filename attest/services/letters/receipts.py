"""The reader's own word that a letter arrived: "I have received this".

A demand may ask for it (`Demand.asks_receipt`). The link signs nobody in and shows nothing that
the letter's reader does not know. Only the button on its page counts, never that the page was
opened: mail servers and mail programs open links by themselves. What is kept proves that somebody
who had the link pressed the button, and not who.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from attest.database import outbox
from attest.database.tables import Demand, Letter
from attest.domain.demand_states import WITHDRAWN
from attest.domain.refusal import NotFound, Refused
from attest.mail.receipt_link import form_token, is_form_token, letter_of, receipt_link
from attest.services.context import Context
from attest.services.facts import throttle
from attest.services.facts.readers import contractor_of
from attest.services.letters import letter_events
from attest.settings import Settings

# The letter that brings a demand, and the only one outside the ladder that asks.
ISSUE_LETTER = "invitation_of_liaison"
# The letter that a person sends at once stands at no rung, and asks as those do.
AT_ONCE = "chase_now"

# Buttons pressed from one place that fit no page of ours, before it has to wait.
MOST_WRONG = 20

WRONG_LINK = (
    "This link is not one of ours, or a part of it is missing. Copy the whole of it from the "
    "letter. You can also answer by telephone: the letter says whom to ring."
)
GONE = "The letter that this link belongs to is not kept here any more. There is nothing to do."
WITHDRAWN_WORDS = (
    "The deletion demand that this letter is about was withdrawn. Nothing has to be confirmed."
)
PRESS_AGAIN = (
    "Nothing was noted yet, because this page was open for very long or did not come from here. "
    "Press the button once more."
)


class LinkGone(Refused):
    """The link was ours, and there is nothing to confirm any more."""


class TooMany(Refused):
    """Too many buttons from one place that fit no page of ours."""


@dataclass(frozen=True)
class ReceiptPage:
    """What the page behind the link shows: no more than its reader was told in the letter."""

    letters: Sequence[tuple[str, str]]  # a demand's reference, and the subject of its letter
    sent_at: datetime
    received_at: datetime | None
    form_token: str


def link_for(session: Session, settings: Settings, letters: Sequence[Letter]) -> str | None:
    """The link in the message made of `letters`, of which the first carries the others.

    None where none of them asks for a receipt: each asks where its demand did (`asks_receipt`) when
    it was put together first and it is to the contractor, and either chases or brings the demand.
    """
    if any(asks(session, letter) for letter in letters):
        return receipt_link(settings, letters[0].id)
    return None


# Of these, one that asks nothing yet was refused, or not needed, before it was put together.
_NEVER_LEFT = (outbox.BOUNCED, outbox.DROPPED)


def asks(session: Session, letter: Letter) -> bool:
    """Whether a letter asked for a receipt; of one that has not left, whether it would now."""
    if letter.asks_receipt is not None:
        return letter.asks_receipt
    if letter.state in _NEVER_LEFT:
        return False
    if letter.demand_id is None or not (letter.rung or letter.kind in (ISSUE_LETTER, AT_ONCE)):
        return False
    return demand_asks(session.get_one(Demand, letter.demand_id), letter.organisation_id)


def demand_asks(demand: Demand, organisation_id: str | None) -> bool:
    """Whether its letters to people of this organisation ask: of the contractor's alone."""
    return (
        demand.asks_receipt
        and organisation_id is not None
        and organisation_id == contractor_of(demand)
    )


def open_page(ctx: Context, token: str) -> ReceiptPage:
    """What the page behind a link shows. Only reads.

    Raises NotFound for no link of ours, LinkGone where there is nothing to confirm any more.
    """
    letter_id, rows = _rows(ctx, token)
    first = rows[0]
    said = [(ctx.session.get_one(Demand, row.demand_id).reference, row.subject) for row in rows]
    return ReceiptPage(
        letters=sorted(said),
        sent_at=first.sent_at or first.claimed_at or first.queued_at,
        received_at=min((row.received_at for row in rows if row.received_at), default=None),
        form_token=form_token(ctx.settings, letter_id, int(ctx.now.timestamp())),
    )


def confirm(ctx: Context, token: str, pressed: str, place: str) -> bool:
    """Notes that somebody pressed the button; `pressed` is what the page sent along with it.

    A second time changes nothing. `place` is a network address. False where `pressed` fits no page
    of ours, which is counted. Raises what `open_page` raises, and TooMany.
    """
    letter_id, rows = _rows(ctx, token)
    subject = throttle.keyed(ctx, f"receipt\0{place}")
    if throttle.lately(ctx, subject) >= MOST_WRONG:
        raise TooMany("Too many attempts from your network. Wait fifteen minutes, then try again.")
    if not is_form_token(ctx.settings, letter_id, pressed, int(ctx.now.timestamp())):
        throttle.count(ctx, subject)
        return False
    new = ctx.session.scalars(
        update(Letter)
        .where(Letter.id.in_([row.id for row in rows]), Letter.received_at.is_(None))
        .values(received_at=ctx.now)
        .returning(Letter.id)
        .execution_options(synchronize_session=False)
    ).all()
    for each in sorted(new):
        letter_events.note(ctx.session, each, ctx.now, "received")
    ctx.session.expire_all()
    return True


def _rows(ctx: Context, token: str) -> tuple[str, list[Letter]]:
    """The letters of the message that a token stands for, those that can still be confirmed."""
    letter_id = letter_of(ctx.settings, token)
    if letter_id is None:
        raise NotFound
    rows = ctx.session.scalars(
        select(Letter)
        .where(or_(Letter.id == letter_id, Letter.carried_by_id == letter_id))
        .order_by(Letter.id)
    ).all()
    kept = [
        row for row in rows if row.demand_id and row.erased_at is None and row.state != "dropped"
    ]
    if not kept:
        raise LinkGone(GONE)
    live = [row for row in kept if ctx.session.get_one(Demand, row.demand_id).state != WITHDRAWN]
    if not live:
        raise LinkGone(WITHDRAWN_WORDS)
    return letter_id, live
