"""What people do to keys in tests, through the services: rotate, revoke, end somebody's access."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from attest.database.tables import KeyStatement
from attest.demo import script
from attest.demo.acting import Stage, account_of, make_key, seat_of
from attest.services.acts import (
    acknowledging,
    draft_files,
    draft_stores,
    drafts,
    enrolling,
    leaving,
    revoking,
)
from attest.services.acts.revoking import PreparedRevocation
from attest.signing import PrivateKey
from attest.statements.envelope import sign_payload
from tests import stage as play

DUTY = {play.OFFICER: "officer"}


def key_of(stage: Stage, email: str) -> PrivateKey:
    """The actor's newest key."""
    key = stage.actor(email).key
    assert key is not None
    return key


def duty_of(email: str) -> str:
    """The duty for which somebody of the play signs."""
    return DUTY.get(email, "signatory")


def rotate(stage: Stage, email: str) -> tuple[PrivateKey, PrivateKey]:
    """A new key whose enrolment the old one signs too; gives the old and the new."""
    duty, old, new = duty_of(email), key_of(stage, email), PrivateKey.generate()
    with stage.act() as ctx:
        (person,) = account_of(ctx, email).people
        payload = enrolling.prepare_enrolment(ctx, person, duty, new.public_key)
        enrolling.enrol_key(ctx, person, sign_payload(payload, new, old))
    stage.actor(email).key = new
    return old, new


def replace(stage: Stage, email: str) -> tuple[PrivateKey, PrivateKey]:
    """A new key without the old one; gives the old and the new."""
    old = key_of(stage, email)
    return old, make_key(stage, email, duty_of(email))


def prepare(
    stage: Stage,
    email: str,
    keyid: str,
    with_key: PrivateKey,
    reason: str = "The laptop was stolen.",
    since: datetime | None = None,
) -> PreparedRevocation:
    """What the revocation page gives to sign."""
    with stage.look() as ctx:
        return revoking.prepare_revocation(
            ctx, account_of(ctx, email), keyid, with_key.keyid, reason, since
        )


def revoke(
    stage: Stage,
    email: str,
    keyid: str | None = None,
    with_key: PrivateKey | None = None,
    reason: str = "The laptop was stolen.",
    since: datetime | None = None,
) -> bytes:
    """Somebody revokes a key, by default their own with itself; gives the envelope."""
    own = with_key or key_of(stage, email)
    subject = keyid or own.keyid
    payload = prepare(stage, email, subject, own, reason, since).payload
    envelope = sign_payload(payload, own)
    hand_in(stage, email, envelope)
    return envelope


def hand_in(stage: Stage, email: str, envelope: bytes) -> str:
    """Hands an envelope in; gives the statement's hash."""
    with stage.act() as ctx:
        kept: KeyStatement = revoking.revoke_key(ctx, account_of(ctx, email), envelope)
        return kept.hash


def another_demand(stage: Stage, *, attested: bool = True) -> str:
    """A second demand of the same parties; its reference. `stage.reference` stays the first's.

    `attested`: the same officer has signed there. Otherwise none is named yet.
    """
    first = stage.reference
    with stage.act() as ctx:
        handler = drafts.drafter(account_of(ctx, play.CASEWORK))
        stage.reference = drafts.create(ctx, handler, "Another incident").reference
        seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
        drafts.save_incident(ctx, seat, play.INCIDENT)
        drafts.save_parties(ctx, seat, play.parties(), "lead")
        draft_files.add_file(ctx, seat, {"name": "minutes.docx", "kind": "electronic"})
        draft_stores.add_stores(ctx, seat, [play.SHARE])
        drafts.save_terms(ctx, seat, replace_due(stage))
    play.handed(stage)
    stage.now += timedelta(minutes=10)
    script.issue(stage)
    with stage.act() as ctx:
        acknowledging.acknowledge(ctx, seat_of(ctx, stage, play.LIAISON))
    if attested:
        name_officer(stage)
        script.fill(stage, play.plain_answer(stage))
        script.attest_all(stage)
    second, stage.reference = stage.reference, first
    return second


def name_officer(stage: Stage, email: str = play.OFFICER) -> None:
    """The liaison chooses somebody who is an officer already."""
    with stage.act() as ctx:
        (officer,) = account_of(ctx, email).people
        acknowledging.choose_officer(ctx, seat_of(ctx, stage, play.LIAISON), officer.id)


def replace_due(stage: Stage) -> drafts.Terms:
    """The play's terms, due two weeks from now."""
    return dataclasses.replace(play.TERMS, due_on=stage.now.date() + timedelta(14))


@contextmanager
def at_demand(stage: Stage, reference: str) -> Iterator[None]:
    """Inside, the stage is about another of its demands."""
    before, stage.reference = stage.reference, reference
    yield
    stage.reference = before


def lose(stage: Stage) -> None:
    """The officer's key, with which the files are attested, turns out to have been stolen."""
    since = stage.now - timedelta(minutes=1)
    stage.now += timedelta(hours=3)
    revoke(stage, play.SIGNATORY, key_of(stage, play.OFFICER).keyid, since=since)


def leave(stage: Stage, successor: str | None = None) -> None:
    """The liaison ends the officer's access."""
    with stage.act() as ctx:
        (liaison,) = account_of(ctx, play.LIAISON).people
        (officer,) = account_of(ctx, play.OFFICER).people
        other = account_of(ctx, successor).people[0].id if successor else None
        leaving.end_access(ctx, liaison, officer.id, other)
