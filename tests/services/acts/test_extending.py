"""More time: asked for, granted, granted in part, refused, withdrawn; on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from attest.database.tables import Demand, Extension, LogEntry, NamedFile
from attest.demo.acting import Stage, demand_of, seat_of
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.acts import closing, extending, reopening
from attest.services.acts.extension_deciding import AS_ASKED, LESS, NO
from attest.services.exports import papers
from attest.services.facts import deadlines
from attest.services.log.prepared import Stale
from attest.services.views import extension_view
from attest.statements.canonical import decode
from attest.statements.envelope import sign_payload
from tests import stage as play
from tests.more_time_acts import WHY, ask, decide

DUE = play.TERMS.due_on  # Monday 18 February 2013
assert DUE is not None
LATER = DUE + timedelta(days=2)


def rows(stage: Stage) -> list[Extension]:
    with stage.look() as ctx:
        found = list(ctx.session.scalars(select(Extension).order_by(Extension.seq)))
        ctx.session.expunge_all()
        return found


def demand(stage: Stage) -> Demand:
    with stage.look() as ctx:
        return demand_of(ctx, stage)


def bodies(stage: Stage, kind: str) -> list[dict[str, Any]]:
    with stage.look() as ctx:
        found = ctx.session.scalars(
            select(LogEntry.body).where(LogEntry.type == kind).order_by(LogEntry.seq)
        )
        return [decode(body) for body in found if body is not None]


def holds(stage: Stage) -> None:
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage))[0] in (0, 3)


def test_asked_for_and_granted_as_asked(stage_at):
    stage = stage_at("ready")
    extension = ask(stage)
    (body,) = bodies(stage, "extension.requested")
    assert (body["until"], body["reason"]) == (LATER.isoformat(), WHY)
    assert body["by"]["name"] == "Tom Beck"
    assert "fileIds" not in body
    assert demand(stage).due_on == DUE  # until somebody decides, the day stands
    holds(stage)
    decide(stage, extension, AS_ASKED)
    assert (demand(stage).due_on, demand(stage).signed_due_on) == (LATER, DUE)
    (row,) = rows(stage)
    assert (row.state, row.granted_until) == ("granted", LATER)
    (answer,) = bodies(stage, "extension.decided")
    assert (answer["decision"], answer["until"]) == ("granted", LATER.isoformat())
    assert answer["request"] == row.body_hash
    assert "reason" not in answer
    holds(stage)


def test_both_sides_get_letters(stage_at):
    stage = stage_at("ready")
    extension = ask(stage)
    (letter, *_) = asked = play.letters(stage, "extension_requested")
    assert {row.to_email for row in asked} == {play.CASEWORK, play.SIGNATORY, play.SECOND}
    flat = " ".join(letter.text.split())
    assert "asks for 2 more working days, until Wednesday 20 February 2013" in flat
    assert f"> {WHY}" in flat
    decide(stage, extension, AS_ASKED)
    told = play.letters(stage, "extension_granted")
    assert {row.to_email for row in told} == {
        play.LIAISON, play.OFFICER, play.CASEWORK, play.SIGNATORY, play.SECOND, play.JOINT
    }  # fmt: skip
    assert "The new day is Wednesday 20 February 2013; it was Monday 18 February 2013." in " ".join(
        told[0].text.split()
    )


def test_for_some_files_moves_those_alone(stage_at):
    stage = stage_at("ready")
    extension = ask(stage, LATER, "costings.xlsx", email=play.OFFICER)
    (body,) = bodies(stage, "extension.requested")
    assert body["fileIds"] == [play.files(stage)["costings.xlsx"].id]
    decide(stage, extension, AS_ASKED)
    found = play.files(stage)
    assert demand(stage).due_on == DUE
    assert demand(stage).signed_due_on is None
    assert demand(stage).next_due_on == DUE
    assert found["costings.xlsx"].due_on == LATER
    assert found["list.csv"].due_on is None
    assert deadlines.due_of(demand(stage), found["costings.xlsx"]) == LATER
    holds(stage)


@pytest.mark.parametrize(
    ("names", "until", "files", "moved"),
    [
        ((), LATER - timedelta(days=1), (), {}),
        ((), LATER, ("list.csv",), {"list.csv": LATER}),
        (play.FILES, LATER, ("costings.xlsx",), {"costings.xlsx": LATER}),
        (play.FILES, DUE + timedelta(1), (), dict.fromkeys(play.FILES, DUE + timedelta(1))),
    ],
    ids=["an earlier day", "fewer files of all", "fewer files", "all files, an earlier day"],
)
def test_granted_in_part(quick_stage_at, names, until, files, moved):
    stage = quick_stage_at("ready")
    extension = ask(stage, LATER, *names)
    ids = [play.files(stage)[name].id for name in files]
    decide(stage, extension, LESS, until, "We need it for the regulator.", ids)
    assert rows(stage)[0].state == "granted_in_part"
    assert demand(stage).due_on == (DUE if moved else until)
    assert {name: row.due_on for name, row in play.files(stage).items() if row.due_on} == moved
    (answer,) = bodies(stage, "extension.decided")
    assert answer["until"] == until.isoformat()
    # The event has no member for files, so the reason says which.
    which = f"Only for 1 of 2 files: “{files[0]}”.\n" if files else ""
    assert answer["reason"] == f"{which}We need it for the regulator."
    assert "granted in part" in play.letters(stage, "extension_granted")[0].subject
    holds(stage)


def test_refused_with_a_reason(stage_at):
    stage = stage_at("ready")
    extension = ask(stage)
    with pytest.raises(Refused) as refused:
        decide(stage, extension, NO, None, " ")
    assert refused.value.field == "reason"
    decide(stage, extension, NO, None, "The regulator waits.", email=play.SIGNATORY)
    assert demand(stage).due_on == DUE
    assert rows(stage)[0].state == "refused"
    (letter, *_) = play.letters(stage, "extension_refused")
    assert "> The regulator waits." in letter.text
    (answer,) = bodies(stage, "extension.decided")
    assert answer["decision"] == "refused"
    assert "until" not in answer
    holds(stage)


def test_withdrawn_while_nobody_has_decided(stage_at):
    stage = stage_at("ready")
    extension = ask(stage)
    with stage.act() as ctx:
        extending.withdraw_extension(ctx, seat_of(ctx, stage, play.LIAISON), extension)
    assert rows(stage)[0].state == "withdrawn"
    assert play.letters(stage, "extension_withdrawn")
    with pytest.raises(Stale):
        decide(stage, extension, AS_ASKED)
    assert demand(stage).due_on == DUE
    ask(stage)  # and asks again
    holds(stage)


def test_one_request_at_a_time_and_several_after_each_other(quick_stage_at):
    stage = quick_stage_at("ready")
    first = ask(stage)
    with pytest.raises(Refused, match="asked already"):
        ask(stage, LATER + timedelta(days=1))
    decide(stage, first, AS_ASKED)
    with pytest.raises(Refused, match="due on Wednesday 20 February 2013 already"):
        ask(stage, LATER)
    second = ask(stage, LATER + timedelta(days=2))
    decide(stage, second, NO, None, "Enough.")
    third = ask(stage, LATER + timedelta(days=1))
    decide(stage, third, AS_ASKED)
    # What the signed demand says stays known however often the day moves.
    assert (demand(stage).due_on, demand(stage).signed_due_on) == (LATER + timedelta(days=1), DUE)
    assert [row.state for row in rows(stage)] == ["granted", "refused", "granted"]
    holds(stage)


@pytest.mark.parametrize(
    ("until", "why", "field"),
    [
        (None, WHY, "until"),
        (DUE, WHY, "until"),
        (DUE - timedelta(days=5), WHY, "until"),
        (date(2003, 1, 1), WHY, "until"),
        (date(2031, 1, 1), WHY, "until"),
        (LATER, "", "reason"),
        (LATER, "x" * 5001, "reason"),
    ],
)
def test_what_is_asked_for_must_make_sense(quick_stage_at, until, why, field):
    stage = quick_stage_at("ready")
    with pytest.raises(Refused) as refused:
        ask(stage, until, why=why)
    assert refused.value.field == field
    assert rows(stage) == []


@pytest.mark.parametrize(
    ("until", "field"), [(LATER + timedelta(days=1), "until"), (DUE, "until"), (LATER, "answer")]
)
def test_no_more_than_was_asked_for_is_granted(quick_stage_at, until, field):
    stage = quick_stage_at("ready")
    extension = ask(stage)
    with pytest.raises(Refused) as refused:
        decide(stage, extension, LESS, until, "Because.")
    assert refused.value.field == field
    assert demand(stage).due_on == DUE


def test_a_file_that_was_not_asked_for_is_not_granted(quick_stage_at):
    stage = quick_stage_at("ready")
    extension = ask(stage, LATER, "list.csv")
    other = play.files(stage)["costings.xlsx"].id
    with pytest.raises(Refused) as refused:
        decide(stage, extension, LESS, LATER, "Because.", [other])
    assert refused.value.field == "file"


def test_a_day_that_has_passed_is_not_granted(quick_stage_at):
    stage = quick_stage_at("ready")
    extension = ask(stage)
    stage.now += timedelta(days=30)
    with pytest.raises(Refused, match="has passed"):
        decide(stage, extension, AS_ASKED)
    ask_again = rows(stage)[0]
    assert ask_again.state == "requested"


def test_none_before_it_is_acknowledged_and_none_when_nothing_is_open(quick_stage_at):
    with pytest.raises(Refused, match="Acknowledge"):
        ask(quick_stage_at("issued"))
    with pytest.raises(Refused, match="nothing is open"):
        ask(quick_stage_at("attested"))


def test_none_after_the_demand_has_ended(quick_stage_at):
    stage = quick_stage_at("ready")
    extension = ask(stage)
    withdraw_demand(stage)
    for answer in (AS_ASKED, NO):
        with pytest.raises(Refused, match="ended"):
            decide(stage, extension, answer, None, "No.")
    with pytest.raises(Refused, match="ended"):
        ask(stage)
    holds(stage)


def withdraw_demand(stage: Stage) -> None:
    key = stage.actor(play.SIGNATORY).key
    assert key is not None
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.SIGNATORY)
        made = closing.prepare_closure(ctx, seat, "withdrawn", "For a reason.")
        closing.close_demand(ctx, seat, sign_payload(made.items[0].payload, key))


def test_who_may_ask_and_who_may_decide(quick_stage_at):
    stage = quick_stage_at("ready")
    for email in (play.CASEWORK, play.JOINT):
        with pytest.raises(NotAllowed):
            ask(stage, email=email)
    extension = ask(stage)
    for email in (play.JOINT, play.LIAISON):
        with pytest.raises(NotAllowed):
            decide(stage, extension, AS_ASKED, email=email)
    with pytest.raises(NotFound):
        decide(stage, "another", AS_ASKED)


def test_the_same_decision_twice_changes_nothing(quick_stage_at):
    stage = quick_stage_at("ready")
    extension = ask(stage)
    for _ in range(2):
        decide(stage, extension, AS_ASKED)
    assert len(bodies(stage, "extension.decided")) == 1
    with pytest.raises(Stale):
        decide(stage, extension, NO, None, "No.")


def test_a_file_signed_for_meanwhile_keeps_its_day(quick_stage_at):
    stage = quick_stage_at("answered")
    extension = ask(stage)
    play.attested(stage)
    with pytest.raises(Refused, match="nothing to give more time for"):
        decide(stage, extension, AS_ASKED)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.SIGNATORY)
        file = ctx.session.scalars(select(NamedFile)).first()
        reopening.reopen_file(ctx, seat, file.id, "Another copy was found.")
    decide(stage, extension, AS_ASKED)
    assert demand(stage).due_on == LATER
    holds(stage)


def test_the_certificate_tells_what_was_decided(quick_stage_at):
    stage = quick_stage_at("ready")
    decide(stage, ask(stage, LATER, "list.csv"), AS_ASKED)
    ask(stage, LATER + timedelta(days=1))
    with stage.look() as ctx:
        assert extension_view.decided_lines(ctx, demand_of(ctx, stage)) == [
            "Asked for 2 more working days, until Wednesday 20 February 2013, for 1 of 2 files. "
            "Granted, until Wednesday 20 February 2013, for 1 of 2 files."
        ]
        assert papers.certificate(ctx, demand_of(ctx, stage)).startswith(b"%PDF")
