"""Revoking a key: in every log at once or in none, by who may; nothing of the past is undone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from attest.database.tables import KeyInLog, LogEntry, SigningKey
from attest.demo import script
from attest.demo.acting import Stage, account_of, seat_of, tick
from attest.domain.refusal import Refused
from attest.services.acts import attesting, confirming
from attest.services.log import ledger
from attest.services.log.prepared import Stale
from attest.services.views.needs import needs_of
from attest.statements.envelope import sign_payload
from tests import key_acts as acts
from tests import stage as play


def officers_key(stage: Stage) -> str:
    return acts.key_of(stage, play.OFFICER).keyid


def row(stage: Stage, keyid: str) -> SigningKey:
    with stage.look() as ctx:
        return ctx.session.get_one(SigningKey, keyid)


def revocations(stage: Stage) -> int:
    """In all logs together."""
    with stage.look() as ctx:
        found = select(func.count()).where(LogEntry.type == "key.revoked")
        return ctx.session.scalar(found) or 0


# --- What it does ------------------------------------------------------------------------------


def test_it_stands_in_every_log_that_knows_the_key(stage_at: Any) -> None:
    stage = stage_at("attested")
    second = acts.another_demand(stage)
    stage.now += timedelta(hours=1)
    keyid = officers_key(stage)
    acts.revoke(stage, play.SIGNATORY, keyid, reason="Left on a train.")
    assert revocations(stage) == 2
    for reference in (stage.reference, second):
        with acts.at_demand(stage, reference):
            assert play.log_types(stage)[-1] == "key.revoked"
            report = play.verified(stage)
            assert play.reasons(report) in ((0, []), (3, ["not witnessed"]))
            (told,) = [key for key in report.head()["keys"] if key["keyid"] == keyid]
            assert [item["reason"] for item in told["revoked"]] == ["Left on a train."]
    assert row(stage, keyid).revoked_at == stage.now
    assert play.problems(stage) == []
    references = {letter.subject[:11] for letter in play.letters(stage, "key_revoked")}
    assert references == {stage.reference, second}


def test_who_must_know_is_written_to(stage_at: Any) -> None:
    stage = stage_at("attested")
    acts.revoke(stage, play.SIGNATORY, officers_key(stage))
    letters = play.letters(stage, "key_revoked")
    assert {letter.to_email for letter in letters} == {
        play.OFFICER,
        play.LIAISON,
        play.SIGNATORY,
        play.SECOND,
        play.CASEWORK,
        play.JOINT,
    }
    for letter in letters:
        assert "The laptop was stolen." in letter.text
        assert "once they have made another key" in " ".join(letter.text.split())
        assert "in other hands" not in letter.text


def test_a_key_lost_before_it_was_used_tells_its_holder_alone(stage_at: Any) -> None:
    stage = stage_at("drafted")
    acts.revoke(stage, play.SIGNATORY)
    (letter,) = play.letters(stage, "key_revoked")
    assert (letter.to_email, letter.demand_id) == (play.SIGNATORY, None)


def test_all_or_nothing(stage_at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second log can't be written: the first one, the rows and the letters go back too."""
    stage = stage_at("attested")
    acts.another_demand(stage)
    keyid = officers_key(stage)
    payload = acts.prepare(stage, play.SIGNATORY, keyid, acts.key_of(stage, play.SIGNATORY)).payload
    envelope = sign_payload(payload, acts.key_of(stage, play.SIGNATORY))
    saved: list[str] = []
    save = ledger.Ledger.save

    def fails_the_second_time(self: ledger.Ledger) -> str:
        saved.append(self.demand_id)
        if len(saved) == 2:
            raise OSError("the disk is full")
        return save(self)

    with monkeypatch.context() as patch:
        patch.setattr(ledger.Ledger, "save", fails_the_second_time)
        with pytest.raises(OSError, match="disk"):
            acts.hand_in(stage, play.SIGNATORY, envelope)
    assert len(saved) == 2
    assert saved == sorted(saved)
    assert revocations(stage) == 0
    assert row(stage, keyid).revoked_at is None
    assert play.letters(stage, "key_revoked") == []
    assert play.problems(stage) == []
    acts.hand_in(stage, play.SIGNATORY, envelope)
    assert revocations(stage) == 2


