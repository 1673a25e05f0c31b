"""Reviews: what is accepted was read, by a key that was heard, and is still the last word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attest.demo import script
from attest.demo.acting import make_key, seat_of, sign
from attest.domain.refusal import Refused
from attest.services.acts import reopening, reviewing
from attest.services.log.prepared import Stale
from attest.signing import PrivateKey
from attest.statements.canonical import decode, encode
from attest.statements.envelope import encode_envelope, parse_envelope, sign_payload
from tests import held
from tests import stage as play
from tests.concurring import attested_for_each


def hand_in(stage, envelope: bytes, email: str = play.SIGNATORY) -> None:
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, email, side="controller", duty="signatory")
        reviewing.review_attestations(ctx, seat, envelope)


def waiting(stage, email: str = play.SIGNATORY) -> int:
    with stage.look() as ctx:
        return len(reviewing.reviewable(ctx, seat_of(ctx, stage, email)))


def test_both_are_accepted_with_one_signature(stage_at) -> None:
    stage = stage_at("attested")
    envelope = held.review(stage)
    hand_in(stage, envelope)
    hand_in(stage, envelope)
    assert play.log_types(stage).count("attestation.reviewed") == 1
    assert {file.state for file in play.files(stage).values()} == {"accepted"}
    assert waiting(stage) == 0
    assert len(play.letters(stage, "attestations_accepted")) == 2
    assert {letter.to_email for letter in play.letters(stage, "ready_to_close")} == {
        play.CASEWORK,
        play.SIGNATORY,
        play.SECOND,
    }
    assert play.problems(stage) == []


def test_a_rejection_needs_a_reason(stage_at) -> None:
    stage = stage_at("attested")
    for reason in (None, "", " \n"):
        with pytest.raises(Refused) as told:
            held.review(stage, "rejected", reason)
        assert told.value.field == "reason"
    hand_in(stage, held.review(stage, "rejected", "Who searched the cabinet?"))
    assert {file.state for file in play.files(stage).values()} == {"rejected"}
    assert play.state(stage) == "in_progress"
    told_to = play.letters(stage, "attestations_rejected")
    assert {letter.to_email for letter in told_to} == {play.LIAISON, play.OFFICER}
    assert all("Who searched the cabinet?" in letter.text for letter in told_to)
    assert play.problems(stage) == []


def test_another_word_than_accept_or_reject(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    with pytest.raises(Refused) as told:
        held.review(stage, "noted")
    assert told.value.field == "decision"


def test_an_unconfirmed_key_is_not_accepted_but_may_be_rejected(quick_stage_at) -> None:
    stage = quick_stage_at("acknowledged")
    script.make_officer_key(stage)
    play.answered(stage)
    play.attested(stage)
    with pytest.raises(Refused, match="has not been confirmed"):
        held.review(stage)
    rejection = held.review(stage, "rejected", "Read out your key first.")
    # The same refusal for an envelope that a page without the check would send.
    own = stage.actor(play.SIGNATORY).key
    assert own is not None
    statement = decode(parse_envelope(rejection).payload)
    statement["predicate"]["decision"] = "accepted"
    with pytest.raises(Refused, match="has not been confirmed"):
        hand_in(stage, sign_payload(encode(statement), own))
    hand_in(stage, rejection)
    assert play.problems(stage) == []


def test_an_attestation_that_was_superseded_meanwhile(stage_at) -> None:
    stage = stage_at("attested")
    old = held.review(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.LIAISON)
        for file in play.files(stage).values():
            reopening.reopen_file(ctx, seat, file.id, "Another copy was found.")
    with pytest.raises(Stale, match="reopened"):
        hand_in(stage, old)
    stage.now += timedelta(minutes=1)
    play.fill(stage, play.SHARE.label, play.deleted(stage) | {"performed_by": "Ada Quill"})
    script.attest_all(stage)
    with pytest.raises(Stale, match="superseded"):
        hand_in(stage, old)
    assert "attestation.reviewed" not in play.log_types(stage)
    hand_in(stage, held.review(stage))
    assert play.problems(stage) == []


def test_reviewed_by_a_colleague_meanwhile(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    make_key(stage, play.SECOND, "signatory")
    mine = held.review(stage)
    hand_in(stage, held.review(stage, "rejected", "No.", play.SECOND), play.SECOND)
    with pytest.raises(Stale, match="has been reviewed"):
        hand_in(stage, mine)


def test_a_reopened_file_keeps_its_state_by_the_new_review(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    with stage.act() as ctx:
        reopening.reopen_file(
            ctx, seat_of(ctx, stage, play.CASEWORK), play.files(stage)["list.csv"].id, "Found."
        )
    assert play.state(stage) == "in_progress"
    play.attested(stage)
    assert waiting(stage) == 1
    hand_in(stage, held.review(stage))
    assert {file.state for file in play.files(stage).values()} == {"accepted"}
    assert play.reasons(play.verified(stage)) == (0, [])


@pytest.mark.parametrize(
    ("member", "value"),
    [("decision", "rejected"), ("reason", "Because."), ("extra", 1), ("subject", [])],
)
def test_an_edited_payload(quick_stage_at, member: str, value: object) -> None:
    stage = quick_stage_at("attested")
    parsed = parse_envelope(held.review(stage))
    statement = decode(parsed.payload)
    (statement if member == "subject" else statement["predicate"])[member] = value
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
    assert "attestation.reviewed" not in play.log_types(stage)


@pytest.mark.parametrize(
    "subject",
    [[1], [{}], [{"name": 1}], [{"name": "x", "digest": {}}], "text", {"name": "x"}],
)
def test_subjects_of_another_shape(quick_stage_at, subject: object) -> None:
    """A forged field is refused with a sentence, and never an error of ours."""
    stage = quick_stage_at("attested")
    statement = decode(parse_envelope(held.review(stage)).payload)
    statement["subject"] = subject
    own = stage.actor(play.SIGNATORY).key
    assert own is not None
    with pytest.raises(Refused):
        hand_in(stage, sign_payload(encode(statement), own))


# --- Under `each`, every controller's review counts -------------------------------------------


def test_each_controller_reviews(quick_stage_at) -> None:
    stage = attested_for_each(quick_stage_at)
    assert {letter.to_email for letter in play.letters(stage, "attestations_to_review")} == {
        play.SIGNATORY,
        play.SECOND,
        play.JOINT,
    }
    hand_in(stage, held.review(stage))
    assert {file.state for file in play.files(stage).values()} == {"attested"}
    assert (waiting(stage), waiting(stage, play.JOINT)) == (0, 2)
    assert play.problems(stage) == []
    hand_in(stage, held.review(stage, email=play.JOINT), play.JOINT)
    assert {file.state for file in play.files(stage).values()} == {"accepted"}
    assert play.problems(stage) == []
    # Northshire has not heard Eastshire's key: to it the files are not accepted by both.
    assert play.reasons(play.verified(stage)) == (3, ["keys not pinned"])


def test_any_controller_rejects(quick_stage_at) -> None:
    stage = attested_for_each(quick_stage_at)
    hand_in(stage, held.review(stage))
    hand_in(stage, held.review(stage, "rejected", "No.", play.JOINT), play.JOINT)
    assert {file.state for file in play.files(stage).values()} == {"rejected"}
    assert play.problems(stage) == []


def test_under_lead_the_joint_controller_only_reads(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    make_key(stage, play.JOINT, "signatory")
    with pytest.raises(Refused, match="lead controller's review counts"):
        held.review(stage, email=play.JOINT)


def test_a_part_of_what_waits(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    files = play.files(stage)
    ids = [files["list.csv"].id, files["list.csv"].id, "nobody's"]
    sign(
        stage,
        play.SIGNATORY,
        lambda ctx, seat: reviewing.prepare_review(ctx, seat, ids, "accepted", " "),
        lambda ctx, seat, made: reviewing.review_attestations(ctx, seat, made[0][1]),
    )
    assert play.files(stage)["list.csv"].state == "accepted"
    assert play.files(stage)["costings.xlsx"].state == "attested"
    with pytest.raises(Refused) as told, stage.look() as ctx:
        reviewing.prepare_review(ctx, seat_of(ctx, stage, play.SIGNATORY), ids, "accepted", None)
    assert told.value.field == "file"
