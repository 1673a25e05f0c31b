"""The pages of what is not settled, through the application."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from tests import changing, passing
from tests import stage as play
from tests.passing import PRINTERS
from tests.web.staged import Staged


def plain(html: str) -> str:
    """A page's words, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def excepted(pages_at: Any) -> Staged:
    pages: Staged = pages_at("ready")
    passing.exceptions(pages.stage)
    return pages


def test_which_exceptions_live_and_until_when(excepted: Staged) -> None:
    for email in (play.OFFICER, play.SIGNATORY):
        page = excepted.visitor(email).get(f"{excepted.base}/exceptions").text
        words = plain(page)
        assert (
            "Put beyond use 1 file in “File share” until 7 February 2013, ends in 3 days" in words
        )
        assert "Legal hold 1 file in “Filing cabinet” until 8 May 2013, ends in 93 days" in words
        assert "Cannot be located 1 file in “Filing cabinet” the controller rules" in words
        assert "Passed on 1 file in “File share” to Printers Ltd" in words
        assert ("Only controllers see this part" in words) is (email == play.SIGNATORY)
    assert "Exceptions</a>" in excepted.visitor(play.OFFICER).get(excepted.base).text


def test_no_exceptions_no_tab(pages_at: Any) -> None:
    pages = pages_at("attested")
    officer = pages.visitor(play.OFFICER)
    assert "Exceptions</a>" not in officer.get(pages.base).text
    assert (
        "No signed answer leaves a copy unsettled" in officer.get(f"{pages.base}/exceptions").text
    )


def test_raising_twice_leads_to_what_was_raised(excepted: Staged) -> None:
    """Another window, or "Back"."""
    handler = excepted.visitor(play.CASEWORK)
    handler.post(f"{excepted.base}/raise", 302, to="Printers Ltd")
    for again in (
        handler.post(f"{excepted.base}/raise", 302, to="printers ltd"),
        handler.get(f"{excepted.base}/raise?to=Printers+Ltd", 302),
    ):
        assert again.headers["Location"] == "/demands/ND-2013-002"
    led = handler.get("/demands/ND-2013-002", 302).headers["Location"]
    assert led == "/demands/ND-2013-002/draft"
    assert "ND-2013-002 against “Printers Ltd” names all" in handler.get(led).text


def test_from_a_demand_below_to_the_one_above(excepted: Staged) -> None:
    stage = excepted.stage
    above = stage.reference
    child = passing.raise_against(stage, PRINTERS.name)
    with passing.at(stage, child, PRINTERS):
        passing.issue_to(stage, PRINTERS)
    lead = excepted.visitor(play.CASEWORK).get(f"/demands/{child}").text
    assert f'Raised from <a class="govuk-link" href="/demands/{above}">' in lead
    assert "Exceptions</a>" in lead
    for email in (PRINTERS.liaison, play.JOINT):
        page = excepted.visitor(email).get(f"/demands/{child}").text
        assert above not in page
        assert "Exceptions</a>" not in page


def test_a_demand_below_that_goes_on_is_shown_after_the_end(excepted: Staged) -> None:
    stage = excepted.stage
    child = passing.raise_against(stage, PRINTERS.name)
    with passing.at(stage, child, PRINTERS):
        passing.issue_to(stage, PRINTERS)
    passing.close_with(stage, "withdrawn")
    words = plain(excepted.visitor(play.SIGNATORY).get(excepted.base).text)
    assert f"{child}, raised from this one: issued" in words
    assert "This demand has ended; that one goes on." in words
    assert child not in excepted.visitor(play.OFFICER).get(excepted.base).text


