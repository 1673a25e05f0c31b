"""The officer's working answers, the selection they are given for, and what is left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attest.demo import script
from attest.demo.acting import seat_of
from attest.domain.answers import Refusals
from attest.domain.refusal import NotFound, Refused
from attest.services.acts import answers
from attest.services.acts.selection import select_copies
from attest.services.log.prepared import Stale
from attest.services.views import overview
from attest.services.views.desk import desk
from tests import stage as play


def cells(stage, label: str, names=play.FILES) -> list[tuple[str, str]]:
    files, stores = play.files(stage), play.stores(stage)
    return [(files[name].id, stores[label].id) for name in names]


def save(stage, chosen, typed) -> int:
    with stage.act() as ctx:
        return answers.save(ctx, seat_of(ctx, stage, play.OFFICER), chosen, typed)


def common(stage, chosen):
    with stage.look() as ctx:
        return answers.common_answer(ctx, seat_of(ctx, stage, play.OFFICER), chosen)


def on_desk(stage):
    with stage.look() as ctx:
        return desk(ctx, seat_of(ctx, stage, play.OFFICER))


def tell(stage, file_ids, disclosed=False, recipients="") -> None:
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        answers.save_onward(ctx, seat, file_ids, disclosed, recipients)


def test_one_answer_for_many_copies(stage_at) -> None:
    stage = stage_at("ready")
    chosen = cells(stage, "File share")
    assert save(stage, [*chosen, chosen[0]], play.deleted(stage)) == 2
    assert play.state(stage) == "in_progress"
    assert on_desk(stage).left == 2
    filled = common(stage, chosen)
    assert filled is not None
    assert filled["method"] == "file_deletion"
    # Saved again: the newer answer stands, and there is one of it.
    save(stage, chosen[:1], play.deleted(stage) | {"method": "overwrite"})
    assert on_desk(stage).left == 2
    assert common(stage, chosen) is None
    assert play.problems(stage) == []


def test_a_refusal_keeps_nothing(stage_at) -> None:
    stage = stage_at("ready")
    chosen = cells(stage, "File share")
    future = stage.now.date() + timedelta(days=1)
    with pytest.raises(Refusals) as told:
        save(stage, chosen, {"outcome": "deleted", "performed_on": future})
    assert told.value.sentences.keys() == {"method", "performed_by", "performed_on"}
    assert on_desk(stage).answered == 0


@pytest.mark.parametrize("outcome", ["gone", "", None])
def test_outcomes_that_are_not_offered(quick_stage_at, outcome) -> None:
    stage = quick_stage_at("ready")
    with pytest.raises(Refused) as told:
        save(stage, cells(stage, "File share"), {"outcome": outcome})
    assert told.value.field == "outcome"


def test_copies_that_are_not_there(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    (file_id, store_id), _ = cells(stage, "File share")
    with pytest.raises(Refused, match="at least one copy"):
        save(stage, [], play.deleted(stage))
    for forged in ((file_id, file_id), (store_id, store_id)):
        with pytest.raises(NotFound):
            save(stage, [forged], play.deleted(stage))
    with pytest.raises(NotFound):
        tell(stage, [store_id])


def test_a_file_that_was_signed_for_is_left_alone(stage_at) -> None:
    stage = stage_at("attested")
    chosen = cells(stage, "File share")
    with pytest.raises(Stale, match="has been signed for"):
        save(stage, chosen, play.deleted(stage))
    with pytest.raises(Stale, match="has been signed for"):
        tell(stage, [chosen[0][0]])
    with pytest.raises(Refused, match="at least one file"):
        tell(stage, None)
    # A further store opens both again.
    play.name_store(stage)
    save(stage, chosen, play.deleted(stage))


def test_disclosure_of_all_and_of_some(stage_at) -> None:
    stage = stage_at("ready")
    first, second = (play.files(stage)[name].id for name in play.FILES)
    assert on_desk(stage).untold == 2
    tell(stage, None)
    assert on_desk(stage).untold == 0
    tell(stage, [second], True, "Printers Ltd; a printout")
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        assert answers.common_onward(ctx, seat, [first]) == (False, "")
        assert answers.common_onward(ctx, seat, [second]) == (True, "Printers Ltd; a printout")
        assert answers.common_onward(ctx, seat, None) is None
        told = [row.disclosed for row in overview.matrix(ctx, seat.demand).rows.items]
    assert sorted(told) == [False, True]


def test_a_whole_column_is_every_open_file(stage_at) -> None:
    stage = stage_at("attested")
    script.review(stage, "rejected", "Which share?", files=["list.csv"])
    share = play.stores(stage)["File share"].id
    with stage.look() as ctx:
        demand = seat_of(ctx, stage, play.OFFICER).demand
        chosen = select_copies(ctx, demand, [], [share])
        assert [file.name for file in chosen.files] == ["list.csv"]
        assert chosen.files_in(chosen.stores[0]) == list(chosen.files)
        again = select_copies(ctx, demand, chosen.tokens)
        assert again.cells == chosen.cells
        with pytest.raises(Refused, match="at least one copy"):
            select_copies(ctx, demand, [])
        for forged in ("1", "x.y", f"9.{share}", "1.made-up", f"-1.{share}", f"²{share}"):
            with pytest.raises(NotFound):
                select_copies(ctx, demand, [forged])


def test_the_desk_shows_what_was_rejected_last(stage_at) -> None:
    stage = stage_at("attested")
    script.review(stage, "rejected", "Which share?", files=["list.csv"])
    (back,) = on_desk(stage).returned
    assert (back.organisation, back.reason) == (play.LEAD, "Which share?")
    assert [file.name for file in back.files] == ["list.csv"]
    stage.now += timedelta(hours=1)
    play.fill(stage, "File share", play.deleted(stage) | {"note": "Share S:"}, ["list.csv"])
    script.attest_all(stage)
    script.review(stage, "rejected", "Which day?", files=["list.csv"])
    (back,) = on_desk(stage).returned
    assert back.reason == "Which day?"


def test_nothing_is_answered_after_the_end(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    with pytest.raises(Refused, match="has ended"):
        save(stage, cells(stage, "File share"), play.deleted(stage))
