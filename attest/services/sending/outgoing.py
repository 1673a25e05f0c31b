"""A letter as it leaves: what is known only when its turn comes, put together from rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from attest.database import log_rows
from attest.database.tables import Demand, Letter, LogHead
from attest.domain import demand_states
from attest.domain.calendar import add_working_days
from attest.mail import calendar_entry
from attest.mail.calendar_entry import Entry
from attest.mail.finishing import Carried, finish
from attest.mail.message import Outgoing, Topic
from attest.services.accounts.invitations import invitation_link
from attest.services.facts.calendars import days_off
from attest.services.letters import receipts
from attest.settings import Settings


def prepare(
    session: Session,
    settings: Settings,
    now: datetime,
    letter: Letter,
    along: Sequence[Letter] = (),
) -> Outgoing:
    """Chooses the newest checkpoint of each demand, writes it to the rows, and fills in places.

    `along`: the letters about other demands that go in the same message (`carried_by_id`).
    """
    rows = (letter, *along)
    carried: dict[str, Carried] = {}
    for row in rows:
        demand = None if row.demand_id is None else session.get(Demand, row.demand_id)
        head = None if demand is None else log_rows.read_head(session, demand.id)
        row.checkpoint = None if head is None else head.checkpoint
        row.checkpoint_size = None if head is None else head.size
        # Kept: what the letter asked does not change with its demand, nor at a second attempt.
        row.asks_receipt = receipts.asks(session, row)
        if demand is None:
            continue
        entry = None if head is None else _entry(settings, row, demand, head)
        # Two days of one demand: its log is carried once, and the earlier day counts.
        if demand.id not in carried:
            carried[demand.id] = Carried(demand.id, demand.reference, row.checkpoint, entry)
    ordered = _as_told(letter.text, carried.values())
    invitation = letter.invitation_id
    finished = finish(
        letter.text,
        language=letter.language,
        link=None if invitation is None else invitation_link(settings, invitation),
        receipt=receipts.link_for(session, settings, rows),
        carried=ordered,
        sender=settings.mail_from,
        now=now,
        own=settings.letters_path,
    )
    return Outgoing(
        letter_id=letter.id,
        message_id=letter.message_id,
        to_name=letter.to_name,
        to_email=letter.to_email,
        subject=letter.subject,
        text=finished.text,
        topics=tuple(Topic(each.demand_id, each.reference) for each in ordered),
        attachments=finished.attachments,
        language=letter.language,
    )


def _as_told(text: str, carried: Iterable[Carried]) -> list[Carried]:
    """In the order in which the letter comes to their links; what it does not name comes last."""

    def place(each: Carried) -> tuple[int, str]:
        found = re.search(rf"/demands/{re.escape(each.reference)}(?![\w-])", text)
        return (len(text) if found is None else found.start(), each.reference)

    return sorted(carried, key=place)


def _entry(settings: Settings, letter: Letter, demand: Demand, head: LogHead) -> Entry | None:
    """The due day for the reader's calendar, where the letter says or moves it, or ends it."""
    if letter.kind not in calendar_entry.SAY_DUE | calendar_entry.END:
        return None
    due_on = letter.due_on or demand.next_due_on
    named = {party.role: party.name for party in reversed(demand.parties)}
    if due_on is None or not {"lead", "contractor"} <= set(named):
        return None
    return Entry(
        demand_id=demand.id,
        reference=demand.reference,
        controller=named["lead"],
        contractor=named["contractor"],
        link=f"{settings.base_url}/demands/{demand.reference}",
        due_on=due_on,
        remind_on=add_working_days(due_on, -1, days_off(demand.calendar)),
        sequence=head.size,
        ended=demand.state in demand_states.ENDED,
    )
