"""Who has reviewed and who has not, and the letters to those who have not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from attest.database.tables import Person
from attest.demo.acting import Stage, demand_of, make_key, tick
from attest.services.chasing.ticks import chase_everybody
from attest.services.facts import concurrence
from attest.services.facts.concurrence import Waiting
from tests import held
from tests import stage as play
from tests.concurring import attested_for_each
from tests.services.acts.test_reviewing import hand_in

BOTH = [play.LEAD, play.EAST]


def sentences(stage: Stage) -> dict[str, str]:
    files = play.files(stage)
    with stage.look() as ctx:
        found = concurrence.of_files(ctx, demand_of(ctx, stage), [f.id for f in files.values()])
        return {name: found[file.id].sentence for name, file in files.items() if file.id in found}


def waiting(stage: Stage) -> list[Waiting]:
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        return concurrence.waiting_in(ctx, [demand.id]).get(demand.id, [])


def to_working_day(stage: Stage, day: date) -> None:
    stage.now = datetime.combine(day, time(9, 0), stage.now.tzinfo)


def test_nobody_has_reviewed(stage_at) -> None:
    stage = attested_for_each(stage_at)
    asked = "Northshire Constabulary and Eastshire Police have not reviewed yet, asked on Tuesday"
    assert {said[: len(asked)] for said in sentences(stage).values()} == {asked}
    assert [(each.organisation, each.files) for each in waiting(stage)] == [
        (name, 2) for name in BOTH
    ]
    with stage.look() as ctx:
        assert concurrence.counting(demand_of(ctx, stage)) == BOTH


def test_the_lead_has_and_the_other_has_not(stage_at) -> None:
    stage = attested_for_each(stage_at)
    hand_in(stage, held.review(stage))
    told = set(sentences(stage).values())
    assert told == {
        "Accepted by Northshire Constabulary; Eastshire Police has not reviewed yet, asked on "
        "Tuesday 5 February 2013."
    }
    assert [each.organisation for each in waiting(stage)] == [play.EAST]


def test_the_contractor_reads_whose_review_is_missing(quick_stage_at) -> None:
    stage = attested_for_each(quick_stage_at)
    hand_in(stage, held.review(stage))
    text = " ".join(play.letters(stage, "attestations_accepted")[-1].text.split())
    assert "Eastshire Police has not reviewed them yet. Nothing more is asked of you" in text
    assert play.letters(stage, "ready_to_close") == []
    hand_in(stage, held.review(stage, email=play.JOINT), play.JOINT)
    text = " ".join(play.letters(stage, "attestations_accepted")[-1].text.split())
    assert "Every file is accepted. Nothing more is asked of you" in text
    assert play.letters(stage, "ready_to_close")


def test_where_they_disagree_the_one_who_rejects_decides(stage_at) -> None:
    stage = attested_for_each(stage_at)
    hand_in(stage, held.review(stage))
    hand_in(stage, held.review(stage, "rejected", "Name the drives.", play.JOINT), play.JOINT)
    assert set(sentences(stage).values()) == {
        "Rejected by Eastshire Police, although Northshire Constabulary accepted it. One rejection "
        "is enough: Eastshire Police’s reasons stand, and every controller reviews the next "
        "attestation."
    }
    assert waiting(stage) == []
    assert play.problems(stage) == []


def test_under_lead_only_the_lead_counts(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    with stage.look() as ctx:
        assert concurrence.counting(demand_of(ctx, stage)) == [play.LEAD]
    assert [each.organisation for each in waiting(stage)] == [play.LEAD]
    hand_in(stage, held.review(stage))
    assert set(sentences(stage).values()) == {"Accepted by Northshire Constabulary."}


def test_an_open_file_is_left_out(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    assert sentences(stage) == {}
    assert waiting(stage) == []


def test_who_has_not_reviewed_is_written_to(stage_at) -> None:
    stage = attested_for_each(stage_at)  # on Tuesday 5 February
    hand_in(stage, held.review(stage))
    written = {}
    for offset in range(25):
        to_working_day(stage, date(2013, 2, 5) + timedelta(days=offset))
        before = len(play.letters(stage, "review_waits"))
        tick(stage)
        tick(stage)
        new = play.letters(stage, "review_waits")[before:]
        if new:
            written[stage.now.date()] = [letter.to_email for letter in new]
    # Two, five and ten working days after Tuesday; Northshire has reviewed, and gets none.
    days = (date(2013, 2, 7), date(2013, 2, 12), date(2013, 2, 19))
    assert written == {day: [play.JOINT] for day in days}
    letter = play.letters(stage, "review_waits")[0]
    assert letter.subject == "ND-2013-001: 2 attestations wait for your review"
    flat = " ".join(letter.text.split())
    assert "Eastshire Police has not reviewed them yet" in flat
    assert "asked on Tuesday 5 February 2013" in flat
    assert "- list.csv - costings.xlsx" in flat
    assert play.problems(stage) == []


def test_nobody_is_written_to_who_has_reviewed_or_left(quick_stage_at) -> None:
    stage = attested_for_each(quick_stage_at)
    for email in (play.SIGNATORY, play.JOINT):
        hand_in(stage, held.review(stage, email=email), email)
    stage.now += timedelta(days=9)
    tick(stage)
    assert play.letters(stage, "review_waits") == []

    stage = attested_for_each(quick_stage_at)
    with stage.act() as ctx:
        for person in ctx.session.query(Person).all():
            if person.account.email == play.JOINT:
                person.active = False
    stage.now += timedelta(days=3)
    tick(stage)
    assert {letter.to_email for letter in play.letters(stage, "review_waits")} == {
        play.SIGNATORY,
        play.SECOND,
    }


def test_who_reviews_before_its_letter_goes_gets_none_though_another_has_not(stage_at) -> None:
    stage = attested_for_each(stage_at)
    to_working_day(stage, date(2013, 2, 7))
    with stage.act() as ctx:
        assert chase_everybody(ctx) > 1
    hand_in(stage, held.review(stage))
    tick(stage)
    became = {letter.to_email: letter.state for letter in play.letters(stage, "review_waits")}
    assert became.pop(play.JOINT) == "sent"
    assert set(became.values()) == {"dropped"}


def test_under_lead_nobody_is_written_to(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    make_key(stage, play.JOINT, "signatory")
    stage.now += timedelta(days=9)
    tick(stage)
    assert play.letters(stage, "review_waits") == []


def test_what_a_stopped_service_missed_is_one_letter(quick_stage_at) -> None:
    stage = attested_for_each(quick_stage_at)
    hand_in(stage, held.review(stage))
    stage.now += timedelta(days=41)  # a Monday
    with stage.act() as ctx:
        chase_everybody(ctx)
    with stage.act() as ctx:
        assert chase_everybody(ctx) == 0
    assert len(play.letters(stage, "review_waits")) == 1
