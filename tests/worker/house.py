"""The real worker in a process of its own, and an instance for it, on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from attest import worker
from attest.database import log_rows
from attest.database.engine import read_session, write_session
from attest.database.tables import Demand, Letter, Timestamp
from attest.services.instance import load_log_key
from attest.services.upkeep.heartbeat import last_beat
from attest.settings import Settings
from tests.mail_server import settings_for
from tests.rows import add_issued_case, opened

# The worker with its clock moved by so many seconds.
WORKER = """
import sys
from datetime import timedelta
from attest.settings import Settings
from attest.worker import clock, run
run(Settings.load(), now=lambda: clock() + timedelta(seconds=float(sys.argv[1])))
"""
PATIENCE = 300  # seconds: half a minute is nothing on a busy machine
# A Tuesday morning and no holiday. Letters that chase would wait until people work, and these
# tests run at any hour of any day.
BEGUN = datetime(2013, 3, 19, 11, 0, tzinfo=UTC)
DUE = date(2013, 3, 14)  # three working days before: the liaison and the officer get a letter


@dataclass
class House:
    """An instance whose one demand has been overdue for three working days."""

    settings: Settings
    demand_id: str
    moved: timedelta

    def now(self) -> datetime:
        """The time that it is in the house: from BEGUN on."""
        return worker.clock() + self.moved

    def once(self, settings: Settings | None = None) -> None:
        """One round of everything, in this process."""
        worker.run(settings or self.settings, once=True, now=self.now)

    def letters(self) -> list[Letter]:
        with opened(self.settings.database_url) as engine, read_session(engine) as session:
            return list(session.scalars(select(Letter)))

    def log_size(self) -> int:
        with opened(self.settings.database_url) as engine, read_session(engine) as session:
            head = log_rows.read_head(session, self.demand_id)
            assert head is not None
            return head.size

    def timestamps(self) -> list[int]:
        """The sizes that have one."""
        with opened(self.settings.database_url) as engine, read_session(engine) as session:
            return list(session.scalars(select(Timestamp.size).order_by(Timestamp.size)))

    def files(self) -> list[Path]:
        return sorted(self.settings.mail_path.glob("*.eml"))

    @contextmanager
    def process(self, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """The worker as a process. It's ended, and must have ended well unless it was killed."""
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(self.moved.total_seconds())],
            env={
                **os.environ,
                "ATTEST_INSTANCE_PATH": str(self.settings.instance_path),
                "ATTEST_SEND_SECONDS": "1",
                "ATTEST_CHASE_SECONDS": "1",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            output, _ = process.communicate(timeout=PATIENCE)
            print(output)
        assert process.returncode in (0, -signal.SIGKILL)

    def rounds(self, process: subprocess.Popen[str], count: int) -> None:
        """Waits until the worker has done that many more rounds."""
        for _ in range(count):
            until(self._beat_since(last_beat(self.settings)), process)

    def _beat_since(self, before: datetime | None) -> Callable[[], bool]:
        return lambda: last_beat(self.settings) != before


def until(reached: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Looks again and again until something is so; fails when the worker ends or time is up."""
    pause = threading.Event()
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert process.poll() is None, "the worker ended"
        assert time.monotonic() < deadline, "it took too long"
        pause.wait(0.05)


@pytest.fixture
def house(database_url, tmp_path):
    settings = settings_for(tmp_path, database_url=database_url)
    with opened(database_url) as engine, write_session(engine) as session:
        case = add_issued_case(session, load_log_key(settings))
        demand = session.get_one(Demand, case.demand.id)
        demand.issued_at = BEGUN - timedelta(days=40)
        demand.due_on = DUE
        demand_id = demand.id
    return House(settings, demand_id, BEGUN - worker.clock())
