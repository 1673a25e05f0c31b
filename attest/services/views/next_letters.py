"""When the contractor's people are written to next, for the head of a demand's page.

Told to controllers alone: a contractor who knew would know how much it can let pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attest.database.tables import Demand
from attest.domain import demand_states, wording
from attest.domain.working_hours import local_day
from attest.services.chasing.forecast import coming
from attest.services.context import Context
from attest.services.facts.calendars import is_known
from attest.services.facts.readers import contractor_of

# Instead of a due day: of the letter that asks to acknowledge.
TO_ACKNOWLEDGE = None


def next_letters(ctx: Context, demand: Demand) -> Mapping[date | None, str]:
    """A sentence for each due day that letters to the contractor's people will speak of, with the
    day on which the next one goes, as its reader has it; and one for `TO_ACKNOWLEDGE`.

    The same ticks as the page of what will go out (services/chasing/forecast.py), a pause with
    them. Empty where nobody is written to: after the end, while "not us" is undecided, and where
    nobody knows which days are working days.
    """
    if (
        demand.state not in demand_states.LIVE
        or demand.disputed_at is not None
        or not is_known(demand.calendar)
    ):
        return {}
    theirs = contractor_of(demand)
    found: dict[date | None, str] = {}
    for each in coming(ctx, demand):
        course = each.reached.course
        if course.reader.organisation_id == theirs:
            about = TO_ACKNOWLEDGE if course.is_issue else course.due_on
            day = local_day(each.at, course.reader.time_zone)
            found.setdefault(about, f"Next letter on {wording.day(day)}.")
    return found
