from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from attest.database.log_rows import HeadMoved
from attest.database.tables import Demand, FailingAddress, Letter
from attest.demo.acting import Stage, demand_of, seat_of
from attest.domain.refusal import Refused
from attest.mail.reports import Report
from attest.mail.return_address import envelope_sender
from attest.services.chasing import write_there_again
from attest.services.letters import failing, letter_events
from attest.services.sending import letter_leaves, returns
from attest.services.sending.returns import BELIEVED_FOR, MOST_RETURNED, take_message
from tests import stage as play
from tests.locks import check_demands_come_first, locks
from tests.mail.came_back import DELIVERED, POSTFIX, POSTFIX_DELAYED, QMAIL, VACATION, message
from tests.services import failing_acts
from tests.services.failing_acts import BESIDE, come_back, put_another_demand, the_letter
from tests.stage import CASEWORK, LIAISON


def events(stage: Stage, letter: Letter) -> list[tuple[str, str]]:
    with stage.look() as ctx:
        rows = letter_events.events_of(ctx.session, [letter.id]).get(letter.id, [])
        return [(row.what, row.answer or "") for row in rows]


def failing_rows(stage: Stage) -> list[FailingAddress]:
    with stage.look() as ctx:
        return failing_acts.failing_in(ctx, demand_of(ctx, stage))


def chase_at(stage: Stage) -> Any:
    with stage.look() as ctx:
        return demand_of(ctx, stage).chase_at


def change(stage: Stage, letter: Letter, **columns: Any) -> None:
    with stage.act() as ctx:
        row = ctx.session.get_one(Letter, letter.id)
        for name, value in columns.items():
            setattr(row, name, value)


def _left(letter: Letter) -> datetime:
    assert letter.sent_at is not None
    return letter.sent_at


def leaves(stage: Stage) -> list[str]:
    return [kind for kind in play.log_types(stage, letters=True) if kind.startswith("letter.")]


def test_a_letter_that_was_sent_bounces_later(stage_at):
    stage = stage_at("issued")
    before = leaves(stage)
    stage.now += timedelta(hours=1)
    with locks(stage.engine) as taken:
        assert come_back(stage, POSTFIX) == "taken"
    check_demands_come_first(stage.engine, taken)
    letter = the_letter(stage)
    assert letter.state == "bounced"
    assert "User unknown" in (letter.answer or "")
    assert events(stage, letter)[-1][0] == "report_failed"
    assert leaves(stage) == [*before, "letter.failed"]
    (row,) = failing_rows(stage)
    assert (row.email, row.since, row.letter_id) == (LIAISON, stage.now, letter.id)
    assert chase_at(stage) == stage.now
    (told,) = play.letters(stage, "delivery_problem")
    assert told.to_email == CASEWORK
    assert "User unknown" in told.text
    assert play.problems(stage) == []
    assert play.verified(stage).failure is None


def test_the_same_report_twice_changes_nothing(stage_at):
    stage = stage_at("issued")
    assert come_back(stage, POSTFIX) == "taken"
    after = (leaves(stage), events(stage, the_letter(stage)), len(play.letters(stage)))
    stage.now += timedelta(days=1)
    assert come_back(stage, POSTFIX) == "known"
    assert (leaves(stage), events(stage, the_letter(stage)), len(play.letters(stage))) == after


def test_a_second_report_with_other_words_is_written_down_and_nothing_else(stage_at):
    stage = stage_at("issued")
    come_back(stage, POSTFIX)
    before = leaves(stage)
    assert come_back(stage, POSTFIX.replace("User unknown", "Still nobody")) == "taken"
    assert leaves(stage) == before
    assert [what for what, _ in events(stage, the_letter(stage))].count("report_failed") == 2
    assert len(failing_rows(stage)) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [(POSTFIX_DELAYED, "report_delayed"), (VACATION, "auto_replied"), (QMAIL, "returned")],
)
def test_what_is_no_failure_is_only_written_down(stage_at, text, what):
    stage = stage_at("issued")
    before = leaves(stage)
    assert come_back(stage, text) == "taken"
    letter = the_letter(stage)
    assert (letter.state, events(stage, letter)[-1][0]) == ("sent", what)
    assert (leaves(stage), failing_rows(stage)) == (before, [])
    assert play.letters(stage, "delivery_problem") == []


