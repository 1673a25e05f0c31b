"""The same answers as another file's: what is replaced, and who takes none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from attest.database.tables import Copy, Disclosure
from attest.demo.acting import seat_of
from attest.domain.refusal import NotFound, Refused
from attest.services.acts import answers, copying
from attest.services.log.prepared import Stale
from tests import stage as play

FIRST, SECOND = play.FILES


def answer(stage, name: str, label: str, **more) -> None:
    cell = (play.files(stage)[name].id, play.stores(stage)[label].id)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        answers.save(ctx, seat, [cell], play.deleted(stage) | more)


def copy(stage, name: str, to=None) -> tuple[int, int]:
    files = play.files(stage)
    places = None if to is None else [files[each].position for each in to]
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        return copying.copy_answers(ctx, seat, files[name].position, places)


def plan(stage, name: str) -> copying.Plan:
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        return copying.plan(ctx, seat, play.files(stage)[name].position)


def rows(stage, name: str) -> dict[str, str]:
    """What is answered for a file: method by store."""
    labels = {store.id: label for label, store in play.stores(stage).items()}
    with stage.look() as ctx:
        found = ctx.session.scalars(
            select(Copy).where(Copy.file_id == play.files(stage)[name].id)
        ).all()
        return {labels[row.store_id]: row.answer["method"] for row in found if row.answer}


def test_what_is_answered_is_copied_and_nothing_else(stage_at) -> None:
    stage = stage_at("ready")
    answer(stage, FIRST, "File share", method="overwrite")
    answer(stage, SECOND, "Filing cabinet")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        answers.save_onward(ctx, seat, [play.files(stage)[FIRST].id], False, "")
    found = plan(stage, FIRST)
    assert [store.label for store in found.stores] == ["File share"]
    assert found.disclosed is False
    assert [(each.file.name, each.answered, each.replaced) for each in found.targets] == [
        (SECOND, 0, 0)
    ]
    assert copy(stage, FIRST, [SECOND]) == (1, 1)
    assert rows(stage, SECOND) == {"File share": "overwrite", "Filing cabinet": "file_deletion"}
    with stage.look() as ctx:
        said = ctx.session.get(Disclosure, play.files(stage)[SECOND].id)
        assert said is not None
        assert said.onward == {"disclosed": False}
    assert play.problems(stage) == []


def test_what_would_be_replaced_is_known_before(stage_at) -> None:
    stage = stage_at("ready")
    answer(stage, FIRST, "File share", method="overwrite")
    answer(stage, SECOND, "File share")
    [target] = plan(stage, FIRST).targets
    assert (target.answered, target.replaced, target.told) == (1, 1, False)
    assert copy(stage, FIRST) == (1, 1)
    [target] = plan(stage, FIRST).targets
    assert (target.answered, target.replaced) == (1, 0)


def test_only_open_files_take_answers_and_any_file_of_the_demand_gives_them(stage_at) -> None:
    stage = stage_at("attested")
    with pytest.raises(Stale, match="signed for"):
        copy(stage, FIRST, [SECOND])
    with pytest.raises(Refused, match="at least one"):
        copy(stage, FIRST)
    with pytest.raises(NotFound):
        plan_of_place(stage, 99)


def plan_of_place(stage, place: int) -> copying.Plan:
    with stage.look() as ctx:
        return copying.plan(ctx, seat_of(ctx, stage, play.OFFICER), place)


def test_a_file_without_answers_has_none_to_give(stage_at) -> None:
    stage = stage_at("ready")
    with pytest.raises(Refused, match="Nothing is answered"):
        copy(stage, FIRST, [SECOND])
    answer(stage, FIRST, "File share")
    with pytest.raises(Refused, match="at least one"):
        copy(stage, FIRST, [FIRST])


def test_an_exception_that_ended_is_not_copied(stage_at) -> None:
    stage = stage_at("ready")
    until = stage.now.date() + timedelta(days=3)
    answer(
        stage,
        FIRST,
        "File share",
        outcome="beyond_use",
        exception_basis="It is in the backups.",
        exception_until=until,
        safeguards=["no_decisions", "no_sharing", "secured", "will_delete"],
    )
    stage.now += timedelta(days=5)
    with pytest.raises(Refused, match="“File share” cannot be copied"):
        copy(stage, FIRST, [SECOND])
    assert rows(stage, SECOND) == {}
