""" "Write there again": a case handler knows that letters arrive at an address, and what follows.

Its reader gets what they have missed and no more: the letter that brings the demand, where that
one bounced, at once; and of the ladder the rung that it has reached by now, in their working hours
(chunks.py), where no letter of that day or later has gone there and not come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from attest.domain import demand_states
from attest.domain.letter_words import kind_words, rung_words
from attest.domain.refusal import Refused
from attest.domain.wording import clock, day
from attest.services.access import CONTROLLER, Seat
from attest.services.accounts.time_zones import place
from attest.services.chasing.forecast import Coming, coming
from attest.services.context import Context
from attest.services.facts import reader_clock
from attest.services.facts.calendars import is_known
from attest.services.letters import letter_list
from attest.services.letters.failing import forget
from attest.services.letters.letter_list import Failing
from attest.services.notices import bringing

# Addresses of which a page says what follows: the ladder is played ahead for each of them.
MOST_TOLD = 10
MISSED = "Its reader gets what they have missed, once."


@dataclass(frozen=True)
class Follows:
    """What goes to an address from now on: the letter that brings the demand, `new_link` with
    it; then the first letter that chases. `zone` is the instance's, where pages tell the time."""

    brought: bool
    new_link: bool
    first: Coming | None
    now: datetime
    zone: str

    @property
    def sentences(self) -> str:
        """The same in words, with its full stops."""
        said = []
        if self.brought:
            link = ", with a new link" if self.new_link else ""
            said.append(f"The letter with the demand goes there now{link}.")
        if self.first is not None:
            said.append(f"{_the_letter(self.first)} goes there {self._when(self.first)}.")
        elif not self.brought:
            said.append("No letter that chases is ahead for its reader.")
        return " ".join(said)

    def _when(self, first: Coming) -> str:
        if first.at <= self.now:
            return "now"
        theirs = first.reached.course.reader.time_zone
        local = reader_clock.local(first.at, theirs)
        said = f"on {day(local.date())} at {clock(first.at, ZoneInfo(theirs))}"
        if local.utcoffset() != reader_clock.local(first.at, self.zone).utcoffset():
            said += f" in {place(theirs)}"
        return said


def can_say(seat: Seat, failing: Sequence[Failing]) -> list[Failing]:
    """Of the failing addresses that somebody sees, those of which they can say that they work
    again: the lead controller's case handlers of all, a joint controller's of its own people's."""
    if seat.side != CONTROLLER or "case_handler" not in seat.duties:
        return []
    return [each for each in failing if seat.lead or each.is_ours]


def told_before(ctx: Context, seat: Seat, failing: Sequence[Failing]) -> dict[str, str]:
    """By address, what a page says that "Write there again" leads to, for whoever may press it."""
    return {
        each.email: follows(ctx, seat, each.email).sentences if number < MOST_TOLD else MISSED
        for number, each in enumerate(can_say(seat, failing))
    }


def follows(ctx: Context, seat: Seat, email: str) -> Follows:
    """What "Write there again" would lead to now, of an address that fails. Writes nothing."""
    demand = seat.demand
    lost = bringing.lost_by(ctx, demand, email)
    brings = lost is not None and bringing.can_bring(demand, lost)
    return Follows(
        brings,
        brings and bringing.needs_link(demand, email),
        _first(ctx, seat, email, told=brings),
        ctx.now,
        ctx.settings.time_zone,
    )


def write_again(ctx: Context, seat: Seat, email: str) -> Follows:
    """A case handler knows that the address works: letters go there again. Raises Refused."""
    email = email.strip().lower()
    ours = {each.email for each in can_say(seat, letter_list.failing(ctx, seat))}
    if email not in ours or not forget(ctx, seat.demand, email):
        raise Refused("Letters to this address are not held back any more.")
    new_link = bringing.needs_link(seat.demand, email)
    brought = bringing.bring_again(ctx, seat.demand, email)
    ctx.session.flush()
    return Follows(
        brought,
        brought and new_link,
        _first(ctx, seat, email),
        ctx.now,
        ctx.settings.time_zone,
    )


def _first(ctx: Context, seat: Seat, email: str, *, told: bool = False) -> Coming | None:
    if seat.demand.state not in demand_states.LIVE or not is_known(seat.demand.calendar):
        return None
    ahead = coming(ctx, seat.demand, vouched=email, told=told)
    return next(
        (each for each in ahead if each.reached.course.reader.email.lower() == email.lower()), None
    )


def _the_letter(first: Coming) -> str:
    reached = first.reached
    return f"The letter “{kind_words(reached.kind)}” ({rung_words(reached.turn.name)})"
