"""Who may revoke a key, and what is refused of a revocation that somebody hands in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from attest.database.tables import KeyStatement, LogEntry, SigningKey
from attest.demo import script
from attest.demo.acting import Stage, account_of, make_key, tick
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.log.prepared import Stale
from attest.signing import PrivateKey
from attest.statements.canonical import decode, encode
from attest.statements.envelope import parse_envelope, sign_payload
from tests import key_acts as acts
from tests import stage as play

STRANGERS = [play.OTHER_CONTROLLER, play.OTHER_CONTRACTOR, play.ADMINISTRATOR]


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


# --- Who may -----------------------------------------------------------------------------------


def test_its_holder_with_another_key(quick_stage_at: Any) -> None:
    """The passphrase is forgotten: the new key revokes the old one."""
    stage = quick_stage_at("attested")
    old, new = acts.replace(stage, play.OFFICER)
    acts.revoke(stage, play.OFFICER, old.keyid, new, reason="Forgotten.")
    assert row(stage, old.keyid).revoked_at == stage.now
    assert row(stage, new.keyid).revoked_at is None
    # The new key comes into the log as the revoker, and is not confirmed by that.
    report = play.verified(stage)
    assert {key["keyid"] for key in report.head()["keys"]} >= {old.keyid, new.keyid}


def test_a_replaced_key_speaks_for_itself_and_no_other(quick_stage_at: Any) -> None:
    stage = quick_stage_at("attested")
    old, new = acts.replace(stage, play.OFFICER)
    with pytest.raises(Refused, match="Choose the key"):
        acts.revoke(stage, play.OFFICER, new.keyid, old)
    acts.revoke(stage, play.OFFICER, old.keyid, old)
    assert row(stage, old.keyid).revoked_at is not None


def test_a_colleague_of_the_same_side(quick_stage_at: Any) -> None:
    stage = quick_stage_at("attested")
    make_key(stage, play.SECOND, "signatory")
    acts.revoke(stage, play.SECOND, acts.key_of(stage, play.SIGNATORY).keyid)
    assert play.log_types(stage)[-2:] == ["key.enrolled", "key.revoked"]
    assert play.problems(stage) == []


def test_a_joint_controllers_signatory(quick_stage_at: Any) -> None:
    stage = quick_stage_at("attested")
    make_key(stage, play.JOINT, "signatory")
    acts.revoke(stage, play.JOINT, officers_key(stage))
    assert play.problems(stage) == []


@pytest.mark.parametrize("email", STRANGERS)
def test_for_strangers_the_key_does_not_exist(quick_stage_at: Any, email: str) -> None:
    stage = quick_stage_at("attested")
    for keyid in (officers_key(stage), "0" * 64):
        with pytest.raises(NotFound):
            acts.prepare(stage, email, keyid, PrivateKey.generate())
    envelope = sign_payload(
        acts.prepare(
            stage, play.SIGNATORY, officers_key(stage), acts.key_of(stage, play.SIGNATORY)
        ).payload,
        acts.key_of(stage, play.SIGNATORY),
    )
    with pytest.raises(NotFound):
        acts.hand_in(stage, email, envelope)
    assert revocations(stage) == 0


def test_another_contractor_with_a_key_of_its_own_is_a_stranger(quick_stage_at: Any) -> None:
    stage = quick_stage_at("attested")
    rival = make_key(stage, play.OTHER_CONTRACTOR, "officer")
    with pytest.raises(NotFound):
        acts.revoke(stage, play.OTHER_CONTRACTOR, officers_key(stage), rival)


def test_a_contractor_cannot_revoke_a_controllers_key(quick_stage_at: Any) -> None:
    stage = quick_stage_at("attested")
    signatory, officer = acts.key_of(stage, play.SIGNATORY), acts.key_of(stage, play.OFFICER)
    for email in (play.OFFICER, play.LIAISON):
        with pytest.raises(NotAllowed, match="no signing key that could revoke"):
            acts.prepare(stage, email, signatory.keyid, officer)
    # Nor with an envelope that says what it likes.
    payload = decode(acts.prepare(stage, play.OFFICER, officer.keyid, officer).payload)
    payload["predicate"]["keyid"] = signatory.keyid
    payload["subject"][0]["digest"]["sha256"] = signatory.keyid
    with pytest.raises(NotAllowed):
        acts.hand_in(stage, play.OFFICER, sign_payload(encode(payload), officer))
    assert revocations(stage) == 0


def test_nobody_without_a_signing_key(quick_stage_at: Any) -> None:
    stage = quick_stage_at("attested")
    for email in (play.LIAISON, play.CASEWORK, play.JOINT):
        with pytest.raises(NotAllowed, match="Ring one of them"):
            acts.prepare(stage, email, officers_key(stage), PrivateKey.generate())


# --- What is refused ---------------------------------------------------------------------------

CHANGES: dict[str, Callable[[Any], None]] = {
    "reason": lambda said: said.update(reason="Because."),
    "another holder": lambda said: said["signer"].update(name="Somebody Else"),
    "a member more": lambda said: said.update(more="x"),
    "an old page": lambda said: said.update(statedAt="2013-01-01T00:00:00Z"),
    "a page of tomorrow": lambda said: said.update(statedAt="2013-12-01T00:00:00Z"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_only_what_the_page_gave_is_kept(quick_stage_at: Any, name: str) -> None:
    stage = quick_stage_at("attested")
    key = acts.key_of(stage, play.OFFICER)
    payload = decode(acts.prepare(stage, play.OFFICER, key.keyid, key).payload)
    before = payload["predicate"]["reason"]
    CHANGES[name](payload["predicate"])
    envelope = sign_payload(encode(payload), key)
    if name == "reason":
        # The reason is the signer's own word: another one is another revocation, as good.
        acts.hand_in(stage, play.OFFICER, envelope)
        assert before != "Because."
        return
    with pytest.raises(Refused):
        acts.hand_in(stage, play.OFFICER, envelope)
    assert revocations(stage) == 0


def test_another_signature_is_refused(quick_stage_at: Any) -> None:
    stage = quick_stage_at("attested")
    key = acts.key_of(stage, play.OFFICER)
    payload = acts.prepare(stage, play.OFFICER, key.keyid, key).payload
    envelope = sign_payload(payload, PrivateKey.generate())
    with pytest.raises(Refused, match="another key"):
        acts.hand_in(stage, play.OFFICER, envelope)
    stolen = parse_envelope(sign_payload(payload, key))
    forged = encode(
        decode(sign_payload(payload, key))
        | {"signatures": [{"keyid": key.keyid, "sig": "A" * 86 + "=="}]}
    )
    assert stolen.payload == payload
    with pytest.raises(Refused, match="does not fit"):
        acts.hand_in(stage, play.OFFICER, forged)


def test_a_reason_is_a_must_and_a_moment_lies_in_the_past(quick_stage_at: Any) -> None:
    stage = quick_stage_at("attested")
    key = acts.key_of(stage, play.OFFICER)
    with pytest.raises(Refused, match="Say why") as refused:
        acts.prepare(stage, play.OFFICER, key.keyid, key, reason="  ")
    assert refused.value.field == "reason"
    with pytest.raises(Refused, match="still to come") as refused:
        acts.prepare(stage, play.OFFICER, key.keyid, key, since=stage.now + timedelta(seconds=1))
    assert refused.value.field == "since_on"


def test_once_more_only_to_say_that_it_was_lost_earlier(stage_at: Any) -> None:
    stage = stage_at("attested")
    officer, signatory = officers_key(stage), acts.key_of(stage, play.SIGNATORY)
    acts.revoke(stage, play.SIGNATORY, officer)
    stage.now += timedelta(days=1)
    with pytest.raises(Refused, match="revoked already"):
        acts.prepare(stage, play.SIGNATORY, officer, signatory)
    since = stage.now - timedelta(days=3)
    acts.revoke(stage, play.SIGNATORY, officer, since=since)
    with pytest.raises(Refused, match="Enter an earlier moment"):
        acts.prepare(stage, play.SIGNATORY, officer, signatory, since=since)
    assert revocations(stage) == 2
    assert play.problems(stage) == []
    tick(stage)
    assert play.reasons(play.verified(stage)) == (3, ["key revoked"])


def test_something_said_since_the_page_was_opened(quick_stage_at: Any) -> None:
    stage = quick_stage_at("acknowledged")
    script.make_officer_key(stage)
    key = acts.key_of(stage, play.OFFICER)
    payload = acts.prepare(stage, play.OFFICER, key.keyid, key).payload
    stage.now += timedelta(minutes=1)
    script.confirm_officer(stage)
    with pytest.raises(Stale, match="Look again"):
        acts.hand_in(stage, play.OFFICER, sign_payload(payload, key))
    assert revocations(stage) == 0


def test_an_account_that_is_gone_revokes_nothing(quick_stage_at: Any) -> None:
    stage = quick_stage_at("attested")
    key = acts.key_of(stage, play.OFFICER)
    payload = acts.prepare(stage, play.OFFICER, key.keyid, key).payload
    with stage.act() as ctx:
        (person,) = account_of(ctx, play.OFFICER).people
        person.active = False
    with pytest.raises(NotFound):
        acts.hand_in(stage, play.OFFICER, sign_payload(payload, key))
    with stage.look() as ctx:
        assert (
            ctx.session.scalars(
                select(KeyStatement).where(KeyStatement.name == "key-revocation")
            ).all()
            == []
        )
