"""The sentence at the head of a demand, for each side and duty: pure, so rows are made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from attest.database.tables import Demand, DemandParty, Duty, Person
from attest.services.access import Seat
from attest.services.acts.pending_changes import Pending
from attest.services.views.next_step import next_step
from attest.services.views.situation import Awaited, Situation

NOW = datetime(2013, 2, 5, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
REF = "/demands/ND-2013-004"
QUIET = Situation(TODAY, has_key=True, copies=35, answered=0)


def demand(**more: Any) -> Demand:
    """A demand that was issued and lies with the contractor."""
    columns = {
        "reference": "ND-2013-004",
        "state": "issued",
        "concurrence": "lead",
        "due_on": date(2013, 2, 18),
        "files_total": 5,
        "files_open": 5,
        "files_attested": 0,
        "files_accepted": 0,
        "copies_excepted": 0,
    }
    return Demand(
        **columns | more,
        parties=[
            DemandParty(role="lead", name="Northshire"),
            DemandParty(role="joint", name="Eastshire"),
            DemandParty(role="contractor", name="Halden plc"),
        ],
    )


def seat(of: Demand, duties: str, *, side: str = "controller", lead: bool = True) -> Seat:
    person = Person(id="me", duty_rows=[Duty(name=name) for name in duties.split()])
    return Seat(of, person, side, lead, "Northshire")


DONE = {"acknowledged_at": NOW, "officer_id": "me", "state": "in_progress"}
TO_REVIEW = {**DONE, "state": "awaiting_review", "files_open": 0, "files_attested": 5}
ACCEPTED = {**DONE, "state": "awaiting_review", "files_open": 0, "files_accepted": 5}


@pytest.mark.parametrize(
    ("rows", "now", "duties", "action", "href"),
    [
        ({}, {}, "liaison", "Acknowledge the demand", "/acknowledge"),
        ({"acknowledged_at": NOW}, {}, "liaison", "Name the assurance officer", "/officer"),
        (DONE, {"has_key": False}, "officer", "Make my signing key", "/keys/new"),
        (DONE, {}, "officer", "Answer for the copies", "/answer"),
        (DONE, {"to_sign": 5, "answered": 35}, "officer", "Sign 5 attestations", "/sign"),
        (DONE, {"rejected": 2, "answered": 35}, "officer", "Put the answers right", "/answer"),
        (
            DONE,  # what came back comes before what could be signed
            {"rejected": 2, "to_sign": 3, "answered": 35},
            "officer",
            "Put the answers right",
            "/answer",
        ),
        (
            DONE,
            {"untold": 5, "answered": 35},
            "officer",
            "Say whether a copy was passed on",
            "/answer/onward",
        ),
        (DONE, {"untold": 5, "answered": 34}, "officer", "Answer for the copies", "/answer"),
        (DONE, {}, "liaison officer", "Answer for the copies", "/answer"),
        ({"disputed_at": NOW}, {}, "liaison", None, None),
        (TO_REVIEW, {}, "officer", None, None),
    ],
)
def test_the_contractor_is_asked_for_one_thing(rows, now, duties, action, href) -> None:
    step = next_step(
        seat(demand(**rows), duties, side="contractor", lead=False), replace(QUIET, **now)
    )
    assert step.action == action
    assert step.href == (href if href in (None, "/keys/new") else REF + href)


@pytest.mark.parametrize(
    ("rows", "now", "duties", "action", "href"),
    [
        ({}, {}, "signatory", None, None),
        ({"disputed_at": NOW}, {}, "signatory", "Withdraw the demand", "/close"),
        (DONE, {"to_confirm": "ab"}, "signatory", "Confirm the officer's key", "/keys/ab/confirm"),
        (
            TO_REVIEW,
            {"to_review": 5, "to_confirm": "ab"},
            "signatory",
            "Confirm the officer's key",
            "/keys/ab/confirm",
        ),
        (TO_REVIEW, {"to_review": 5}, "signatory", "Review 5 attestations", "/review"),
        (TO_REVIEW, {"to_review": 1}, "signatory", "Review 1 attestation", "/review"),
        (
            TO_REVIEW,
            {"to_review": 5, "has_key": False},
            "signatory",
            "Make my signing key",
            "/keys/new",
        ),
        (ACCEPTED, {}, "signatory", "Close the demand", "/close"),
        (TO_REVIEW, {"to_review": 5}, "case_handler", None, None),
        (ACCEPTED, {}, "case_handler", None, None),
    ],
)
def test_the_lead_controller_is_asked_for_one_thing(rows, now, duties, action, href) -> None:
    step = next_step(seat(demand(**rows), duties), replace(QUIET, **now))
    assert step.action == action
    assert step.href == (href if href in (None, "/keys/new") else REF + href)


def test_a_joint_controller_reviews_only_where_each_ones_review_counts() -> None:
    now = replace(QUIET, to_review=5)
    alone = next_step(seat(demand(**TO_REVIEW), "signatory", lead=False), now)
    assert alone.action is None
    assert alone.sentence == "5 attestations wait for the review of Northshire."
    each = next_step(seat(demand(**TO_REVIEW, concurrence="each"), "signatory", lead=False), now)
    assert each.href == f"{REF}/review"
    closing = next_step(
        seat(demand(**ACCEPTED, concurrence="each"), "signatory", lead=False), QUIET
    )
    assert closing.action is None


NORTH, EAST = (Awaited(name, 2, date(2013, 2, 11)) for name in ("Northshire", "Eastshire"))


@pytest.mark.parametrize(
    ("left", "sentence"),
    [
        (
            [NORTH, EAST],
            "2 attestations wait for the review of Northshire and Eastshire, asked on Monday 11 "
            "February 2013.",
        ),
        (
            [EAST],
            "2 attestations wait for the review of Eastshire, asked on Monday 11 February 2013; "
            "Northshire has reviewed all.",
        ),
        (
            [replace(NORTH, files=1), EAST],
            "1 attestation waits for the review of Northshire, asked on Monday 11 February 2013; "
            "2 attestations wait for the review of Eastshire, asked on Monday 11 February 2013.",
        ),
    ],
)
def test_where_each_reviews_it_says_who_has_not(left, sentence: str) -> None:
    rows = {**TO_REVIEW, "files_attested": 2, "concurrence": "each"}
    step = next_step(seat(demand(**rows), "case_handler"), replace(QUIET, reviews_left=left))
    assert step.sentence == sentence


ASKED = "2 more working days, until Wednesday 20 February 2013"
PENDING = replace(QUIET, asked_for=ASKED, extension_id="17")


@pytest.mark.parametrize("duty", ["case_handler", "signatory"])
def test_the_lead_decides_on_more_time(duty: str) -> None:
    step = next_step(seat(demand(**DONE), duty), PENDING)
    assert step.sentence == f"Halden plc asks for {ASKED}: decide."
    assert step.href == f"{REF}/extension/17"


def test_the_contractor_reads_that_the_day_stands_and_goes_on() -> None:
    step = next_step(seat(demand(**DONE), "officer", side="contractor", lead=False), PENDING)
    assert step.href == f"{REF}/answer"
    assert step.sentence.endswith(
        f"due Monday 18 February 2013. You asked for {ASKED}; until Northshire answers, the day "
        "stands."
    )
    joint = next_step(seat(demand(**DONE), "signatory", lead=False), PENDING)
    assert joint.action is None
    assert joint.sentence.endswith(f"Halden plc asks for {ASKED}; Northshire decides.")


def test_a_file_that_never_came_is_told_to_who_does_not_rule() -> None:
    claimed = replace(QUIET, changes=Pending(claims=2))
    liaison = next_step(seat(demand(**DONE), "liaison", side="contractor", lead=False), claimed)
    assert liaison.sentence.endswith(" You said that you never received 2 files; Northshire rules.")
    joint = next_step(seat(demand(**DONE), "signatory", lead=False), claimed)
    assert joint.sentence.endswith(
        " Halden plc says that it never received 2 files; Northshire rules."
    )
    lead = next_step(seat(demand(**DONE), "case_handler"), claimed)
    assert lead.sentence == "Halden plc says that it never received 2 files: rule on each."


def test_the_contractor_does_not_learn_what_closing_waits_for() -> None:
    """Whether demands were raised below or not, it reads the same."""
    for waits_for in ((), ("ND-2013-005",)):
        now = replace(QUIET, waits_for=waits_for)
        step = next_step(seat(demand(**ACCEPTED), "liaison", side="contractor", lead=False), now)
        assert step.sentence == "Every file is accepted. It is for Northshire to close the demand."


def test_an_extended_day_is_told_with_the_signed_one() -> None:
    rows = {**DONE, "due_on": date(2013, 2, 20), "signed_due_on": date(2013, 2, 18)}
    step = next_step(seat(demand(**rows), "case_handler"), QUIET)
    assert step.sentence == (
        "5 of 5 files open with Halden plc, due Monday 18 February 2013, extended to Wednesday "
        "20 February 2013."
    )


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ({}, "Halden plc has not acknowledged the demand yet. It is due Monday 18 February 2013."),
        (
            {"disputed_at": NOW},
            "Halden plc has said that this does not concern them. "
            "Northshire decides what happens next.",
        ),
        (
            {"acknowledged_at": NOW},
            "Halden plc has acknowledged the demand, and has not named its officer yet.",
        ),
        (
            {**DONE, "files_open": 1},
            "1 of 5 files open with Halden plc, due Monday 18 February 2013.",
        ),
        ({**TO_REVIEW, "files_attested": 1}, "1 attestation waits for the review of Northshire."),
        (ACCEPTED, "Every file is accepted. Northshire can close the demand."),
    ],
)
def test_whoever_waits_is_told_for_whom(rows, sentence: str) -> None:
    assert next_step(seat(demand(**rows), "case_handler"), QUIET).sentence == sentence


@pytest.mark.parametrize("state", ["closed", "closed_with_exceptions", "withdrawn"])
@pytest.mark.parametrize("side", ["controller", "contractor"])
def test_what_has_ended_is_to_be_taken_home(state: str, side: str) -> None:
    ended = demand(**{**ACCEPTED, "state": state, "copies_excepted": 1})
    step = next_step(seat(ended, "signatory officer liaison", side=side), QUIET)
    assert step.href == f"{REF}/downloads"
    assert step.sentence.endswith("Keep the bundle and your trust file.")
