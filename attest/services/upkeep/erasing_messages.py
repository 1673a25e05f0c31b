"""Messages about several demands: what goes of them when one demand's letters are erased.

Such a message is a row about no demand. One that carries letters (`Letter.carried_by_id`) repeats
their words, and a daily digest speaks of demands whether it carries letters or not. Its words go
with the first that is erased; who read one that only carries goes with the last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import String, cast, literal, select, update
from sqlalchemy.orm import aliased

from attest.database import outbox
from attest.database.tables import Letter, LetterEvent
from attest.mail.digest_letters import KIND
from attest.services.context import Context


def messages(ctx: Context, letter_ids: Collection[str]) -> Sequence[str]:
    """The messages that carried any of these letters and still name their reader."""
    carried = select(Letter.carried_by_id).where(
        Letter.id.in_(letter_ids), Letter.carried_by_id.is_not(None)
    )
    return ctx.session.scalars(
        select(Letter.id)
        .where(
            Letter.id.in_(carried), Letter.erased_at.is_(None), Letter.state.not_in(outbox.NOT_GONE)
        )
        .order_by(Letter.id)
    ).all()


def digests(ctx: Context, reference: str) -> Sequence[str]:
    """The daily digests that have gone and speak of the demand."""
    return ctx.session.scalars(
        select(Letter.id)
        .where(
            Letter.kind == KIND,
            Letter.text.contains(reference, autoescape=True),
            Letter.state.not_in(outbox.NOT_GONE),
        )
        .order_by(Letter.id)
    ).all()


def erase(ctx: Context, message_ids: Collection[str]) -> None:
    """Takes the words out of those of `message_ids` that are about no demand, and whoever read them
    out of those whose letters are all erased. Called once the letters themselves are."""
    one = aliased(Letter)
    carries = select(one.id).where(one.carried_by_id == Letter.id)
    mine = (Letter.id.in_(message_ids), Letter.demand_id.is_(None))
    ctx.session.execute(
        update(Letter)
        .where(*mine)
        .values(subject="", text="")
        .execution_options(synchronize_session=False)
    )
    over = (*mine, carries.exists(), ~carries.where(one.erased_at.is_(None)).exists())
    ctx.session.execute(
        update(LetterEvent)
        .where(LetterEvent.letter_id.in_(select(Letter.id).where(*over)))
        .values(answer=None)
        .execution_options(synchronize_session=False)
    )
    ctx.session.execute(
        update(Letter)
        .where(*over)
        .values(
            key=literal("erased:") + cast(Letter.id, String),
            to_name="",
            to_email="",
            answer=None,
            message_id="",
            time_zone=None,
            erased_at=ctx.now,
        )
        .execution_options(synchronize_session=False)
    )
