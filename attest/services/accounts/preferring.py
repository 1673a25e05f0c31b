"""Choosing where one works, the language of one's letters, and whether they come once a day."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from attest.database.tables import Demand, DemandParty, Organisation, Person
from attest.domain import demand_states
from attest.domain.duties import may_invite
from attest.domain.refusal import NotAllowed, Refused
from attest.mail import languages
from attest.services.accounts import time_zones
from attest.services.context import Context
from attest.services.letters import held


@dataclass(frozen=True)
class Choices:
    """What a form asks. Empty: as the organisation has it, or the installation."""

    time_zone: str = ""
    language: str = ""


def prefer(ctx: Context, person: Person, choices: Choices, *, daily_digest: bool) -> int:
    """Keeps what somebody wants for their own letters; gives how many held letters go out now.

    Raises Refused with the field. A digest is for the controller's case handlers and signatories:
    everybody else is chased in working hours, and what waits for them must not wait longer.
    """
    _check(ctx, choices)
    if daily_digest and not person.duties & held.READERS:
        raise Refused(
            "A daily digest is for case handlers and signatories of a controller.",
            field="daily_digest",
        )
    moved = person.time_zone != (choices.time_zone or None)
    person.time_zone = choices.time_zone or None
    person.language = choices.language or None
    ends = person.daily_digest and not daily_digest
    person.daily_digest = daily_digest
    ctx.session.flush()
    if moved:
        _look_again(ctx, person.organisation_id)
    return held.release(ctx, person) if ends else 0


def prefer_for_all(ctx: Context, person: Person, choices: Choices) -> None:
    """Keeps what counts for everybody of an organisation who has not chosen otherwise.

    Raises Refused with the field, and NotAllowed for whoever may not invite people either.
    """
    if not may_invite(person.duties):
        raise NotAllowed("Only case handlers, liaisons and administrators change this.")
    _check(ctx, choices)
    organisation = ctx.session.get_one(Organisation, person.organisation_id)
    organisation.time_zone = choices.time_zone or None
    organisation.language = choices.language or None
    ctx.session.flush()
    _look_again(ctx, organisation.id)


def _check(ctx: Context, choices: Choices) -> None:
    if choices.time_zone and not time_zones.is_known(choices.time_zone):
        raise Refused("Choose a time zone from the list.", field="time_zone")
    if choices.language and choices.language not in languages.choices(ctx.settings.letters_path):
        raise Refused("Choose a language from the list.", field="language")


def _look_again(ctx: Context, organisation_id: str) -> None:
    """Working hours are others now, so the ladders of its demands are looked at anew."""
    theirs = select(DemandParty.demand_id).where(DemandParty.organisation_id == organisation_id)
    ctx.session.execute(
        update(Demand)
        .where(
            Demand.id.in_(theirs),
            Demand.chase_at > ctx.now,
            Demand.state.in_(sorted(demand_states.LIVE)),
        )
        .values(chase_at=ctx.now)
        .execution_options(synchronize_session=False)
    )
