"""Several demands of one controller to one contractor, and what is due about them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from attest.database import tables
from attest.mail import letters
from attest.mail.about import About
from attest.services.chasing.one_message import Due
from attest.services.context import Context
from attest.services.facts.readers import Reader
from attest.services.letters import letter_facts
from attest.signing import PrivateKey
from tests.cast import ANNE
from tests.logs import LogWriter
from tests.rows import NOW, Case, add_log


def add_demand(
    session: Session,
    case: Case,
    reference: str,
    due_on: date,
    files: int = 5,
    log_key: PrivateKey | None = None,
) -> tables.Demand:
    """A further issued demand of the same people, `files` open; with `log_key`, it has a log."""
    log = LogWriter(reference)
    demand = tables.Demand(
        id=log.demand_id,
        reference=reference,
        incident_id=case.demand.incident_id,
        organisation_id=case.controller.id,
        state="issued",
        due_on=due_on,
        created_at=NOW,
        created_by_id=case.case_handler.id,
        issued_at=NOW,
        liaison_id=case.liaison.id,
        officer_id=case.officer.id,
        files_total=files,
        files_open=files,
        stores_total=7,
    )
    session.add(demand)
    session.flush()
    for position, party in enumerate(case.demand.parties):
        session.add(
            tables.DemandParty(
                id=str(uuid4()),
                demand_id=demand.id,
                organisation_id=party.organisation_id,
                role=party.role,
                position=position,
                name=party.name,
            )
        )
    for position in range(files):
        session.add(
            tables.NamedFile(
                id=str(uuid4()),
                demand_id=demand.id,
                position=position,
                name=f"{reference} {position}.csv",
                state="open",
            )
        )
    session.flush()
    if log_key is not None:
        log.enrol(ANNE)
        log.name_file("file 0.csv")
        log.name_store("Bid team file share")
        log.issue()
        add_log(session, log, log_key)
    session.refresh(demand)
    return demand


def due(ctx: Context, demand: tables.Demand, person: tables.Person, kind: str, rung: str) -> Due:
    """A letter of one rung to one person, as the tick hands it over."""
    about: About = letter_facts.about(ctx, demand)
    write: Any = getattr(letters, kind)
    names = [f"{demand.reference} {position}.csv" for position in range(min(8, demand.files_open))]
    return Due(
        demand=demand,
        reader=Reader(
            person.name,
            person.account.email,
            person.organisation_id,
            "Europe/London",
            "en",
            person,
            sorted(person.duties)[0],
        ),
        key=f"{demand.id}:rung:{about.due_on}:{rung}:{person.id}",
        rung=rung,
        due_on=about.due_on,
        about=about,
        files=names,
        total=demand.files_open,
        letter=write(about, names, demand.files_open),
    )