def test_raising_a_demand_in_one_step(excepted: Staged) -> None:
    handler = excepted.visitor(play.CASEWORK)
    assert "Raise a demand against Printers Ltd" in handler.get(excepted.base).text
    page = handler.get(f"{excepted.base}/raise?to=Printers+Ltd").text
    words = plain(page)
    assert "Contractor Printers Ltd" in words
    assert "Files list.csv, with what is said of it" in words
    assert f"Controllers {play.LEAD} and {play.EAST}" in words
    sent = handler.post(f"{excepted.base}/raise", 302, to="Printers Ltd")
    assert sent.headers["Location"] == "/demands/ND-2013-002/draft"
    draft = plain(handler.get("/demands/ND-2013-002/draft").text)
    assert "Raised from ND-2013-001 , because copies were passed on to Printers Ltd" in draft
    assert "Name the contractor&#39;s liaison, with an email address." in draft
    told = plain(handler.get(f"{excepted.base}/exceptions").text)
    assert "It is named in a demand against them" in told
    assert "ND-2013-002 against Printers Ltd draft" in told
    closing = plain(excepted.visitor(play.SIGNATORY).get(f"{excepted.base}/close").text)
    assert "The demand ND-2013-002 against Printers Ltd has not ended: it is draft." in closing
    assert "and every demand raised from it has ended" in closing
    assert "ND-2013-002 against Printers Ltd draft" in closing
    overview = handler.get(excepted.base).text
    assert '<a class="govuk-link" href="/demands/ND-2013-002">ND-2013-002, raised' in overview
    assert "raised from this one: draft Printers Ltd It has to end first." in plain(overview)
    assert "ND-2013-002" not in excepted.visitor(play.OFFICER).get(excepted.base).text


def test_who_may_raise_one(excepted: Staged) -> None:
    for email, status in ((play.SIGNATORY, 403), (play.OFFICER, 403), (play.OTHER_CONTRACTOR, 404)):
        excepted.visitor(email).get(f"{excepted.base}/raise?to=Printers+Ltd", status)
    signatory = excepted.visitor(play.SIGNATORY).get(f"{excepted.base}/exceptions").text
    assert 'role="button"' not in signatory
    excepted.visitor(play.CASEWORK).get(f"{excepted.base}/raise?to=Nobody", 404)


def test_a_wider_search_is_proposed_and_may_be_changed(excepted: Staged) -> None:
    signatory = excepted.visitor(play.SIGNATORY)
    page = signatory.get(f"{excepted.base}/review").text
    assert "the demand can only be closed with exceptions" in plain(page)
    (act,) = re.findall(r'value="(wider:[^"]+)"', page)
    filled = signatory.post(f"{excepted.base}/review", 200, act=act).text
    assert re.search(r'value="rejected"[^>]* checked', filled)
    assert "Search more widely for the copy in “Filing cabinet”" in filled
    (ticked,) = re.findall(r'name="attestation" value="([0-9a-f]{64})"[^>]* checked', filled)
    asked = signatory.post(
        f"{excepted.base}/review",
        200,
        attestation=ticked,
        decision="rejected",
        reason="Search the van too.",
    )
    signatory.send(
        f"{excepted.base}/review/envelopes",
        excepted.sign_page(signatory, asked, play.SIGNATORY),
    )
    assert play.files(excepted.stage)["list.csv"].state == "rejected"
    back = plain(excepted.visitor(play.OFFICER).get(f"{excepted.base}/answer").text)
    assert "Search the van too." in back


def test_accepting_the_risk_needs_its_reason(excepted: Staged) -> None:
    signatory = excepted.visitor(play.SIGNATORY)
    page = signatory.get(f"{excepted.base}/review").text
    (act,) = re.findall(r'value="(risk:[^"]+)"', page)
    filled = signatory.post(f"{excepted.base}/review", 200, act=act).text
    assert re.search(r'value="accepted"[^>]* checked', filled)
    assert "Why do you accept the risk?" in filled
    (ticked,) = re.findall(r'name="attestation" value="([0-9a-f]{64})"[^>]* checked', filled)
    refused = signatory.post(
        f"{excepted.base}/review", 400, attestation=ticked, decision="accepted", reason=""
    ).text
    assert "say why you accept the risk" in refused
    signatory.post(f"{excepted.base}/review", 400, act="risk:made-up")


