"""Several workers, and workers that are killed, over a real mail server: each letter once.

ATTEST_FULL=1 in the environment runs the sizes of docs/performance.md.
"""

from __future__ import annotations

import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine, select

from attest.database import log_rows, outbox
from attest.database.engine import read_session, write_session
from attest.database.tables import Demand, Letter, LetterEvent
from attest.services.context import Context
from attest.services.instance import load_log_key
from attest.services.upkeep.checking import check_demand
from attest.settings import Settings
from attest.statements.canonical import decode
from tests.mail_server import HOST, Behaviour, mail_server, settings_for
from tests.outbox_worker import senders
from tests.rows import NOW, add_issued_case, letter_columns, opened

FULL = os.environ.get("ATTEST_FULL") == "1"
WORKERS = 4
LETTERS = 20_000 if FULL else 40  # for all workers together
KILLS = 200 if FULL else 4
DEMANDS = 200 if FULL else 3
# Letters for each kill, and about how many seconds one takes.
PER_KILL, LETTER = 10, 0.02
# Between two senders: longer than any claim lasts.
LATER = outbox.CLAIM_LASTS + timedelta(minutes=1)

_MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>]+>)", re.MULTILINE)


class Greeted(Behaviour):
    """Also tells when so many letters have come."""

    def __init__(self) -> None:
        super().__init__()
        self.came = threading.Event()
        self.left = 0

    def wait_for(self, letters: int) -> None:
        """Lets `came` be set once so many have begun to come, from now on."""
        self.came.clear()
        self.left = letters

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.left -= 1
        if self.left <= 0:
            self.came.set()
        return await super().handle_DATA(server, session, envelope)


@dataclass
class House:
    """An instance with many issued demands, and a mail server that takes all."""

    engine: Engine
    settings: Settings
    behaviour: Greeted
    demand_ids: list[str]
    odd: frozenset[str]  # what `attest check` says of demands that no act made

    def write(self, number: int) -> None:
        """Queues so many letters, over all demands in turn."""
        with write_session(self.engine) as session:
            for each in range(number):
                demand_id = self.demand_ids[each % len(self.demand_ids)]
                assert outbox.queue(
                    session, **letter_columns(f"letter:{each}", demand_id=demand_id)
                )

    def taken(self) -> Counter[str]:
        """How often the mail server took each message."""
        found: Counter[str] = Counter()
        for envelope in self.behaviour.received:
            assert isinstance(envelope.content, bytes)
            match = _MESSAGE_ID.search(envelope.content)
            assert match is not None
            found[match[1].decode()] += 1
        return found

    def logged(self) -> Counter[str]:
        """How often the logs say of each message that it was sent. Judges the logs as well."""
        found: Counter[str] = Counter()
        with read_session(self.engine) as session:
            ctx = Context(session, NOW, self.settings, load_log_key(self.settings))
            for demand_id in self.demand_ids:
                assert set(problems(ctx, demand_id)) <= self.odd
                found.update(
                    str(decode(entry.body)["messageId"])
                    for entry in log_rows.entries(session, demand_id)
                    if entry.type == "letter.sent" and entry.body is not None
                )
                session.expunge_all()
        return found

    def letters(self) -> list[Letter]:
        with read_session(self.engine) as session:
            return list(session.scalars(select(Letter)))

    def expect_each_once(self) -> Counter[str]:
        """Every letter is sent once, or unknown and sent at most once. How many there are."""
        taken, logged, letters = self.taken(), self.logged(), self.letters()
        states = Counter(letter.state for letter in letters)
        assert set(states) <= {outbox.SENT, outbox.UNKNOWN}
        with read_session(self.engine) as session:
            events = Counter(
                (row.letter_id, row.what) for row in session.scalars(select(LetterEvent))
            )
        for letter in letters:
            sent = letter.state == outbox.SENT
            assert taken[letter.message_id] in ((1,) if sent else (0, 1))
            assert logged[letter.message_id] == sent
            assert events[letter.id, letter.state] == 1
            assert letter.attempts == 1
        assert taken.total() <= len(letters)
        return states


def problems(ctx: Context, demand_id: str) -> list[str]:
    """What `attest check` says of a demand."""
    demand = ctx.session.get_one(Demand, demand_id)
    return [finding.sentence for finding in check_demand(ctx, demand)]


@pytest.fixture
def house(database_url, tmp_path) -> Iterator[House]:
    behaviour = Greeted()
    with mail_server(behaviour) as port, opened(database_url) as engine:
        settings = replace(
            settings_for(tmp_path),
            database_url=database_url,
            smtp_host=HOST,
            smtp_port=port,
            smtp_tls="none",
        )
        log_key = load_log_key(settings)
        ids = []
        for number in range(DEMANDS):
            with write_session(engine) as session:
                ids.append(add_issued_case(session, log_key, f"ND-2013-{number:03d}").demand.id)
        with read_session(engine) as session:
            odd = frozenset(problems(Context(session, NOW, settings, log_key), ids[0]))
        assert not any("does not stand" in each or "checkpoint" in each for each in odd)
        yield House(engine, settings, behaviour, ids, odd)


def test_workers_at_once_send_each_letter_once(house, record_property):
    house.write(LETTERS)
    begun = time.monotonic()
    with senders(house.settings) as start:
        workers = [start.start(NOW) for _ in range(WORKERS)]
        assert [start.end(pid) for pid in workers] == [0] * WORKERS
    seconds = time.monotonic() - begun
    record_property("letters_per_second", LETTERS / seconds)
    assert house.expect_each_once() == {outbox.SENT: LETTERS}
    print(f"{LETTERS} letters, {WORKERS} workers: {LETTERS / seconds:.0f} a second")


def test_workers_that_are_killed_lose_nothing_and_double_nothing(house):
    house.write(KILLS * PER_KILL)
    chance = random.Random(5)
    pause = threading.Event()
    now = NOW
    killed = 0
    with senders(house.settings) as start:
        for _ in range(KILLS):
            # Fewer than it has, or a quick one is done before it is killed.
            house.behaviour.wait_for(chance.randint(1, PER_KILL // 2))
            pid = start.start(now)
            house.behaviour.came.wait(30)
            pause.wait(chance.uniform(0, LETTER))
            os.kill(pid, signal.SIGKILL)
            killed += start.end(pid) == -signal.SIGKILL
            now += LATER
        # Twice: what is told of the unknown ones waits for a minute.
        for _ in range(3):
            assert start.end(start.start(now)) == 0
            now += LATER
    states = house.expect_each_once()
    told = [letter for letter in house.letters() if letter.kind == "delivery_problem"]
    assert bool(told) == bool(states[outbox.UNKNOWN])
    assert killed > KILLS / 2
    print(f"{killed} killed at work: {dict(states)}, {len(told)} letters to case handlers")
