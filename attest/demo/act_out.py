"""`attest demo --act-out DIR`: a whole case without a browser, and what comes out of it.

Letters lie as `.eml` in DIR/mail; `bundle.zip`, `trust.json` (the lead controller's) and
`certificate.pdf` beside them. The instance in DIR can be opened with `attest serve` afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from attest.database.engine import make_engine
from attest.database.migrate import upgrade
from attest.demo import case, made_up, script, second_acts, second_case, second_scenes
from attest.demo.acting import (
    Stage,
    add_person,
    at,
    give_password,
    hashed,
    make_key,
    seat_of,
    tick,
)
from attest.services import evidence, papers
from attest.services.instance import create_instance, load_log_key
from attest.services.membership import new_organisation

PASSWORD = "correct horse battery staple"  # noqa: S105 - the play's, in a folder of its own
PASSPHRASE = "a passphrase for the play"  # noqa: S105 - as above

INSTANCE_NAME = "attest.example"


@dataclass(frozen=True)
class Outcome:
    """One demand: how it ended, and the bundle and the trust file that were written."""

    reference: str
    state: str
    bundle: Path
    trust: Path


def act_out(
    folder: Path,
    *,
    second: bool = False,
    files: int | None = None,
    stores: int | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[Outcome]:
    """Acts out the reference case, the second one, or a made-up one of `files` × `stores`.

    Into a fresh folder; gives what became of each demand, the first one first. Raises
    SettingsError where the folder holds an instance already.
    """
    if second:
        return _second_case(folder, say)
    stage = open_stage(folder, datetime(2013, 2, 4, 9, 0, tzinfo=UTC))
    if files is None and stores is None:
        _reference_case(stage, say)
    else:
        made_up.play(stage, files or 5, stores or 7, say)
    say("Writing the bundle, the trust file and the certificate")
    done = [_write(stage, script.SIGNATORY)]
    stage.engine.dispose()
    return done


def _write(stage: Stage, signatory: str, prefix: str = "") -> Outcome:
    """What the lead controller's signatory downloads of the stage's demand."""
    folder = stage.settings.instance_path
    bundle, trust = folder / f"{prefix}bundle.zip", folder / f"{prefix}trust.json"
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, signatory)
        with bundle.open("wb") as out:
            evidence.write_bundle(ctx, seat.demand, out)
        trust.write_bytes(evidence.trust_file(ctx, seat))
        certificate = papers.certificate(ctx, seat.demand)
    (folder / f"{prefix}certificate.pdf").write_bytes(certificate)
    return Outcome(stage.reference, script.state_of(stage), bundle, trust)


def _second_case(folder: Path, say: Callable[[str], None]) -> list[Outcome]:
    stage = open_stage(folder, second_case.BEGINS_AT, lead=second_case.LEAD)
    second_scenes.play(stage, hashed(PASSWORD), say)
    say("Writing each demand's bundle, trust file and certificate")
    done = [_write(stage, second_case.SIGNATORY)]
    for firm in second_case.CHAIN[1:]:
        with second_acts.about(stage, firm):
            done.append(_write(stage, second_case.SIGNATORY, f"{stage.reference}-"))
    stage.engine.dispose()
    return done


def open_stage(
    folder: Path,
    now: datetime,
    *,
    name: str = INSTANCE_NAME,
    base_url: str = "http://localhost:8000",
    password: str = PASSWORD,
    lead: case.Body = case.LEAD,
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
        organisation = new_organisation(ctx, lead.name, lead.code).id
    kept = hashed(password)
    for who, title, mailbox, duty in (
        ("Case handler", "Information governance manager", "casework", "case_handler"),
        ("Signatory", "Senior information risk owner", "signatory", "signatory"),
    ):
        add_person(
            stage,
            organisation,
            name=who,
            role=title,
            email=f"{mailbox}@{lead.domain}",
            duties=frozenset({duty}),
            password_hash=kept,
        )
    return stage


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
