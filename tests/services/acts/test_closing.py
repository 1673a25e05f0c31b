"""Closing and withdrawing: by the lead, over all that happened, and as the copies stand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attest.demo import script
from attest.demo.acting import make_key, seat_of, tick
from attest.domain.refusal import NotFound, Refused
from attest.services.acts import acknowledging, closing, reopening, reviewing
from attest.services.facts import children
from attest.services.log.prepared import Stale
from attest.services.views import overview
from attest.signing import PrivateKey
from attest.statements.canonical import decode, encode
from attest.statements.envelope import encode_envelope, parse_envelope, sign_payload
from tests import held
from tests import stage as play


def hand_in(stage, envelope: bytes, email: str = play.SIGNATORY) -> None:
    with stage.act() as ctx:
        closing.close_demand(ctx, seat_of(ctx, stage, email, lead=True, duty="signatory"), envelope)


def obstacles(stage) -> list[str]:
    with stage.look() as ctx:
        return closing.obstacles(ctx, seat_of(ctx, stage, play.SIGNATORY))


def excepted(stage):
    """Both files accepted, one copy of each beyond use for two more weeks."""
    play.fill(stage, play.SHARE.label, play.beyond_use(stage.now.date() + timedelta(days=14)))
    play.attested(stage)
    play.accepted(stage)
    return stage


def test_closing(stage_at) -> None:
    stage = stage_at("accepted")
    assert obstacles(stage) == []
    envelope = held.closure(stage)
    tick(stage)
    hand_in(stage, envelope)
    hand_in(stage, envelope)
    assert play.state(stage) == "closed"
    assert play.log_types(stage).count("demand.closed") == 1
    assert {letter.to_email for letter in play.letters(stage, "demand_closed")} == {
        play.CASEWORK,
        play.SIGNATORY,
        play.SECOND,
        play.JOINT,
        play.LIAISON,
        play.OFFICER,
    }
    tick(stage)
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


@pytest.mark.parametrize(
    ("point", "told"),
    [
        ("issued", ["2 files still open with the contractor."]),
        ("attested", ["2 attestations to be reviewed."]),
    ],
)
def test_what_stands_in_the_way(quick_stage_at, point: str, told: list[str]) -> None:
    stage = quick_stage_at(point)
    assert obstacles(stage) == told
    with pytest.raises(Stale) as refused:
        held.closure(stage)
    assert told[0] in refused.value.sentence
    if point == "attested":
        with stage.act() as ctx:
            reopening.reopen_file(
                ctx, seat_of(ctx, stage, play.LIAISON), play.files(stage)["list.csv"].id, "Found."
            )
        assert len(obstacles(stage)) == 2


def test_what_stands_in_the_way_is_asked_once(quick_stage_at, monkeypatch) -> None:
    stage = quick_stage_at("attested")
    asked: list[str] = []
    usual = children.not_ended

    def counted(ctx, demand_ids):
        asked.extend(demand_ids)
        return usual(ctx, demand_ids)

    monkeypatch.setattr(children, "not_ended", counted)
    with pytest.raises(Stale):
        held.closure(stage)
    assert len(asked) == 1
    with stage.look() as ctx:
        now = closing.closable(ctx, seat_of(ctx, stage, play.SIGNATORY))
    assert (now.outcome, len(now.obstacles), len(asked)) == (None, 1, 2)


def test_live_exceptions_permit_only_the_one_outcome(stage_at) -> None:
    stage = excepted(stage_at("answered"))
    assert obstacles(stage) == []
    with pytest.raises(Refused, match="not settled"):
        held.closure(stage, "closed")
    hand_in(stage, held.closure(stage, "closed_with_exceptions"))
    assert play.state(stage) == "closed_with_exceptions"
    assert play.problems(stage) == []
    report = play.verified(stage)
    assert play.reasons(report) == (0, [])
    assert report.head()["demand"]["state"] == "closed_with_exceptions"


def test_without_exceptions_there_are_none_to_close_with(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    with pytest.raises(Refused) as told:
        held.closure(stage, "closed_with_exceptions")
    assert told.value.field == "outcome"
    with pytest.raises(Refused) as told:
        held.closure(stage, "forgotten")
    assert told.value.field == "outcome"


def test_withdrawing_needs_a_reason_and_nothing_else(stage_at) -> None:
    stage = stage_at("issued")
    with pytest.raises(Refused) as told:
        held.closure(stage, "withdrawn", " ")
    assert told.value.field == "reason"
    hand_in(stage, held.closure(stage, "withdrawn", "Sent to the wrong Halden."))
    assert play.state(stage) == "withdrawn"
    assert all("wrong Halden" in row.text for row in play.letters(stage, "demand_withdrawn"))
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


@pytest.mark.parametrize("new", ["store", "reopened", "acknowledged"])
def test_something_new_since_the_page_was_opened(quick_stage_at, new: str) -> None:
    stage = quick_stage_at("issued" if new == "acknowledged" else "accepted")
    outcome = "withdrawn" if new == "acknowledged" else "closed"
    envelope = held.closure(stage, outcome, "Settled.")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.LIAISON)
        if new == "store":
            acknowledging.name_store(ctx, seat, play.MAILBOX)
        elif new == "reopened":
            reopening.reopen_file(ctx, seat, play.files(stage)["list.csv"].id, "Found.")
        else:
            acknowledging.acknowledge(ctx, seat)
    with pytest.raises(Stale):
        hand_in(stage, envelope)
    assert "demand.closed" not in play.log_types(stage)


def test_letters_and_keys_are_nothing_new(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    envelope = held.closure(stage)
    stage.now += timedelta(minutes=1)
    make_key(stage, play.SECOND, "signatory")
    tick(stage)
    hand_in(stage, envelope)
    assert play.reasons(play.verified(stage)) == (0, [])


def test_two_closures_of_one_demand(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    first, second = held.closure(stage), held.closure(stage)
    hand_in(stage, first)
    with pytest.raises(Refused, match="has ended"):
        hand_in(stage, second)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("outcome", "withdrawn"),
        ("outcome", "closed_with_exceptions"),
        ("outcome", 1),
        ("reason", "Because."),
        ("seen", {"origin": "x", "size": 10**6, "rootHash": "A" * 43 + "="}),
        ("seen", {"origin": "x", "size": 0, "rootHash": "A" * 43 + "="}),
        ("seen", {"origin": "x", "size": -1, "rootHash": "A" * 43 + "="}),
        ("seen", {"size": "1"}),
    ],
)
def test_an_edited_payload(quick_stage_at, member: str, value: object) -> None:
    stage = quick_stage_at("accepted")
    parsed = parse_envelope(held.closure(stage))
    statement = decode(parsed.payload)
    statement["predicate"][member] = value
    edited = encode(statement)
    own = stage.actor(play.SIGNATORY).key
    assert own is not None
    for envelope in (
        encode_envelope(edited, parsed.signatures),
        sign_payload(edited, own),
        sign_payload(parsed.payload, PrivateKey.generate()),
    ):
        with pytest.raises(Refused):
            hand_in(stage, envelope)
    assert play.state(stage) == "awaiting_review"


# --- Files that come back ---------------------------------------------------------------------


def test_ended_exceptions_reopen_their_files_once(stage_at) -> None:
    stage = excepted(stage_at("answered"))
    hand_in(stage, held.closure(stage, "closed_with_exceptions"))
    until = stage.now.date() + timedelta(days=13)
    tick(stage)
    assert "file.reopened" not in play.log_types(stage)
    stage.now += timedelta(days=14)
    assert stage.now.date() >= until
    for _ in range(3):
        tick(stage)
        stage.now += timedelta(days=1)
    assert play.log_types(stage).count("file.reopened") == 2
    assert play.state(stage) == "in_progress"
    assert {file.state for file in play.files(stage).values()} == {"open"}
    assert play.problems(stage) == []
    play.fill(stage, play.SHARE.label, play.deleted(stage))
    play.attested(stage)
    play.accepted(stage)
    hand_in(stage, held.closure(stage))
    tick(stage)
    stage.now += timedelta(days=30)
    tick(stage)
    assert play.log_types(stage).count("file.reopened") == 2
    assert play.state(stage) == "closed"
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_only_the_ended_copy_is_to_be_answered_again(quick_stage_at) -> None:
    stage = excepted(quick_stage_at("answered"))
    stage.now += timedelta(days=20)
    tick(stage)
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        assert overview.open_copies(ctx, seat.demand) == (2, 4)


def test_a_withdrawn_demand_stays_withdrawn(quick_stage_at) -> None:
    stage = excepted(quick_stage_at("answered"))
    hand_in(stage, held.closure(stage, "withdrawn", "Settled otherwise."))
    stage.now += timedelta(days=60)
    tick(stage)
    assert play.state(stage) == "withdrawn"
    assert "file.reopened" not in play.log_types(stage)


def test_an_attestation_that_waits_for_review_is_reopened_too(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    play.fill(stage, play.SHARE.label, play.beyond_use(stage.now.date() + timedelta(days=3)))
    play.attested(stage)
    review = held.review(stage)
    stage.now += timedelta(days=4)
    tick(stage)
    assert {file.state for file in play.files(stage).values()} == {"open"}
    with pytest.raises(Stale), stage.act() as ctx:
        reviewing.review_attestations(ctx, seat_of(ctx, stage, play.SIGNATORY), review)
    assert play.problems(stage) == []


def test_reopening_by_hand(stage_at) -> None:
    stage = stage_at("attested")
    file = play.files(stage)["list.csv"]

    def reopen(file_id: str, reason: str) -> None:
        with stage.act() as ctx:
            reopening.reopen_file(ctx, seat_of(ctx, stage, play.LIAISON), file_id, reason)

    for file_id, reason in ((file.id, " "), (file.id, "\u202e"), ("nobody's", "Found.")):
        with pytest.raises((Refused, NotFound)):
            reopen(file_id, reason)
    reopen(file.id, "A copy was found.")
    with pytest.raises(Refused, match="open already"):
        reopen(file.id, "Once more.")
    assert play.files(stage)["costings.xlsx"].state == "attested"
    assert play.problems(stage) == []
    script.attest_all(stage)
    assert play.reasons(play.verified(stage)) == (0, [])
