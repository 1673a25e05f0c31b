"""A stage for tests: a small demand with every kind of reader, set at a named point.

Everything is acted out through the services, with real keys. A point is played once for each
kind of database and then copied, which takes milliseconds.

| point | what has happened |
|---|---|
| `drafted` | parties, two files, two stores and terms are in the draft |
| `handed` | the draft lies with the signatory |
| `issued` | the demand is signed, its letters have gone out |
| `acknowledged` | the liaison acknowledged and named the officer, who has no key |
| `ready` | the officer's key is confirmed, and the officer compared the signatory's |
| `answered` | the officer has answered for each copy |
| `attested` | both files are signed for |
| `accepted` | and accepted |
| `closed` | the demand is closed |
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from attest.bundle.report import Report, check
from attest.bundle.trust import parse_trust
from attest.database.engine import make_engine
from attest.database.tables import Letter, LogEntry, NamedFile, Store
from attest.demo import incident_scenes, script
from attest.demo.acting import (
    Stage,
    account_of,
    add_person,
    demand_of,
    give_password,
    make_key,
    seat_of,
    tick,
)
from attest.domain.drafting import Party
from attest.domain.refusal import NotFound
from attest.services.accounts.membership import new_organisation
from attest.services.acts import acknowledging, answers, draft_files, draft_stores, drafts
from attest.services.acts.draft_stores import StoreAnswers
from attest.services.exports import evidence
from attest.services.instance import create_instance, load_log_key
from attest.services.upkeep import checking

START = datetime(2013, 2, 4, 9, 0, tzinfo=UTC)
CASEWORK, SIGNATORY = script.CASEWORK, script.SIGNATORY
LIAISON, OFFICER = script.LIAISON, script.OFFICER
SECOND = "second.signatory@northshire.example"
JOINT = "information@eastshire.example"
OTHER_CONTROLLER = "casework@elsewhere.example"
OTHER_CONTRACTOR = "liaison@rival.example"
ADMINISTRATOR = "administrator@operator.example"
NO_PASSWORD = "no sign-in is tried in these tests"

LEAD, EAST, HALDEN = "Northshire Constabulary", "Eastshire Police", "Halden Support Services plc"
FILES = ("list.csv", "costings.xlsx")
SHARE = StoreAnswers("File share", "electronic", "file_share")
CABINET = StoreAnswers("Filing cabinet", "hard_copy", "filing")
MAILBOX = StoreAnswers("Mailbox", "electronic", "mailbox")
TERMS = drafts.Terms("Sent in error", "delete", "Delete every copy.", START.date() + timedelta(14))
INCIDENT = drafts.IncidentAnswers(
    "Two files too many", "They went to a bidder.", None, START - timedelta(days=1), None, "", ""
)


def open_stage(folder: Path, url: str, **settings: Any) -> Stage:
    """An instance with all its people, and nothing in it; the database is migrated already."""
    made = create_instance(
        folder,
        instance_name="attest.example",
        base_url="http://localhost:8000",
        mail_from="attest@attest.example",
        database_url=url,
        **settings,
    )
    stage = Stage(made, make_engine(url), load_log_key(made), START)
    for name, code, people in (
        (
            LEAD,
            "ND",
            [(CASEWORK, "case_handler"), (SIGNATORY, "signatory"), (SECOND, "signatory")],
        ),
        ("Elsewhere Council", "EL", [(OTHER_CONTROLLER, "case_handler signatory")]),
        ("Rival plc", "RV", [(OTHER_CONTRACTOR, "liaison officer")]),
        ("The operator", "OP", [(ADMINISTRATOR, "administrator")]),
    ):
        with stage.act() as ctx:
            organisation_id = new_organisation(ctx, name, code).id
        for email, duties in people:
            add_person(
                stage,
                organisation_id,
                name=email.split("@")[0].title(),
                role="Manager",
                email=email,
                duties=frozenset(duties.split()),
                password_hash=NO_PASSWORD,
            )
    return stage


def copy_of(stage: Stage, folder: Path, url: str) -> Stage:
    """The same point of the play on a copied database, with letters in a folder of its own."""
    (folder / "mail").mkdir(parents=True)
    for name in ("settings.toml", "secret-key", "log-key"):
        with suppress(FileNotFoundError):
            data = (stage.settings.instance_path / name).read_bytes()
            (folder / name).write_bytes(data)
            (folder / name).chmod(0o600)
    settings = replace(stage.settings, instance_path=folder, database_url=url)
    actors = {email: replace(actor) for email, actor in stage.actors.items()}
    return replace(stage, settings=settings, engine=make_engine(url), actors=actors)


# --- The points, each from the one before ---------------------------------------------------


def drafted(stage: Stage, *, concurrence: str = "lead") -> None:
    """The case handler fills in the draft."""
    make_key(stage, SIGNATORY, "signatory")
    with stage.act() as ctx:
        handler = drafts.drafter(account_of(ctx, CASEWORK))
        stage.reference = drafts.create(ctx, handler, INCIDENT.title).reference
        seat = seat_of(ctx, stage, CASEWORK, draft=True)
        drafts.save_incident(ctx, seat, INCIDENT)
        drafts.save_parties(ctx, seat, parties(), concurrence)
        for name in FILES:
            draft_files.add_file(ctx, seat, {"name": name, "kind": "electronic"})
        draft_stores.add_stores(ctx, seat, [SHARE, CABINET])
        drafts.save_terms(ctx, seat, TERMS)


def parties() -> list[Party]:
    """Everybody but the lead: a joint controller, the contractor, a carrier."""
    return [
        Party("joint", EAST, "Edith East", "Information manager", JOINT),
        Party("contractor", HALDEN, "Tom Beck", "Contract manager", LIAISON),
        Party("carrier", "Midshire Police"),
    ]


def handed(stage: Stage) -> None:
    """The case handler hands the draft over."""
    with stage.act() as ctx:
        drafts.hand_over(ctx, seat_of(ctx, stage, CASEWORK, draft=True))


def issued(stage: Stage) -> None:
    """The authority is told; the signatory issues the demand; the letters go out."""
    stage.now += timedelta(hours=1)
    incident_scenes.report(stage, CASEWORK, stage.now)
    script.issue(stage)
    tick(stage)
    for email in (LIAISON, JOINT):
        give_password(stage, email, NO_PASSWORD)


def acknowledged(stage: Stage) -> None:
    """The liaison acknowledges and names the officer."""
    stage.now += timedelta(hours=1)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, LIAISON)
        acknowledging.acknowledge(ctx, seat)
        officer = acknowledging.OfficerAnswers("Ruth Adeyemi", "Assurance lead", OFFICER)
        acknowledging.name_officer(ctx, seat, officer)
    give_password(stage, OFFICER, NO_PASSWORD)
    tick(stage)


def ready(stage: Stage) -> None:
    """The officer makes a key; both sides ring each other."""
    stage.now += timedelta(hours=1)
    script.make_officer_key(stage)
    script.compare_signatory(stage)
    script.confirm_officer(stage)
    tick(stage)


def answered(stage: Stage) -> None:
    """The officer answers for each copy: deleted from the share, nothing in the cabinet."""
    stage.now += timedelta(days=1)
    script.fill(stage, plain_answer(stage))


def attested(stage: Stage) -> None:
    """The officer signs for both files."""
    script.attest_all(stage)


def accepted(stage: Stage) -> None:
    """The signatory accepts both."""
    stage.now += timedelta(hours=1)
    script.review(stage, "accepted")
    tick(stage)


def closed(stage: Stage) -> None:
    """The signatory closes the demand."""
    stage.now += timedelta(hours=1)
    script.close(stage)
    tick(stage)


POINTS: tuple[Callable[[Stage], None], ...] = (
    drafted,
    handed,
    issued,
    acknowledged,
    ready,
    answered,
    attested,
    accepted,
    closed,
)
NAMES = tuple(point.__name__ for point in POINTS)


# --- What tests ask and do -------------------------------------------------------------------


def deleted(stage: Stage) -> dict[str, Any]:
    """The typed fields of a copy that was deleted."""
    return {
        "outcome": "deleted",
        "method": "file_deletion",
        "performed_on": stage.now.date(),
        "performed_by": "Systems administrator",
    }


def beyond_use(until: Any) -> dict[str, Any]:
    """The typed fields of a copy in a backup that cannot be changed."""
    return {
        "outcome": "beyond_use",
        "exception_basis": "The backup expires by itself",
        "exception_until": until,
        "safeguards": ["no_decisions", "no_sharing", "secured", "will_delete"],
    }


def plain_answer(stage: Stage) -> script.Answer:
    """Deleted from what is electronic; nothing found on paper."""
    nothing = {
        "outcome": "none_found",
        "search_scope": "Every drawer",
        "search_on": stage.now.date(),
        "search_by": "Records officer",
    }
    return lambda store, file: nothing if store == CABINET.label else deleted(stage)


def files(stage: Stage) -> dict[str, NamedFile]:
    """The files by name."""
    with stage.look() as ctx:
        found = select(NamedFile).where(NamedFile.demand_id == demand_of(ctx, stage).id)
        return {file.name: file for file in ctx.session.scalars(found)}


def stores(stage: Stage) -> dict[str, Store]:
    """The stores by label."""
    with stage.look() as ctx:
        found = select(Store).where(Store.demand_id == demand_of(ctx, stage).id)
        return {store.label: store for store in ctx.session.scalars(found)}


def state(stage: Stage) -> str:
    """The demand's state."""
    return script.state_of(stage)


