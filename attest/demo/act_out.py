"""`attest demo --act-out DIR`: a whole case without a browser, and what comes out of it.

Letters lie as `.eml` in DIR/mail; `bundle.zip`, `trust.json` (the lead controller's) and
`certificate.pdf` beside them, and of the reference case `pack.zip`. The instance in DIR can be
opened with `attest serve` afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from attest.database.engine import make_engine
from attest.database.migrate import upgrade
from attest.demo import (
    case,
    course,
    incident_scenes,
    made_up,
    scenes,
    script,
    second_acts,
    second_case,
    second_scenes,
)
from attest.demo.acting import (
    Stage,
    add_person,
    hashed,
    seat_of,
)
from attest.services.accounts.membership import new_organisation
from attest.services.exports import evidence, incident_pack, papers
from attest.services.instance import create_instance, load_log_key

PASSWORD = "correct horse battery staple"  # noqa: S105 - the play's, in a folder of its own

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
    if files is None and stores is None:
        return _reference_case(folder, say)
    stage = open_stage(folder, datetime(2013, 2, 4, 9, 0, tzinfo=UTC))
    made_up.play(stage, files or 5, stores or 7, say)
    say("Writing the bundle, the trust file and the certificate")
    done = [_write(stage, script.SIGNATORY)]
    stage.engine.dispose()
    return done


def _reference_case(folder: Path, say: Callable[[str], None]) -> list[Outcome]:
    stage = open_stage(folder, course.BEGINS_AT)
    scenes.play(stage, course.SCENES, hashed(PASSWORD), say)
    say("Writing the bundle, the trust file, the certificate and the regulator's pack")
    done = [_write(stage, script.SIGNATORY)]
    with stage.look() as ctx, (folder / "pack.zip").open("wb") as out:
        incident_pack.write_pack(ctx, incident_scenes.seat_of(ctx, stage, script.SIGNATORY), out)
    stage.engine.dispose()
    say(
        "\n".join(
            (
                f"\nWhat to look at, in {folder}",
                "  pack.zip         what a regulator gets, the bundle in it",
                "  certificate.pdf  what was done, for people; it is no evidence",
                "  mail/            every letter, as it was sent",
                f"The pages: attest serve --instance {folder}",
                f"  Sign in as {script.SIGNATORY} or {script.OFFICER}; password: {PASSWORD}\n",
            )
        )
    )
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
