"""Rotation: the old key signs the new one's enrolment, and that vouches for nothing."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from attest.database.tables import SigningKey
from attest.demo import script
from attest.demo.acting import Stage, account_of, make_key, tick
from attest.domain.refusal import Refused
from attest.services.acts import enrolling
from attest.signing import PrivateKey
from attest.statements.canonical import decode, encode
from attest.statements.envelope import sign_payload
from tests import key_acts as acts
from tests import stage as play


def row(stage: Stage, keyid: str) -> SigningKey:
    with stage.look() as ctx:
        return ctx.session.get_one(SigningKey, keyid)


def enrol(stage: Stage, email: str, *keys: PrivateKey, new: PrivateKey) -> None:
    duty = acts.duty_of(email)
    with stage.act() as ctx:
        (person,) = account_of(ctx, email).people
        payload = enrolling.prepare_enrolment(ctx, person, duty, new.public_key)
        enrolling.enrol_key(ctx, person, sign_payload(payload, *keys))


def test_the_old_key_is_brought_along_and_the_new_one_is_confirmed(stage_at: Any) -> None:
    stage = stage_at("answered")
    old, new = acts.rotate(stage, play.OFFICER)
    assert row(stage, new.keyid).rotated_from == old.keyid
    assert row(stage, old.keyid).replaced_at == stage.now
    second = acts.another_demand(stage)  # whose log never saw the old key in use
    with acts.at_demand(stage, second):
        report = play.verified(stage)
        keys = {key["keyid"]: key for key in report.head()["keys"]}
        assert keys[new.keyid]["rotatedFrom"] == old.keyid
        assert keys[old.keyid]["leaf"] < keys[new.keyid]["leaf"]
        with pytest.raises(Refused, match="confirm"):
            script.review(stage, "accepted")
        script.confirm_officer(stage)
        script.review(stage, "accepted")
        tick(stage)
        assert play.reasons(play.verified(stage)) == (0, [])
    assert play.problems(stage) == []


def test_the_letter_says_that_it_proves_nothing_yet(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    before = {letter.id for letter in play.letters(stage)}
    acts.rotate(stage, play.OFFICER)
    fresh = [letter for letter in play.letters(stage) if letter.id not in before]
    assert {letter.kind for letter in fresh} == {"key_to_confirm"}
    for letter in fresh:
        assert "confirm this one like the first" in " ".join(letter.text.split())


@pytest.mark.parametrize("rotated", [True, False])
def test_the_contractor_is_told_of_a_signatorys_new_key(quick_stage_at: Any, rotated: bool) -> None:
    stage = quick_stage_at("ready")
    (acts.rotate if rotated else acts.replace)(stage, play.SIGNATORY)
    letters = play.letters(stage, "key_to_compare")
    assert {letter.to_email for letter in letters} == {play.LIAISON, play.OFFICER}
    for letter in letters:
        text = " ".join(letter.text.split())
        assert ("earlier key has signed the new one" in text) is rotated


def test_a_chain_of_rotations_comes_whole_and_in_order(stage_at: Any) -> None:
    """All within one second, so that only the chain gives the order."""
    stage = stage_at("answered")
    keys = [acts.key_of(stage, play.OFFICER)]
    keys += [acts.rotate(stage, play.OFFICER)[1] for _ in range(4)]
    second = acts.another_demand(stage)
    with acts.at_demand(stage, second):
        standing = {key["keyid"]: key for key in play.verified(stage).head()["keys"]}
        leaves = [standing[key.keyid]["leaf"] for key in keys]
        assert leaves == sorted(leaves)
        for old, new in pairwise(keys):
            assert standing[new.keyid]["rotatedFrom"] == old.keyid
    assert play.problems(stage) == []


def test_a_rotated_key_of_a_revoked_one_may_still_be_used(stage_at: Any) -> None:
    """The old key's revocation is copied along with it, into a log that never knew it."""
    stage = stage_at("answered")
    old, _ = acts.rotate(stage, play.OFFICER)
    stage.now += timedelta(minutes=1)
    acts.revoke(stage, play.OFFICER, old.keyid, old)
    second = acts.another_demand(stage)
    with acts.at_demand(stage, second):
        kinds = play.log_types(stage)
        assert kinds.count("key.revoked") == 1
        assert play.verified(stage).failure is None
    assert play.problems(stage) == []


