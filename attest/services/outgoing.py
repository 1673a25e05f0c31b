"""A letter as it leaves: what is known only when its turn comes, put together from rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from attest.database import log_rows
from attest.database.tables import Demand, Letter
from attest.mail.finishing import Carried, finish
from attest.mail.message import Outgoing
from attest.services.invitations import invitation_link
from attest.settings import Settings


def prepare(
    session: Session, settings: Settings, letter: Letter, along: Sequence[Letter] = ()
) -> Outgoing:
    """Chooses the newest checkpoint of each demand, writes it to the rows, and fills in places.

    `along`: the letters about other demands that go in the same message (`carried_by_id`).
    """
    carried = [each for row in (letter, *along) if (each := _carried(session, row)) is not None]
    finished = finish(
        letter.text,
        language=letter.language,
        link=(
            None
            if letter.invitation_id is None
            else invitation_link(settings, letter.invitation_id)
        ),
        carried=carried,
    )
    return Outgoing(
        letter_id=letter.id,
        message_id=letter.message_id,
        to_name=letter.to_name,
        to_email=letter.to_email,
        subject=letter.subject,
        text=finished.text,
        demand_id=letter.demand_id,
        attachments=finished.attachments,
    )


def _carried(session: Session, letter: Letter) -> Carried | None:
    demand = None if letter.demand_id is None else session.get(Demand, letter.demand_id)
    head = None if demand is None else log_rows.read_head(session, demand.id)
    letter.checkpoint = None if head is None else head.checkpoint
    letter.checkpoint_size = None if head is None else head.size
    if demand is None:
        return None
    return Carried(demand.id, demand.reference, letter.checkpoint)
