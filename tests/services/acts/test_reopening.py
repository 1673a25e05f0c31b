"""Late finds: a file is opened again whatever became of it, and everything that stood stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attest.database.tables import Attestation
from attest.demo import script
from attest.demo.acting import seat_of, tick
from attest.domain.refusal import NotFound, Refused
from attest.services.acts import closing, reopening
from attest.services.exports import papers
from attest.services.log.prepared import Stale
from attest.services.views import needs
from attest.services.views.next_step import next_step
from attest.services.views.situation import situation
from tests import held
from tests import stage as play

NAME = "list.csv"


def reopen(stage, email: str = play.LIAISON, *, stores=(), name: str = NAME) -> None:
    with stage.act() as ctx:
        file_id = play.files(stage)[name].id
        reopening.reopen_file(ctx, seat_of(ctx, stage, email), file_id, "A printout.", stores)


def end(stage, outcome: str, reason: str | None = None) -> bytes:
    envelope = held.closure(stage, outcome, reason)
    hand_in(stage, envelope)
    tick(stage)
    return envelope


def hand_in(stage, envelope: bytes) -> None:
    with stage.act() as ctx:
        closing.close_demand(ctx, seat_of(ctx, stage, play.SIGNATORY, lead=True), envelope)


def says(stage, email: str) -> str:
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, email)
        return next_step(seat, situation(ctx, seat)).sentence


@pytest.mark.parametrize("email", [play.LIAISON, play.OFFICER, play.CASEWORK, play.SIGNATORY])
def test_after_closing_either_side_opens_a_file_again(quick_stage_at, email: str) -> None:
    stage = quick_stage_at("closed")
    before = play.log_types(stage)
    reopen(stage, email)
    assert play.log_types(stage) == [*before, "file.reopened"]
    assert play.state(stage) == "in_progress"
    assert play.files(stage)[NAME].state == "open"
    assert play.problems(stage) == []


def test_found_after_closing_attested_reviewed_and_closed_again(stage_at) -> None:
    stage = stage_at("closed")
    stage.now += timedelta(days=1)
    reopen(stage, stores=[play.stores(stage)[play.SHARE.label].id])
    letters = play.letters(stage, "files_reopened")
    assert {letter.to_email for letter in letters} == {
        play.CASEWORK,
        play.SIGNATORY,
        play.SECOND,
        play.JOINT,
        play.LIAISON,
        play.OFFICER,
    }
    assert "The demand was closed; it is open again." in letters[0].text
    tick(stage)
    assert says(stage, play.OFFICER).startswith("1 of 2 copies left to answer")
    assert says(stage, play.CASEWORK).startswith("1 of 2 files open with")
    play.fill(stage, play.SHARE.label, play.deleted(stage), [NAME])
    script.attest_all(stage)
    script.review(stage, "accepted")
    tick(stage)
    assert play.problems(stage) == []
    end(stage, "closed")
    assert play.state(stage) == "closed"
    assert play.log_types(stage).count("demand.closed") == 2
    assert play.problems(stage) == []
    report = play.verified(stage)
    assert play.reasons(report) == (0, [])


def test_what_was_accepted_with_exceptions(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    script.fill(stage, play.plain_answer(stage))
    until = stage.now.date() + timedelta(days=20)
    play.fill(stage, play.SHARE.label, play.beyond_use(until))
    play.attested(stage)
    play.accepted(stage)
    end(stage, "closed_with_exceptions")
    reopen(stage, play.OFFICER)
    assert play.state(stage) == "in_progress"
    assert play.files(stage)["costings.xlsx"].state == "accepted"
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_what_was_withdrawn_comes_back_whole(stage_at) -> None:
    stage = stage_at("answered")
    end(stage, "withdrawn", "Sent twice.")
    for email in (play.LIAISON, play.JOINT):
        with pytest.raises(Refused, match="only they can open it again"):
            reopen(stage, email)
    reopen(stage, play.CASEWORK)
    assert play.state(stage) == "in_progress"
    assert {file.state for file in play.files(stage).values()} == {"open"}
    assert play.problems(stage) == []
    script.attest_all(stage)
    script.review(stage, "accepted")
    end(stage, "closed")
    assert play.reasons(play.verified(stage)) == (0, [])


def test_lists_and_what_needs_somebody_know_it(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    reopen(stage)
    with stage.look() as ctx:
        account = seat_of(ctx, stage, play.OFFICER).person.account
        told = [need.sentence for need in needs.needs_of(ctx, account)]
        assert told == [
            f"1 file of {stage.reference} was opened again. Read why, look at the answers, sign."
        ]
        demand = seat_of(ctx, stage, play.CASEWORK).demand
        assert (demand.files_open, demand.files_accepted, demand.closed_at) == (1, 1, None)


def test_a_closure_that_was_handed_in_again_closes_nothing(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    envelope = end(stage, "closed")
    reopen(stage)
    with pytest.raises(Stale, match="opened again"):
        hand_in(stage, envelope)
    assert play.log_types(stage).count("demand.closed") == 1


def test_the_certificate_of_an_opened_demand_is_of_no_closure(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    end(stage, "closed", "All gone.")
    with stage.look() as ctx:
        closed = papers.certificate(ctx, seat_of(ctx, stage, play.LIAISON).demand)
    reopen(stage)
    with stage.look() as ctx:
        again = papers.certificate(ctx, seat_of(ctx, stage, play.LIAISON).demand)
    assert b"%PDF" in again[:8]
    assert closed != again


def test_only_the_answers_for_the_places_of_the_find_are_asked_again(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    with pytest.raises(NotFound):
        reopen(stage, stores=["somewhere"])
    assert play.files(stage)[NAME].state == "accepted"
    reopen(stage, stores=[play.stores(stage)[play.CABINET.label].id])
    assert says(stage, play.OFFICER).startswith("1 of 2 copies left to answer")
    assert play.problems(stage) == []


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_what_was_reviewed_stays_reviewed(quick_stage_at, decision: str) -> None:
    """The page of the file shows every attestation with what became of it."""
    stage = quick_stage_at("attested")
    script.review(stage, decision, "It has to do.")
    if decision == "rejected":
        end(stage, "withdrawn", "Not needed any more.")
        reopen(stage, play.CASEWORK)
    else:
        reopen(stage)
    with stage.look() as ctx:
        last = ctx.session.get(Attestation, play.files(stage)[NAME].last_attestation)
        assert last is not None
        assert last.state == decision
    assert play.problems(stage) == []
