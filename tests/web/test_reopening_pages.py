"""Opening a file again: what the page says will happen, and what does."""

from __future__ import annotations

from datetime import date

from attest.demo import script
from attest.demo.acting import seat_of
from attest.services.acts import closing
from tests import held
from tests import stage as play


def test_a_file_is_opened_again_with_a_reason(pages_at) -> None:
    pages = pages_at("accepted")
    visitor = pages.visitor(play.LIAISON)
    file, address = f"{pages.base}/files/1", f"{pages.base}/files/1/reopen"
    assert f'href="{address}"' in visitor.get(file).text
    assert "The demand is" not in visitor.get(address).text
    assert "Say why the file is opened again." in visitor.post(address, 400, reason="").text
    share = play.stores(pages.stage)[play.SHARE.label].id
    visitor.post(address, reason="A further copy turned up.", stores=share)
    text = visitor.get(file).text
    assert "It was attested, and must be answered and signed again." in text
    assert address not in text
    assert "This file is open already." in visitor.get(address).text
    again = visitor.post(address, 400, reason="Once more.").text
    assert "This file is open already." in again
    assert "Once more." in again
    assert "A further copy turned up." in visitor.get(f"{pages.base}/timeline").text
    officer = pages.visitor(play.OFFICER).get(pages.base).text
    assert "1 of 2 copies left to answer" in officer
    assert play.problems(pages.stage) == []


def test_the_page_says_by_when_it_is_due(pages_at) -> None:
    pages = pages_at("accepted")
    pages.stage.now = pages.stage.now.replace(month=2, day=28)  # ten days after the due day
    visitor = pages.visitor(play.OFFICER)
    address = f"{pages.base}/files/1/reopen"
    assert "It is due on Thursday 7 March 2013;" in visitor.get(address).text
    visitor.post(address, reason="We found a printout.")
    assert play.files(pages.stage)[play.FILES[0]].due_on == date(2013, 3, 7)


def test_the_page_says_that_a_closed_demand_is_open_again(pages_at) -> None:
    pages = pages_at("closed")
    visitor = pages.visitor(play.CASEWORK)
    address = f"{pages.base}/files/2/reopen"
    text = visitor.get(address).text
    assert "The demand is closed now, and will be open again." in text
    visitor.post(address, reason="They found a printout.")
    assert "1 of 2 files open" in visitor.get(pages.base).text
    assert "in progress" in visitor.get("/demands").text
    officer = pages.visitor(play.OFFICER)
    assert "was opened again. Read why, look at the answers, sign." in officer.get("/").text
    for page in ("", "/files/2", "/answer", "/sign"):
        assert "They found a printout" in officer.get(f"{pages.base}{page}").text
    script.attest_all(pages.stage)
    review = pages.visitor(play.SIGNATORY).get(f"{pages.base}/review").text
    assert review.index("They found a printout.") < review.index("it repeats the same answers")
    assert "They found a printout." in officer.get(f"{pages.base}/files/2").text


def test_what_was_withdrawn_is_opened_by_the_lead_alone(pages_at) -> None:
    pages = pages_at("ready")
    envelope = held.closure(pages.stage, "withdrawn", "Sent twice.")
    with pages.stage.act() as ctx:
        closing.close_demand(ctx, seat_of(ctx, pages.stage, play.SIGNATORY, lead=True), envelope)
    address = f"{pages.base}/files/1/reopen"
    for email in (play.OFFICER, play.JOINT):
        visitor = pages.visitor(email)
        assert "only they can open it again" in visitor.get(address).text
        assert address not in visitor.get(f"{pages.base}/files/1").text
        visitor.post(address, 400, reason="We found one.")
    visitor = pages.visitor(play.CASEWORK)
    assert "1 other file that was not done when it ended is open again too." in (
        visitor.get(address).text
    )
    visitor.post(address, reason="It was no mistake.")
    assert play.state(pages.stage) == "acknowledged"
    assert play.problems(pages.stage) == []


def test_a_store_of_another_demand_is_no_place(pages_at) -> None:
    pages = pages_at("attested")
    visitor = pages.visitor(play.CASEWORK)
    text = visitor.post(f"{pages.base}/files/1/reopen", 400, reason="Found.", stores="x").text
    assert "Choose from these only." in text
