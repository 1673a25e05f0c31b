"""The demo that people click through: the case as it stands when the contractor has it.

All days are moved by whole weeks, so that the demand was issued on a Monday, a few days ago,
and falls due on the Monday that leaves some days to answer.
"""

from __future__ import annotations

import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from textwrap import dedent

from attest.database.migrate import upgrade
from attest.demo import case, late_scenes, script
from attest.demo.act_out import INSTANCE_NAME, open_stage
from attest.demo.acting import Stage, add_person, give_password, hashed, make_key, tick
from attest.services.accounts.membership import new_organisation
from attest.settings import MAIL_FOLDER, SETTINGS_FILE, Settings

# Printed, and good for this demo alone: it listens on this computer only.
PASSWORD = "demo-password-2013"  # noqa: S105
PASSPHRASE = "demo passphrase 2013"  # noqa: S105

READY = "ready"  # an empty file: the demo was set up to its end
ADMINISTRATOR = "administrator@attest.example"

ACCOUNTS = (
    ("Controller's case handler", script.CASEWORK),
    ("Controller's signatory", script.SIGNATORY),
    ("Contractor's liaison", script.LIAISON),
    ("Contractor's assurance officer", script.OFFICER),
    *((f"Joint controller, {body.name}", f"information@{body.domain}") for body in case.JOINT),
    ("Administrator", ADMINISTRATOR),
)


def open_or_set(folder: Path, base_url: str, now: datetime, *, say: Callable[[str], None]) -> bool:
    """Opens the demo that is there, or sets a new one; True for a new one.

    One that was not set up to its end is begun again: Ctrl-C takes away what there is, and
    what a power cut left behind goes at the next start.
    """
    if (folder / READY).exists():
        upgrade(Settings.load(folder, environ={}).database_url)
        return False
    reset(folder)
    say("Setting up the demo …")
    try:
        with _interruptible():
            _set(folder, base_url, now)
        (folder / READY).touch()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return True


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C ends what is inside, at the latest when it is done.

    An interrupt that comes while Python runs a finaliser or a library's callback is printed and
    forgotten there; here it is remembered.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told: list[int] = []

    def tell(number: int, _frame: object) -> None:
        told.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, tell)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if told:
        raise KeyboardInterrupt


def reset(folder: Path) -> None:
    """Forgets the demo. Raises ValueError for a folder that holds something else."""
    if not folder.exists():
        return
    if not _is_demo(folder):
        raise ValueError(f"{folder} does not look like a demo: nothing was deleted.")
    shutil.rmtree(folder)


def _is_demo(folder: Path) -> bool:
    settings = folder / SETTINGS_FILE
    if settings.exists():
        # Empty where a power cut came in between; a real instance has another name.
        written = settings.read_text(encoding="utf-8")
        return not written or f'"{INSTANCE_NAME}"' in written
    # Settings are written first, but for the folder of the letters.
    return all(child.name == MAIL_FOLDER and not any(child.iterdir()) for child in folder.iterdir())


def _set(folder: Path, base_url: str, now: datetime) -> None:
    monday = _issued_on(now.date())
    shift = monday - case.ISSUED_ON
    stage = open_stage(
        folder,
        _at(monday, "09:00"),
        base_url=base_url,
        password=PASSWORD,
        mailbox=True,
    )
    make_key(stage, script.SIGNATORY, "signatory", passphrase=PASSPHRASE)
    _add_administrator(stage)
    script.draft(stage, shift)
    stage.now = _at(monday, "11:00")
    script.issue(stage)
    tick(stage)
    password = hashed(PASSWORD)
    for body in case.JOINT:
        give_password(stage, f"information@{body.domain}", password)
    give_password(stage, script.LIAISON, password)
    stage.now = _at(monday + timedelta(days=1), "09:30")
    script.acknowledge(stage)
    late_scenes.name_contact(stage)
    tick(stage)
    give_password(stage, script.OFFICER, password)
    stage.engine.dispose()


def _issued_on(today: date) -> date:
    """Last week's Monday until Wednesday, then this week's: four to eleven days are left."""
    monday = today - timedelta(days=today.weekday())
    return monday if today.weekday() > 2 else monday - timedelta(days=7)


def _add_administrator(stage: Stage) -> None:
    with stage.act() as ctx:
        operator = new_organisation(ctx, "Operator of this Attest", "OP").id
    add_person(
        stage,
        operator,
        name="Administrator",
        role="Runs this installation",
        email=ADMINISTRATOR,
        duties=frozenset({"administrator"}),
        password_hash=hashed(PASSWORD),
    )


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=UTC)


FIRST = """\
The officer has no key yet: you make it.

What to do first
  1. Sign in as the contractor's assurance officer, and make a signing key.
  2. Answer for each copy, and sign.
  3. Sign in as the controller's signatory (in another browser, or a private
     window), confirm the officer's key, and review what was signed."""
GO_ON = """\
The officer's key is the one that you make; its passphrase is yours alone.

What to do next
  Sign in as the officer or as the signatory: the first page says whose turn it is."""


def describe(address: str, *, fresh: bool) -> str:
    """What is printed: the address, the accounts, and what to do first."""
    widest = max(len(who) for who, _ in ACCOUNTS)
    accounts = "\n".join(f"  {who:<{widest}}  {email}" for who, email in ACCOUNTS)
    begun = (
        "" if fresh else "\n(The demo goes on where you left it. `make demo-reset` starts over.)"
    )
    return (
        dedent(
            """
            Attest runs on {address}{begun}

            Accounts. The password of each: {password}
            {accounts}

            The demo made the signatory's signing key. Its passphrase: {passphrase}
            {first}
              Letters: {address}/mail

            Ctrl-C ends it.
            """
        )
        .format(
            address=address,
            begun=begun,
            password=PASSWORD,
            passphrase=PASSPHRASE,
            accounts="{accounts}",
            first="{first}",
        )
        .replace("{accounts}", accounts)
        .replace("{first}", FIRST if fresh else GO_ON)
    )
