"""Demands against recipients go round in no circle, and name nobody above."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from attest.database.tables import NamedFile
from attest.demo import script
from attest.demo.acting import demand_of, seat_of
from attest.domain.drafting import Party
from attest.domain.lineage import LEFT_OUT
from attest.domain.refusal import Refused
from attest.services.acts import (
    amendment_drafts,
    amendment_files,
    answers,
    draft_files,
    draft_stores,
    drafts,
    raising,
)
from attest.services.acts.draft_stores import StoreAnswers
from attest.services.facts import leaks
from tests import changing
from tests import stage as play
from tests.passing import (
    HALDEN,
    PRINTERS,
    Firm,
    at,
    close_with,
    get_ready,
    issue_to,
    name_share,
    needs,
    passed_to,
    raise_against,
    say_passed_on,
)


@pytest.mark.parametrize("name", [play.HALDEN, f" {play.HALDEN.upper()} "])
def test_an_officer_does_not_pass_on_to_itself(quick_stage_at: Any, name: str) -> None:
    stage = quick_stage_at("ready")
    with pytest.raises(Refused, match="is you, the contractor") as refused:
        play.fill(stage, "File share", passed_to(name))
    assert refused.value.field == "passed_to"
    with pytest.raises(Refused, match="Returned"):
        play.fill(stage, "File share", passed_to(play.EAST))


def test_no_demand_goes_round_in_a_circle(quick_stage_at: Any) -> None:
    """The recipient says that the copies went back to the contractor above."""
    stage = quick_stage_at("ready")
    parent = stage.reference
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
        get_ready(stage, PRINTERS)
        name_share(stage, PRINTERS.liaison)
        # The officer is not told that this is the contractor above.
        say_passed_on(stage, PRINTERS, "halden support services plc")
        assert not any("Raise" in need for need in needs(stage, play.CASEWORK))
        with pytest.raises(Refused, match=f"the contractor of {parent}"):
            raise_against(stage, play.HALDEN)
        with pytest.raises(Refused, match="say why none is raised"):
            script.review(stage, "accepted")
        script.review(stage, "accepted", f"They are asked in {parent}.")
        close_with(stage, "closed_with_exceptions")
    assert play.problems(stage) == []


def test_a_draft_is_not_turned_against_a_contractor_above(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS), stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
        turned = [Party("contractor", play.HALDEN, "T", "M", play.LIAISON)]
        drafts.save_parties(ctx, seat, turned, "lead")
        assert any("circles" in gap for gap in drafts.gaps(ctx, seat.demand)["parties"])
        with pytest.raises(Refused, match="circles"):
            drafts.hand_over(ctx, seat)


def test_a_name_without_its_legal_form_is_no_way_round(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    with pytest.raises(Refused, match="is you, the contractor"):
        say_passed_on(stage, HALDEN, "Halden Support Services")


def test_nobody_acts_for_both_above_and_below(quick_stage_at: Any) -> None:
    """The liaison of the contractor above as the contact of the one below would see both."""
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)
    with (
        at(stage, child, HALDEN),
        pytest.raises(Refused, match=r"“liaison@halden\.example” acts for “Halden"),
    ):
        issue_to(stage, HALDEN)
    with (
        at(stage, child, Firm(PRINTERS.name, HALDEN.domain)),
        pytest.raises(Refused, match="acts for"),
    ):
        issue_to(stage, Firm(PRINTERS.name, HALDEN.domain.upper()))


def test_nothing_that_is_copied_names_the_contractor_above(quick_stage_at: Any) -> None:
    stage = quick_stage_at("drafted")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
        draft_files.add_file(
            ctx,
            seat,
            {
                "name": "Halden_Support-Services bid.xlsx",
                "kind": "electronic",
                "description": "Costings of Halden Support Services PLC",
                "channel": "email to Tom Beck",
                "sha256": "ab" * 32,
                "subjects": "994",
                "sent_on": "2013-02-01",
            },
        )
        draft_stores.add_stores(
            ctx,
            seat,
            [
                StoreAnswers("Halden's records store", "hard_copy", "records_store"),
                StoreAnswers("Backups", "electronic", "backup", "Halden House"),
            ],
        )
        terms = drafts.Terms(
            f"Contract with {play.HALDEN}", "delete", "Delete it. Ring Tom Beck.", play.TERMS.due_on
        )
        drafts.save_terms(ctx, seat, terms)
    for point in (play.handed, play.issued, play.acknowledged, play.ready):
        point(stage)
    script.fill(stage, lambda store, file: play.deleted(stage))
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        cells = [
            (file.id, play.stores(stage)["File share"].id) for file in play.files(stage).values()
        ]
        answers.save(ctx, seat, cells, passed_to(PRINTERS.name))
        answers.save_onward(ctx, seat, None, True, f"{PRINTERS.name}; a copy")
    script.attest_all(stage)
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        assert raising.propose(ctx, seat, PRINTERS.name).left_out == [
            "the basis",
            "the instruction",
            "“Halden_Support-Services bid.xlsx”",
        ]
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS), stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
        draft = seat.demand
        assert (draft.basis, draft.instruction) == (
            f"Contract with {LEFT_OUT}",
            f"Delete it. Ring {LEFT_OUT}.",
        )
        files = play.files(stage)
        renamed = files[f"{LEFT_OUT} bid.xlsx"]
        assert renamed.description == f"Costings of {LEFT_OUT}"
        assert (renamed.sha256, renamed.subjects) == ("ab" * 32, 994)
        assert (renamed.channel, renamed.sent_on) == (None, None)
        assert {store.label: store.location for store in play.stores(stage).values()} == {
            "File share": None,
            "Backups": None,
        }
        gaps = drafts.gaps(ctx, draft)
        assert [LEFT_OUT in gap for gap in gaps["terms"]] == [True, True]
        assert gaps["files"] == []
        # And whatever is typed later is held against the names too.
        draft_files.add_file(ctx, seat, {"name": "For tom beck.docx", "kind": "hard_copy"})
        draft_stores.add_stores(
            ctx, seat, [StoreAnswers("Post from Halden Support Services", "hard_copy", "filing")]
        )
        drafts.save_terms(
            ctx,
            seat,
            drafts.Terms("The Act", "delete", f"What {play.HALDEN} sent.", play.TERMS.due_on),
        )
        gaps = drafts.gaps(ctx, draft)
        assert "“For tom beck.docx” names “Tom Beck”" in gaps["files"][0]
        assert "The store “Post from Halden Support Services” names" in gaps["stores"][0]
        assert f"The instruction names “{play.HALDEN}”" in gaps["terms"][0]
        with pytest.raises(Refused, match="must not learn who passed the copies on"):
            drafts.hand_over(ctx, seat)


def test_what_may_tell_is_to_be_looked_at_and_goes_out_all_the_same(quick_stage_at: Any) -> None:
    stage = quick_stage_at("drafted")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
        told = {"name": "Halden list.csv", "kind": "electronic", "description": "Sent to Beck"}
        draft_files.add_file(ctx, seat, told)
        terms = drafts.Terms(
            "Sent in error", "delete", "Write to x@halden.example.", play.TERMS.due_on
        )
        drafts.save_terms(ctx, seat, terms)
    for point in (play.handed, play.issued, play.acknowledged, play.ready):
        point(stage)
    say_passed_on(stage, HALDEN, PRINTERS.name, ("Halden list.csv", *play.FILES))
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        with stage.look() as ctx:
            found = leaks.look_at(ctx, seat_of(ctx, stage, play.CASEWORK, draft=True).demand)
        assert found == [
            "The instruction says “Halden” and “halden.example”: does that tell who passed the "
            "copies on?",
            "“Halden list.csv” says “Halden” and “Beck”: does that tell who passed the copies on?",
        ]
        issue_to(stage, PRINTERS)


def test_nobody_who_acted_above_earlier_is_named(quick_stage_at: Any) -> None:
    """Neither by the name they signed with nor by the one they have now; a colleague neither."""
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)
    with stage.act() as ctx:
        demand = demand_of(ctx, stage)
        assert demand.officer is not None
        signed_as = demand.officer.name
        demand.officer.name = "Ines Married"
        demand.officer.active = False
        demand.officer = None
    with at(stage, child, PRINTERS), stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
        for name in (signed_as, "ines married"):
            draft_files.add_file(ctx, seat, {"name": f"For {name}.csv", "kind": "electronic"})
        surname = {"name": "more.csv", "kind": "electronic", "description": "Ask Mrs Married"}
        draft_files.add_file(ctx, seat, surname)
        assert [gap.partition(".")[0] for gap in leaks.leaks(ctx, seat.demand)["files"]] == [
            f"“For {signed_as}",
            "“For ines married",
        ]
        assert any("“more.csv” says “Married”" in said for said in leaks.look_at(ctx, seat.demand))
        with pytest.raises(Refused, match="must not learn who passed the copies on"):
            drafts.hand_over(ctx, seat)


@pytest.mark.parametrize("people", ["Зоя", "A. Reader"])
def test_files_are_read_as_text_alone(
    stage_at: Any, monkeypatch: pytest.MonkeyPatch, people: str
) -> None:
    """Whatever the letters of the names, and however many people a contractor above has."""
    stage = stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)
    colleagues = [f"{people} {number:03}" for number in range(300)]
    names = leaks.secrets
    monkeypatch.setattr(leaks, "secrets", lambda *given: [*names(*given), *colleagues])
    loaded: list[str] = []

    def load(file: NamedFile, _: object) -> None:
        loaded.append(file.name)

    with at(stage, child, PRINTERS):
        with stage.act() as ctx:
            seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
            for text in (f"For {colleagues[299]}", f"From {colleagues[0]}", "Nobody"):
                draft_files.add_file(ctx, seat, {"name": f"{text}.csv", "kind": "electronic"})
        with stage.look() as ctx:
            seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
            event.listen(NamedFile, "load", load)
            found = leaks.leaks(ctx, seat.demand)["files"]
            event.remove(NamedFile, "load", load)
    assert [gap.partition(".csv")[0] for gap in found] == [
        f"“For {colleagues[299]}",
        f"“From {colleagues[0]}",
    ]
    assert loaded == []


def test_an_amendment_names_nobody_above_either(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
        with stage.act() as ctx:
            seat = seat_of(ctx, stage, play.CASEWORK)
            amendment_drafts.begin(ctx, seat)
            amendment_files.add_file(ctx, seat, {"name": "to Tom Beck.csv", "kind": "electronic"})
            with pytest.raises(Refused, match=r"“to Tom Beck\.csv” names “Tom Beck”"):
                amendment_drafts.hand_over(ctx, seat)


def test_what_may_tell_in_an_amendment_is_to_be_looked_at(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
        changing.draft(stage, files=["Halden list.csv", "of Printers Ltd.csv"])
        with stage.act() as ctx:
            seat = seat_of(ctx, stage, play.CASEWORK)
            row = amendment_drafts.amendment_of(ctx, seat.demand)
            assert row is not None
            file = "“Halden list.csv” says “Halden”: does that tell who passed the copies on?"
            assert leaks.look_at_amendment(ctx, seat.demand, row) == [file]
            row.instruction = "Write to x@halden.example."
            assert leaks.look_at_amendment(ctx, seat.demand, row) == [
                "The instruction says “Halden” and “halden.example”: does that tell who passed "
                "the copies on?",
                file,
            ]
            # What stays was read before it went out.
            seat.demand.instruction = row.instruction
            assert leaks.look_at_amendment(ctx, seat.demand, row) == [file]
            seat.demand.parent_id = None
            assert leaks.look_at_amendment(ctx, seat.demand, row) == []
            ctx.session.rollback()
        changing.hand_over(stage)
