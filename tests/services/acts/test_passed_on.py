"""Copies passed on: demands against recipients, any number of levels down, without circles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from attest.database.tables import NamedFile
from attest.demo import script
from attest.demo.acting import demand_of, seat_of, tick
from attest.domain.refusal import NotFound, Refused
from attest.services.acts import answers, attesting, drafts
from attest.services.facts import children, exceptions, onward
from attest.services.log.prepared import Stale
from attest.services.views.next_step import next_step
from attest.services.views.situation import situation
from tests import stage as play
from tests.passing import (
    COURIERS,
    HALDEN,
    PRINTERS,
    at,
    close_with,
    everything_said,
    get_ready,
    issue_to,
    needs,
    obstacles,
    passed_to,
    raise_against,
    say_passed_on,
    seen_by,
    settle,
)


def test_a_chain_two_levels_down(stage_at: Any) -> None:
    stage = stage_at("ready")
    parent = stage.reference
    say_passed_on(stage, HALDEN, PRINTERS.name)
    assert seen_by(stage, play.CASEWORK) == (
        f"{play.HALDEN} passed copies on to Printers Ltd. Raise a demand against them, or have "
        "the review say why none is raised.",
        "Raise a demand against Printers Ltd",
    )
    assert any(
        "Raise a demand against Printers Ltd" in need for need in needs(stage, play.CASEWORK)
    )
    child = raise_against(stage, "printers  LTD")
    assert not any("Raise a demand" in need for need in needs(stage, play.CASEWORK))
    assert f"The demand {child} against Printers Ltd has not ended: it is draft." in obstacles(
        stage
    )

    with at(stage, child, PRINTERS):
        with stage.look() as ctx:
            draft = demand_of(ctx, stage)
            assert (draft.basis, draft.instruction) == (play.TERMS.basis, play.TERMS.instruction)
            assert draft.due_on == (stage.now + timedelta(days=14)).date()
            assert [party.name for party in draft.parties] == [play.LEAD, play.EAST, "Printers Ltd"]
            assert draft.files_total == 2
        issue_to(stage, PRINTERS)
        get_ready(stage, PRINTERS)
        say_passed_on(stage, PRINTERS, COURIERS.name, ("list.csv",))

    # The signatory accepts without a reason: the demand against them names the files.
    script.review(stage, "accepted")
    told = {letter.subject for letter in play.letters(stage, "ready_to_close")}
    assert told == {f"{parent}: every file is accepted; {child} has to end"}
    assert obstacles(stage) == [
        f"The demand {child} against Printers Ltd has not ended: it is awaiting review."
    ]
    sentence, action = seen_by(stage, play.SIGNATORY)
    assert (
        sentence == f"Every file is accepted. Before the demand can be closed, {child} has to end."
    )
    assert action is None
    assert not any(need.startswith("Close") for need in needs(stage, play.SIGNATORY))
    with pytest.raises(Stale, match=f"{child} against Printers Ltd has not ended"):
        close_with(stage, "closed_with_exceptions")

    with at(stage, child, PRINTERS):
        grandchild = raise_against(stage, COURIERS.name)
        script.review(stage, "accepted", "No demand is raised against anybody else.")
        with pytest.raises(Stale, match=f"{grandchild} against Couriers LLP has not ended"):
            close_with(stage, "closed_with_exceptions")
    with at(stage, grandchild, COURIERS):
        issue_to(stage, COURIERS)
        get_ready(stage, COURIERS)
        settle(stage)
    ended = play.letters(stage, "children_ended")
    assert {letter.to_email for letter in ended} == {play.CASEWORK, play.SIGNATORY, play.SECOND}
    assert {letter.subject.partition(":")[0] for letter in ended} == {child}
    with at(stage, child, PRINTERS):
        close_with(stage, "closed_with_exceptions")
    ended = [row for row in play.letters(stage, "children_ended") if row.subject.startswith(parent)]
    assert len(ended) == 3
    assert f"- {child} against Printers Ltd: closed with exceptions" in ended[0].text
    assert obstacles(stage) == []
    assert any(need.startswith("Close") for need in needs(stage, play.SIGNATORY))
    close_with(stage, "closed_with_exceptions")
    assert play.problems(stage) == []
    for reference, firm in ((parent, HALDEN), (child, PRINTERS), (grandchild, COURIERS)):
        with at(stage, reference, firm):
            assert play.reasons(play.verified(stage)) == (0, [])

    # Up, a contractor learns nothing but what it wrote; down, nothing of who passed copies on.
    above = everything_said(stage, parent, play.LIAISON)
    assert child not in above
    assert COURIERS.name not in above
    below = everything_said(stage, child, PRINTERS.liaison)
    for secret in (parent, grandchild, "Halden", "Tom Beck", "Ruth Adeyemi"):
        assert secret not in below
    lowest = everything_said(stage, grandchild, COURIERS.liaison)
    for secret in (parent, child, "Halden", "Printers"):
        assert secret not in lowest


def test_the_reference_is_proposed_to_the_officer_once_it_is_issued(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)
    with stage.look() as ctx:
        assert children.references(ctx, demand_of(ctx, stage)) == []
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
    with stage.look() as ctx:
        assert children.references(ctx, demand_of(ctx, stage)) == [("Printers Ltd", child)]
    script.review(stage, "rejected", "Name the demand that was raised.")
    with stage.act() as ctx:
        files, stores = play.files(stage), play.stores(stage)
        cells = [(file.id, stores["File share"].id) for file in files.values()]
        answers.save(
            ctx, seat_of(ctx, stage, play.OFFICER), cells, passed_to("Printers Ltd", child)
        )
    script.attest_all(stage)
    script.review(stage, "accepted")
    assert play.reasons(play.verified(stage)) == (0, [])
    assert play.problems(stage) == []


def test_nobody_else_sees_what_was_raised(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)

    def raised(email: str) -> list[tuple[str, str | None]]:
        with stage.look() as ctx:
            found = exceptions.raised(ctx, seat_of(ctx, stage, email))
            return [(each.reference, each.href) for each in found]

    assert raised(play.CASEWORK) == [(child, f"/demands/{child}")]
    assert raised(play.JOINT) == [(child, None)]
    assert raised(play.LIAISON) == raised(play.OFFICER) == []
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
        with stage.look() as ctx:
            lead = exceptions.raised_from(ctx, seat_of(ctx, stage, play.CASEWORK))
            joint = exceptions.raised_from(ctx, seat_of(ctx, stage, play.JOINT))
            theirs = exceptions.raised_from(ctx, seat_of(ctx, stage, PRINTERS.liaison))
    assert (lead, joint, theirs) == ("ND-2013-001", None, None)
    assert raised(play.JOINT) == [(child, f"/demands/{child}")]
    with stage.look() as ctx:
        for email in (play.LIAISON, play.OFFICER):
            seat = seat_of(ctx, stage, email)
            now = situation(ctx, seat)
            assert (now.to_raise, now.waits_for) == ((), ())
            assert child not in next_step(seat, now).sentence


def test_raising_covers_files_once(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name, ("list.csv",))
    first = raise_against(stage, PRINTERS.name)
    with pytest.raises(Refused, match="names all of these files already"):
        raise_against(stage, PRINTERS.name)
    with pytest.raises(NotFound):
        raise_against(stage, COURIERS.name)
    script.review(stage, "rejected", "All of it, please.")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    second = raise_against(stage, PRINTERS.name)
    with at(stage, second, PRINTERS):
        assert set(play.files(stage)) == {"costings.xlsx"}
    with stage.look() as ctx:
        (to,) = children.recipients(ctx, demand_of(ctx, stage))
        assert (to.files, to.left) == (2, 0)
        assert [child.reference for child in to.children] == [first, second]
    # A draft that is thrown away leaves its files to be asked about.
    with at(stage, first, PRINTERS), stage.act() as ctx:
        drafts.discard(ctx, seat_of(ctx, stage, play.CASEWORK, draft=True))
    with stage.look() as ctx:
        assert children.to_raise(ctx, [demand_of(ctx, stage).id]) == {
            demand_of(ctx, stage).id: ["Printers Ltd"]
        }
    assert play.problems(stage) == []


def test_a_draft_is_no_answer_for_a_review(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    raise_against(stage, PRINTERS.name)
    with pytest.raises(Refused, match="no issued demand against them") as refused:
        script.review(stage, "accepted")
    assert refused.value.field == "reason"
    script.review(stage, "accepted", "They are in liquidation.")
    assert not any("Raise" in need for need in needs(stage, play.CASEWORK))


def test_nothing_is_raised_from_a_demand_that_has_ended(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    script.review(stage, "accepted", "They are in liquidation.")
    close_with(stage, "closed_with_exceptions")
    with pytest.raises(Refused, match="has ended"):
        raise_against(stage, PRINTERS.name)


def test_withdrawing_waits_for_nobody(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    raise_against(stage, PRINTERS.name)
    close_with(stage, "withdrawn")
    assert play.state(stage) == "withdrawn"


@pytest.mark.parametrize(
    ("disclosed", "recipients"), [(False, ""), (True, "Somebody else; a printout")]
)
def test_what_contradicts_itself_is_not_signed(
    stage_at: Any, disclosed: bool, recipients: str
) -> None:
    stage = stage_at("ready")
    script.fill(stage, play.plain_answer(stage))
    files = play.files(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        answers.save_onward(ctx, seat, None, disclosed, recipients)
        share = play.stores(stage)["File share"].id
        answers.save(ctx, seat, [(files["list.csv"].id, share)], passed_to(PRINTERS.name))
        every = [file.id for file in files.values()]
        assert onward.left_out(ctx, seat.demand, every) == ["Printers Ltd"]
        assert onward.proposed(ctx, seat.demand, every) == (
            {files["list.csv"].id},
            ["Printers Ltd; a copy"],
        )
        with pytest.raises(Refused, match="passed on to “Printers Ltd”"):
            answers.save_onward(ctx, seat, None, disclosed, recipients)
        with pytest.raises(Refused, match=r"“list\.csv”: you answered"):
            attesting.prepare_attestations(ctx, seat, [files["list.csv"].id])
        answers.save_onward(ctx, seat, [files["list.csv"].id], True, "PRINTERS LTD; a printout")
    script.attest_all(stage)
    assert play.problems(stage) == []


def test_a_party_is_no_recipient(quick_stage_at: Any) -> None:
    """A carrier has it: it did not leave the parties, and still a demand may be raised."""
    stage = quick_stage_at("ready")
    script.fill(stage, play.plain_answer(stage))
    play.fill(stage, "File share", passed_to("Midshire Police"))
    script.attest_all(stage)
    assert raise_against(stage, "Midshire Police") == "ND-2013-002"


def test_the_last_of_two_that_ends_is_told_of(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name, ("list.csv",))
    script.review(stage, "rejected", "And the other?")
    files, stores = play.files(stage), play.stores(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        cell = (files["costings.xlsx"].id, stores["File share"].id)
        answers.save(ctx, seat, [cell], passed_to(COURIERS.name))
        answers.save(
            ctx, seat, [(files["list.csv"].id, stores["File share"].id)], passed_to("Printers Ltd")
        )
        answers.save_onward(ctx, seat, [cell[0]], True, f"{COURIERS.name}; a copy")
    script.attest_all(stage)
    raised = [raise_against(stage, firm.name) for firm in (PRINTERS, COURIERS)]
    for number, (reference, firm) in enumerate(zip(raised, (PRINTERS, COURIERS), strict=True)):
        assert len(play.letters(stage, "children_ended")) == 0
        with at(stage, reference, firm):
            issue_to(stage, firm)
            close_with(stage, "withdrawn")
        assert bool(play.letters(stage, "children_ended")) is (number == 1)
    text = play.letters(stage, "children_ended")[0].text
    assert "Raise another one against Couriers LLP and Printers Ltd" in " ".join(text.split())
    tick(stage)
    # Neither log tells of it: the contractors read them.
    assert all(not letter.demand_id for letter in play.letters(stage, "children_ended"))


def test_files_are_counted_by_what_was_signed_last(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    script.review(stage, "rejected", "Get it back.")
    play.fill(stage, "File share", play.deleted(stage))
    script.attest_all(stage)
    with stage.look() as ctx:
        assert children.recipients(ctx, demand_of(ctx, stage)) == []
        assert children.to_raise(ctx, [demand_of(ctx, stage).id]) == {}
        kept = ctx.session.scalars(select(NamedFile.parent_file_id)).all()
        assert set(kept) == {None}
    script.review(stage, "accepted")
    script.close(stage)
    assert play.problems(stage) == []
