"""From rows to what letters say: the demand a letter is about, and the people it names."""

from __future__ import annotations

from datetime import date

from attest.database.tables import Demand, Person
from attest.domain import demand_states
from attest.mail.about import About, Writer
from attest.services.context import Context
from attest.services.facts.calendars import days_off, today


def about(ctx: Context, demand: Demand) -> About:
    """The facts that every letter about this demand shares; due is what is due next.

    Raises `ValueError` for a draft that lacks a due date or a party: no letter is due yet.
    """
    named = {party.role: party.name for party in reversed(demand.parties)}
    if demand.next_due_on is None or not {"lead", "contractor"} <= set(named):
        raise ValueError(f"{demand.reference} is too young for letters")
    return About(
        reference=demand.reference,
        controller=named["lead"],
        contractor=named["contractor"],
        link=demand_link(ctx, demand),
        due_on=demand.next_due_on,
        today=today(ctx.settings, ctx.now),
        holidays=days_off(demand.calendar),
        extended=_extended(demand),
        acknowledged=demand.acknowledged_at is not None or demand.state != demand_states.ISSUED,
    )


def _extended(demand: Demand) -> tuple[date, date] | None:
    if demand.signed_due_on is None or demand.due_on is None:
        return None
    return demand.signed_due_on, demand.due_on


def demand_link(ctx: Context, demand: Demand) -> str:
    """The address of the demand's page."""
    return f"{ctx.settings.base_url}/demands/{demand.reference}"


def telephone_of(person: Person) -> str | None:
    """The person's own number, else their organisation's."""
    return person.telephone or person.organisation.telephone


def writer(person: Person, organisation: str | None = None) -> Writer:
    """A person as letters name them. `organisation` is the name that the demand gives it."""
    return Writer(person.name, person.role, organisation or person.organisation.name)
