"""Rows for tests of the database, the letters and the worker: made directly, without acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from attest.database import tables
from attest.database.engine import make_engine
from attest.log.leaf import parse_leaf
from attest.log.merkle import Frontier, leaf_hash
from attest.signing import PrivateKey
from tests.cast import ANNE
from tests.logs import LogWriter

NOW = datetime(2013, 2, 4, 11, 0, tzinfo=UTC)


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine that leaves no connection behind."""
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@dataclass
class Case:
    """A demand with its parties' people: two at the controller, two at the contractor."""

    demand: tables.Demand
    controller: tables.Organisation
    contractor: tables.Organisation
    case_handler: tables.Person
    signatory: tables.Person
    liaison: tables.Person
    officer: tables.Person


def add_case(
    session: Session,
    *,
    reference: str = "ND-2013-004",
    due_on: date = date(2013, 2, 18),
    state: str = "issued",
    files_open: int = 5,
    demand_id: str | None = None,
) -> Case:
    """Adds an issued demand of five files with everybody whom letters go to."""
    controller = add_organisation(session, "Northshire Constabulary")
    contractor = add_organisation(session, "Halden Support Services plc")
    case_handler = add_person(session, controller, "Priya Nair", "case_handler")
    signatory = add_person(session, controller, "Helen Marsh", "signatory")
    liaison = add_person(session, contractor, "Tom Beck", "liaison")
    officer = add_person(session, contractor, "Ruth Adeyemi", "officer")
    incident = tables.Incident(
        id=str(uuid4()),
        reference=f"{controller.code}-2013-I01",
        organisation_id=controller.id,
        title="Five files sent to a bidder",
        created_at=NOW,
    )
    session.add(incident)
    session.flush()
    demand = tables.Demand(
        id=demand_id or str(uuid4()),
        reference=reference,
        incident_id=incident.id,
        organisation_id=controller.id,
        state=state,
        due_on=due_on,
        created_at=NOW,
        created_by_id=case_handler.id,
        issued_at=NOW,
        acknowledged_at=None if state in ("draft", "issued") else NOW,
        chase_at=NOW,
        liaison_id=liaison.id,
        officer_id=officer.id,
        files_total=5,
        files_open=files_open,
        stores_total=7,
    )
    session.add(demand)
    session.flush()
    for position, (role, organisation) in enumerate(
        [("lead", controller), ("contractor", contractor)]
    ):
        session.add(
            tables.DemandParty(
                id=str(uuid4()),
                demand_id=demand.id,
                organisation_id=organisation.id,
                role=role,
                position=position,
                name=organisation.name,
            )
        )
    for position in range(5):
        session.add(
            tables.NamedFile(
                id=str(uuid4()),
                demand_id=demand.id,
                position=position,
                name=f"file {position}.csv",
                state="open" if position < files_open else "accepted",
            )
        )
    session.flush()
    session.refresh(demand)
    return Case(demand, controller, contractor, case_handler, signatory, liaison, officer)


def add_issued_case(session: Session, log_key: PrivateKey, reference: str = "ND-2013-004") -> Case:
    """Adds a demand whose log holds a key, a file, a store and the signed demand."""
    log = LogWriter(reference)
    log.enrol(ANNE)
    log.name_file("file 0.csv")
    log.name_store("Bid team file share")
    log.issue()
    case = add_case(session, reference=reference, demand_id=log.demand_id)
    add_log(session, log, log_key)
    return case


def add_log(session: Session, log: LogWriter, log_key: PrivateKey) -> None:
    """Adds the rows of a log whose demand is there."""
    session.add_all(
        tables.LogEntry(
            demand_id=log.demand_id,
            seq=seq,
            at=leaf.at,
            type=leaf.type,
            leaf=data,
            body_hash=leaf.body,
            body=body,
        )
        for seq, (data, leaf, body) in enumerate(
            zip(log.leaves, map(parse_leaf, log.leaves), log.bodies, strict=True)
        )
    )
    session.add(
        tables.LogHead(
            demand_id=log.demand_id,
            size=log.size,
            root=log.root(),
            frontier=Frontier(map(leaf_hash, log.leaves)).to_bytes(),
            checkpoint=log.checkpoint(key=log_key),
            updated_at=NOW,
        )
    )
    session.flush()


def add_organisation(session: Session, name: str) -> tables.Organisation:
    """Adds an organisation with a code of its own."""
    organisation = tables.Organisation(
        id=str(uuid4()), name=name, code=uuid4().hex[:8].upper(), created_at=NOW
    )
    session.add(organisation)
    session.flush()
    return organisation


def add_joint(
    session: Session, demand: tables.Demand, organisation: tables.Organisation, position: int = 2
) -> None:
    """The organisation is a joint controller of the demand."""
    session.add(
        tables.DemandParty(
            id=str(uuid4()),
            demand_id=demand.id,
            organisation_id=organisation.id,
            role="joint",
            position=position,
            name=organisation.name,
        )
    )


def add_person(
    session: Session, organisation: tables.Organisation, name: str, *duties: str
) -> tables.Person:
    """Adds somebody with an account at `first.last.…@…example`."""
    account = tables.Account(
        id=str(uuid4()),
        email=f"{name.lower().replace(' ', '.')}.{uuid4().hex[:6]}@mail.example",
        epoch=0,
        created_at=NOW,
    )
    person = tables.Person(
        id=str(uuid4()),
        account=account,
        organisation=organisation,
        name=name,
        role="Head of something",
        active=True,
        created_at=NOW,
        duty_rows=[tables.Duty(name=duty) for duty in duties],
    )
    session.add(person)
    session.flush()
    return person


def letter_columns(key: str, *, now: datetime = NOW, **more: object) -> dict[str, object]:
    """The columns of a letter for `outbox.queue`."""
    letter_id = str(uuid4())
    return {
        "id": letter_id,
        "key": key,
        "kind": "reminder",
        "to_name": "Tom Beck",
        "to_email": "tom.beck@halden.example",
        "subject": "ND-2013-004: 5 files are due",
        "text": "Dear Tom Beck,\n\nFive files are due.\n",
        "queued_at": now,
        "next_attempt_at": now,
        "message_id": f"<{letter_id}@attest.example>",
        **more,
    }


def minutes(count: int) -> timedelta:
    """A span of time."""
    return timedelta(minutes=count)