def test_what_was_typed_stays_when_a_button_proposes_a_ruling(excepted: Staged) -> None:
    signatory, address = excepted.visitor(play.SIGNATORY), f"{excepted.base}/review"
    page = signatory.get(address).text
    (wider,), (risk,) = (re.findall(rf'value="({act}:[^"]+)"', page) for act in ("wider", "risk"))

    def reason(act: str, typed: str) -> str:
        text = signatory.post(address, 200, act=act, reason=typed).text
        return re.findall(r"<textarea[^>]*name=\"reason\"[^>]*>(.*?)</textarea>", text, re.S)[0]

    assert reason(risk, "I rang them, twice.").strip() == "I rang them, twice."
    both = unescape(reason(wider, "I rang them,\r\ntwice.")).strip()
    mine, proposed = both.split("\n\n")
    assert mine == "I rang them,\ntwice."
    assert proposed.startswith("Search more widely")
    assert unescape(reason(wider, both)).strip() == both
    assert unescape(reason(risk, both)).strip() == "I rang them,\ntwice."
    assert reason(risk, proposed).strip() == ""


def test_enter_rules_nothing(excepted: Staged) -> None:
    """Enter presses a form's first submit button (HTML, "Implicit submission")."""
    page = excepted.visitor(play.SIGNATORY).get(f"{excepted.base}/review").text
    form = page[page.index("data-select") :]
    first = re.findall(r"<button(?![^>]*type=\"button\")[^>]*>", form)[0]
    assert "name=" not in first
    assert "formaction" not in first


def test_disclosure_is_asked_for_at_once_where_it_contradicts(pages_at: Any) -> None:
    pages = pages_at("answered")
    officer = pages.visitor(play.OFFICER)
    share = play.stores(pages.stage)["File share"].id
    sent = officer.post(
        f"{pages.base}/answer/copies",
        302,
        cell=f"1.{share}",
        outcome="passed_on",
        passed_to="Printers Ltd",
    )
    assert sent.headers["Location"] == f"{pages.base}/answer/onward?file=1"
    page = officer.get(f"{pages.base}/answer/onward?file=1").text
    assert "Now say here too that a copy went to Printers Ltd" in page
    assert "Printers Ltd; a copy" in page
    assert re.search(r'value="yes"[^>]* checked', page)
    refused = officer.post(f"{pages.base}/answer/onward", 400, disclosed="no", which="all").text
    assert "Say yes here, and list them" in refused


def test_the_reference_is_proposed(pages_at: Any) -> None:
    pages = pages_at("ready")
    passing.raised(pages.stage)
    officer = pages.visitor(play.OFFICER)
    share = play.stores(pages.stage)["File share"].id
    page = officer.get(f"{pages.base}/answer/copies?cell=1.{share}").text
    assert 'value="ND-2013-002"' in page
    assert "The controller raised ND-2013-002 against Printers Ltd." in page
    # And that is all that this side learns of it.
    for part in ("", "/exceptions", "/timeline", "/letters", "/downloads", "/changes", "/stores"):
        assert "ND-2013-002" not in officer.get(f"{pages.base}{part}").text
    officer.get("/demands/ND-2013-002", 404)
    officer.get("/demands/ND-2013-002/exceptions", 404)
    below = pages.visitor(PRINTERS.liaison)
    for part in ("", "/exceptions", "/timeline", "/letters", "/downloads", "/changes", "/stores"):
        page = below.get(f"/demands/ND-2013-002{part}").text
        assert "ND-2013-001" not in page
        assert "Halden" not in page
    below.get(pages.base, 404)


def test_an_amendment_below_points_at_what_may_tell(pages_at: Any) -> None:
    pages = pages_at("ready")
    stage = pages.stage
    passing.say_passed_on(stage, passing.HALDEN, PRINTERS.name)
    child = passing.raise_against(stage, PRINTERS.name)
    with passing.at(stage, child, PRINTERS):
        passing.issue_to(stage, PRINTERS)
        changing.draft(stage, files=["Halden list.csv"])
    page = pages.visitor(play.CASEWORK).get(f"/demands/{child}/amendment").text
    assert "Look at these. Nothing is taken out by itself:" in page
    assert "“Halden list.csv” says “Halden”: does that tell who passed the copies on?" in page
