"""`attest demo --act-out DIR`: a whole case without a browser, and what comes out of it.

Letters lie as `.eml` in DIR/mail; `bundle.zip`, `trust.json` (the lead controller's) and
`certificate.pdf` beside them. The instance in DIR can be opened with `attest serve` afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from attest.database.engine import make_engine
from attest.database.migrate import upgrade
from attest.demo import case, made_up, script
from attest.demo.acting import Stage, add_person, give_password, hashed, make_key, seat_of, tick
from attest.services import evidence, papers
from attest.services.instance import create_instance, load_log_key
from attest.services.membership import new_organisation

PASSWORD = "correct horse battery staple"  # noqa: S105 - the play's, in a folder of its own
PASSPHRASE = "a passphrase for the play"  # noqa: S105 - as above

INSTANCE_NAME = "attest.example"


@dataclass(frozen=True)
class Outcome:
    """What was written, and how it ended."""

    folder: Path
    reference: str
    state: str


def act_out(
    folder: Path,
    *,
    files: int | None = None,
    stores: int | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Outcome:
    """Acts out the reference case, or a made-up one of `files` × `stores`, into a fresh folder.

    Raises SettingsError where the folder holds an instance already.
    """
    stage = open_stage(folder, datetime(2013, 2, 4, 9, 0, tzinfo=UTC))
    if files is None and stores is None:
        _reference_case(stage, say)
    else:
        made_up.play(stage, files or 5, stores or 7, say)
    say("Writing the bundle, the trust file and the certificate")
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, script.SIGNATORY)
        with (folder / "bundle.zip").open("wb") as out:
            evidence.write_bundle(ctx, seat.demand, out)
        (folder / "trust.json").write_bytes(evidence.trust_file(ctx, seat))
        (folder / "certificate.pdf").write_bytes(papers.certificate(ctx, seat.demand))
    state = script.state_of(stage)
    stage.engine.dispose()
    return Outcome(folder, stage.reference, state)


def open_stage(
    folder: Path,
    now: datetime,
    *,
    name: str = INSTANCE_NAME,
    base_url: str = "http://localhost:8000",
    password: str = PASSWORD,
    **more: str | int,
) -> Stage:
    """A fresh instance with the lead controller and its two people. Raises SettingsError."""
    settings = create_instance(
        folder,
        instance_name=name,
        base_url=base_url,
        mail_from="attest@attest.example",
        **more,
    )
    upgrade(settings.database_url)
    stage = Stage(settings, make_engine(settings.database_url), load_log_key(settings), now)
    with stage.act() as ctx:
        lead = new_organisation(ctx, case.LEAD.name, case.LEAD.code).id
    kept = hashed(password)
    for who, title, email, duty in (
        ("Case handler", "Information governance manager", script.CASEWORK, "case_handler"),
        ("Signatory", "Senior information risk owner", script.SIGNATORY, "signatory"),
    ):
        add_person(
            stage,
            lead,
            name=who,
            role=title,
            email=email,
            duties=frozenset({duty}),
            password_hash=kept,
        )
    return stage


def at(stage: Stage, day: date, clock: str = "09:00") -> None:
    """Moves the play to a moment, with the worker's ticks of the days between."""
    moment = datetime.combine(day, time.fromisoformat(clock), tzinfo=UTC)
    while stage.now.date() < day - timedelta(days=1):
        stage.now = datetime.combine(stage.now.date() + timedelta(days=1), time(9, 30), tzinfo=UTC)
        tick(stage)
    stage.now = max(moment, stage.now)


def _reference_case(stage: Stage, say: Callable[[str], None]) -> None:
    still = timedelta(0)
    make_key(stage, script.SIGNATORY, "signatory", passphrase=PASSPHRASE)
    say("4 February: the demand is drafted, handed over, signed and issued")
    script.draft(stage, still)
    at(stage, date(2013, 2, 4), "11:00")
    script.issue(stage)
    tick(stage)
    say("5 February: the liaison acknowledges, names two further stores and the officer")
    at(stage, date(2013, 2, 5))
    give_password(stage, script.LIAISON, hashed(PASSWORD))
    script.acknowledge(stage)
    tick(stage)
    say("6 and 7 February: the officer's key is made, read out and confirmed")
    at(stage, date(2013, 2, 6))
    give_password(stage, script.OFFICER, hashed(PASSWORD))
    script.make_officer_key(stage)
    tick(stage)
    at(stage, date(2013, 2, 7))
    script.compare_signatory(stage)
    script.confirm_officer(stage)
    tick(stage)
    say("14 February: five files are attested")
    at(stage, date(2013, 2, 14), "15:00")
    script.fill(stage, script.answers_of_case(still, drives=dict.fromkeys(case.REJECTED, 2)))
    script.attest_all(stage)
    stage.now += timedelta(minutes=5)
    tick(stage)
    say("15 February: three are accepted, two rejected")
    at(stage, date(2013, 2, 15), "10:00")
    script.review(stage, "rejected", case.REJECTION, files=case.REJECTED)
    script.review(stage, "accepted")
    tick(stage)
    say("26 February: both are attested again, and accepted")
    at(stage, date(2013, 2, 26))
    script.fill(stage, script.answers_of_case(still))
    script.attest_all(stage)
    stage.now += timedelta(hours=2)
    script.review(stage, "accepted")
    tick(stage)
    say("12 March: the backup's exception ends; 13 and 14 March: attested again, and accepted")
    at(stage, date(2013, 3, 13), "10:00")
    tick(stage)
    script.fill(stage, script.answers_of_case(still, backup_gone=True))
    script.attest_all(stage)
    stage.now += timedelta(minutes=5)
    tick(stage)
    at(stage, date(2013, 3, 14), "10:00")
    script.review(stage, "accepted")
    tick(stage)
    say("15 March: the demand is closed")
    at(stage, date(2013, 3, 15), "12:00")
    script.close(stage)
    tick(stage)