def test_what_was_unknown_is_known_once_a_report_says_so(stage_at):
    stage = stage_at("issued")
    letter = the_letter(stage)
    sent = stage.now - timedelta(minutes=1)
    change(stage, letter, state="unknown", sent_at=None, handed_at=sent)
    before = leaves(stage)
    assert come_back(stage, DELIVERED) == "taken"
    letter = the_letter(stage)
    assert (letter.state, letter.sent_at) == ("sent", sent)
    assert leaves(stage) == [*before, "letter.sent"]


def test_what_was_unknown_can_turn_out_to_have_failed(stage_at):
    stage = stage_at("issued")
    change(stage, the_letter(stage), state="unknown", sent_at=None)
    assert come_back(stage, POSTFIX) == "taken"
    assert the_letter(stage).state == "bounced"
    assert len(failing_rows(stage)) == 1


def test_a_delivered_letter_that_was_sent_has_the_proof_beside_it(stage_at):
    stage = stage_at("issued")
    before = leaves(stage)
    assert come_back(stage, DELIVERED) == "taken"
    assert events(stage, the_letter(stage))[-1] == (
        "report_delivered",
        "delivered for tom.beck@halden.example: 2.1.5",
    )
    assert leaves(stage) == before


def test_a_letter_that_is_being_sent_this_moment_is_left_for_later(stage_at):
    stage = stage_at("issued")
    letter = the_letter(stage)
    before = events(stage, letter)
    change(stage, letter, state="sending")
    assert come_back(stage, POSTFIX) == "not yet"
    assert events(stage, letter) == before


@pytest.mark.parametrize("state", ["queued", "deferred", "dropped", "bounced"])
def test_other_states_stay_and_the_report_is_written_down(stage_at, state):
    stage = stage_at("issued")
    before = leaves(stage)
    change(stage, the_letter(stage), state=state)
    assert come_back(stage, POSTFIX) == "taken"
    letter = the_letter(stage)
    assert (letter.state, events(stage, letter)[-1][0]) == (state, "report_failed")
    assert leaves(stage) == before


def test_after_closing_the_log_says_so_too_and_nobody_is_chased(stage_at):
    stage = stage_at("closed")
    stage.now += timedelta(days=1)
    assert come_back(stage, POSTFIX) == "taken"
    assert leaves(stage)[-1] == "letter.failed"
    assert chase_at(stage) is None
    assert play.verified(stage).failure is None


def test_letters_that_went_along_share_its_fate(stage_at):
    stage = stage_at("issued")
    first = the_letter(stage)
    (other,) = play.letters(stage, "demand_issued")
    change(stage, other, carried_by_id=first.id)
    before = leaves(stage)
    assert come_back(stage, POSTFIX) == "taken"
    assert {each.state for each in play.letters(stage) if each.id in (first.id, other.id)} == {
        "bounced"
    }
    assert leaves(stage) == [*before, "letter.failed", "letter.failed"]
    assert {row.email for row in failing_rows(stage)} == {LIAISON, CASEWORK}


def test_an_erased_letter_is_nobodys(stage_at):
    stage = stage_at("issued")
    change(stage, the_letter(stage), erased_at=stage.now, to_name="", to_email="")
    assert come_back(stage, POSTFIX) == "nobody"


def test_only_a_right_token_is_believed(stage_at):
    stage = stage_at("issued")
    letter = the_letter(stage)
    right = envelope_sender(stage.settings, letter.id)
    raw = message(POSTFIX, right.replace("+", "+a"))
    arguments = (stage.engine, stage.settings, stage.log_key, stage.now)
    assert take_message(*arguments, raw) == "nobody"
    # What the mail server says about the envelope counts, not what the message says.
    assert take_message(*arguments, message(POSTFIX, right), "attest@attest.example") == "nobody"
    assert take_message(*arguments, message(POSTFIX, "a@b.example"), right) == "taken"