def test_a_signatory_rotates_before_the_demand_is_issued(stage_at: Any) -> None:
    """The prefix that is signed over holds the old key and its revocation."""
    stage = stage_at("handed")
    old, _ = acts.rotate(stage, play.SIGNATORY)
    stage.now += timedelta(hours=3)
    acts.revoke(stage, play.SIGNATORY, old.keyid, old)
    script.issue(stage)
    tick(stage)
    assert play.log_types(stage)[:3] == ["key.enrolled", "key.enrolled", "key.revoked"]
    assert play.reasons(play.verified(stage)) == (0, [])
    assert play.problems(stage) == []


def test_sent_twice_it_is_the_same_key(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    old, new = acts.key_of(stage, play.OFFICER), PrivateKey.generate()
    with stage.look() as ctx:
        (person,) = account_of(ctx, play.OFFICER).people
        payload = enrolling.prepare_enrolment(ctx, person, "officer", new.public_key)
    envelope = sign_payload(payload, old, new)
    found = []
    for _ in range(2):
        with stage.act() as ctx:
            (person,) = account_of(ctx, play.OFFICER).people
            found.append(enrolling.enrol_key(ctx, person, envelope).keyid)
    assert found == [new.keyid, new.keyid]


# --- What the old key may not do -----------------------------------------------------------------


def test_with_another_name_or_title_the_old_key_does_not_sign(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    old = acts.key_of(stage, play.OFFICER)
    with stage.act() as ctx:
        (person,) = account_of(ctx, play.OFFICER).people
        assert enrolling.old_key(ctx, person, "officer") is not None
        person.role = "Head of Assurance"
        assert enrolling.old_key(ctx, person, "officer") is None
    new = PrivateKey.generate()
    with pytest.raises(Refused, match="another name or title"):
        enrol(stage, play.OFFICER, new, old, new=new)
    enrol(stage, play.OFFICER, new, new=new)
    assert row(stage, new.keyid).rotated_from is None


def test_a_revoked_key_does_not_sign(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    old = acts.key_of(stage, play.OFFICER)
    acts.revoke(stage, play.OFFICER)
    new = PrivateKey.generate()
    with pytest.raises(Refused, match="without it"):
        enrol(stage, play.OFFICER, new, old, new=new)


def test_nor_does_an_earlier_one(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    oldest, _ = acts.replace(stage, play.OFFICER)
    new = PrivateKey.generate()
    with pytest.raises(Refused, match="not the one that you sign with now"):
        enrol(stage, play.OFFICER, new, oldest, new=new)


def test_nor_somebody_elses(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    new = PrivateKey.generate()
    for other in (acts.key_of(stage, play.SIGNATORY), PrivateKey.generate()):
        with pytest.raises(Refused, match="not the one that you sign with now"):
            enrol(stage, play.OFFICER, new, other, new=new)


def test_the_old_key_alone_enrols_nothing(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    new = PrivateKey.generate()
    with pytest.raises(Refused, match="not the statement"):
        enrol(stage, play.OFFICER, acts.key_of(stage, play.OFFICER), new=new)


@pytest.mark.parametrize("which", [0, 1])
def test_both_signatures_are_checked(quick_stage_at: Any, which: int) -> None:
    stage = quick_stage_at("ready")
    old, new = acts.key_of(stage, play.OFFICER), PrivateKey.generate()
    with stage.act() as ctx:
        (person,) = account_of(ctx, play.OFFICER).people
        payload = enrolling.prepare_enrolment(ctx, person, "officer", new.public_key)
        envelope = decode(sign_payload(payload, new, old))
        envelope["signatures"][which]["sig"] = "A" * 86 + "=="
        with pytest.raises(Refused, match="does not fit"):
            enrolling.enrol_key(ctx, person, encode(envelope))


def test_a_first_key_has_no_old_one(quick_stage_at: Any) -> None:
    stage = quick_stage_at("acknowledged")
    with stage.look() as ctx:
        (person,) = account_of(ctx, play.OFFICER).people
        assert enrolling.old_key(ctx, person, "officer") is None
    key = make_key(stage, play.OFFICER, "officer")
    with stage.look() as ctx:
        (person,) = account_of(ctx, play.OFFICER).people
        found = enrolling.old_key(ctx, person, "officer")
        assert found is not None
        assert found.keyid == key.keyid
