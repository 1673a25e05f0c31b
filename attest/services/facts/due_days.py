"""A due day in words, with the day that it was before more time was granted."""

from __future__ import annotations

from attest.database.tables import Demand, NamedFile
from attest.domain.extensions import due_words
from attest.domain.wording import day
from attest.services.facts.deadlines import due_of


def of_demand(demand: Demand) -> str:
    """ "Monday 18 February 2013, extended to Wednesday 20 February 2013". "" for a draft."""
    if demand.due_on is None:
        return ""
    return due_words(demand.due_on, demand.signed_due_on)


def of_open(demand: Demand) -> str:
    """When the next of the open files is due: the demand's day with the signed one, or its own."""
    if demand.next_due_on is None or demand.next_due_on == demand.due_on:
        return of_demand(demand)
    return day(demand.next_due_on)


def of_file(demand: Demand, file: NamedFile) -> str:
    """The same for one file, which may have a later day of its own."""
    due_on = due_of(demand, file)
    if due_on is None:
        return ""
    if due_on == demand.due_on:
        return of_demand(demand)
    return day(due_on)