def log_types(stage: Stage, *, letters: bool = False) -> list[str]:
    """The types of the log's leaves; letters are left out."""
    with stage.look() as ctx:
        found = (
            select(LogEntry.type)
            .where(LogEntry.demand_id == demand_of(ctx, stage).id)
            .order_by(LogEntry.seq)
        )
        kinds = ctx.session.scalars(found)
        return [kind for kind in kinds if letters or not kind.startswith("letter.")]


def letters(stage: Stage, kind: str | None = None) -> list[Letter]:
    """The outbox, oldest first."""
    with stage.look() as ctx:
        found = select(Letter).order_by(Letter.queued_at, Letter.key)
        return [row for row in ctx.session.scalars(found) if kind in (None, row.kind)]


def problems(stage: Stage) -> list[str]:
    """What `attest check` finds."""
    with stage.look() as ctx:
        return [finding.sentence for finding in checking.check(ctx)]


def bundle(stage: Stage) -> bytes:
    """The demand's bundle."""
    out = io.BytesIO()
    with stage.look() as ctx:
        evidence.write_bundle(ctx, demand_of(ctx, stage), out)
    return out.getvalue()


def verified(stage: Stage, email: str = SIGNATORY, data: bytes | None = None) -> Report:
    """The verifier's report on the bundle, with the trust file of somebody's organisation."""
    with stage.look() as ctx:
        trust = parse_trust(evidence.trust_file(ctx, seat_of(ctx, stage, email)))
    return check(io.BytesIO(bundle(stage) if data is None else data), trust)


def reasons(report: Report) -> tuple[int, list[str]]:
    """The exit status, and the names of the reasons."""
    assert report.failure is None, str(report.failure)
    return report.status, [reason.name for reason in report.reasons]


def may_see(stage: Stage, email: str, **needs: Any) -> bool:
    """Whether somebody has an account, and may know of the demand."""
    with stage.look() as ctx:
        try:
            seat_of(ctx, stage, email, **needs)
        except (NotFound, NoResultFound):
            return False
        return True


def name_store(stage: Stage, email: str = LIAISON, store: StoreAnswers = MAILBOX) -> int:
    """Names a further store; gives how many files that reopens."""
    with stage.act() as ctx:
        return acknowledging.name_store(ctx, seat_of(ctx, stage, email), store)


def fill(stage: Stage, store: str, typed: dict[str, Any], names: Sequence[str] = FILES) -> None:
    """The officer answers for one store of these files, and for the disclosure."""
    by_name, by_label = files(stage), stores(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, OFFICER)
        cells = [(by_name[name].id, by_label[store].id) for name in names]
        answers.save(ctx, seat, cells, typed)
        answers.save_onward(ctx, seat, [by_name[name].id for name in names], False, "")
