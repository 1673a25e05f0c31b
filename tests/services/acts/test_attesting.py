"""Signing attestations: each by itself, over what stands at that moment."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from attest.demo import made_up, script
from attest.demo.acting import account_of, give_password, make_key, seat_of
from attest.domain.refusal import Refused
from attest.services.acts import acknowledging, answers, attesting
from attest.services.acts.acknowledging import OfficerAnswers
from attest.services.log import prefix
from attest.services.log.ledger import open_log
from attest.services.log.prepared import Stale
from attest.signing import PrivateKey
from attest.statements import build
from attest.statements.canonical import decode, encode
from attest.statements.envelope import encode_envelope, parse_envelope, sign_payload
from tests import held
from tests import stage as play


def hand_in(stage, envelopes, email: str = play.OFFICER):
    with stage.act() as ctx:
        return attesting.sign_attestations(ctx, seat_of(ctx, stage, email), envelopes)


def refusal(stage, envelope, kind: type[Refused] | None = None) -> str:
    """The sentence for a lone envelope, raised or told; nothing was signed."""
    if kind is None:
        [result] = hand_in(stage, [envelope])
        sentence = result.sentence or ""
        assert sentence
    else:
        with pytest.raises(Refused) as told:
            hand_in(stage, [envelope])
        assert type(told.value) is kind
        sentence = told.value.sentence
    assert "attestation.signed" not in play.log_types(stage)
    return sentence


def test_signing_both_files(stage_at) -> None:
    stage = stage_at("answered")
    envelopes = held.attestations(stage)
    results = hand_in(stage, envelopes)
    assert [(result.id, result.sentence) for result in results] == [
        (file_id, None) for file_id, _ in envelopes
    ]
    assert {file.state for file in play.files(stage).values()} == {"attested"}
    assert play.state(stage) == "awaiting_review"
    assert {letter.to_email for letter in play.letters(stage, "attestations_to_review")} == {
        play.SIGNATORY,
        play.SECOND,
    }
    assert play.problems(stage) == []


def test_each_envelope_has_an_answer_of_its_own(stage_at) -> None:
    stage = stage_at("answered")
    good, other = held.attestations(stage)
    results = hand_in(stage, [("one", b"{}"), ("one", good[1]), ("one", other[1])])
    assert [bool(result.sentence) for result in results] == [True, False, False]
    assert play.log_types(stage).count("attestation.signed") == 2


def test_the_same_envelope_again_is_answered_as_new(stage_at) -> None:
    stage = stage_at("answered")
    envelopes = held.attestations(stage)
    hand_in(stage, envelopes)
    before = play.log_types(stage)
    assert [result.sentence for result in hand_in(stage, envelopes + envelopes)] == [None] * 4
    assert play.log_types(stage) == before


def test_one_bad_envelope_does_not_stop_the_other(stage_at) -> None:
    stage = stage_at("answered")
    good, bad = held.attestations(stage)
    payload = parse_envelope(bad[1]).payload
    results = hand_in(
        stage,
        [
            (bad[0], sign_payload(payload, PrivateKey.generate())),
            ("nonsense", b"nonsense"),
            good,
        ],
    )
    assert [result.sentence is None for result in results] == [False, False, True]
    assert play.log_types(stage).count("attestation.signed") == 1
    assert play.problems(stage) == []


def test_a_store_named_meanwhile(stage_at) -> None:
    stage = stage_at("answered")
    envelopes = held.attestations(stage)
    play.name_store(stage)
    assert "store was named" in refusal(stage, envelopes[0], Stale)
    told = hand_in(stage, envelopes)
    assert all(result.sentence and "store was named" in result.sentence for result in told)
    with pytest.raises(Refused, match="No file is ready"):
        held.attestations(stage)


def test_answers_changed_meanwhile(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    [first, second] = held.attestations(stage)
    changed = play.deleted(stage) | {"performed_by": "Somebody else"}
    names = {file.id: name for name, file in play.files(stage).items()}
    play.fill(stage, play.SHARE.label, changed, [names[first[0]]])
    assert "changed since" in refusal(stage, first, Stale)
    assert hand_in(stage, [second])[0].sentence is None


def test_the_disclosure_changed_meanwhile(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    envelope = held.attestations(stage)[0]
    with stage.act() as ctx:
        answers.save_onward(
            ctx, seat_of(ctx, stage, play.OFFICER), None, True, "A printer; two sheets"
        )
    assert "changed since" in refusal(stage, envelope, Stale)


def test_signed_for_already(quick_stage_at) -> None:
    """Two pages were open: the second one's envelope says the same with another nonce."""
    stage = quick_stage_at("answered")
    first, second = held.attestations(stage)[0], held.attestations(stage)[0]
    hand_in(stage, [first])
    with pytest.raises(Stale, match="signed for already"):
        hand_in(stage, [second])
    assert play.log_types(stage).count("attestation.signed") == 1


def test_twice_the_same_file_in_one_go(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    first, second = held.attestations(stage)[0], held.attestations(stage)[0]
    results = hand_in(stage, [("one", first[1]), ("two", second[1])])
    assert [result.sentence is None for result in results] == [True, False]
    assert play.problems(stage) == []


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("fileId", "00000000-0000-4000-8000-000000000000"),
        ("copies", []),
        ("onward", {"disclosed": True, "recipients": [{"name": "x", "what": "y"}]}),
        ("supersedes", "0" * 64),
        ("extra", 1),
    ],
)
def test_an_edited_payload(quick_stage_at, member: str, value: object) -> None:
    stage = quick_stage_at("answered")
    file_id, data = held.attestations(stage)[0]
    parsed = parse_envelope(data)
    statement = decode(parsed.payload)
    statement["predicate"][member] = value
    edited = encode(statement)
    refusal(stage, (file_id, encode_envelope(edited, parsed.signatures)))
    own = stage.actor(play.OFFICER).key
    assert own is not None
    whole = member not in ("extra", "fileId")
    refusal(stage, (file_id, sign_payload(edited, own)), Stale if whole else None)


