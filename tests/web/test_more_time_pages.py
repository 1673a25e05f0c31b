"""Asking for more time and deciding on it, through the pages; who is written to when late."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from attest.demo.acting import demand_of
from attest.services.acts import escalation, extending
from attest.services.facts import due_days
from tests import changing, concurring, more_time_acts
from tests import stage as play

LATER = date(2013, 2, 20)
DAY = {"until-day": "20", "until-month": "2", "until-year": "2013"}


def asking(**more: Any) -> dict[str, Any]:
    return {**DAY, "reason": "The backup runs on Tuesday only.", "scope": "whole", **more}


def pending(pages: Any) -> str:
    with pages.stage.look() as ctx:
        row = extending.pending(ctx, demand_of(ctx, pages.stage))
        assert row is not None
        return str(row.id)


def due_on(pages: Any) -> date | None:
    with pages.stage.look() as ctx:
        return demand_of(ctx, pages.stage).due_on


def test_asked_for_decided_and_told_on_every_page(pages_at) -> None:
    pages = pages_at("ready")
    officer, handler = pages.visitor(play.OFFICER), pages.visitor(play.CASEWORK)
    assert "Nobody has asked for more time" in handler.get(f"{pages.base}/extension").text
    assert "Ask for more time" in officer.get(pages.base).text
    sent = officer.post(f"{pages.base}/extension/ask", **asking())
    assert sent.location == f"{pages.base}/extension"
    asked = "2 more working days, until Wednesday 20 February 2013"
    assert f"You asked for {asked}; until {play.LEAD} answers" in officer.get(pages.base).text
    head = handler.get(pages.base).text
    assert f"{play.HALDEN} asks for {asked}: decide." in head
    assert f"To be decided: {asked}" in head
    address = f"{pages.base}/extension/{pending(pages)}"
    assert f'href="{address}"' in head
    assert f"asks for {asked}, for {pages.stage.reference}: decide." in handler.get("/").text
    assert "The backup runs on Tuesday only." in handler.get(address).text
    handler.post(address, answer="as_asked", **DAY)
    assert due_on(pages) == LATER
    both = "Monday 18 February 2013, extended to Wednesday 20 February 2013"
    for visitor in (officer, handler, pages.visitor(play.JOINT)):
        assert both in visitor.get(pages.base).text
        assert (
            "Granted, until Wednesday 20 February 2013"
            in visitor.get(f"{pages.base}/extension").text
        )
    assert both in officer.get(f"{pages.base}/files/1").text
    assert f"Due {both}" in officer.get(f"{pages.base}/answer").text
    assert "20 February 2013" in handler.get("/demands").text
    assert "This is granted" in handler.get(address).text


def test_less_is_granted_for_one_file(pages_at) -> None:
    pages = pages_at("ready")
    more_time_acts.asked(pages.stage)
    handler = pages.visitor(play.SIGNATORY)
    address = f"{pages.base}/extension/{pending(pages)}"
    file = play.files(pages.stage)["costings.xlsx"]
    less = {"answer": "less", "file": file.id, **DAY}
    assert "Say why you grant less." in handler.post(address, 400, **less).text
    handler.post(address, reason="The list is needed first.", **less)
    page = pages.visitor(play.LIAISON).get(f"{pages.base}/extension").text
    assert "Granted in part, until Wednesday 20 February 2013, for 1 of 2 files" in page
    assert "The list is needed first." in page
    assert "due 20 Feb 2013" in handler.get(pages.base).text
    assert due_on(pages) == play.TERMS.due_on


def test_refused_with_a_reason_and_withdrawn(pages_at) -> None:
    pages = pages_at("ready")
    liaison, handler = pages.visitor(play.LIAISON), pages.visitor(play.CASEWORK)
    more_time_acts.asked(pages.stage)
    address = f"{pages.base}/extension/{pending(pages)}"
    assert "Say why you refuse it." in handler.post(address, 400, answer="no", **DAY).text
    handler.post(address, answer="no", reason="The regulator waits.", **DAY)
    assert "Refused: the day stands" in liaison.get(f"{pages.base}/extension").text
    more_time_acts.asked(pages.stage)
    liaison.post(f"{pages.base}/extension/{pending(pages)}/withdraw")
    assert "Withdrawn by the contractor" in handler.get(f"{pages.base}/extension").text


def test_a_request_that_an_amendment_overtook_can_be_refused_or_withdrawn(pages_at) -> None:
    pages = pages_at("ready")
    handler, history = pages.visitor(play.CASEWORK), f"{pages.base}/extension"
    more_time_acts.asked(pages.stage)
    changing.amend(pages.stage, due_on=date(2013, 2, 25))
    shown = " ".join(handler.get(history).text.split())
    assert "answers, Monday 25 February 2013 stands. That is no earlier than" in shown
    address = f"{history}/{pending(pages)}"
    page = handler.get(address).text
    assert "there is nothing to grant" in page
    assert "Due now: Monday 25 February 2013" in page
    assert re.search(r'value="no"[^>]* checked', page)
    refused = handler.post(address, 400, answer="as_asked", **DAY)
    assert "It is due on Monday 25 February 2013 by now" in refused.text
    handler.post(address, answer="no", reason="You have more already.", **DAY)
    assert "Refused: the day stands." in handler.get(history).text
    (letter, *_) = play.letters(pages.stage, "extension_refused")
    assert "The day stands: Monday 25 February 2013." in letter.text


def test_a_grant_says_which_day_it_was_that_an_amendment_had_set(pages_at) -> None:
    pages = pages_at("ready")
    more_time_acts.asked(pages.stage)
    changing.amend(pages.stage, due_on=date(2013, 2, 19))
    pages.visitor(play.CASEWORK).post(
        f"{pages.base}/extension/{pending(pages)}", answer="as_asked", **DAY
    )
    (letter, *_) = play.letters(pages.stage, "extension_granted")
    told = " ".join(letter.text.split())
    assert "The new day is Wednesday 20 February 2013; it was Tuesday 19 February 2013." in told


def test_before_it_is_acknowledged_the_page_leads_there(pages_at) -> None:
    pages = pages_at("issued")
    page = pages.visitor(play.LIAISON).get(f"{pages.base}/extension/ask").text
    assert "Acknowledge the demand first" in page
    assert f'href="{pages.base}/acknowledge"' in page


def test_what_was_typed_stays_and_is_refused_beside_its_field(pages_at) -> None:
    pages = pages_at("ready")
    liaison = pages.visitor(play.LIAISON)
    page = liaison.post(
        f"{pages.base}/extension/ask", 400, **asking(scope="some", reason="Kept as typed.")
    ).text
    assert "Tick at least one file" in page
    assert "Kept as typed." in page
    page = liaison.post(f"{pages.base}/extension/ask", 400, **asking(**{"until-day": "1"})).text
    assert "has passed" in page
    forged = asking(scope="some", file="nobody's")
    assert (
        "Choose from these only." in liaison.post(f"{pages.base}/extension/ask", 400, **forged).text
    )


def test_who_cannot_ask_reads_why(pages_at) -> None:
    pages = pages_at("attested")
    page = pages.visitor(play.LIAISON).get(f"{pages.base}/extension/ask").text
    assert "nothing is open for which you need more time" in page
    pages = pages_at("ready")
    more_time_acts.asked(pages.stage)
    page = pages.visitor(play.LIAISON).get(f"{pages.base}/extension/ask").text
    assert "You have asked already" in page


def test_the_answers_say_when_the_next_file_is_due(pages_at) -> None:
    pages = pages_at("ready")
    for name in play.FILES:
        with pages.stage.look() as ctx:
            before = due_days.of_open(demand_of(ctx, pages.stage))
        assert before == "Monday 18 February 2013"
        request = more_time_acts.ask(pages.stage, LATER, name)
        more_time_acts.decide(pages.stage, request, "as_asked")
    page = pages.visitor(play.OFFICER).get(f"{pages.base}/answer").text
    assert "Due Wednesday 20 February 2013, in " in page


def test_a_joint_controller_reads_and_does_not_decide(pages_at) -> None:
    pages = pages_at("ready")
    more_time_acts.asked(pages.stage)
    joint = pages.visitor(play.JOINT)
    assert "not decided yet" in joint.get(f"{pages.base}/extension").text
    for send in (joint.get, joint.post):
        send(f"{pages.base}/extension/{pending(pages)}", 403)


# --- who is written to when the demand is late ----------------------------------------------

CONTACT = {
    "contact_name": "Hanna Director",
    "contact_role": "Managing director",
    "contact_email": "board@halden.example",
}


def kept(pages: Any) -> str:
    with pages.stage.look() as ctx:
        row = escalation.contact_of(ctx, demand_of(ctx, pages.stage))
        return f"{row.name}, {row.role}, {row.email}" if row else ""


def test_a_contact_is_named_at_acknowledging_and_changed_later(pages_at) -> None:
    pages = pages_at("issued")
    liaison = pages.visitor(play.LIAISON)
    half = {**CONTACT, "contact_email": "nowhere", "note": "kept"}
    page = liaison.post(f"{pages.base}/acknowledge", 400, **half).text
    assert "Enter an email address like name@example.org." in page
    assert "Hanna Director" in page
    assert play.state(pages.stage) == "issued"
    liaison.post(f"{pages.base}/acknowledge", **CONTACT)
    assert kept(pages) == "Hanna Director, Managing director, board@halden.example"
    assert "Hanna Director" in liaison.get(f"{pages.base}/escalation").text
    liaison.post(f"{pages.base}/escalation", **{**CONTACT, "contact_role": ""})
    assert kept(pages) == "Hanna Director, None, board@halden.example"
    liaison.post(f"{pages.base}/escalation", **dict.fromkeys(CONTACT, ""))
    assert kept(pages) == ""


def test_the_contractor_is_not_told_how_late_a_contact_is_written_to(pages_at) -> None:
    pages = pages_at("issued")  # each demand's ladder may say another day, or none
    liaison = pages.visitor(play.LIAISON)
    for path in ("acknowledge", "escalation"):
        page = " ".join(liaison.get(f"{pages.base}/{path}").text.split())
        assert "they may get letters" in page or "who may get letters" in page
        assert "working days late" not in page


def test_nobody_comes_in_by_being_named(pages_at) -> None:
    pages = pages_at("issued")
    pages.visitor(play.LIAISON).post(f"{pages.base}/escalation", **CONTACT)
    page = pages.visitor(play.LIAISON).get("/people").text
    assert "Hanna Director" not in page


# --- each controller reviews --------------------------------------------------------------


def test_every_page_says_who_has_reviewed_and_who_has_not(pages_at) -> None:
    pages = pages_at("handed")
    concurring.one_accepted(pages.stage)
    waits = "Eastshire Police has not reviewed yet, asked on Tuesday 5 February 2013"
    short = "accepted by Northshire Constabulary, not yet by Eastshire Police"
    for email in (play.CASEWORK, play.JOINT, play.OFFICER):
        visitor = pages.visitor(email)
        assert waits in visitor.get(f"{pages.base}/files/1").text
        assert short in visitor.get(pages.base).text
    head = pages.visitor(play.CASEWORK).get(pages.base).text
    assert (
        "2 attestations wait for the review of Eastshire Police, asked on Tuesday 5 February "
        "2013; Northshire Constabulary has reviewed all." in head
    )
    review = pages.visitor(play.JOINT).get(f"{pages.base}/review").text
    assert f"Accepted by Northshire Constabulary; {waits}." in review
    assert "Eastshire Police" in pages.visitor(play.CASEWORK).get("/demands").text


def test_the_contact_point_is_shown_to_everybody(pages_at) -> None:
    pages = pages_at("issued")
    for email in (play.CASEWORK, play.JOINT, play.LIAISON):
        page = pages.visitor(email).get(pages.base).text
        assert f"{play.LEAD}<span" in page  # by default the lead
        assert "contact point for the people affected" in page
