"""The real worker with a mailbox on a real IMAP server, to which letters come back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from attest.mail.return_address import envelope_sender
from attest.services.upkeep.mailbox_memory import remembered
from tests.imap_server import ImapServer, imap_server
from tests.mail.came_back import POSTFIX, message
from tests.mail_server import HOST, PASSWORD, USER
from tests.worker.house import PATIENCE, House, until
from tests.worker.house import house as house

WRONG = "wrong horse"


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.fixture(autouse=True)
def _emptied(server: ImapServer) -> None:
    server.empty()


def mailbox(server: ImapServer, **more: str) -> dict[str, str]:
    """The worker's environment."""
    return {
        "ATTEST_IMAP_HOST": HOST,
        "ATTEST_IMAP_PORT": str(server.tls_port),
        "ATTEST_IMAP_USER": USER,
        "ATTEST_IMAP_PASSWORD": PASSWORD,
        "ATTEST_IMAP_CA": str(server.authority),
        "ATTEST_IMAP_SECONDS": "5",
        **more,
    }


def once(house: House, **environment: str) -> str:
    """Runs `attest worker --once` as it is typed; gives what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "attest.cli", "worker", "--once"],
        env={
            **os.environ,
            "ATTEST_INSTANCE_PATH": str(house.settings.instance_path),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def report(house: House) -> tuple[str, bytes]:
    """The id of a letter that was sent, and a report that it failed."""
    letter = min(house.letters(), key=lambda each: each.id)
    assert letter.state == "sent"
    return letter.id, message(POSTFIX, envelope_sender(house.settings, letter.id))


def state(house: House, letter_id: str) -> str:
    return next(each.state for each in house.letters() if each.id == letter_id)


def test_a_worker_takes_a_report_and_the_letter_has_bounced(house, server):
    with house.process(**mailbox(server)) as process:
        until(lambda: len(house.files()) == 2, process)
        house.rounds(process, 1)
        letter_id, raw = report(house)
        size = house.log_size()
        server.put(raw)
        until(lambda: state(house, letter_id) == "bounced", process)
        until(lambda: server.count("SEEN") == 1, process)
        assert house.log_size() == size + 1


def test_once_takes_what_is_there(house, server):
    house.once()
    letter_id, raw = report(house)
    server.put(raw)
    # The letter left in the house's time, long ago; so what came back is written down.
    output = once(house, **mailbox(server))
    assert "came back" in output
    assert server.count("SEEN") == 1
    assert remembered(house.settings).read_at is not None
    assert letter_id in output
    assert "tom.beck" not in output


def test_the_journal_says_that_the_mailbox_cannot_be_read_and_why(house, server):
    output = once(house, **mailbox(server, ATTEST_IMAP_PASSWORD=WRONG))
    (line,) = (line for line in output.splitlines() if "mailbox cannot be read" in line)
    assert "uthentication" in line
    for secret in (PASSWORD, WRONG, house.settings.secret_key):
        assert secret not in output
    memory = remembered(house.settings)
    assert memory.fails_since is not None
    assert memory.why is not None
    assert "uthentication" in memory.why
