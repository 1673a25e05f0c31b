"""The pages of a demand from which letters and notes were erased after its time."""

from __future__ import annotations

import pytest

from attest.demo.acting import seat_of
from attest.services.acts import closing
from tests import held
from tests import stage as play
from tests.erasing import erase

PARTIES = (play.SIGNATORY, play.CASEWORK, play.LIAISON, play.OFFICER)
PAGES = ("", "/timeline", "/letters", "/keys", "/stores", "/downloads", "/files/1")


def test_every_page_still_opens_for_every_party(pages_at) -> None:
    pages = pages_at("closed")
    erase(pages.stage)
    for email in PARTIES:
        visitor = pages.visitor(email)
        for page in PAGES:
            visitor.get(f"{pages.base}{page}")
        visitor.get("/demands")
        visitor.get("/")
        for name in ("bundle.zip", "trust.json", "certificate.pdf", "demand.pdf", "worksheet"):
            visitor.get(f"{pages.base}/{name}")


def test_letters_say_when_they_were_erased(pages_at) -> None:
    pages = pages_at("closed")
    day = erase(pages.stage)
    for email in (play.SIGNATORY, play.LIAISON):
        page = pages.visitor(email).get(f"{pages.base}/letters").text
        assert f"Erased on {day}" in page
        assert "Demand closed" in page  # what kind of letter it was
        for address in (play.LIAISON, play.OFFICER, play.CASEWORK):
            assert address not in page


def test_the_timeline_keeps_that_it_happened(pages_at) -> None:
    pages = pages_at("closed")
    visitor = pages.visitor(play.SIGNATORY)
    before = visitor.get(f"{pages.base}/timeline").text
    assert "Nothing is ever taken out." in before
    day = erase(pages.stage)
    after = visitor.get(f"{pages.base}/timeline").text
    assert f"What it said was erased on {day}." in after
    assert f"What they said was erased on {day}." in after
    assert "Deletion demand acknowledged" in after
    assert "letters sent" in after
    assert "Nothing is ever taken out." not in after
    assert play.OFFICER not in after


def test_the_downloads_say_that_the_trust_file_is_another_one(pages_at) -> None:
    pages = pages_at("closed")
    visitor = pages.visitor(play.LIAISON)
    assert "download your trust file again" not in visitor.get(f"{pages.base}/downloads").text
    day = erase(pages.stage, frozenset({"demand.acknowledged"}))
    page = visitor.get(f"{pages.base}/downloads").text
    assert f"Deletion demand acknowledged: 1 entry, on {day}" in page
    assert "download your trust file again" in page
    # Nothing else was erased, and the letters stand as they did.
    assert play.LIAISON in visitor.get(f"{pages.base}/letters").text


@pytest.mark.parametrize("point", ["issued", "answered"])
def test_a_withdrawn_demand_forgets_what_nobody_signed(pages_at, point: str) -> None:
    pages = pages_at(point)
    stage = pages.stage
    envelope = held.closure(stage, "withdrawn", reason="It was somebody else.")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.SIGNATORY, lead=True, duty="signatory")
        closing.close_demand(ctx, seat, envelope)
    erase(stage)
    for page in PAGES:
        pages.visitor(play.LIAISON).get(f"{pages.base}{page}")
    assert play.problems(stage) == []
    report = play.verified(stage)
    assert play.reasons(report) == (0, [])
    assert report.head()["demand"]["state"] == "withdrawn"
