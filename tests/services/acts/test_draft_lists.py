"""The files and stores of a draft: typed, imported, proposed."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from attest.database.tables import NamedFile
from attest.demo import case
from attest.demo.acting import demand_of, seat_of
from attest.domain.refusal import Refused
from attest.services.acts import draft_files, draft_stores
from attest.services.acts.draft_stores import StoreAnswers
from attest.services.facts.draft_lock import recount
from tests import stage as play


@pytest.fixture
def empty(stage_at):
    """A draft without files."""
    return emptied(stage_at("drafted"))


@pytest.fixture
def quick_empty(quick_stage_at):
    """The same on SQLite alone."""
    return emptied(quick_stage_at("drafted"))


def emptied(stage):
    with stage.act() as ctx:
        ctx.session.execute(delete(NamedFile))
        recount(ctx, demand_of(ctx, stage))
    return stage


def seat(ctx, stage):
    return seat_of(ctx, stage, play.CASEWORK, draft=True)


def import_files(stage, data: bytes) -> draft_files.Preview:
    with stage.act() as ctx:
        return draft_files.import_files(ctx, seat(ctx, stage), data)


def preview(stage, data: bytes) -> draft_files.Preview:
    with stage.look() as ctx:
        return draft_files.preview(ctx, seat(ctx, stage), data)


def test_the_list_and_then_the_sums_of_the_case(empty) -> None:
    first = import_files(empty, case.manifest())
    assert (first.kind, first.added) == ("csv", 5)
    second = import_files(empty, case.checksums())
    assert (second.added, second.already_there) == (0, 5)
    assert any("files/" in note for note in second.notes), "the directory that was stripped is told"
    kept = play.files(empty)
    assert len(kept) == 5
    assert all(file.sha256 and file.size for file in kept.values())
    with empty.look() as ctx:
        assert demand_of(ctx, empty).files_total == 5
        assert demand_of(ctx, empty).files_open == 5


def test_the_sums_first_and_the_list_fills_in(empty) -> None:
    assert import_files(empty, case.checksums()).added == 5
    assert all(file.size is None for file in play.files(empty).values())
    second = import_files(empty, case.manifest())
    assert (second.added, second.filled_in) == (0, 5)
    kept = play.files(empty)
    assert kept[case.LIST].subjects == 994
    assert kept[case.LIST].data_categories == "identity;employment;pay"


@pytest.mark.parametrize(
    "bad",
    [
        b"name,sha256\ngood.csv,\nbad.csv,abc\n",
        b"name\ngood.csv\ngood.csv\n",
        b"name\ngood.csv\n\xe2\x80\xaeevil.csv\n",
        b"title\ngood.csv\n",
        b"\x00\x01\x02",
        b"",
    ],
)
def test_one_bad_line_keeps_nothing(quick_empty, bad: bytes) -> None:
    shown = preview(quick_empty, bad)
    assert shown.problems
    with pytest.raises(Refused) as told:
        import_files(quick_empty, bad)
    assert told.value.field == "list"
    assert play.files(quick_empty) == {}


def test_a_preview_keeps_nothing(empty) -> None:
    assert preview(empty, case.manifest()).added == 5
    assert play.files(empty) == {}


def test_files_typed_one_by_one(empty) -> None:
    def add(**typed: str) -> None:
        with empty.act() as ctx:
            draft_files.add_file(ctx, seat(ctx, empty), typed)

    add(name=" a.csv ", kind="electronic", sha256="A" * 64)
    add(name="b", kind="hard_copy")
    kept = play.files(empty)
    assert [kept[name].position for name in ("a.csv", "b")] == [1, 2]
    assert kept["a.csv"].sha256 == "a" * 64
    for typed, field in (
        ({"name": ""}, "name"),
        ({"name": "a.csv"}, "name"),
        ({"name": "c", "sha256": "abc"}, "sha256"),
        ({"name": "c", "kind": "stone"}, "kind"),
        ({"name": "c", "sent_on": "soon"}, "sent_on"),
        ({"name": "\x07"}, "name"),
    ):
        with pytest.raises(Refused) as told:
            add(**typed)
        assert told.value.field == field, typed
    assert len(play.files(empty)) == 2


def test_a_file_is_removed_once(empty) -> None:
    import_files(empty, case.manifest())
    gone = play.files(empty)[case.LIST].id
    for _ in range(2):
        with empty.act() as ctx:
            draft_files.remove_file(ctx, seat(ctx, empty), gone)
    assert case.LIST not in play.files(empty)
    with empty.look() as ctx:
        assert demand_of(ctx, empty).files_total == 4


def test_another_demands_file_is_out_of_reach(quick_stage_at) -> None:
    stage = quick_stage_at("drafted")
    file = play.files(stage)["list.csv"].id
    store = play.stores(stage)[play.SHARE.label].id
    first = stage.reference
    play.drafted(stage)
    with stage.act() as ctx:
        draft_files.remove_file(ctx, seat(ctx, stage), file)
        draft_stores.remove_store(ctx, seat(ctx, stage), store)
    stage.reference = first
    assert "list.csv" in play.files(stage)
    assert play.SHARE.label in play.stores(stage)


def test_stores_proposed_and_added(stage_at) -> None:
    stage = stage_at("drafted")
    with stage.look() as ctx:
        proposed = draft_stores.propose_stores(ctx, seat(ctx, stage))
    assert {proposal.medium for proposal in proposed} == {"electronic", "hard_copy"}
    with stage.act() as ctx:
        draft_stores.add_stores(
            ctx,
            seat(ctx, stage),
            [StoreAnswers(each.label, each.medium, each.kind) for each in proposed],
        )
    with stage.look() as ctx:
        assert draft_stores.propose_stores(ctx, seat(ctx, stage)) == []
        assert demand_of(ctx, stage).stores_total == 2 + len(proposed)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        (StoreAnswers("", "electronic", "mailbox"), "label"),
        (StoreAnswers("file SHARE", "electronic", "mailbox"), "label"),
        (StoreAnswers("New", "stone", "mailbox"), "medium"),
        (StoreAnswers("New", "electronic", "cave"), "kind"),
        (StoreAnswers("New", "electronic", "mailbox", "x" * 201), "location"),
        (StoreAnswers("New", "electronic", "mailbox", "", "\u200e"), "custodian"),
    ],
)
def test_what_a_store_refuses(quick_stage_at, answers: StoreAnswers, field: str) -> None:
    stage = quick_stage_at("drafted")
    with pytest.raises(Refused) as told, stage.act() as ctx:
        draft_stores.add_stores(ctx, seat(ctx, stage), [play.MAILBOX, answers])
    assert told.value.field == field
    assert len(play.stores(stage)) == 2, "the good one beside it was not kept either"
