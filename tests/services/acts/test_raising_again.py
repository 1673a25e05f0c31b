"""Which demand deals with what was passed on: not one that was withdrawn, nor one that ended
before it was said; and whoever stands in the onward disclosure alone is a recipient too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from attest.demo import script
from attest.demo.acting import demand_of, seat_of
from attest.domain.refusal import Refused
from attest.services.acts import answers, draft_stores, reopening
from attest.services.acts.raising import RaisedAlready
from attest.services.facts import children
from tests import changing
from tests import stage as play
from tests.passing import (
    HALDEN,
    PRINTERS,
    at,
    close_with,
    get_ready,
    issue_to,
    needs,
    passed_to,
    raise_against,
    say_passed_on,
    settle,
)


def wanted(stage: Any) -> list[str]:
    """What asks the case handler to raise a demand."""
    return [need for need in needs(stage, play.CASEWORK) if need.startswith("Raise")]


def withdrawn_child(stage: Any) -> str:
    """Issued, and withdrawn: they said that it was not them."""
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
        close_with(stage, "withdrawn")
    return child


def test_a_demand_that_was_withdrawn_deals_with_nothing(stage_at: Any) -> None:
    stage = stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    withdrawn_child(stage)
    assert len(wanted(stage)) == 1
    with stage.look() as ctx:
        (to,) = children.recipients(ctx, demand_of(ctx, stage))
        assert (to.files, to.left) == (2, 2)
        assert children.references(ctx, demand_of(ctx, stage)) == []
    with pytest.raises(Refused, match="say why none is raised"):
        script.review(stage, "accepted")
    (text, *_) = (letter.text for letter in play.letters(stage, "children_ended"))
    assert "does not deal with the copies" in " ".join(text.split())
    again = raise_against(stage, PRINTERS.name)
    assert wanted(stage) == []
    with at(stage, again, PRINTERS):
        issue_to(stage, PRINTERS)
        get_ready(stage, PRINTERS)
        settle(stage)
    script.review(stage, "accepted")
    close_with(stage, "closed_with_exceptions")
    assert play.problems(stage) == []


def test_one_withdrawn_after_the_files_were_accepted_is_explained_at_closing(
    quick_stage_at: Any,
) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
    script.review(stage, "accepted")
    with at(stage, child, PRINTERS):
        close_with(stage, "withdrawn")
    assert len(wanted(stage)) == 1
    with pytest.raises(Refused, match="was withdrawn after the files were accepted") as refused:
        script.close(stage, outcome="closed_with_exceptions")
    assert refused.value.field == "reason"
    close_with(stage, "closed_with_exceptions")  # says why
    assert play.problems(stage) == []


def test_what_is_passed_on_once_more_is_asked_for_once_more(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
        get_ready(stage, PRINTERS)
        settle(stage)
    script.review(stage, "accepted")
    close_with(stage, "closed_with_exceptions")
    stage.now += timedelta(days=30)
    file_id = play.files(stage)["list.csv"].id
    with stage.act() as ctx:
        reopening.reopen_file(ctx, seat_of(ctx, stage, play.CASEWORK), file_id, "Sent once more.")
    say_passed_on(stage, HALDEN, PRINTERS.name, ("list.csv",))
    assert len(wanted(stage)) == 1
    with pytest.raises(Refused, match="had been closed before"):
        script.review(stage, "accepted")
    assert raise_against(stage, PRINTERS.name) != child
    assert wanted(stage) == []


def test_what_is_only_said_again_is_not_asked_for_again(quick_stage_at: Any) -> None:
    """A store named late opens the files: nobody passed anything on since."""
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
        get_ready(stage, PRINTERS)
        settle(stage)
    stage.now += timedelta(days=1)
    play.name_store(stage, play.LIAISON)
    say_passed_on(stage, HALDEN, PRINTERS.name)
    assert wanted(stage) == []
    script.review(stage, "accepted")


def test_other_letters_are_the_same_recipient(stage_at: Any) -> None:
    stage = stage_at("ready")
    files, stores = play.files(stage), play.stores(stage)
    script.fill(stage, play.plain_answer(stage))
    share = stores[play.SHARE.label].id
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, HALDEN.officer)
        answers.save(ctx, seat, [(files["list.csv"].id, share)], passed_to("Müller GmbH"))
        answers.save(ctx, seat, [(files["costings.xlsx"].id, share)], passed_to("MÜLLER GmbH"))
        answers.save_onward(ctx, seat, None, True, "Müller GmbH; a copy\nMÜLLER GmbH; a copy")
    script.attest_all(stage)
    child = raise_against(stage, "müller gmbh")
    assert wanted(stage) == []
    with pytest.raises(RaisedAlready) as refused:
        raise_against(stage, "MÜLLER GmbH")
    assert refused.value.reference == child
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
    script.review(stage, "accepted")


def test_a_demand_below_that_is_amended_deals_with_what_was_added(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name, ("list.csv",))
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
    script.review(stage, "rejected", "All of it.")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    assert len(wanted(stage)) == 1
    with at(stage, child, PRINTERS):
        changing.amend(stage, files=["costings.xlsx"])
    assert wanted(stage) == []
    script.review(stage, "accepted")


def disclosed_only(stage: Any) -> None:
    """Every copy is deleted; the onward disclosure names somebody all the same."""
    script.fill(stage, play.plain_answer(stage))
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, HALDEN.officer)
        said = f"Printers Ltd; the whole list by email; 2013-02-01\n{play.EAST}; a copy"
        answers.save_onward(ctx, seat, None, True, said)
    script.attest_all(stage)


def test_a_recipient_in_the_disclosure_alone_is_one(stage_at: Any) -> None:
    stage = stage_at("ready")
    disclosed_only(stage)
    with stage.look() as ctx:
        # A party of the demand is none.
        assert [to.name for to in children.recipients(ctx, demand_of(ctx, stage))] == [
            "Printers Ltd"
        ]
    assert len(wanted(stage)) == 1
    with pytest.raises(Refused, match="passed on to “Printers Ltd”"):
        script.review(stage, "accepted")
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
        get_ready(stage, PRINTERS)
        settle(stage)
    text = " ".join(play.letters(stage, "children_ended")[0].text.split())
    assert "2 attestations wait for a review" in text
    script.review(stage, "accepted")
    script.close(stage)  # every copy is settled
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_many_recipients_are_read_in_a_few_queries(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    firms = [f"Firm {number}" for number in range(12)]
    for firm in firms:
        play.name_store(
            stage, play.LIAISON, draft_stores.StoreAnswers(firm, "electronic", "file_share")
        )
    script.fill(stage, play.plain_answer(stage))
    files, stores = play.files(stage), play.stores(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, HALDEN.officer)
        for firm in firms:
            cells = [(file.id, stores[firm].id) for file in files.values()]
            answers.save(ctx, seat, cells, passed_to(firm))
        answers.save_onward(ctx, seat, None, True, "\n".join(f"{firm}; copy" for firm in firms))
    script.attest_all(stage)
    asked: list[str] = []

    def count(*told: Any) -> None:
        asked.append(told[2])

    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        event.listen(stage.engine, "before_cursor_execute", count)
        try:
            assert len(children.recipients(ctx, demand)) == 12
        finally:
            event.remove(stage.engine, "before_cursor_execute", count)
    assert len(asked) <= 5, asked
