"""Issuing: what the signatory saw is what goes into the log, whole or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attest.demo.acting import demand_of, make_key, seat_of
from attest.domain.refusal import Refused
from attest.services.acts import draft_files, drafts, issuing
from attest.services.log.prepared import Stale
from attest.signing import PrivateKey
from attest.statements.canonical import decode, encode
from attest.statements.envelope import encode_envelope, parse_envelope, sign_payload
from tests import held
from tests import stage as play


def hand_in(stage, envelope: bytes, email: str = play.SIGNATORY) -> None:
    with stage.act() as ctx:
        issuing.issue_demand(
            ctx, seat_of(ctx, stage, email, draft=None, duty="signatory"), envelope
        )


def refusal(stage, envelope: bytes, kind: type[Refused] = Refused) -> str:
    """The sentence; and nothing of the demand was kept."""
    with pytest.raises(Refused) as told:
        hand_in(stage, envelope)
    assert type(told.value) is kind
    assert play.state(stage) == "draft"
    assert play.log_types(stage) == []
    assert play.letters(stage, "invitation_of_liaison") == []
    return told.value.sentence


def test_the_log_begins_in_the_order_of_the_formats(stage_at) -> None:
    stage = stage_at("handed")
    envelope = held.demand(stage)
    stage.now += timedelta(hours=3)
    hand_in(stage, envelope)
    assert play.log_types(stage) == [
        "key.enrolled",
        "file.named",
        "file.named",
        "store.named",
        "store.named",
        "demand.issued",
    ]
    assert play.problems(stage) == []
    said = decode(parse_envelope(envelope).payload)["predicate"]
    assert said["seen"]["size"] == 5
    assert said["parties"] == {
        "controllers": [
            {"name": play.LEAD, "role": "lead"},
            {"name": play.EAST, "role": "joint"},
        ],
        "contractor": {"name": play.HALDEN},
        "carriers": [{"name": "Midshire Police"}],
        "concurrence": "lead",
    }
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        assert demand.issued_at == stage.now
        assert demand.liaison is not None
        assert demand.liaison.account.email == play.LIAISON


def test_the_page_opened_twice_gives_the_same_prefix(quick_stage_at) -> None:
    stage = quick_stage_at("handed")
    first = decode(parse_envelope(held.demand(stage)).payload)["predicate"]
    stage.now += timedelta(minutes=5)
    second = decode(parse_envelope(held.demand(stage)).payload)["predicate"]
    assert first["seen"] == second["seen"]
    assert first["nonce"] != second["nonce"]


def test_a_key_made_after_the_hand_over_can_sign(quick_stage_at) -> None:
    stage = quick_stage_at("handed")
    stage.now += timedelta(hours=2)
    make_key(stage, play.SIGNATORY, "signatory")
    hand_in(stage, held.demand(stage))
    assert play.problems(stage) == []


def test_the_same_envelope_twice_changes_nothing(stage_at) -> None:
    stage = stage_at("handed")
    envelope = held.demand(stage)
    hand_in(stage, envelope)
    before = (play.log_types(stage), len(play.letters(stage)))
    hand_in(stage, envelope)
    assert (play.log_types(stage), len(play.letters(stage))) == before


def test_a_second_signatory_comes_too_late(quick_stage_at) -> None:
    stage = quick_stage_at("handed")
    make_key(stage, play.SECOND, "signatory")
    late = held.back(stage, play.SECOND, issuing.prepare_issue, draft=True)[0][1]
    hand_in(stage, held.demand(stage))
    with pytest.raises(Stale, match="issued already"):
        hand_in(stage, late, play.SECOND)


def test_a_draft_changed_since_the_page_was_opened(quick_stage_at) -> None:
    for change in (
        lambda ctx, seat: None,
        lambda ctx, seat: draft_files.add_file(ctx, seat, {"name": "third.csv"}),
        lambda ctx, seat: drafts.save_parties(ctx, seat, play.parties(), "each"),
    ):
        stage = quick_stage_at("handed")
        envelope = held.demand(stage)
        with stage.act() as ctx:
            seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
            drafts.take_back(ctx, seat)
            change(ctx, seat)
        assert "changed" in refusal(stage, envelope, Stale)
        with stage.act() as ctx:
            drafts.hand_over(ctx, seat_of(ctx, stage, play.CASEWORK, draft=True))
        assert "changed" in refusal(stage, envelope, Stale)


def test_a_draft_that_was_not_handed_over(quick_stage_at) -> None:
    stage = quick_stage_at("drafted")
    with pytest.raises(Refused, match="not been handed over"), stage.look() as ctx:
        issuing.prepare_issue(ctx, seat_of(ctx, stage, play.SIGNATORY, draft=True))


def test_a_due_date_that_passed_meanwhile(quick_stage_at) -> None:
    stage = quick_stage_at("handed")
    envelope = held.demand(stage)
    stage.now += timedelta(days=30)
    assert "in the past" in refusal(stage, envelope)


def test_a_signatory_without_a_key(quick_stage_at) -> None:
    stage = quick_stage_at("handed")
    with pytest.raises(Refused, match="no signing key"), stage.look() as ctx:
        issuing.prepare_issue(ctx, seat_of(ctx, stage, play.SECOND, draft=True))


def test_the_wrong_key(quick_stage_at) -> None:
    stage = quick_stage_at("handed")
    payload = parse_envelope(held.demand(stage)).payload
    assert "another key" in refusal(stage, sign_payload(payload, PrivateKey.generate()))
    own = stage.actor(play.SIGNATORY).key
    assert own is not None
    assert "another key" in refusal(stage, sign_payload(payload, own, PrivateKey.generate()))


def test_a_colleagues_key_is_not_mine(quick_stage_at) -> None:
    stage = quick_stage_at("handed")
    colleague = make_key(stage, play.SECOND, "signatory")
    payload = parse_envelope(held.demand(stage)).payload
    assert "another key" in refusal(stage, sign_payload(payload, colleague))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("instruction", "Delete nothing."),
        ("dueOn", "2013-03-01"),
        ("reference", "ND-2013-002"),
        ("action", "return"),
        ("demandId", "00000000-0000-4000-8000-000000000000"),
        ("declaration", {"lang": "en-GB", "template": "v1", "text": "Something else."}),
        ("extra", 1),
    ],
)
def test_an_edited_payload(quick_stage_at, member: str, value: object) -> None:
    stage = quick_stage_at("handed")
    parsed = parse_envelope(held.demand(stage))
    statement = decode(parsed.payload)
    statement["predicate"][member] = value
    edited = encode(statement)
    # Changed on the way, with the old signature.
    told = refusal(stage, encode_envelope(edited, parsed.signatures))
    assert ("not the statement" if member == "extra" else "changed on the way") in told
    # Changed by the signatory, and signed.
    own = stage.actor(play.SIGNATORY).key
    assert own is not None
    if member != "extra":
        assert "changed" in refusal(stage, sign_payload(edited, own), Stale)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"nonsense", b'{"payload":1}'])
def test_what_is_no_envelope(quick_stage_at, data: bytes) -> None:
    stage = quick_stage_at("handed")
    assert "Nothing was kept" in refusal(stage, data)


@pytest.mark.parametrize("minutes", [-60 * 24, 60 * 24])
def test_a_time_that_the_log_would_not_stand(quick_stage_at, minutes: int) -> None:
    """statedAt far from both ends (docs/formats.md §6 step 9)."""
    stage = quick_stage_at("handed")
    now = stage.now
    stage.now += timedelta(minutes=minutes)
    envelope = held.demand(stage)
    stage.now = now
    with pytest.raises(Refused, match="step 9"):
        hand_in(stage, envelope)
    assert play.log_types(stage) == []
