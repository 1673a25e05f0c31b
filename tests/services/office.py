"""A database of demands made as rows, and the worker's tick over it at any moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import select

from attest.database.engine import read_session, write_session
from attest.database.tables import Demand, Letter
from attest.services.chasing.ticks import chase_due
from attest.services.instance import load_log_key
from tests.mail_server import settings_for
from tests.rows import add_case, opened


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of that day, UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


class Office:
    """A database, and a worker's tick on any day."""

    def __init__(self, engine: Any, folder: Any) -> None:
        self.engine = engine
        self.settings = settings_for(folder)
        self.log_key = load_log_key(self.settings)

    def add(self, **more: Any) -> Any:
        with write_session(self.engine) as session:
            return add_case(session, **{"state": "acknowledged"} | more)

    def change(self, demand_id: str, **columns: Any) -> None:
        with write_session(self.engine) as session:
            demand = session.get_one(Demand, demand_id)
            for name, value in columns.items():
                setattr(demand, name, value)
            demand.chase_at = demand.issued_at  # as every act lets the next tick look

    def chase(self, now: datetime) -> int:
        return chase_due(self.engine, self.settings, self.log_key, now)

    def letters(self) -> list[Letter]:
        with read_session(self.engine) as session:
            return list(session.scalars(select(Letter).order_by(Letter.queued_at, Letter.to_name)))

    def kinds(self) -> list[tuple[str, str]]:
        return [(letter.kind, letter.to_name) for letter in self.letters()]


@contextmanager
def open_office(url: str, folder: Path) -> Iterator[Office]:
    """An office with nothing in it; the database is migrated already."""
    with opened(url) as engine:
        yield Office(engine, folder)
