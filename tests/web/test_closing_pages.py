"""Closing and withdrawing: what stands in the way, the choice, the signature."""

from __future__ import annotations

from datetime import timedelta

from attest.demo import script
from tests import key_acts as acts
from tests import passing
from tests import stage as play


def test_what_stands_in_the_way_is_told(pages_at) -> None:
    pages = pages_at("attested")
    text = pages.visitor(play.SIGNATORY).get(f"{pages.base}/close").text
    assert "What stands in the way" in text
    assert "2 attestations to be reviewed." in text
    assert f'href="{pages.base}/files/1"' in text
    assert "Withdraw the demand instead" in text


def test_a_demand_is_closed(pages_at) -> None:
    pages = pages_at("accepted")
    visitor = pages.visitor(play.SIGNATORY)
    visitor.get(f"{pages.base}/close")
    page = visitor.post(f"{pages.base}/close", 200, outcome="closed", reason="")
    assert "The demand is closed: every file is accepted, and every copy is settled." in page.text
    signed = pages.sign_page(visitor, page, play.SIGNATORY)
    for _ in range(2):
        answer = visitor.send(signed["postTo"], {"envelopes": signed["envelopes"]})
        assert answer.json == {
            "results": [{"id": "closure", "ok": True}],
            "next": f"{pages.base}/downloads",
        }
    assert play.state(pages.stage) == "closed"
    assert play.problems(pages.stage) == []
    assert "There is nothing left to sign." in visitor.get(f"{pages.base}/close").text
    for email in (play.SIGNATORY, play.OFFICER):
        assert "Keep the bundle and your trust file." in pages.visitor(email).get(pages.base).text


def test_files_that_a_lost_key_signed_are_named_before_closing(pages_at) -> None:
    """They are accepted; with the controller's own trust file, a verifier takes them for open."""
    pages = pages_at("accepted")
    visitor = pages.visitor(play.SIGNATORY)
    assert (
        "Every file is accepted: nothing stands in the way."
        in visitor.get(f"{pages.base}/close").text
    )
    officers = acts.key_of(pages.stage, play.OFFICER).keyid
    acts.revoke(pages.stage, play.SIGNATORY, officers, since=pages.stage.now - timedelta(days=3650))
    text = visitor.get(f"{pages.base}/close").text
    assert "nothing stands in the way" not in text
    assert "2 files were signed for with a key that may have been in other hands by then" in text
    assert f'href="{pages.base}/keys"' in text
    assert 'value="closed"' in text


def test_withdrawing_needs_a_reason(pages_at) -> None:
    pages = pages_at("issued")
    visitor = pages.visitor(play.SIGNATORY)
    text = visitor.post(f"{pages.base}/close", 400, outcome="withdrawn", reason="").text
    assert "Say why the demand is withdrawn." in text
    page = visitor.post(f"{pages.base}/close", 200, outcome="withdrawn", reason="Sent twice.")
    signed = pages.sign_page(visitor, page, play.SIGNATORY)
    visitor.send(signed["postTo"], {"envelopes": signed["envelopes"]})
    assert play.state(pages.stage) == "withdrawn"


def test_a_forged_outcome_is_refused(pages_at) -> None:
    pages = pages_at("attested")
    visitor = pages.visitor(play.SIGNATORY)
    visitor.post(f"{pages.base}/close", 400, outcome="burnt", reason="")


def test_closing_too_early_says_what_changed(pages_at) -> None:
    pages = pages_at("attested")
    visitor = pages.visitor(play.SIGNATORY)
    for outcome in ("closed", "closed_with_exceptions"):
        text = visitor.post(f"{pages.base}/close", 409, outcome=outcome, reason="").text
        assert "2 attestations to be reviewed." in text


def test_exceptions_permit_only_closing_with_them(pages_at) -> None:
    pages = pages_at("ready")
    stage = pages.stage
    script.fill(stage, play.plain_answer(stage))
    play.fill(stage, "File share", play.beyond_use(stage.now.date().replace(month=6)))
    script.attest_all(stage)
    script.review(stage, "accepted")
    text = pages.visitor(play.SIGNATORY).get(f"{pages.base}/close").text
    assert "Close it with exceptions" in text
    assert 'value="closed"' not in text


def test_a_closure_that_something_overtook_is_not_kept(pages_at) -> None:
    pages = pages_at("accepted")
    visitor = pages.visitor(play.SIGNATORY)
    page = visitor.post(f"{pages.base}/close", 200, outcome="closed", reason="")
    signed = pages.sign_page(visitor, page, play.SIGNATORY)
    play.name_store(pages.stage)
    answer = visitor.send(signed["postTo"], {"envelopes": signed["envelopes"]}, 409)
    assert answer.json is not None
    assert answer.json["reload"] == f"{pages.base}/close"
    assert play.state(pages.stage) == "in_progress"


def test_only_the_leads_signatory_closes(pages_at) -> None:
    pages = pages_at("accepted")
    for email in (play.CASEWORK, play.JOINT, play.LIAISON, play.OFFICER):
        assert (
            pages.visitor(email).get(f"{pages.base}/close", 302).headers["Location"] == pages.base
        )


def test_whoever_closes_sees_whom_copies_were_passed_on_to(pages_at) -> None:
    pages = pages_at("ready")
    passing.say_passed_on(pages.stage, passing.HALDEN, "Printers Ltd")
    signatory = pages.visitor(play.SIGNATORY)
    text = signatory.get(f"{pages.base}/close").text
    assert "Copies that were passed on" in text
    assert "<strong>Printers Ltd</strong>, 2 files" in text
    assert "not dealt with" in text
    pages.stage.now += timedelta(minutes=5)
    script.review(pages.stage, "accepted", "They returned it the same day.")
    text = signatory.get(f"{pages.base}/close").text
    assert "the review that accepted them says why." in text
    assert "not dealt with" not in text
    assert "Close the demand" in text
