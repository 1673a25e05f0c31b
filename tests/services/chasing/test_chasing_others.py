"""Who else is chased: the escalation contact, who decides on more time; and the extended day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from attest.demo.acting import Stage, account_of, seat_of, tick
from attest.domain.refusal import Refused
from attest.services.acts import escalation
from attest.services.acts.escalation import ContactAnswers
from attest.services.acts.extension_deciding import AS_ASKED, NO
from attest.services.chasing.ticks import chase_everybody
from tests import changing, more_time_acts
from tests import stage as play

DUE = date(2013, 2, 18)  # a Monday, and the day of play.TERMS
BOARD = "board@halden.example"
CONTACT = ContactAnswers("Hanna Director", "Managing director", BOARD)


def name(stage: Stage, contact: ContactAnswers = CONTACT) -> None:
    with stage.act() as ctx:
        escalation.name_contact(ctx, seat_of(ctx, stage, play.LIAISON), contact)


def days(stage: Stage, kind: str, first: date, last: date) -> dict[date, list[str]]:
    """On which days letters of a kind go out, and to whom; twice a day the worker looks."""
    found: dict[date, list[str]] = {}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        stage.now = max(stage.now, datetime.combine(day, time(9, 0), stage.now.tzinfo))
        before = len(play.letters(stage, kind))
        tick(stage)
        tick(stage)
        new = play.letters(stage, kind)[before:]
        if new:
            assert {letter.state for letter in new} == {"sent"}
            found[day] = sorted(letter.to_email for letter in new)
    return found


def ring_at(stage: Stage, email: str, own: str | None, organisation: str) -> None:
    with stage.act() as ctx:
        person = account_of(ctx, email).people[0]
        person.telephone, person.organisation.telephone = own, organisation


# --- The escalation contact -----------------------------------------------------------------


def test_the_contact_is_written_to_three_working_days_late(stage_at) -> None:
    stage = stage_at("ready")
    name(stage)
    ring_at(stage, play.CASEWORK, None, "01632 960200")
    found = days(stage, "escalation_contact", DUE - timedelta(7), DUE + timedelta(21))
    # Three working days late, and every two from then on.
    february = [date(2013, 2, day) for day in (21, 25, 27)]
    march = [date(2013, 3, day) for day in (1, 5, 7, 11)]
    assert found == {day: [BOARD] for day in [*february, *march]}
    letter = play.letters(stage, "escalation_contact")[0]
    flat = " ".join(letter.text.split())
    assert letter.text.startswith("Dear Hanna Director,")
    assert "- list.csv - costings.xlsx" in flat
    assert "Tom Beck and Ruth Adeyemi have the demand and have been written to." in flat
    assert "ring Casework, Manager at Northshire Constabulary, telephone 01632 960200" in flat
    assert "gives you no access" in flat
    assert letter.state == "sent"
    assert letter.invitation_id is None
    # The contractor sees on its page that somebody of its own was written to.
    assert letter.organisation_id is not None
    assert play.problems(stage) == []


def test_nobody_is_written_to_where_nobody_is_named(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    assert days(stage, "escalation_contact", DUE, DUE + timedelta(14)) == {}
    assert play.letters(stage, "escalation")


def test_who_is_named_late_or_replaces_somebody_is_written_to(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    assert days(stage, "escalation_contact", DUE, DUE + timedelta(7)) == {}
    name(stage)
    with stage.act() as ctx:
        assert chase_everybody(ctx) == 1
    name(stage, ContactAnswers("Somebody Else", "", "owner@halden.example"))
    with stage.act() as ctx:
        assert chase_everybody(ctx) == 1
        assert chase_everybody(ctx) == 0
    told = {letter.to_email for letter in play.letters(stage, "escalation_contact")}
    assert told == {BOARD, "owner@halden.example"}


def test_a_contact_who_is_the_liaison_gets_one_letter(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    name(stage, ContactAnswers("Tom Beck", "", play.LIAISON.upper()))
    assert days(stage, "escalation_contact", DUE, DUE + timedelta(7)) == {}


def test_a_contact_at_a_controllers_address_takes_none_of_its_letters_away(quick_stage_at) -> None:
    """The contractor says who its contact is: also a signatory, who is to hear that it is late."""
    stage = quick_stage_at("ready")
    name(stage, ContactAnswers("Helen Marsh", "Director", play.SIGNATORY))
    days(stage, "controller_late", DUE, DUE + timedelta(10))
    told = {letter.to_email for letter in play.letters(stage, "controller_late")}
    assert told == {play.SIGNATORY, play.SECOND}
    assert play.letters(stage, "escalation_contact") == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (ContactAnswers(email=BOARD), "contact_name"),
        (ContactAnswers("Hanna"), "contact_email"),
        (ContactAnswers("Hanna", "", "no address"), "contact_email"),
        (ContactAnswers("H\u202eanna", "", BOARD), "contact_name"),
        (ContactAnswers("Hanna", "x" * 300, BOARD), "contact_role"),
    ],
)
def test_a_contact_needs_a_name_and_an_address(quick_stage_at, typed, field) -> None:
    stage = quick_stage_at("issued")
    with pytest.raises(Refused) as refused:
        name(stage, typed)
    assert refused.value.field == field


def test_nobody_is_named_once_the_demand_has_ended(quick_stage_at) -> None:
    with pytest.raises(Refused, match="ended"):
        name(quick_stage_at("closed"))


# --- More time --------------------------------------------------------------------------------


def test_more_time_starts_the_ladder_afresh(stage_at) -> None:
    stage = stage_at("ready")
    kinds = ("reminder", "overdue", "escalation")
    written: dict[str, Any] = {kind: {} for kind in kinds}

    def until(last: date) -> None:
        day = stage.now.date()
        while day <= last:
            stage.now = max(stage.now, datetime.combine(day, time(9, 0), stage.now.tzinfo))
            before = {kind: len(play.letters(stage, kind)) for kind in kinds}
            tick(stage)
            for kind in kinds:
                if new := play.letters(stage, kind)[before[kind] :]:
                    written[kind][day] = new[-1]
            day += timedelta(days=1)

    until(DUE + timedelta(days=1))  # reminded five and two days before and on the day; then late
    reminded = [date(2013, 2, 11), date(2013, 2, 14), DUE]
    assert list(written["reminder"]) == reminded
    assert list(written["overdue"]) == [date(2013, 2, 19)]
    request = more_time_acts.ask(stage, date(2013, 2, 27))
    more_time_acts.decide(stage, request, AS_ASKED)
    until(date(2013, 3, 8))
    # Five and two before Wednesday 27, on that day, one and three after it, and then every two.
    reminded += [date(2013, 2, 20), date(2013, 2, 25), date(2013, 2, 27)]
    assert list(written["reminder"]) == reminded
    assert list(written["overdue"]) == [date(2013, 2, 19), date(2013, 2, 28)]
    assert list(written["escalation"]) == [date(2013, 3, day) for day in (4, 6, 8)]
    flat = " ".join(written["reminder"][date(2013, 2, 25)].text.split())
    assert (
        "due on Wednesday 27 February 2013 (in 2 working days, extended from Monday 18 February "
        "2013)" in flat
    )
    assert play.problems(stage) == []


def test_a_grant_just_before_its_day_says_enough(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    stage.now = datetime.combine(DUE, time(10, 0), stage.now.tzinfo)
    tick(stage)
    before = len(play.letters(stage, "reminder"))
    # Two working days before Wednesday is today: the letter of the grant has just said the day.
    more_time_acts.decide(stage, more_time_acts.ask(stage, date(2013, 2, 20)), AS_ASKED)
    tick(stage)
    assert len(play.letters(stage, "reminder")) == before


def test_a_file_with_more_time_is_chased_by_its_own_day(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    request = more_time_acts.ask(stage, date(2013, 2, 27), "list.csv")
    more_time_acts.decide(stage, request, AS_ASKED)
    stage.now = datetime.combine(date(2013, 2, 19), time(9, 0), stage.now.tzinfo)
    tick(stage)
    letter = play.letters(stage, "overdue")[0]
    assert "costings.xlsx" in letter.text
    assert "list.csv" not in letter.text


def test_who_does_not_decide_is_written_to_and_the_contractor_goes_on(stage_at) -> None:
    stage = stage_at("ready")
    more_time_acts.asked(stage)
    ring_at(stage, play.LIAISON, None, "01632 960100")
    both = [play.CASEWORK, play.SECOND, play.SIGNATORY]
    found = days(stage, "extension_undecided", date(2013, 2, 6), date(2013, 3, 1))
    # A working day before the day that stands, then one and three after it.
    assert found == dict.fromkeys((date(2013, 2, 15), date(2013, 2, 19), date(2013, 2, 21)), both)
    assert play.letters(stage, "reminder")
    assert play.letters(stage, "overdue")
    flat = " ".join(play.letters(stage, "extension_undecided")[0].text.split())
    assert "ring Tom Beck, Contract manager at Halden Support Services plc, telephone 01" in flat
    assert play.problems(stage) == []


def test_an_amendment_moves_the_day_by_which_to_decide(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    more_time_acts.asked(stage)
    changing.amend(stage, due_on=date(2013, 2, 19))
    found = days(stage, "extension_undecided", date(2013, 2, 6), date(2013, 2, 20))
    assert list(found) == [date(2013, 2, 18), date(2013, 2, 20)]
    first, last = (
        " ".join(play.letters(stage, "extension_undecided")[at].text.split()) for at in (0, -1)
    )
    assert "The day that stands is Tuesday 19 February 2013." in first
    assert "The day that stands was Tuesday 19 February 2013." in last


def test_asked_when_it_is_late_already(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    stage.now = datetime.combine(date(2013, 2, 25), time(9, 0), stage.now.tzinfo)
    request = more_time_acts.ask(stage, date(2013, 3, 5))
    found = days(stage, "extension_undecided", date(2013, 2, 25), date(2013, 2, 27))
    assert list(found) == [date(2013, 2, 26)]
    more_time_acts.decide(stage, request, NO, None, "Enough.")
    assert days(stage, "extension_undecided", date(2013, 2, 27), date(2013, 3, 8)) == {}


# --- Changed minds that nobody decides --------------------------------------------------------


def test_who_does_not_decide_on_a_changed_mind_is_written_to(stage_at) -> None:
    stage = stage_at("ready")  # on Tuesday 5 February
    stage.now = datetime.combine(date(2013, 2, 6), time(9, 0), stage.now.tzinfo)
    claim = changing.claim(stage)
    ring_at(stage, play.LIAISON, "01632 960102", "01632 960100")
    stage.now += timedelta(days=1)
    changing.withdraw_store(stage)
    both = [play.CASEWORK, play.SECOND, play.SIGNATORY]
    found = days(stage, "changes_undecided", date(2013, 2, 7), date(2013, 2, 13))
    # Two and five working days after the older of them.
    assert found == dict.fromkeys((date(2013, 2, 8), date(2013, 2, 13)), both)
    flat = " ".join(play.letters(stage, "changes_undecided")[0].text.split())
    assert "“list.csv” never came (6 February 2013)" in flat
    assert "“File share” need not be searched (7 February 2013)" in flat
    # Who asked first, on their own number.
    assert "ring Tom Beck, " in flat
    assert "telephone 01632 960102" in flat
    assert play.problems(stage) == []
    # What is decided drops out; the other counts from its own day.
    changing.rule(stage, claim)
    found = days(stage, "changes_undecided", date(2013, 2, 14), date(2013, 3, 20))
    assert found == dict.fromkeys((date(2013, 2, 14), date(2013, 2, 21)), both)
    assert "never came" not in play.letters(stage, "changes_undecided")[-1].text


def test_a_decided_change_is_not_chased(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    changing.rule(stage, changing.claim(stage))
    changing.withdraw_store(stage)
    changing.refuse(stage)
    assert days(stage, "changes_undecided", date(2013, 2, 6), date(2013, 3, 8)) == {}


def test_a_store_that_the_lead_withdrew_asks_nobody(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    changing.withdraw_store(stage, email=play.CASEWORK)
    assert days(stage, "changes_undecided", date(2013, 2, 6), date(2013, 3, 8)) == {}
