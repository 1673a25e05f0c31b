"""What both sides take home, and what it proves to each of them."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from securesystemslib.dsse import Envelope as TheirEnvelope
from securesystemslib.signer._key import SSlibKey
from sqlalchemy import delete

from attest.bundle.report import check
from attest.bundle.trust import Trust, parse_trust
from attest.database.tables import KeyComparison
from attest.demo import script
from attest.demo.acting import account_of, demand_of, make_key, seat_of, tick
from attest.domain.refusal import Refused
from attest.services.exports import evidence
from attest.signing import b64, spki
from attest.statements.envelope import parse_envelope
from tests import stage as play


def trust(stage, email: str) -> Trust:
    with stage.look() as ctx:
        return parse_trust(evidence.trust_file(ctx, seat_of(ctx, stage, email)))


def test_the_same_state_gives_the_same_bytes(stage_at) -> None:
    stage = stage_at("attested")
    first = play.bundle(stage)
    stage.now = stage.now.replace(year=2014)
    assert play.bundle(stage) == first
    stage.now = stage.now.replace(year=2013)
    play.accepted(stage)
    assert play.bundle(stage) != first


def test_both_sides_verify_one_bundle(stage_at) -> None:
    stage = stage_at("closed")
    data = play.bundle(stage)
    for email in (play.SIGNATORY, play.CASEWORK, play.LIAISON, play.OFFICER):
        assert play.reasons(play.verified(stage, email, data)) == (0, []), email


def test_a_draft_has_no_evidence(quick_stage_at) -> None:
    stage = quick_stage_at("drafted")
    with stage.look() as ctx, pytest.raises(Refused, match="has not been issued"):
        evidence.write_bundle(ctx, demand_of(ctx, stage), io.BytesIO())
    with stage.look() as ctx, pytest.raises(Refused, match="has not been issued"):
        evidence.trust_file(ctx, seat_of(ctx, stage, play.CASEWORK, draft=True))


def test_what_a_trust_file_pins(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    signatory = stage.actor(play.SIGNATORY).key
    officer = stage.actor(play.OFFICER).key
    assert signatory is not None
    assert officer is not None
    assert set(trust(stage, play.CASEWORK).pinned) == {signatory.keyid}
    assert set(trust(stage, play.OFFICER).pinned) == {officer.keyid, signatory.keyid}
    assert trust(stage, play.JOINT).pinned == {}
    assert trust(stage, play.OFFICER).log_key == stage.log_key.public_key


def test_what_a_trust_file_has_seen(quick_stage_at) -> None:
    """The checkpoints of the organisation's own letters, and of no other's."""
    stage = quick_stage_at("ready")
    for email in (play.LIAISON, play.SIGNATORY, play.JOINT):
        with stage.look() as ctx:
            organisation = account_of(ctx, email).people[0].organisation_id
        own = {
            letter.checkpoint
            for letter in play.letters(stage)
            if letter.organisation_id == organisation and letter.checkpoint
        }
        assert own == {seen.note for seen in trust(stage, email).seen}
        assert own


def test_the_contractors_trust_without_a_comparison(quick_stage_at) -> None:
    """Nobody at the contractor rang the controller: its demand and reviews are claims."""
    stage = quick_stage_at("closed")
    with stage.act() as ctx:
        ctx.session.execute(delete(KeyComparison))
    report = play.verified(stage, play.OFFICER)
    assert play.reasons(report) == (3, ["keys not pinned"])
    signatory = stage.actor(play.SIGNATORY).key
    assert signatory is not None
    assert [key.keyid for key in report.reasons[0].keys] == [signatory.keyid]
    assert play.reasons(play.verified(stage, play.SIGNATORY)) == (0, [])


def test_who_was_sent_no_letter_is_told_that_nobody_witnessed(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    alone = replace(trust(stage, play.SIGNATORY), seen=())
    assert play.reasons(check(io.BytesIO(play.bundle(stage)), alone)) == (3, ["not witnessed"])


def test_the_operator_replaces_the_officers_key(stage_at) -> None:
    """An operator with the database and the log key enrols a key as the officer's, signs for
    files with it, lets a signatory be deceived, and exports. The officer's own trust file names
    the true key: the bundle is intact, but."""
    stage = stage_at("ready")
    before = trust(stage, play.OFFICER)
    true_key = stage.actor(play.OFFICER).key
    forged = make_key(stage, play.OFFICER, "officer")
    play.answered(stage)
    play.attested(stage)
    tick(stage)
    assert play.problems(stage) == [], "to the server all is well"
    report = check(io.BytesIO(play.bundle(stage)), before)
    assert play.reasons(report) == (3, ["keys not pinned"])
    assert [key.keyid for key in report.reasons[0].keys] == [forged.keyid]
    assert {file["state"] for file in report.files()} == {"open"}
    assert {file["claimed"]["state"] for file in report.files()} == {"attested"}
    assert true_key is not None
    assert true_key.keyid in before.pinned
    # A signatory who was deceived over the telephone confirms it: to those who pin the
    # signatory's key it counts. Who never signed with it sees both keys in the report.
    script.confirm_officer(stage)
    play.accepted(stage)
    report = check(io.BytesIO(play.bundle(stage)), before)
    keys = {key["keyid"]: key["trusted"] for key in report.head()["keys"]}
    assert keys[forged.keyid] == "confirmed"
    assert keys[true_key.keyid] == "pinned"


def test_a_log_that_was_cut_off_is_no_continuation(quick_stage_at) -> None:
    """The operator shows an older state: the checkpoint from a letter is longer."""
    stage = quick_stage_at("attested")
    old = play.bundle(stage)
    play.accepted(stage)
    report = check(io.BytesIO(old), trust(stage, play.OFFICER))
    assert report.failure is not None
    assert report.failure.step == 4


def test_bundles_repeat_the_checkpoints_that_were_sent(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    sent = {row.checkpoint_size for row in play.letters(stage) if row.checkpoint_size}
    with zipfile.ZipFile(io.BytesIO(play.bundle(stage))) as archive:
        names = archive.namelist()
        assert {f"evidence/earlier/{size}" for size in sent} <= set(names)
        assert archive.read("certificate.pdf").startswith(b"%PDF-")
        assert "README.txt" in names


def test_parties_by_name(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        sides = {
            named: evidence.party_of(demand, named)[1]
            for named in ("controller", "contractor", play.EAST, play.HALDEN, play.LEAD)
        }
        assert sides == {
            "controller": "controller",
            "contractor": "contractor",
            play.EAST: "controller",
            play.HALDEN: "contractor",
            play.LEAD: "controller",
        }
        for stranger in ("Midshire Police", "Rival plc", "", "lead"):
            with pytest.raises(Refused, match="is no party"):
                evidence.party_of(demand, stranger)


@pytest.mark.parametrize("good", [True, False])
def test_strangers_programs_verify_what_lies_in_a_bundle(
    quick_stage_at, tmp_path: Path, good: bool
) -> None:
    """securesystemslib and openssl, on every envelope of a closed demand."""
    stage = quick_stage_at("closed")
    with zipfile.ZipFile(io.BytesIO(play.bundle(stage))) as archive:
        bodies = archive.read("evidence/bodies.jsonl").splitlines()
    envelopes = [body for body in bodies if b'"payloadType"' in body]
    assert len(envelopes) == 8, "three keys' statements, demand, two files, review, closure"
    public = {
        key.keyid: key.public_key
        for actor in stage.actors.values()
        if (key := actor.key) is not None
    }
    for number, data in enumerate(envelopes):
        parsed = parse_envelope(data)
        [signature] = parsed.signatures
        key = public[signature.keyid]
        if not good:
            other = next(each for keyid, each in public.items() if keyid != signature.keyid)
            key = other
        if good:
            theirs = SSlibKey(signature.keyid, "ed25519", "ed25519", {"public": key.hex()})
            assert TheirEnvelope.from_dict(json.loads(data)).verify([theirs], 1)
        assert _openssl(tmp_path / str(number), key, parsed.signed_bytes, signature.sig) is good


def _openssl(folder: Path, key: bytes, message: bytes, signature: bytes) -> bool:
    folder.mkdir()
    pem = f"-----BEGIN PUBLIC KEY-----\n{b64(spki(key))}\n-----END PUBLIC KEY-----\n"
    (folder / "pub.pem").write_text(pem)
    (folder / "pae").write_bytes(message)
    (folder / "sig").write_bytes(signature)
    command = "openssl pkeyutl -verify -pubin -inkey pub.pem -rawin -in pae -sigfile sig"
    answer = subprocess.run(command.split(), cwd=folder, capture_output=True, check=False)
    return answer.returncode == 0
