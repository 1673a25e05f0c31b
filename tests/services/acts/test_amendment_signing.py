"""Amendments: drafted beside the demand, signed again, never against what happened meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from attest.demo import script
from attest.demo.acting import demand_of, seat_of, tick
from attest.domain.refusal import NotFound, Refused
from attest.services.acts import (
    acknowledging,
    amendment_drafts,
    amendment_files,
    amendment_signing,
    drafts,
    withdrawing,
)
from attest.services.chasing import ticks
from attest.services.exports import papers
from attest.services.log.prepared import Stale
from attest.services.views import amended
from attest.statements.envelope import sign_payload
from tests import changing, concurring, held
from tests import stage as play

NEW = "further.docx"


def held_amendment(stage) -> bytes:
    """Signed, and not handed in."""
    return held.back(
        stage, play.SIGNATORY, amendment_signing.prepare_amendment, **changing.SIGNING
    )[0][1]


def hand_in(stage, envelope: bytes) -> None:
    with stage.act() as ctx:
        amendment_signing.amend_demand(
            ctx, seat_of(ctx, stage, play.SIGNATORY, **changing.SIGNING), envelope
        )


def lines(stage) -> list[list[str]]:
    with stage.look() as ctx:
        return [each.lines for each in amended.amendments_of(ctx, demand_of(ctx, stage))]


def demand(stage):
    with stage.look() as ctx:
        return demand_of(ctx, stage)


def test_files_added_and_the_due_date_moved(stage_at) -> None:
    stage = stage_at("accepted")
    before = play.log_types(stage)
    due = demand(stage).due_on
    stage.now += timedelta(days=1)
    changing.draft(stage, files=[NEW, "and.pdf"], due_on=due + timedelta(days=7))
    assert play.log_types(stage) == before
    assert set(play.files(stage)) == set(play.FILES)
    assert demand(stage).due_on == due
    changing.hand_over(stage)
    tick(stage)
    assert play.log_types(stage) == before, "the contractor's log knows nothing of it yet"
    assert {letter.to_email for letter in play.letters(stage, "amendment_ready")} == {
        play.SIGNATORY,
        play.SECOND,
    }
    changing.sign_it(stage)
    assert play.log_types(stage) == [*before, "file.named", "file.named", "demand.amended"]
    rows = play.files(stage)
    assert [rows[name].position for name in (*play.FILES, NEW, "and.pdf")] == [1, 2, 3, 4]
    assert {rows[NEW].state, rows["and.pdf"].state} == {"open"}
    assert {rows[name].state for name in play.FILES} == {"accepted"}
    now = demand(stage)
    assert (now.state, now.due_on, now.files_open) == ("in_progress", due + timedelta(days=7), 2)
    assert lines(stage) == [
        [
            "Due date: Monday 18 February 2013, now Monday 25 February 2013",
            "Files added: “further.docx” and “and.pdf”",
        ]
    ]
    told = play.letters(stage, "demand_amended")
    assert {letter.to_email for letter in told} == {
        play.CASEWORK,
        play.SIGNATORY,
        play.SECOND,
        play.JOINT,
        play.LIAISON,
        play.OFFICER,
    }
    assert "now Monday 25 February 2013" in " ".join(told[0].text.split())
    assert play.problems(stage) == []
    tick(stage)
    script.fill(stage, play.plain_answer(stage))
    play.attested(stage)
    script.review(stage, "accepted")
    script.close(stage)
    assert play.state(stage) == "closed"
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_the_terms_alone(stage_at) -> None:
    stage = stage_at("attested")
    before = play.log_types(stage)
    changing.draft(stage, instruction="Shred the paper too.", concurrence="each")
    changing.hand_over(stage)
    envelope = held_amendment(stage)
    tick(stage)  # letters go out meanwhile: they change nothing
    hand_in(stage, envelope)
    hand_in(stage, envelope)
    assert play.log_types(stage)[len(before) :].count("demand.amended") == 1
    now = demand(stage)
    assert (now.instruction, now.concurrence) == ("Shred the paper too.", "each")
    assert lines(stage) == [
        [
            "Whose review counts: The lead controller's review counts, now Each controller's "
            "review counts",
            "Instruction: written anew",
        ]
    ]
    script.review(stage, "accepted")
    assert {file.state for file in play.files(stage).values()} == {"attested"}
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_an_accepted_file_waits_for_the_others_once_each_counts(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    changing.draft(stage, concurrence="each")
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        row = amendment_drafts.amendment_of(ctx, seat.demand)
        assert row is not None
        assert amendment_drafts.view(ctx, seat, row).effects.waits == 2
    changing.hand_over(stage)
    changing.sign_it(stage)
    assert {file.state for file in play.files(stage).values()} == {"attested"}
    assert play.problems(stage) == []


@pytest.mark.parametrize("joint", ["rejected", None])
def test_whose_reviews_are_left_out_is_said(quick_stage_at, joint: str | None) -> None:
    stage = concurring.attested_for_each(quick_stage_at)
    script.review(stage, "accepted")
    if joint:
        script.review(stage, joint, "The share was searched on the wrong day.", by=play.JOINT)
    changing.draft(stage, concurrence="lead")
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        row = amendment_drafts.amendment_of(ctx, seat.demand)
        assert row is not None
        (told,) = amendment_drafts.view(ctx, seat, row).effects.overruled
    what, whose = "2 files", "without a review by Eastshire Police."
    if joint:
        what, whose = "2 rejected files", "although Eastshire Police rejected them."
    assert told.ahead == f"{what} will count as accepted, {whose}"
    changing.hand_over(stage)
    changing.sign_it(stage)
    assert {file.state for file in play.files(stage).values()} == {"accepted"}
    texts = {each.to_email: each.text for each in play.letters(stage, "demand_amended")}
    assert f"{what} count as accepted now, {whose}" in " ".join(texts[play.JOINT].split())
    assert play.problems(stage) == []


def test_a_rejection_is_left_out_before_the_lead_has_reviewed(quick_stage_at) -> None:
    stage = concurring.attested_for_each(quick_stage_at)
    script.review(stage, "rejected", "The wrong day.", by=play.JOINT)
    changing.draft(stage, concurrence="lead")
    changing.hand_over(stage)
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        row = amendment_drafts.amendment_of(ctx, seat.demand)
        assert row is not None
        (told,) = amendment_drafts.view(ctx, seat, row).effects.overruled
    assert told.ahead == (
        "2 rejected files will wait for the review of Northshire Constabulary alone, although "
        "Eastshire Police rejected them."
    )
    changing.sign_it(stage)
    assert {file.state for file in play.files(stage).values()} == {"attested"}


def test_each_controllers_review_needs_somebody_at_each(quick_stage_at) -> None:
    stage = quick_stage_at("drafted")
    with stage.act() as ctx:
        parties = [
            replace(party, contact_name="", contact_role="", contact_email="")
            if party.role == "joint"
            else party
            for party in play.parties()
        ]
        drafts.save_parties(ctx, seat_of(ctx, stage, play.CASEWORK, draft=True), parties, "lead")
    play.handed(stage)
    script.issue(stage)
    changing.draft(stage, concurrence="each")
    with pytest.raises(Refused, match="Eastshire Police has nobody here who could review"):
        changing.hand_over(stage)
    changing.draft(stage, concurrence="lead", instruction="Shred the paper too.")
    changing.hand_over(stage)
    changing.sign_it(stage)
    assert demand(stage).concurrence == "lead"


def test_chasing_follows_the_new_due_date(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    due = demand(stage).due_on
    changing.amend(stage, due_on=due + timedelta(days=10))
    stage.now += timedelta(days=16)
    tick(stage)
    assert play.letters(stage, "overdue") == []
    stage.now += timedelta(days=9)
    with stage.act() as ctx:
        assert ticks.chase_everybody(ctx) > 0


@pytest.mark.parametrize("new", ["store", "withdrawn", "attested", "letter"])
def test_something_happened_meanwhile(quick_stage_at, new: str) -> None:
    stage = quick_stage_at("answered")
    changing.draft(stage, files=[NEW])
    changing.hand_over(stage)
    envelope = held_amendment(stage)
    if new == "store":
        play.name_store(stage)
    elif new == "withdrawn":
        changing.withdraw_store(stage)
    elif new == "attested":
        play.attested(stage)
    else:
        with stage.act() as ctx:
            acknowledging.name_officer(
                ctx,
                seat_of(ctx, stage, play.LIAISON),
                acknowledging.OfficerAnswers("Ruth Adeyemi", "Assurance lead", play.OFFICER),
            )
        tick(stage)
    kinds = play.log_types(stage)
    with pytest.raises(Stale, match="Something happened"):
        hand_in(stage, envelope)
    assert play.log_types(stage) == kinds
    if new == "withdrawn":
        with pytest.raises(Refused, match="which was withdrawn"):
            changing.sign_it(stage)
        return
    changing.sign_it(stage)
    assert NEW in play.files(stage)
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_what_was_taken_back_is_not_signed(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    changing.draft(stage, files=[NEW])
    changing.hand_over(stage)
    envelope = held_amendment(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        with pytest.raises(Refused, match="lies with the signatory"):
            amendment_files.add_file(ctx, seat, {"name": "x", "kind": "electronic"})
        amendment_drafts.take_back(ctx, seat)
    with pytest.raises(Stale):
        hand_in(stage, envelope)
    changing.hand_over(stage)
    with pytest.raises(Stale):
        hand_in(stage, envelope)
    with stage.act() as ctx:
        amendment_drafts.return_with_note(ctx, seat_of(ctx, stage, play.SIGNATORY), "Name the day.")
    assert len(play.letters(stage, "amendment_returned")) == 1
    with stage.act() as ctx:
        amendment_drafts.discard(ctx, seat_of(ctx, stage, play.CASEWORK))
    with pytest.raises(Stale):
        hand_in(stage, envelope)
    assert NEW not in play.files(stage)
    assert "demand.amended" not in play.log_types(stage)
    assert play.problems(stage) == []


def test_nothing_to_sign_is_not_handed_over(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    changing.draft(stage)
    with pytest.raises(Refused, match="Nothing is otherwise"):
        changing.hand_over(stage)


def test_names_are_there_once(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    changing.draft(stage, files=[NEW])
    for name in (NEW, play.FILES[0]):
        with pytest.raises(Refused, match="named already"):
            changing.draft(stage, files=[name])


def test_a_list_adds_what_is_not_named(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    changing.draft(stage)
    listed = f"name,sha256\n{play.FILES[0]},\n{NEW},{'a' * 64}\n".encode()
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        assert amendment_files.add_list(ctx, seat, listed) == (1, 1)
        with pytest.raises(amendment_files.BadList) as bad:
            amendment_files.add_list(ctx, seat, b"name,size\nx.csv,many\n")
        assert bad.value.problems
    changing.hand_over(stage)
    changing.sign_it(stage)
    assert play.files(stage)[NEW].sha256 == "a" * 64
    assert play.problems(stage) == []


def test_a_closed_demand_is_opened_before_it_is_amended(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    with pytest.raises(Refused, match="ended"):
        changing.draft(stage, files=[NEW])


def test_without_an_amendment_there_is_nothing_to_do(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    for act in (amendment_drafts.discard, amendment_drafts.hand_over, amendment_drafts.take_back):
        with pytest.raises(NotFound), stage.act() as ctx:
            act(ctx, seat_of(ctx, stage, play.CASEWORK))


def test_only_a_key_of_the_lead_amends(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    changing.draft(stage, files=[NEW])
    changing.hand_over(stage)
    with stage.look() as ctx:
        made = amendment_signing.prepare_amendment(ctx, seat_of(ctx, stage, play.SIGNATORY))
    key = stage.actor(play.OFFICER).key
    assert key is not None
    with pytest.raises(Refused, match="another key"):
        hand_in(stage, sign_payload(made.items[0].payload, key))
    assert "demand.amended" not in play.log_types(stage)


def test_the_papers_are_of_the_demand_that_stands(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    changing.amend(stage, files=[NEW], instruction="Shred the paper too.")
    with stage.look() as ctx:
        for paper in (papers.demand_paper, papers.certificate, papers.worksheet):
            assert paper(ctx, demand_of(ctx, stage)).startswith(b"%PDF")


def test_twice(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    changing.amend(stage, files=[NEW])
    changing.withdraw_store(stage)
    changing.amend(stage, due_on=demand(stage).due_on + timedelta(days=3))
    assert lines(stage) == [
        [
            "Due date: Monday 18 February 2013, now Thursday 21 February 2013",
            "No longer searched: “File share”",
        ],
        ["Files added: “further.docx”"],
    ]
    with stage.look() as ctx:
        assert withdrawing.uncovered(ctx, demand_of(ctx, stage).id) == []
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])
