"""When each reader was last chased: a turn that came before it is passed over.

The keys of letters tell whether one turn had its letter. They cannot tell that a later one had,
once the rows of a ladder were changed in between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import and_, func, not_, or_, select

from attest.database import outbox
from attest.database.tables import Letter
from attest.domain import ladder
from attest.services.chasing.courses import Reached
from attest.services.context import Context
from attest.services.letters.failing import lost_at

# How many demands are asked for at once: a statement takes only so many bound values.
_AT_ONCE = 500
# What tells somebody of the demand itself, and of its day: they need no reminder on top of it.
_TOLD = ("invitation_of_liaison", "officer_invited")


class Heard:
    """The last letter of each ladder to each reader: by demand, address, anchor, and day."""

    def __init__(self) -> None:
        self._at: dict[tuple[str, str], dict[tuple[bool, date | None], datetime]] = {}

    def note(
        self, demand_id: str, email: str, is_issue: bool, due_on: date | None, at: datetime
    ) -> None:
        """A letter was written then."""
        theirs = self._at.setdefault((demand_id, email.lower()), {})
        # However often the day moves: what asks to acknowledge is one ladder.
        of = (is_issue, None if is_issue else due_on)
        theirs[of] = max(at, theirs.get(of, at))

    def note_reached(self, each: Reached, at: datetime) -> None:
        """The letter of this turn was written then."""
        course = each.course
        if course.words is None:
            email = course.reader.email
            self.note(course.demand.id, email, course.is_issue, course.due_on, at)

    def passes_over(self, each: Reached) -> bool:
        """Whether the reader had a letter on the turn's day or later.

        One that asks to acknowledge, or told the reader of the demand, speaks for the ladders of
        all due days, and the other way round. Files that are due on different days are chased
        independently of each other.
        """
        course = each.course
        if course.words is not None:
            return False  # of rungs that nobody edits
        theirs = self._at.get((course.demand.id, course.reader.email.lower()), {})
        return any(
            course.today(at) >= each.turn.day
            for (is_issue, due_on), at in theirs.items()
            if is_issue or course.is_issue or due_on == course.due_on
        )

    def still(self, due: Iterable[Reached]) -> list[Reached]:
        """Those of them that are not passed over."""
        return [each for each in due if not self.passes_over(each)]


def heard_of(ctx: Context, demand_ids: Collection[str], *, vouched: str | None = None) -> Heard:
    """Asked through the index of the letters' demands; a row for each reader and due day.

    `vouched`: as if somebody had just said that letters arrive at this address again.
    """
    heard = Heard()
    ids = sorted(demand_ids)
    chases = and_(Letter.rung.is_not(None), Letter.due_on.is_not(None))
    # Whoever bounced was told nothing. While the address fails, the next contact has the rung.
    told = and_(Letter.kind.in_(_TOLD), Letter.state != outbox.BOUNCED)
    lost = and_(Letter.state == outbox.BOUNCED, Letter.vouched_at.is_not(None))
    if vouched is not None:
        lost = or_(lost, lost_at(vouched))
    is_issue = or_(
        Letter.rung.startswith(ladder.ISSUED, autoescape=True), Letter.kind.in_(_TOLD)
    ).label("is_issue")
    for start in range(0, len(ids), _AT_ONCE):
        rows = ctx.session.execute(
            select(
                Letter.demand_id,
                Letter.to_email,
                is_issue,
                Letter.due_on,
                func.max(Letter.queued_at),
            )
            .where(
                Letter.demand_id.in_(ids[start : start + _AT_ONCE]),
                or_(chases, told),
                Letter.state != outbox.DROPPED,
                not_(lost),
            )
            .group_by(Letter.demand_id, Letter.to_email, "is_issue", Letter.due_on)
        )
        for demand_id, email, issue, due_on, at in rows:
            if demand_id is not None:
                heard.note(demand_id, email, bool(issue), due_on, at)
    return heard
