"""An officer who leaves in the middle: what is open, who takes over, who is told, what stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from attest.database.tables import Person
from attest.demo import script
from attest.demo.acting import Stage, account_of, add_person, make_key, seat_of, sign, tick
from attest.domain.refusal import NotFound, Refused
from attest.services.acts import answers, attesting, leaving
from attest.services.views import needs
from attest.services.views.next_step import Step, next_step
from attest.services.views.situation import situation
from tests import key_acts as acts
from tests import stage as play

NEXT = "next.officer@halden.example"


def next_officer(stage: Stage) -> Person:
    """Another officer of the contractor, with a key."""
    with stage.look() as ctx:
        organisation_id = account_of(ctx, play.LIAISON).people[0].organisation_id
    add_person(
        stage,
        organisation_id,
        name="Next Officer",
        role="Deputy",
        email=NEXT,
        duties=frozenset({"officer"}),
        password_hash=play.NO_PASSWORD,
    )
    make_key(stage, NEXT, "officer")
    with stage.look() as ctx:
        return account_of(ctx, NEXT).people[0]


def told(stage: Stage, email: str) -> leaving.Leaving:
    with stage.look() as ctx:
        (changer,) = account_of(ctx, play.LIAISON).people
        return leaving.leaving(ctx, changer, account_of(ctx, email).people[0].id)


def step(stage: Stage, email: str) -> Step:
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, email)
        return next_step(seat, situation(ctx, seat))


def test_what_is_open_is_said_before(stage_at: Any) -> None:
    stage = stage_at("answered")
    second = acts.another_demand(stage, attested=False)
    with acts.at_demand(stage, second):
        acts.name_officer(stage)
    found = told(stage, play.OFFICER)
    assert [demand.reference for demand in found.demands] == sorted([stage.reference, second])
    assert found.files_open == 3
    assert [key.keyid for key in found.keys] == [acts.key_of(stage, play.OFFICER).keyid]
    assert found.successors == []


def test_without_a_successor_both_sides_read_what_is_next(stage_at: Any) -> None:
    stage = stage_at("answered")
    acts.leave(stage)
    mine = step(stage, play.LIAISON)
    assert mine.action == "Name another assurance officer"
    assert mine.href == f"/demands/{stage.reference}/officer"
    assert "must name another assurance officer" in step(stage, play.SIGNATORY).sentence
    with stage.look() as ctx:
        sentences = [need.sentence for need in needs.needs_of(ctx, account_of(ctx, play.LIAISON))]
    assert any("has left: name another assurance officer" in words for words in sentences)
    letters = play.letters(stage, "officer_left")
    assert {letter.to_email for letter in letters} == {
        play.LIAISON,
        play.CASEWORK,
        play.SIGNATORY,
        play.SECOND,
    }
    for letter in letters:
        assert "2 files are not signed for" in " ".join(letter.text.split())
    assert not play.may_see(stage, play.OFFICER)


def test_a_successor_goes_on_where_the_officer_stopped(stage_at: Any) -> None:
    """To the end: the old attestation stands, a new one supersedes it, is confirmed, reviewed."""
    stage = stage_at("attested")
    successor = next_officer(stage)
    stage.now += timedelta(minutes=5)
    acts.leave(stage, NEXT)
    with stage.look() as ctx:  # whom the ladder writes to is somebody else now
        assert seat_of(ctx, stage, NEXT).demand.chase_at == stage.now
    assert [x.to_email for x in play.letters(stage, "officer_invited")][-1] == NEXT
    assert play.letters(stage, "officer_left") == []
    stage.now += timedelta(hours=1)
    # What the former officer signed can be accepted.
    script.review(stage, "accepted", files=["list.csv"])
    # The other file comes back, with what the former officer typed.
    script.review(stage, "rejected", "Say who did it.", files=["costings.xlsx"])
    file = play.files(stage)["costings.xlsx"]
    store = play.stores(stage)["File share"]
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, NEXT)
        assert seat.demand.officer_id == successor.id
        assert seat.demand.officer_named_by == account_of(ctx, play.LIAISON).people[0]
        answers.save(
            ctx, seat, [(file.id, store.id)], play.deleted(stage) | {"performed_by": "The deputy"}
        )
    sign(
        stage,
        NEXT,
        lambda ctx, seat: attesting.prepare_attestations(
            ctx, seat, attesting.ready_files(ctx, seat)
        ),
        attesting.sign_attestations,
    )
    former = stage.actors[play.OFFICER]
    stage.actors[play.OFFICER] = stage.actors[NEXT]
    script.confirm_officer(stage)
    stage.actors[play.OFFICER] = former
    script.review(stage, "accepted")
    script.close(stage)
    tick(stage)
    assert play.state(stage) == "closed"
    report = play.verified(stage)
    assert play.reasons(report) == (0, [])
    by = {file["name"]: file["attestation"]["holder"]["name"] for file in report.files()}
    assert by == {"list.csv": "Ruth Adeyemi", "costings.xlsx": "Next Officer"}
    assert play.problems(stage) == []


def test_a_successor_must_be_an_officer_of_the_same_organisation(quick_stage_at: Any) -> None:
    stage = quick_stage_at("answered")
    next_officer(stage)
    for other in (play.LIAISON, play.SIGNATORY, play.OTHER_CONTRACTOR, play.OFFICER):
        with pytest.raises(Refused, match="Choose one of these") as refused:
            acts.leave(stage, other)
        assert refused.value.field == "successor"
    assert play.may_see(stage, play.OFFICER)


def test_nobody_else_ends_it(quick_stage_at: Any) -> None:
    stage = quick_stage_at("answered")
    with stage.act() as ctx:
        (rival,) = account_of(ctx, play.OTHER_CONTRACTOR).people
        (officer,) = account_of(ctx, play.OFFICER).people
        with pytest.raises(NotFound):
            leaving.end_access(ctx, rival, officer.id)


def test_the_key_of_who_has_left_can_be_revoked(quick_stage_at: Any) -> None:
    stage = quick_stage_at("attested")
    next_officer(stage)
    acts.leave(stage, NEXT)
    acts.revoke(stage, NEXT, acts.key_of(stage, play.OFFICER).keyid, acts.key_of(stage, NEXT))
    assert play.log_types(stage)[-1] == "key.revoked"
    assert play.problems(stage) == []


def test_an_officer_with_a_revoked_key_is_led_to_another(quick_stage_at: Any) -> None:
    stage = quick_stage_at("answered")
    acts.revoke(stage, play.SIGNATORY, acts.key_of(stage, play.OFFICER).keyid)
    mine = step(stage, play.OFFICER)
    assert mine.sentence.startswith("Your signing key was revoked.")
    assert mine.href == "/keys/new"
    assert "officer was revoked" in step(stage, play.SIGNATORY).sentence
