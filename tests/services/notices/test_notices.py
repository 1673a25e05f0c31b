"""Who is written to: each letter to each reader once, and to nobody else."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from attest.database.tables import Letter
from attest.demo import script
from attest.demo.acting import account_of, seat_of, tick
from attest.mail.letter import LINK
from attest.services.acts import drafts
from attest.services.notices import notices
from attest.services.notices.notices import GATHER
from tests import stage as play

LEAD = {play.CASEWORK, play.SIGNATORY, play.SECOND}
CONTRACTOR = {play.LIAISON, play.OFFICER}

# After the whole play, told by kind.
READERS = {
    "draft_ready": {play.SIGNATORY, play.SECOND},
    "invitation_of_liaison": {play.LIAISON},
    "joint_controller_told": {play.JOINT},
    "demand_issued": {play.CASEWORK},
    "acknowledged": LEAD,
    "officer_invited": {play.OFFICER},
    "officer_named": LEAD,
    "key_to_confirm": {play.SIGNATORY, play.SECOND},
    "key_confirmed": {play.OFFICER},
    "attestations_to_review": {play.SIGNATORY, play.SECOND},
    "attestations_accepted": CONTRACTOR,
    "ready_to_close": LEAD,
    "demand_closed": LEAD | CONTRACTOR | {play.JOINT},
}


def test_every_reader_of_the_play_once(stage_at) -> None:
    stage = stage_at("closed")
    readers: dict[str, list[str]] = defaultdict(list)
    for letter in play.letters(stage):
        readers[letter.kind].append(letter.to_email)
    assert {kind: set(emails) for kind, emails in readers.items()} == READERS
    for kind, emails in readers.items():
        assert set(Counter(emails).values()) == {1}, kind
    assert {letter.state for letter in play.letters(stage)} == {"sent"}


def test_only_who_has_no_password_gets_a_link(quick_stage_at) -> None:
    stage = quick_stage_at("acknowledged")
    with_link = {letter.kind for letter in play.letters(stage) if LINK in letter.text}
    assert with_link == {"invitation_of_liaison", "joint_controller_told", "officer_invited"}
    # The same people in a second demand have passwords.
    play.drafted(stage)
    play.handed(stage)
    play.issued(stage)
    second = play.letters(stage, "invitation_of_liaison")[-1]
    assert LINK not in second.text
    assert second.invitation_id is None


def test_nothing_goes_out_before_the_demand_is_issued(quick_stage_at) -> None:
    stage = quick_stage_at("handed")
    tick(stage)
    outside = CONTRACTOR | {play.JOINT}
    assert not {letter.to_email for letter in play.letters(stage)} & outside
    with stage.act() as ctx:
        drafts.take_back(ctx, seat_of(ctx, stage, play.CASEWORK, draft=True))
    assert not {letter.to_email for letter in play.letters(stage)} & outside


def test_one_letter_for_all_that_waits(quick_stage_at) -> None:
    """Signed one after the other within a minute: the letter names both files."""
    stage = quick_stage_at("answered")
    script.attest_all(stage, chunk=1)
    waiting = play.letters(stage, "attestations_to_review")
    assert len(waiting) == 2
    assert all(name in letter.text for letter in waiting for name in play.FILES)
    tick(stage)
    assert {row.state for row in play.letters(stage, "attestations_to_review")} == {"queued"}
    stage.now += timedelta(minutes=2)
    tick(stage)
    assert {row.state for row in play.letters(stage, "attestations_to_review")} == {"sent"}


def test_whoever_signs_waits_for_no_worker(stage_at) -> None:
    stage = stage_at("answered")
    script.attest_all(stage)
    with Session(stage.engine) as worker:
        # It is about to claim a letter.
        rows = select(Letter).where(Letter.to_email == play.SIGNATORY, Letter.state == "queued")
        if stage.engine.dialect.name == "postgresql":
            assert worker.scalars(rows.with_for_update()).all()
        with stage.act() as ctx:
            notices.attested(ctx, seat_of(ctx, stage, play.OFFICER))
    assert {row.to_email for row in play.letters(stage, "attestations_to_review")} == {
        play.SIGNATORY,
        play.SECOND,
    }


def test_what_is_to_be_reviewed_waits_for_the_digest_of_whoever_wants_one(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    with stage.act() as ctx:
        account_of(ctx, play.SIGNATORY).people[0].daily_digest = True
    script.attest_all(stage, chunk=1)
    turns = {
        row.to_email: row.next_attempt_at for row in play.letters(stage, "attestations_to_review")
    }
    assert turns[play.SECOND] == stage.now + GATHER
    morning = (stage.now + timedelta(days=1)).replace(hour=9, minute=0)
    assert turns[play.SIGNATORY] == morning + timedelta(hours=1)
    stage.now = morning
    tick(stage)
    (waited,) = (
        row
        for row in play.letters(stage, "attestations_to_review")
        if row.to_email == play.SIGNATORY
    )
    (digest,) = play.letters(stage, "daily_digest")
    assert (waited.state, waited.carried_by_id) == ("sent", digest.id)


@pytest.mark.parametrize("point", ["issued", "closed"])
def test_letters_carry_the_checkpoint(quick_stage_at, point: str) -> None:
    stage = quick_stage_at(point)
    outside = [row for row in play.letters(stage) if row.to_email in CONTRACTOR | {play.JOINT}]
    assert outside
    assert all(row.checkpoint and row.checkpoint_size for row in outside)


def test_strangers_get_no_letter(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    written = {letter.to_email for letter in play.letters(stage)}
    assert written == LEAD | CONTRACTOR | {play.JOINT}