def test_handed_in_twice_it_is_kept_once(stage_at: Any) -> None:
    stage = stage_at("attested")
    envelope = acts.revoke(stage, play.OFFICER)
    letters = len(play.letters(stage))
    stage.now += timedelta(hours=1)
    acts.hand_in(stage, play.OFFICER, envelope)
    assert revocations(stage) == 1
    assert len(play.letters(stage)) == letters


def test_a_closed_demand_learns_of_it_too(quick_stage_at: Any) -> None:
    stage = quick_stage_at("closed")
    acts.revoke(stage, play.OFFICER)
    assert play.log_types(stage)[-2:] == ["demand.closed", "key.revoked"]
    assert play.state(stage) == "closed"
    tick(stage)
    assert play.reasons(play.verified(stage)) == (0, [])


# --- What was signed before, and after ---------------------------------------------------------


def test_what_was_signed_before_can_still_be_accepted(stage_at: Any) -> None:
    stage = stage_at("attested")
    acts.revoke(stage, play.OFFICER)
    stage.now += timedelta(hours=1)
    script.review(stage, "accepted")
    tick(stage)
    assert {file.state for file in play.files(stage).values()} == {"accepted"}
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_it_signs_nothing_more_until_another_key_is_confirmed(quick_stage_at: Any) -> None:
    stage = quick_stage_at("answered")
    acts.revoke(stage, play.OFFICER)
    with pytest.raises(Refused, match="no signing key"):
        script.attest_all(stage)
    old, _ = acts.replace(stage, play.OFFICER)
    script.confirm_officer(stage)
    script.attest_all(stage)
    script.review(stage, "accepted")
    tick(stage)
    assert play.reasons(play.verified(stage)) == (0, [])
    assert row(stage, old.keyid).revoked_at is not None
    assert play.problems(stage) == []


def test_an_envelope_signed_before_comes_too_late(quick_stage_at: Any) -> None:
    """The officer's page stayed open while the key was revoked."""
    stage = quick_stage_at("answered")
    key = acts.key_of(stage, play.OFFICER)
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        ready = attesting.ready_files(ctx, seat)
        made = attesting.prepare_attestations(ctx, seat, ready)
    envelopes = [(item.id, sign_payload(item.payload, key)) for item in made.items]
    acts.revoke(stage, play.SIGNATORY, key.keyid)
    with pytest.raises(Refused, match="no signing key"), stage.act() as ctx:
        attesting.sign_attestations(ctx, seat_of(ctx, stage, play.OFFICER), envelopes)


def test_a_key_that_its_confirmer_outlives_stays_confirmed(stage_at: Any) -> None:
    """The signatory confirmed the officer's key before the officer signed anything here: the
    confirmation comes into the log before the revocation, and counts."""
    stage = stage_at("ready")
    acts.revoke(stage, play.SIGNATORY)
    kinds = play.log_types(stage)
    assert kinds.index("key.confirmed") < kinds.index("key.revoked")
    script.fill(stage, play.plain_answer(stage))
    script.attest_all(stage)
    acts.replace(stage, play.SIGNATORY)
    script.review(stage, "accepted")
    tick(stage)
    assert play.reasons(play.verified(stage)) == (0, [])


def test_a_confirmation_that_came_after_is_void_and_said_to_be(stage_at: Any) -> None:
    """In a second demand the officer is named only after the signatory's key was revoked there."""
    stage = stage_at("attested")
    second = acts.another_demand(stage, attested=False)
    acts.revoke(stage, play.SIGNATORY)
    stage.now += timedelta(hours=1)
    first = stage.reference
    stage.reference = second
    acts.name_officer(stage)

    def state() -> tuple[str, int]:
        with stage.look() as ctx:
            seat = seat_of(ctx, stage, play.SIGNATORY)
            view = confirming.key_at(ctx, seat, officers_key(stage))
            return view.state, len(view.void)

    assert state() == ("enrolled", 1)
    # Whoever made another key since then is asked to confirm it, as on the demand's own page.
    acts.replace(stage, play.SIGNATORY)
    assert to_confirm(stage) == [f"/demands/{second}/keys"]
    script.fill(stage, play.plain_answer(stage))
    script.attest_all(stage)
    assert state() == ("enrolled", 1)
    with pytest.raises(Refused, match="confirm"):
        script.review(stage, "accepted")
    script.confirm_officer(stage)
    assert to_confirm(stage) == []
    assert state() == ("confirmed", 1)
    script.review(stage, "accepted")
    tick(stage)
    assert play.reasons(play.verified(stage)) == (0, [])
    assert play.problems(stage) == []
    # In the first demand the old confirmation counts as it did.
    stage.reference = first
    assert state() == ("confirmed", 0)