def test_another_statement_in_its_place(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    review = held.review(stage)
    results = hand_in(stage, [("x", review)])
    assert results[0].sentence


def test_an_officer_who_is_not_this_demands(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    envelopes = held.attestations(stage)
    other = OfficerAnswers("Otto Oak", "Deputy", "otto@halden.example")
    with stage.act() as ctx:
        acknowledging.name_officer(ctx, seat_of(ctx, stage, play.LIAISON), other)
    give_password(stage, other.email, play.NO_PASSWORD)
    assert "not named as the assurance officer" in refusal(stage, envelopes[0], Refused)
    with pytest.raises(Refused, match="no signing key"):
        hand_in(stage, envelopes, other.email)


def test_a_replaced_key_signs_no_more(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    envelopes = held.attestations(stage)
    make_key(stage, play.OFFICER, "officer")
    assert "another key" in refusal(stage, envelopes[0])
    script.attest_all(stage)
    assert play.problems(stage) == []
    status, why = play.reasons(play.verified(stage))
    assert (status, why) == (3, ["keys not pinned"]), "the new key was not confirmed"


def test_an_exception_that_ended_between_answering_and_signing(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    until = stage.now.date() + timedelta(days=2)
    play.fill(stage, play.SHARE.label, play.beyond_use(until))
    envelopes = held.attestations(stage)
    stage.now += timedelta(days=2)
    with pytest.raises(Refused, match="exception ended"):
        held.attestations(stage)
    assert "exception ended" in refusal(stage, envelopes[0])


def test_a_page_that_stayed_open_for_days(quick_stage_at) -> None:
    """statedAt lies between the last leaf seen and its own leaf, or close to either."""
    stage = quick_stage_at("answered")
    envelopes = held.attestations(stage)
    stage.now += timedelta(days=3)
    assert [result.sentence for result in hand_in(stage, envelopes)] == [None, None]
    assert play.reasons(play.verified(stage)) == (0, [])


def test_a_file_reopened_since_the_page_was_opened(quick_stage_at) -> None:
    """By the formats it would stand as attested: what came back has to be read first."""
    stage = quick_stage_at("answered")
    envelopes = held.attestations(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        ledger = open_log(ctx, seat.demand.id)
        ledger.append(
            "file.reopened",
            build.plain(
                "file.reopened",
                seat.demand.id,
                build.new_nonce(),
                fileId=envelopes[0][0],
                reason="Another copy turned up.",
                by=prefix.by(seat),
            ),
        )
        ledger.save()
    assert "was reopened since" in refusal(stage, envelopes[0], Stale)


def test_incomplete_files_are_not_ready(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    with stage.look() as ctx:
        assert attesting.ready_files(ctx, seat_of(ctx, stage, play.OFFICER)) == []
    play.fill(stage, play.SHARE.label, play.deleted(stage))
    with stage.look() as ctx:
        assert attesting.ready_files(ctx, seat_of(ctx, stage, play.OFFICER)) == []
        with pytest.raises(Refused, match="No file is ready"):
            attesting.prepare_attestations(
                ctx, seat_of(ctx, stage, play.OFFICER), [play.files(stage)["list.csv"].id]
            )


def test_a_rejected_file_is_signed_again_and_supersedes(stage_at) -> None:
    stage = stage_at("attested")
    script.review(stage, "rejected", "Who deleted it?")
    before = {name: file.last_attestation for name, file in play.files(stage).items()}
    play.fill(stage, play.SHARE.label, play.deleted(stage) | {"performed_by": "Ada Quill"})
    envelopes = held.attestations(stage)
    for file_id, data in envelopes:
        said = decode(parse_envelope(data).payload)["predicate"]
        assert said["supersedes"] in before.values(), file_id
    assert [result.sentence for result in hand_in(stage, envelopes)] == [None, None]
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_a_thousand_files_in_one_go(tmp_path, sqlite_url: str) -> None:
    """One passphrase entry for all of them. Measured in the processor's time: a busy machine
    takes longer by the clock."""
    stage = play.open_stage(tmp_path / "instance", sqlite_url)
    make_key(stage, play.SIGNATORY, "signatory")
    made_up.draft(stage, 1_000, 2)
    script.issue(stage)
    with stage.act() as ctx:
        acknowledging.name_officer(
            ctx,
            seat_of(ctx, stage, play.LIAISON),
            OfficerAnswers("Ruth Adeyemi", "Assurance lead", play.OFFICER),
        )
    with stage.look() as ctx:
        assert account_of(ctx, play.OFFICER).password_hash is None
    script.make_officer_key(stage)
    script.fill(stage, lambda store, file: play.deleted(stage))
    envelopes = held.attestations(stage)
    assert len(envelopes) == 1_000
    began = time.process_time()
    results = hand_in(stage, envelopes)
    took = time.process_time() - began
    assert {result.sentence for result in results} == {None}
    assert took < 10, f"{took:.1f} s for 1,000 attestations"
    assert len(play.letters(stage, "attestations_to_review")) == 2
    assert play.state(stage) == "awaiting_review"
    stage.engine.dispose()
