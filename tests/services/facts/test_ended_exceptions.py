"""Exceptions that end: the file comes back by itself, is chased again, and is signed for anew."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from attest.demo import script
from attest.demo.acting import demand_of, seat_of, sign, tick
from attest.services.acts import answers, closing, reopening
from tests import stage as play

NOW = play.START.date()
SAFE = ["no_decisions", "no_sharing", "secured", "will_delete"]
EXCEPTIONS: dict[str, dict[str, Any]] = {
    "beyond_use": {"exception_basis": "The backup expires by itself", "safeguards": SAFE},
    "legal_hold": {"exception_basis": "An order of the High Court"},
}


def excepted(outcome: str, until: date) -> dict[str, Any]:
    return EXCEPTIONS[outcome] | {"outcome": outcome, "exception_until": until}


def attest_with(stage: Any, typed: dict[str, Any], names: tuple[str, ...] = play.FILES) -> None:
    """The officer answers for all, these files in the share so, and signs; all is accepted."""
    script.fill(stage, play.plain_answer(stage))
    play.fill(stage, "File share", typed, names)
    script.attest_all(stage)
    script.review(stage, "accepted")


def close(stage: Any, outcome: str) -> None:
    sign(
        stage,
        play.SIGNATORY,
        lambda ctx, seat: closing.prepare_closure(ctx, seat, outcome, None),
        lambda ctx, seat, sent: closing.close_demand(ctx, seat, sent[0][1]),
    )


def to_day(stage: Any, day: date) -> None:
    """The worker's day: one tick in the morning."""
    stage.now = stage.now.replace(year=day.year, month=day.month, day=day.day, hour=9)
    tick(stage)


def chased(stage: Any) -> list[tuple[str, date]]:
    """The letters of the ladder, once each, with the day."""
    kinds = ("reminder", "overdue", "escalation")
    found = [(row.kind, row.queued_at.date()) for row in play.letters(stage) if row.kind in kinds]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("outcome", list(EXCEPTIONS))
@pytest.mark.parametrize("closed", [False, True])
def test_an_exception_comes_back_on_its_day_and_is_chased(
    stage_at: Any, outcome: str, closed: bool
) -> None:
    stage = stage_at("ready")
    until = NOW + timedelta(days=28)  # a Monday, long after the due date
    attest_with(stage, excepted(outcome, until), ("list.csv",))
    if closed:
        close(stage, "closed_with_exceptions")
    to_day(stage, until - timedelta(days=1))
    assert play.files(stage)["list.csv"].state == "accepted"
    to_day(stage, until)
    file = play.files(stage)["list.csv"]
    assert (file.state, file.due_on) == ("open", until + timedelta(days=7))
    assert play.files(stage)["costings.xlsx"].state == "accepted"
    assert play.state(stage) == "in_progress"
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        assert (demand.next_due_on, demand.closed_at) == (file.due_on, None)
    (told,) = {row.text.partition("\n\n")[2] for row in play.letters(stage, "files_reopened")}
    words = {"beyond_use": "put beyond use", "legal_hold": "legal hold"}[outcome]
    assert f"{words} in “File share” until 4 March 2013" in " ".join(told.split()).replace("> ", "")
    assert "by Monday 11 March 2013." in " ".join(told.split())
    assert ("closed with exceptions; it is open again" in " ".join(told.split())) is closed
    assert play.OFFICER in {row.to_email for row in play.letters(stage, "files_reopened")}
    for offset in range(1, 20):
        to_day(stage, until + timedelta(days=offset))
    assert chased(stage) == [
        ("reminder", date(2013, 3, 7)),
        ("reminder", date(2013, 3, 11)),
        ("overdue", date(2013, 3, 12)),
        *(("escalation", date(2013, 3, day)) for day in (14, 18, 20, 22)),
    ]
    # Only the copy whose exception has ended is asked for again.
    play.fill(stage, "File share", play.deleted(stage), ("list.csv",))
    assert script.attest_all(stage) == 1
    script.review(stage, "accepted")
    close(stage, "closed")
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_an_exception_that_ends_before_the_due_date_leaves_that_date(stage_at: Any) -> None:
    stage = stage_at("ready")
    attest_with(stage, excepted("legal_hold", NOW + timedelta(days=3)))
    to_day(stage, NOW + timedelta(days=3))
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        assert demand.next_due_on == demand.due_on == NOW + timedelta(days=14)
    assert play.problems(stage) == []


def test_what_was_answered_since_is_kept(stage_at: Any) -> None:
    stage = stage_at("ready")
    script.fill(stage, play.plain_answer(stage))
    play.fill(stage, "File share", excepted("beyond_use", NOW + timedelta(days=3)))
    script.attest_all(stage)
    script.review(stage, "rejected", "Delete the one in the backup now.")
    play.fill(stage, "File share", play.deleted(stage), ("list.csv",))
    to_day(stage, NOW + timedelta(days=3))
    assert {file.state for file in play.files(stage).values()} == {"open"}
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        files, stores = play.files(stage), play.stores(stage)
        share = stores["File share"].id
        kept = answers.common_answer(ctx, seat, [(files["list.csv"].id, share)])
        asked = answers.common_answer(ctx, seat, [(files["costings.xlsx"].id, share)])
    assert kept is not None
    assert (kept["outcome"], asked) == ("deleted", None)


def test_files_due_on_different_days_have_ladders_of_their_own(stage_at: Any) -> None:
    stage = stage_at("ready")
    attest_with(stage, excepted("beyond_use", NOW + timedelta(days=28)), ("list.csv",))
    stage.now += timedelta(hours=1)
    with stage.act() as ctx:
        file = play.files(stage)["costings.xlsx"]
        seat = seat_of(ctx, stage, play.CASEWORK)
        reopening.reopen_file(ctx, seat, file.id, "A second printout turned up.")
    for offset in range(1, 40):
        to_day(stage, NOW + timedelta(days=offset))
    letters = [row for row in play.letters(stage) if row.kind == "overdue"]
    by_day = {row.queued_at.date(): row.text for row in letters}
    assert set(by_day) == {date(2013, 2, 19), date(2013, 3, 12)}
    assert "costings.xlsx" in by_day[date(2013, 2, 19)]
    assert "list.csv" not in by_day[date(2013, 2, 19)]
    assert "list.csv" in by_day[date(2013, 3, 12)]
    assert "costings.xlsx" not in by_day[date(2013, 3, 12)]
    with stage.look() as ctx:
        # Late is what was due first.
        assert demand_of(ctx, stage).next_due_on == NOW + timedelta(days=14)
    assert play.problems(stage) == []


@pytest.mark.parametrize("by", [play.LIAISON, play.CASEWORK])
def test_a_store_that_is_named_late_gives_time_to_search_it(stage_at: Any, by: str) -> None:
    stage = stage_at("accepted")
    to_day(stage, NOW + timedelta(days=28))
    play.name_store(stage, by)
    assert {file.due_on for file in play.files(stage).values()} == {date(2013, 3, 11)}
    for offset in range(29, 45):
        to_day(stage, NOW + timedelta(days=offset))
    # The last one comes again every two working days: on 14, 18 and 20 March.
    kinds = ["reminder", "reminder", "overdue", *["escalation"] * 3]
    assert [kind for kind, _ in chased(stage)] == kinds
    assert play.problems(stage) == []