def test_the_return_address_may_stand_among_others(stage_at):
    stage = stage_at("issued")
    right = envelope_sender(stage.settings, the_letter(stage).id)
    raw = message(POSTFIX, f"postmaster@attest.example, {right}")
    assert take_message(stage.engine, stage.settings, stage.log_key, stage.now, raw) == "taken"


def test_a_report_is_taken_once_more_where_somebody_else_moved_the_head(stage_at, monkeypatch):
    stage = stage_at("issued")
    append, failures = letter_leaves.append, [True, True]

    def unlucky(ctx: Any, demand_id: str, events: Any) -> Any:
        if failures:
            failures.pop()
            raise HeadMoved(demand_id)
        return append(ctx, demand_id, events)

    monkeypatch.setattr(letter_leaves, "append", unlucky)
    assert come_back(stage, POSTFIX) == "taken"
    assert leaves(stage)[-1] == "letter.failed"
    failures.extend([True] * 5)
    stage.now += timedelta(hours=1)
    (other,) = play.letters(stage, "demand_issued")
    with pytest.raises(HeadMoved):
        come_back(stage, POSTFIX, other)
    assert the_letter(stage, "demand_issued").state == "sent"


def test_a_letter_that_is_gone_is_nobodys(stage_at):
    stage = stage_at("issued")
    with stage.act() as ctx:
        report = Report("failed", "failed")
        assert returns.take(ctx, "77777777-2222-4333-8444-555555555555", report) == "nobody"


def test_whoever_has_a_return_address_cannot_fill_the_database(stage_at):
    stage = stage_at("issued")
    letter = the_letter(stage)
    with stage.act() as ctx:
        for number in range(MOST_RETURNED + 5):
            returns.take(ctx, letter.id, Report("returned", f"number {number}"))
    assert [what for what, _ in events(stage, letter)].count("returned") == MOST_RETURNED


@pytest.mark.parametrize("state", ["sent", "unknown"])
def test_whatever_came_before_a_report_of_failure_is_heard(stage_at, state):
    stage = stage_at("issued")
    change(stage, the_letter(stage), state=state)
    letter = the_letter(stage)
    with stage.act() as ctx:
        for number in range(MOST_RETURNED + 1):
            returns.take(ctx, letter.id, Report("auto_replied", f"away, number {number}"))
    assert come_back(stage, DELIVERED) == "taken"
    assert the_letter(stage).state == "sent"
    assert come_back(stage, POSTFIX) == "taken"
    assert the_letter(stage).state == "bounced"
    assert [row.email for row in failing_rows(stage)] == [LIAISON]


def test_a_report_that_changes_something_is_heard_after_any_number_that_did_not(stage_at):
    stage = stage_at("issued")
    letter = the_letter(stage)
    change(stage, letter, state="deferred")
    with stage.act() as ctx:
        for number in range(MOST_RETURNED + 5):
            returns.take(ctx, letter.id, Report("failed", f"number {number}"))
    said = [what for what, _ in events(stage, letter)]
    assert said.count("report_failed") == MOST_RETURNED
    change(stage, letter, state="sent")
    assert come_back(stage, POSTFIX) == "taken"
    assert the_letter(stage).state == "bounced"


def test_reports_of_failure_about_an_old_letter_do_not_fill_the_database(stage_at):
    stage = stage_at("issued")
    letter = the_letter(stage)
    stage.now = _left(letter) + BELIEVED_FOR + timedelta(days=1)
    with stage.act() as ctx:
        for number in range(MOST_RETURNED + 5):
            returns.take(ctx, letter.id, Report("failed", f"number {number}"))
    said = [what for what, _ in events(stage, letter)]
    assert said.count("report_failed") == MOST_RETURNED


