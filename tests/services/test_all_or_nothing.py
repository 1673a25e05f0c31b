"""A leaf, its rows and its letters commit together: wherever an act breaks off, none is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from attest.database.tables import Base, LogEntry
from attest.demo.acting import Stage, make_key, seat_of
from attest.services.acts import (
    acknowledging,
    attesting,
    closing,
    confirming,
    issuing,
    reopening,
    reviewing,
)
from attest.services.acts.extension_deciding import AS_ASKED
from attest.signing import fingerprint
from attest.statements.envelope import sign_payload
from tests import held, more_time_acts
from tests import stage as play

Run = Callable[[Stage], None]


class Broken(Exception):
    """The power went."""


def issue(stage: Stage) -> Run:
    envelope = held.demand(stage)
    return _act(play.SIGNATORY, issuing.issue_demand, envelope, draft=True)


def acknowledge(stage: Stage) -> Run:
    return _act(play.LIAISON, acknowledging.acknowledge, "Received")


def name_store(stage: Stage) -> Run:
    return _act(play.LIAISON, acknowledging.name_store, play.MAILBOX)


def attest(stage: Stage) -> Run:
    return _act(play.OFFICER, attesting.sign_attestations, held.attestations(stage))


def review(stage: Stage) -> Run:
    return _act(play.SIGNATORY, reviewing.review_attestations, held.review(stage))


def reopen(stage: Stage) -> Run:
    file = play.files(stage)["list.csv"]
    return _act(play.LIAISON, reopening.reopen_file, file.id, "Found.")


def close(stage: Stage) -> Run:
    return _act(play.SIGNATORY, closing.close_demand, held.closure(stage))


def confirm(stage: Stage) -> Run:
    key = make_key(stage, play.OFFICER, "officer")
    signatory = stage.actor(play.SIGNATORY).key
    assert signatory is not None
    with stage.look() as ctx:
        found = confirming.prepare_confirmation(
            ctx,
            seat_of(ctx, stage, play.SIGNATORY),
            key.keyid,
            fingerprint(key.keyid),
            "telephone",
        )
    return _act(play.SIGNATORY, confirming.confirm_key, sign_payload(found.payload, signatory))


def _act(email: str, act: Callable[..., object], *arguments: Any, **needs: Any) -> Run:
    def run(stage: Stage) -> None:
        with stage.act() as ctx:
            act(ctx, seat_of(ctx, stage, email, **needs), *arguments)

    return run


def ask(stage: Stage) -> Run:
    return more_time_acts.asked


def decide(stage: Stage) -> Run:
    request = more_time_acts.ask(stage)
    return lambda stage: more_time_acts.decide(stage, request, AS_ASKED)


# By the point of the stage; further acts at one after a stroke.
ACTS = {
    "handed": issue,
    "issued": acknowledge,
    "acknowledged": name_store,
    "ready": confirm,
    "ready/ask": ask,
    "ready/decide": decide,
    "answered": attest,
    "attested": review,
    "accepted": close,
}


def everything(stage: Stage) -> dict[str, Any]:
    """Every row of every table."""
    with stage.look() as ctx:
        return {
            name: sorted(map(repr, ctx.session.execute(select(table)).all()))
            for name, table in Base.metadata.tables.items()
        }


def break_off(stage: Stage, run: Run, after: int) -> bool:
    """Runs an act that breaks off at its n-th writing statement; True if it did."""
    count = 0

    def hook(connection, cursor, statement, *more: Any) -> None:
        nonlocal count
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            count += 1
            if count == after:
                raise Broken

    event.listen(stage.engine, "after_cursor_execute", hook)
    try:
        run(stage)
    except Broken:
        return True
    finally:
        event.remove(stage.engine, "after_cursor_execute", hook)
    return False


@pytest.mark.parametrize("point", ACTS)
def test_after_each_statement(stage_at, point: str) -> None:
    stage = stage_at(point.partition("/")[0])
    run = ACTS[point](stage)
    before = everything(stage)
    after = 0
    while break_off(stage, run, after + 1):
        after += 1
        assert everything(stage) == before, f"statement {after} was kept"
    assert after >= 3, "the act writes a leaf, a head and something of its own"
    assert everything(stage) != before
    assert play.problems(stage) == []


@pytest.mark.parametrize("point", ["answered", "accepted"])
def test_at_the_commit(stage_at, point: str) -> None:
    stage = stage_at(point)
    run = ACTS[point](stage)
    before = everything(stage)

    def hook(session: Session) -> None:
        session.flush()
        raise Broken

    event.listen(Session, "before_commit", hook)
    try:
        with pytest.raises(Broken):
            run(stage)
    finally:
        event.remove(Session, "before_commit", hook)
    assert everything(stage) == before
    assert play.problems(stage) == []


def test_reopening_breaks_off_too(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    run = reopen(stage)
    before = everything(stage)
    for after in (1, 2, 3):
        assert break_off(stage, run, after)
        assert everything(stage) == before


def test_a_leaf_without_its_letter_cannot_be(quick_stage_at) -> None:
    """What the log says of an act, the outbox says too."""
    stage = quick_stage_at("issued")
    acknowledge(stage)(stage)
    with stage.look() as ctx:
        leaves = ctx.session.scalar(
            select(func.count()).where(LogEntry.type == "demand.acknowledged")
        )
    assert leaves == 1
    assert len(play.letters(stage, "acknowledged")) == 3
