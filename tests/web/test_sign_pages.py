"""Signing as the officer: which files, each envelope by itself, and the receipt."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from attest.demo import script
from attest.domain import wording
from tests import stage as play
from tests.web.staged import to_sign


def moments(at) -> str:
    return wording.capital(wording.moments(at, at, ZoneInfo("Europe/London")))


def send(officer, made, status: int = 200):
    return officer.send(made["postTo"], {"envelopes": made["envelopes"]}, status)


def test_all_that_is_ready_is_signed(pages_at) -> None:
    pages = pages_at("answered")
    officer = pages.visitor(play.OFFICER)
    page = officer.get(f"{pages.base}/sign")
    assert "Sign 2 attestations" in page.text
    answer = send(officer, pages.sign_page(officer, page, play.OFFICER)).json
    assert [result["ok"] for result in answer["results"]] == [True, True]
    assert answer["next"].startswith(f"{pages.base}/signed?stated=")
    receipt = officer.get(answer["next"]).text
    assert "You signed 2 files" in receipt
    assert f"{moments(pages.stage.now)}; none is left to sign for." in receipt
    assert f"{play.LEAD} will check them; we will write to you." in receipt
    assert play.problems(pages.stage) == []
    assert "Nothing to sign" in officer.get(f"{pages.base}/sign").text


def test_a_key_file_may_be_named_as_attest_keygen_has_it(pages_at) -> None:
    """Every example there is of `attest keygen` writes officer.key: file choosers must offer it."""
    pages = pages_at("answered")
    page = pages.visitor(play.OFFICER).get(f"{pages.base}/sign").text
    assert 'data-key-file accept=".json,.key,application/json"' in page


def test_an_envelope_sent_twice_is_answered_twice(pages_at) -> None:
    pages = pages_at("answered")
    officer = pages.visitor(play.OFFICER)
    made = pages.sign_page(officer, officer.get(f"{pages.base}/sign"), play.OFFICER)
    assert send(officer, made).json == send(officer, made).json
    assert play.log_types(pages.stage).count("attestation.signed") == 2


def test_some_of_the_files(pages_at) -> None:
    pages = pages_at("answered")
    officer = pages.visitor(play.OFFICER)
    page = officer.get(f"{pages.base}/sign?file=2")
    assert [item["id"] for item in to_sign(page)["items"]] == [
        play.files(pages.stage)["costings.xlsx"].id
    ]
    first = send(officer, pages.sign_page(officer, page, play.OFFICER)).json["next"]
    receipt = officer.get(first).text
    assert "You signed 1 file<" in receipt
    assert f"{moments(pages.stage.now)}; 1 file is left to sign for." in receipt
    assert "Sign 1 attestation" in receipt
    when = moments(pages.stage.now)
    pages.stage.now += timedelta(hours=2)
    page = officer.get(f"{pages.base}/sign")
    second = send(officer, pages.sign_page(officer, page, play.OFFICER)).json["next"]
    assert second != first
    # Reloaded, or reached by the back button, it still tells of what was signed then.
    receipt = officer.get(first).text
    assert "You signed 1 file<" in receipt
    assert f"{when}; none is left to sign for." in receipt
    # What is no time is the newest.
    assert f"{moments(pages.stage.now)}; none" in officer.get(f"{pages.base}/signed?stated=x").text


def test_what_is_kept_of_many_leads_to_its_receipt(pages_at) -> None:
    pages = pages_at("answered")
    officer = pages.visitor(play.OFFICER)
    made = pages.sign_page(officer, officer.get(f"{pages.base}/sign"), play.OFFICER)
    made["envelopes"][0]["envelope"] = "{}"
    text = officer.get(send(officer, made).json["next"]).text
    assert "You signed 1 file<" in text
    assert "1 file is left to sign for." in text


def test_what_came_back_is_proposed_once_it_was_put_right(pages_at) -> None:
    pages = pages_at("attested")
    stage, officer = pages.stage, pages.visitor(play.OFFICER)
    script.review(stage, "rejected", "Which tool was it?")
    warning = "nothing was changed since"
    page = officer.get(f"{pages.base}/sign")
    assert len(to_sign(page)["items"]) == 2
    assert f"2 files came back with a reason, and {warning}" in page.text
    stage.now += timedelta(minutes=1)
    play.fill(stage, "File share", play.deleted(stage) | {"tool": "sdelete"}, ["costings.xlsx"])
    page = officer.get(f"{pages.base}/sign")
    assert [item["id"] for item in to_sign(page)["items"]] == [
        play.files(stage)["costings.xlsx"].id
    ]
    assert warning not in page.text
    assert f"“list.csv” came back with a reason, and {warning}" in (
        officer.get(f"{pages.base}/sign?file=1&file=2").text
    )


def test_one_bad_envelope_does_not_stop_the_other(pages_at) -> None:
    pages = pages_at("answered")
    officer = pages.visitor(play.OFFICER)
    made = pages.sign_page(officer, officer.get(f"{pages.base}/sign"), play.OFFICER)
    made["envelopes"][0]["envelope"] = "{}"
    first, second = send(officer, made).json["results"]
    assert not first["ok"]
    assert "not the statement" in first["sentence"]
    assert second["ok"]


def test_answers_changed_meanwhile(pages_at) -> None:
    pages = pages_at("answered")
    officer = pages.visitor(play.OFFICER)
    page = officer.get(f"{pages.base}/sign?file=1")
    made = pages.sign_page(officer, page, play.OFFICER)
    play.fill(pages.stage, "File share", play.deleted(pages.stage) | {"note": "Twice"})
    told = send(officer, made, 409).json
    assert "changed since you opened this page" in told["sentence"]
    assert told["reload"] == f"{pages.base}/sign"
    assert "attestation.signed" not in play.log_types(pages.stage)


def test_without_a_key_the_page_leads_to_one(pages_at) -> None:
    pages = pages_at("acknowledged")
    assert 'href="/keys/new"' in pages.visitor(play.OFFICER).get(f"{pages.base}/sign").text


def test_what_is_missing_is_said(pages_at) -> None:
    pages = pages_at("ready")
    page = pages.visitor(play.OFFICER).get(f"{pages.base}/sign").text
    assert "4 of 4 copies left to answer" in page
    assert "2 files left without saying whether a copy was passed on" in page


def test_the_receipt_before_anything_is_signed(pages_at) -> None:
    pages = pages_at("answered")
    page = pages.visitor(play.OFFICER).get(f"{pages.base}/signed").text
    assert "You have signed nothing here yet" in page