def test_a_failing_address_is_written_to_again_when_somebody_says_so(stage_at):
    stage = stage_at("issued")
    come_back(stage, POSTFIX)
    stage.now += timedelta(hours=2)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, CASEWORK)
        write_there_again.write_again(ctx, seat, LIAISON.upper())
    assert failing_rows(stage) == []
    assert chase_at(stage) == stage.now
    with stage.act() as ctx, pytest.raises(Refused):
        write_there_again.write_again(ctx, seat_of(ctx, stage, CASEWORK), LIAISON)


def test_a_letter_that_left_before_somebody_vouched_for_its_address_makes_it_fail_no_more(stage_at):
    stage = stage_at("issued")
    letter = the_letter(stage)
    older = "55555555-2222-4333-8444-555555555555"
    columns = {each.key: getattr(letter, each.key) for each in Letter.__table__.columns}
    with stage.act() as ctx:
        ctx.session.add(Letter(**{**columns, "id": older, "key": "an older one"}))
    come_back(stage, POSTFIX, letter)
    stage.now += timedelta(hours=2)
    with stage.act() as ctx:
        write_there_again.write_again(ctx, seat_of(ctx, stage, CASEWORK), LIAISON)
    stage.now += timedelta(hours=1)
    with stage.look() as ctx:
        row = ctx.session.get_one(Letter, older)
    assert come_back(stage, POSTFIX, row) == "taken"
    assert failing_rows(stage) == []
    # One that leaves from now on is believed again.
    change(stage, letter, state="sent", sent_at=stage.now, vouched_at=None)
    assert come_back(stage, POSTFIX.replace("User unknown", "Gone"), letter) == "taken"
    assert [row.email for row in failing_rows(stage)] == [LIAISON]


def test_a_report_about_a_letter_of_long_ago_is_only_written_down(stage_at):
    stage = stage_at("issued")
    letter = the_letter(stage)
    before = leaves(stage)
    stage.now = _left(letter) + BELIEVED_FOR + timedelta(seconds=1)
    assert come_back(stage, POSTFIX) == "taken"
    letter = the_letter(stage)
    assert (letter.state, events(stage, letter)[-1][0]) == ("sent", "report_failed")
    assert (leaves(stage), failing_rows(stage)) == (before, [])
    assert play.letters(stage, "delivery_problem") == []


def test_a_report_in_the_last_of_those_days_is_believed(stage_at):
    stage = stage_at("issued")
    stage.now = _left(the_letter(stage)) + BELIEVED_FOR
    assert come_back(stage, POSTFIX) == "taken"
    assert the_letter(stage).state == "bounced"


def test_a_report_about_a_letter_whose_reader_confirmed_it_is_only_written_down(stage_at):
    stage = stage_at("issued")
    change(stage, the_letter(stage), received_at=stage.now)
    before = leaves(stage)
    assert come_back(stage, POSTFIX) == "taken"
    assert the_letter(stage).state == "sent"
    assert (leaves(stage), failing_rows(stage)) == (before, [])


def test_another_demand_does_not_learn_of_it(stage_at):
    stage = stage_at("issued")
    put_another_demand(stage)
    come_back(stage, POSTFIX)
    with stage.look() as ctx:
        demand, other = demand_of(ctx, stage), ctx.session.get_one(Demand, BESIDE)
        known = failing.failing_of(ctx, [demand.id, other.id])
        assert failing_acts.failing_in(ctx, other) == []
    assert known == {demand.id: frozenset({LIAISON})}


def test_an_instance_with_other_secrets_believes_nothing(stage_at):
    stage = stage_at("issued")
    elsewhere = replace(stage.settings, secret_key="another secret of 32 characters!")
    raw = message(POSTFIX, envelope_sender(elsewhere, the_letter(stage).id))
    arguments = (stage.engine, stage.settings, stage.log_key, stage.now)
    assert take_message(*arguments, raw) == "nobody"