def to_confirm(stage: Stage) -> list[str]:
    """Where "What needs you" asks the signatory to confirm a key."""
    with stage.look() as ctx:
        needs = needs_of(ctx, account_of(ctx, play.SIGNATORY))
    return [need.href for need in needs if need.sentence.startswith("Confirm the key of")]


# --- Lost since --------------------------------------------------------------------------------


def test_what_it_signed_since_is_counted_in_the_letter_and_flagged(stage_at: Any) -> None:
    stage = stage_at("attested")
    since = stage.now - timedelta(minutes=1)
    stage.now += timedelta(hours=1)
    acts.revoke(stage, play.SIGNATORY, officers_key(stage), since=since)
    tick(stage)
    for letter in play.letters(stage, "key_revoked"):
        text = " ".join(letter.text.split())
        assert "it has signed 2 things" in text
        assert "With it, even what is really theirs counts only where a checkpoint" in text
        assert "it may as well be attested again where nobody is sure" in text
    # For the controller, who says so itself, the attestations count no more than they are proved.
    report = play.verified(stage, play.SIGNATORY)
    assert play.reasons(report) == (3, ["key revoked"])
    assert {file["state"] for file in report.files()} == {"open"}
    # For the contractor it is a flag: their own trust file does not call the key lost.
    report = play.verified(stage, play.LIAISON)
    assert play.reasons(report) == (3, ["keys not pinned"]) or play.reasons(report) == (0, [])
    assert all("compromisedSince" in file["attestation"] for file in report.files())


# --- At once -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("patient")
def test_two_revoke_the_same_key_at_once(stage_at: Any) -> None:
    stage = stage_at("attested")
    acts.another_demand(stage)
    keyid = officers_key(stage)
    people = [play.SIGNATORY, play.OFFICER]
    envelopes = [
        sign_payload(acts.prepare(stage, email, keyid, key).payload, key)
        for email in people
        for key in [acts.key_of(stage, email)]
    ]

    def hand_in(number: int) -> str | None:
        try:
            return acts.hand_in(stage, people[number], envelopes[number])
        except Refused:
            return None

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(hand_in, range(2)))
    assert sorted(result is None for result in results) == [False, True]
    assert revocations(stage) == 2  # one in each log
    assert play.problems(stage) == []


@pytest.mark.usefixtures("patient")
def test_signed_for_and_revoked_at_once(stage_at: Any) -> None:
    """Either the attestations come first, or they are refused: never after the revocation."""
    stage = stage_at("answered")
    key = acts.key_of(stage, play.OFFICER)
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        made = attesting.prepare_attestations(ctx, seat, attesting.ready_files(ctx, seat))
    signed = [(item.id, sign_payload(item.payload, key)) for item in made.items]
    signatory = acts.key_of(stage, play.SIGNATORY)
    envelope = sign_payload(
        acts.prepare(stage, play.SIGNATORY, key.keyid, signatory).payload, signatory
    )

    def attest() -> None:
        try:
            with stage.act() as ctx:
                seat = seat_of(ctx, stage, play.OFFICER)
                attesting.sign_attestations(ctx, seat, signed)
        except Refused:
            pass

    def revoke() -> bool:
        try:
            acts.hand_in(stage, play.SIGNATORY, envelope)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        attesting_ends, revoking_ends = pool.submit(attest), pool.submit(revoke)
        attesting_ends.result()
        was_revoked = revoking_ends.result()
    if not was_revoked:
        assert revoke()
    kinds = play.log_types(stage)
    if "attestation.signed" in kinds:
        assert kinds.index("key.revoked") > kinds.index("attestation.signed")
    assert play.problems(stage) == []


def test_the_rows_name_the_keys_of_each_log(stage_at: Any) -> None:
    stage = stage_at("attested")
    with stage.act() as ctx:
        ctx.session.delete(ctx.session.scalars(select(KeyInLog)).first())
    assert any("keys that the log enrols" in sentence for sentence in play.problems(stage))
