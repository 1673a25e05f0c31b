"""What pages read of a demand, and what they must not see of it."""

from __future__ import annotations

from typing import Any

import pytest

from attest.demo.acting import account_of, demand_of, seat_of
from attest.domain.refusal import NotFound
from attest.services.letters import letter_list
from attest.services.log import record
from attest.services.views import demand_list, overview
from tests import stage as play


def test_the_matrix(stage_at) -> None:
    stage = stage_at("answered")
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        for working in (True, False):
            found = overview.matrix(ctx, demand, working=working)
            assert [store.label for store in found.stores] == [
                play.SHARE.label,
                play.CABINET.label,
            ]
            assert [row.file.name for row in found.rows.items] == list(play.FILES)
            outcomes = [[cell.outcome for cell in row.cells] for row in found.rows.items]
            assert outcomes == [["deleted", "none_found"]] * 2
            assert not any(cell.signed for row in found.rows.items for cell in row.cells)
        assert overview.open_copies(ctx, demand) == (4, 4)
        assert overview.matrix(ctx, demand, only="accepted").rows.total == 0


def test_the_matrix_tells_signed_from_changed_since(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    play.name_store(stage)
    play.fill(stage, play.SHARE.label, play.deleted(stage) | {"performed_by": "Else"})
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        signed = overview.matrix(ctx, demand).rows.items[0].cells
        working = overview.matrix(ctx, demand, working=True).rows.items[0].cells
    assert [cell.signed for cell in signed] == [True, False, True]
    assert [cell.signed for cell in working] == [False, False, True]
    assert working[0].entry is not None
    assert working[0].entry["performedBy"] == "Else"


def test_pages_beyond_the_end_are_the_last(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        for number in (-5, 0, 1, 99):
            assert record.timeline(ctx, demand, page=number).number == 1
            assert overview.matrix(ctx, demand, page=number).rows.number == 1


def test_the_timeline_is_the_log_backwards(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    with stage.look() as ctx:
        events = record.timeline(ctx, demand_of(ctx, stage)).items
    assert [event.seq for event in events] == sorted((e.seq for e in events), reverse=True)
    assert [event.type for event in events if not event.type.startswith("letter.")] == list(
        reversed(play.log_types(stage))
    )
    signed = {event.type for event in events if event.signed}
    assert "demand.closed" in signed
    assert "file.named" not in signed


def test_letters_by_side(stage_at) -> None:
    """No letter of another party: the contractor's own, the lead's and the contractor's."""
    stage = stage_at("closed")
    lead = {play.CASEWORK, play.SIGNATORY, play.SECOND}
    contractor = {play.LIAISON, play.OFFICER}
    for email, readers in (
        (play.LIAISON, contractor),
        (play.OFFICER, contractor),
        (play.SIGNATORY, lead | contractor),
        (play.JOINT, {play.JOINT} | contractor),
    ):
        with stage.look() as ctx:
            shown = letter_list.letters(ctx, seat_of(ctx, stage, email)).items
        assert {letter.to_email for letter in shown} == readers, email


def test_lists_are_searched_and_filtered(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    play.drafted(stage)

    def found(**how: Any) -> list[str]:
        with stage.look() as ctx:
            page = demand_list.demands(ctx, account_of(ctx, play.CASEWORK), **how)
            return [demand.reference for demand in page.items]

    assert set(found()) == {"ND-2013-001", "ND-2013-002"}
    assert found(state="draft") == ["ND-2013-002"]
    assert found(state="issued") == ["ND-2013-001"]
    assert found(search="nd-2013-002") == ["ND-2013-002"]
    assert set(found(search="halden")) == {"ND-2013-001", "ND-2013-002"}
    for nothing in ("100%", "_", "\\", "'; --"):
        assert found(search=nothing) == []
    assert found(sort="nonsense") == found(sort="due")
    assert found(state="overdue") == []


def test_files_by_their_place(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        file = overview.file_at(ctx, demand, 2)
        assert file.name == play.FILES[1]
        for nowhere in (0, 3, -1):
            with pytest.raises(NotFound):
                overview.file_at(ctx, demand, nowhere)
        [view] = overview.attestations(ctx, demand, [file.id])
        assert view.signer["name"] == "Ruth Adeyemi"
        assert file.name in view.text
        assert len(view.copies) == 2
        assert view.reviews == []


def test_a_draft_has_no_checkpoint(quick_stage_at) -> None:
    for point, there in (("drafted", False), ("issued", True)):
        stage = quick_stage_at(point)
        with stage.look() as ctx:
            head = overview.newest_checkpoint(ctx, demand_of(ctx, stage))
            assert (head is not None) is there
