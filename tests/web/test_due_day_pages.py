"""A due day on which nobody works, or today: each page that sets one says so, and takes it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from attest.demo.acting import demand_of
from attest.services.acts import extending
from tests import more_time_acts
from tests import stage as play
from tests.web.drafting import TERMS, Draft

SUNDAY = "Sunday 24 February 2013 is no working day in England and Wales"
LETTERS = "the letters before it go out on Monday 18 February 2013"
BESIDE = "Take Friday 22 February 2013"


@pytest.fixture
def draft(house):
    return Draft(house)


def day_of(name: str, day: date) -> dict[str, Any]:
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def test_a_draft_says_it_on_its_way_to_the_signatory(draft) -> None:
    draft.fill_in()
    for part in ("", "/terms", "/check"):
        assert "no working day" not in draft.get(part)
    draft.post("/terms", **{**TERMS, "due_on-day": "24"})
    for part in ("", "/terms", "/check"):
        page = draft.get(part)
        for words in (SUNDAY, LETTERS, "none on the day itself", BESIDE, "Monday 25 February"):
            assert words in page, (part, words)
    assert "Change the due date" in draft.get("/check")
    draft.post("/hand-over")
    assert "Change the due date" not in draft.get("/check")
    assert SUNDAY in draft.house.visitor("signatory").get(f"/demands/{draft.reference}/issue").text


def test_a_draft_that_is_due_today(draft) -> None:
    draft.fill_in()
    draft.post("/terms", **{**TERMS, "due_on-day": "4"})
    said = "Monday 4 February 2013 is today, and leaves Halden Support Services plc no time at all."
    assert said in draft.get("/check")
    draft.post("/hand-over")


def test_the_calendar_decides(draft) -> None:
    draft.fill_in()
    draft.post("/terms", **{**TERMS, **day_of("due_on", date(2013, 4, 1))})
    assert "Monday 1 April 2013 is no working day in England and Wales" in draft.get()
    draft.post("/terms", **{**TERMS, **day_of("due_on", date(2013, 4, 1)), "calendar": "GB-SCT"})
    assert "no working day" not in draft.get()


def test_an_amendment_says_it_of_the_day_that_it_sets(pages_at) -> None:
    pages = pages_at("ready")
    handler, amendment = pages.visitor(play.CASEWORK), f"{pages.base}/amendment"
    handler.post(amendment)
    terms = {
        **day_of("due_on", date(2013, 2, 24)),
        "action": "delete",
        "concurrence": "lead",
        "basis": "Sent in error",
        "instruction": "Delete every copy.",
    }
    handler.post(f"{amendment}/terms", **terms)
    for page in (amendment, f"{amendment}/terms"):
        assert SUNDAY in handler.get(page).text
    handler.post(f"{amendment}/hand-over")
    assert SUNDAY in pages.visitor(play.SIGNATORY).get(f"{amendment}/sign").text


def test_a_day_that_stays_is_not_spoken_of_in_an_amendment(pages_at) -> None:
    pages = pages_at("ready")
    pages.stage.now = pages.stage.now.replace(day=18, hour=10)  # the due day
    handler = pages.visitor(play.CASEWORK)
    handler.post(f"{pages.base}/amendment")
    assert "no time at all" not in handler.get(f"{pages.base}/amendment").text


def test_more_time_until_a_sunday_is_asked_for_with_a_second_press(pages_at) -> None:
    pages = pages_at("ready")
    officer, address = pages.visitor(play.OFFICER), f"{pages.base}/extension/ask"
    asking = {
        **day_of("until", date(2013, 2, 24)),
        "reason": "The backup runs then.",
        "scope": "whole",
    }
    page = officer.post(address, 200, **asking).text
    assert f"{SUNDAY}. {BESIDE}" in page  # the controller's letters are not the contractor's
    assert "The backup runs then." in page
    assert "Ask for this day all the same" in page
    assert 'name="remarked" value="2013-02-24"' in page
    # Another day is another remark, and a working day needs none.
    other = asking | {"until-day": "23", "remarked": "2013-02-24"}
    assert "Saturday 23 February 2013 is no working day" in officer.post(address, 200, **other).text
    officer.post(address, **asking, remarked="2013-02-24")
    with pages.stage.look() as ctx:
        row = extending.pending(ctx, demand_of(ctx, pages.stage))
        assert row is not None
        assert row.until == date(2013, 2, 24)


def test_more_time_until_a_sunday_is_granted_knowing_it(pages_at) -> None:
    pages = pages_at("ready")
    extension = more_time_acts.ask(pages.stage, date(2013, 2, 25))
    handler, address = pages.visitor(play.CASEWORK), f"{pages.base}/extension/{extension}"
    assert "no working day" not in handler.get(address).text
    less = {"answer": "less", "reason": "Sooner.", **day_of("until", date(2013, 2, 24))}
    page = handler.post(address, 200, **less).text
    assert SUNDAY in page
    assert LETTERS in page
    assert f"{BESIDE} (14 working days from today) or Monday 25" in page
    handler.post(address, **less, remarked="2013-02-24")
    with pages.stage.look() as ctx:
        assert demand_of(ctx, pages.stage).due_on == date(2013, 2, 24)


def test_the_page_to_decide_says_it_of_the_day_that_is_asked_for(pages_at) -> None:
    pages = pages_at("ready")
    extension = more_time_acts.ask(pages.stage, date(2013, 2, 24))
    handler, address = pages.visitor(play.CASEWORK), f"{pages.base}/extension/{extension}"
    page = handler.get(address).text
    assert SUNDAY in page
    assert f"{BESIDE} (14 working days from today)?" in page  # not a later day than is asked for
    # To refuse needs no word on the day.
    handler.post(
        address, answer="no", reason="Not that long.", **day_of("until", date(2013, 2, 24))
    )
