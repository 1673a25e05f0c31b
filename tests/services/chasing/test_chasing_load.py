"""The tick over many demands: an index and no scan, bounded transactions, and a second for all."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, text

from attest.database import tables
from attest.database.engine import write_session
from attest.services.chasing.ticks import chase_due
from attest.services.instance import load_log_key
from attest.worker import Worker
from tests.mail_server import settings_for
from tests.rows import NOW, add_case, opened

FULL = os.environ.get("ATTEST_FULL") == "1"
# Demands, how many of them are late, files and stores of each. In full: 1,000,000 copies.
DEMANDS, LATE, FILES, STORES = (10_000, 500, 20, 5) if FULL else (400, 20, 4, 2)
SECOND = 1.0  # of processor, ours and the database's

DUE = date(2013, 2, 18)
MORNING = datetime(2013, 2, 19, 9, 0, tzinfo=UTC)
NEXT = datetime(2013, 2, 20, 9, 0, tzinfo=UTC)


def spent(engine: Any) -> float:
    """Seconds of processor of this process and, on PostgreSQL, of those that serve its database.

    SQLite works in our own.
    """
    seconds = time.process_time()
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            pids = connection.exec_driver_sql(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend'"
            ).scalars()
            for pid in pids.all():
                numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                seconds += (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def look(engine: Any, at: datetime | None) -> None:
    """When the worker looks at one further demand."""
    with write_session(engine) as session:
        session.query(tables.Demand).filter_by(reference="ND-2013-004").one().chase_at = at


def fill(engine: Any) -> None:
    """Demands of contractors of their own; the late ones were due yesterday."""
    with write_session(engine) as session:
        case = add_case(session, state="acknowledged")
        case.demand.chase_at = None
        demands, parties, files, stores, copies, accounts, people = [], [], [], [], [], [], []
        organisations = []
        for number in range(DEMANDS):
            late = number < LATE
            demand_id, contractor, liaison, account = (str(uuid4()) for _ in range(4))
            organisations.append(
                {"id": contractor, "name": f"Contractor {number}", "code": f"C{number}"}
            )
            accounts.append({"id": account, "email": f"liaison{number}@mail.example", "epoch": 0})
            people.append(
                {
                    "id": liaison,
                    "account_id": account,
                    "organisation_id": contractor,
                    "name": f"Liaison {number}",
                    "role": "Liaison",
                    "active": True,
                }
            )
            demands.append(
                {
                    "id": demand_id,
                    "reference": f"ND-2013-{number:05d}",
                    "incident_id": case.demand.incident_id,
                    "organisation_id": case.controller.id,
                    "state": "in_progress",
                    "due_on": DUE if late else date(2013, 4, 18),
                    "created_by_id": case.case_handler.id,
                    "issued_at": NOW,
                    "acknowledged_at": NOW,
                    "liaison_id": liaison,
                    "files_total": FILES,
                    "files_open": FILES,
                    "stores_total": STORES,
                    # As the tick before left it.
                    "chase_at": MORNING if late else NEXT.replace(hour=18),
                }
            )
            for position, (role, organisation) in enumerate(
                [("lead", case.controller.id), ("contractor", contractor)]
            ):
                parties.append(
                    {
                        "id": str(uuid4()),
                        "demand_id": demand_id,
                        "organisation_id": organisation,
                        "role": role,
                        "position": position,
                        "name": f"{role} {number}",
                    }
                )
            file_ids = [str(uuid4()) for _ in range(FILES)]
            store_ids = [str(uuid4()) for _ in range(STORES)]
            files += [
                {"id": id_, "demand_id": demand_id, "position": n, "name": f"file {n}.csv"}
                for n, id_ in enumerate(file_ids)
            ]
            stores += [
                {
                    "id": id_,
                    "demand_id": demand_id,
                    "position": n,
                    "label": f"store {n}",
                    "medium": "electronic",
                    "kind": "file_share",
                    "named_by_side": "controller",
                }
                for n, id_ in enumerate(store_ids)
            ]
            copies += [
                {"demand_id": demand_id, "file_id": file_id, "store_id": store_id}
                for file_id in file_ids
                for store_id in store_ids
            ]
        for table, rows in (
            (tables.Organisation, organisations),
            (tables.Account, accounts),
            (tables.Person, people),
            (tables.Demand, demands),
            (tables.DemandParty, parties),
            (tables.NamedFile, files),
            (tables.Store, stores),
            (tables.Copy, copies),
        ):
            stamped = "created_at" in table.__table__.columns
            for start in range(0, len(rows), 10_000):
                session.execute(
                    insert(table),
                    [
                        {**row, **({"created_at": NOW} if stamped else {})}
                        for row in rows[start : start + 10_000]
                    ],
                )
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


@pytest.fixture
def many(database_url, tmp_path):
    with opened(database_url) as engine:
        fill(engine)
        yield engine, settings_for(tmp_path)


def test_a_tick_over_many_demands(many) -> None:
    """By processor and not by the clock: on a busy machine that says what others do. The clock's
    time is printed beside it."""
    engine, settings = many
    log_key = load_log_key(settings)
    plans: list[tuple[str, Any]] = []
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _k, sql, values, *_: plans.append((sql, values)),
    )

    took: list[float] = []

    def tick(now: datetime) -> tuple[int, float]:
        start, began = spent(engine), time.perf_counter()
        new = chase_due(engine, settings, log_key, now)
        took.append(time.perf_counter() - began)
        return new, spent(engine) - start

    # Templates and calendars are read once, by whatever demand comes first.
    look(engine, NOW)
    assert tick(MORNING.replace(hour=9, day=14))[0] > 0
    look(engine, None)
    plans.clear()
    idle, nothing = tick(MORNING.replace(hour=8))
    new, found = tick(MORNING)
    again, after = tick(MORNING.replace(minute=1))
    print(
        f"{engine.dialect.name}: idle {nothing:.3f} s, {new} letters {found:.3f} s, {after:.3f} s"
        f"; on the clock {', '.join(f'{each:.3f}' for each in took[1:])} s"
    )
    assert (idle, new, again) == (0, LATE, 0)
    assert max(nothing, found, after) < SECOND
    scans = [sql for sql, values in plans if scanned(engine, sql, values)]
    assert scans == []


def test_sending_and_the_rest_of_a_round_go_through_no_whole_table(many) -> None:
    engine, settings = many
    worker = Worker(settings, engine, load_log_key(settings), lambda: MORNING)
    with write_session(engine) as session:
        session.query(tables.Person).filter_by(name="Liaison 0").one().account.password_hash = "x"
        handler = session.query(tables.Duty).filter_by(name="case_handler").first()
        assert handler is not None
        session.get_one(tables.Person, handler.person_id).daily_digest = True
    plans: dict[str, Any] = {}
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _k, sql, values, *_: plans.setdefault(sql, values),
    )
    assert worker.chase() > LATE / 2
    assert worker.sender.round(limit=12)["sent"] == 12
    asked = dict(plans)
    assert any("escalation_contact" in sql and "duty" in sql for sql in asked)
    assert [sql for sql, values in asked.items() if scanned(engine, sql, values)] == []


BIG = ("copy", "named_file", "demand", "demand_party", "letter", "letter_event", "log_entry")


def scanned(engine: Any, sql: str, values: Any) -> bool:
    """Whether a question goes through a whole table that grows with the demands."""
    if not sql.lstrip().upper().startswith("SELECT") or " FROM " not in sql.replace("\n", " "):
        return False
    explain = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            # A small table is quicker to read whole; what counts is that it need not be.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = [str(row[-1]) for row in connection.exec_driver_sql(explain + sql, values)]
    # "SCAN demand USING INDEX …" goes through all of it too, in the index's order.
    word = "Seq Scan on {} " if engine.dialect.name == "postgresql" else "SCAN {}"
    return any(
        line.strip().removeprefix("->").strip().startswith(word.format(table))
        for line in plan
        for table in BIG
    )
