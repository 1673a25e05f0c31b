"""Several workers in one tick: nothing is doubled, nothing waits for itself, nothing is left."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from attest.database.engine import make_engine, write_session
from attest.database.tables import Demand
from attest.services.chasing import chunks
from attest.services.chasing.ticks import chase_due
from attest.services.instance import load_log_key
from attest.settings import Settings
from tests.services.office import Office, at, open_office

pytestmark = pytest.mark.usefixtures("patient")

DEMANDS = 12
PATIENCE = 300  # seconds; a busy machine has taken 30
LATE = at(date(2013, 2, 19))


@pytest.fixture
def office(database_url, tmp_path):
    with open_office(database_url, tmp_path) as opened:
        yield opened


def fill(office: Office) -> None:
    """Late demands, half of which have one liaison, whose letters go in one message."""
    cases = [office.add(reference=f"ND-2013-{number:03d}") for number in range(DEMANDS)]
    for case in cases[: DEMANDS // 2]:
        office.change(
            case.demand.id,
            liaison_id=cases[0].liaison.id,
            organisation_id=cases[0].demand.organisation_id,
        )


def letters(office: Office) -> Counter[tuple[str | None, str, str | None]]:
    """The rows that chase, and the one that carries those of the shared liaison."""
    return Counter((row.demand_id, row.to_email, row.rung) for row in office.letters())


def ticks(url: str, settings: Settings, number: int) -> int:
    """A worker, in a process of its own: it looks often, for as long as it may find something."""
    engine = make_engine(url)
    try:
        key = load_log_key(settings)
        return sum(chase_due(engine, settings, key, LATE) for _ in range(number))
    finally:
        engine.dispose()


def check(office: Office, new: int) -> None:
    assert office.chase(LATE) + new == 2 * DEMANDS
    found = letters(office)
    assert set(found.values()) == {1}
    assert len(found) == 2 * DEMANDS + 1
    carried = Counter(row.carried_by_id for row in office.letters() if row.carried_by_id)
    assert list(carried.values()) == [DEMANDS // 2]
    assert office.chase(LATE) == 0


def test_two_processes(office: Office, database_url: str) -> None:
    fill(office)
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=start) as pool:
        runs = [pool.submit(ticks, database_url, office.settings, 3) for _ in range(2)]
        new = sum(run.result(timeout=PATIENCE) for run in runs)
    check(office, new)


def test_threads_whose_transactions_are_small(office: Office, monkeypatch: Any) -> None:
    """Each works through the demands one by one, so that they meet again and again."""
    monkeypatch.setattr(chunks, "CHUNK", 1)
    fill(office)
    # One transaction for each demand: a message of its own for each, since nothing is gathered.
    with ThreadPoolExecutor(3) as pool:
        runs = [pool.submit(office.chase, LATE) for _ in range(3)]
        new = sum(run.result(timeout=PATIENCE) for run in runs)
    assert office.chase(LATE) + new == 2 * DEMANDS
    assert set(letters(office).values()) == {1}


def test_a_demand_that_somebody_acts_on_is_left_for_the_next_tick(office: Office) -> None:
    first, second = (office.add(reference=f"ND-2013-{number:03d}") for number in range(2))
    if office.engine.dialect.name != "postgresql":
        return  # SQLite has one writer at a time: a tick waits for its turn
    with write_session(office.engine) as session:
        session.execute(select(Demand.id).where(Demand.id == first.demand.id).with_for_update())
        assert office.chase(LATE) == 2
        assert {row.demand_id for row in office.letters()} == {second.demand.id}
    assert office.chase(LATE) == 2
