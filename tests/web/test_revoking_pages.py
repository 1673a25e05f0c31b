"""The pages that revoke a key, tell its life, and print the sheet."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from attest.demo import script
from attest.demo.acting import account_of, make_key
from attest.signing import fingerprint
from tests import key_acts as acts
from tests import stage as play
from tests.web.staged import Staged, to_sign


@pytest.fixture
def pages(pages_at) -> Staged:
    """Both files are attested."""
    found: Staged = pages_at("attested")
    return found


def officers_key(pages: Staged) -> str:
    return acts.key_of(pages.stage, play.OFFICER).keyid


LOST = {"since_on-day": "4", "since_on-month": "2", "since_on-year": "2013", "since_time": "13:30"}


def test_a_signatory_revokes_and_comes_back_to_the_demand(pages: Staged) -> None:
    visitor = pages.visitor(play.SIGNATORY)
    reference = pages.stage.reference
    address = f"/keys/{officers_key(pages)}/revoke?demand={reference}"
    assert address in visitor.get(f"{pages.base}/keys").text
    page = visitor.post(address, 200, reason="It was stolen.", lost="yes", **LOST)
    signed = pages.sign_page(visitor, page, play.SIGNATORY)
    for _ in range(2):
        answer = visitor.send(signed["postTo"], {"envelopes": signed["envelopes"]})
        assert answer.get_json()["next"] == f"{pages.base}/keys"
    text = visitor.get(f"{pages.base}/keys").text
    assert "Revoked by Signatory, Manager, Northshire Constabulary." in text
    assert "It was stolen." in text
    # 13:30 in winter is the same in UTC; the page says it in the instance's zone.
    assert "It may have been in other hands since 4 February 2013, 13:30." in text
    assert "2 attestations" in text
    # Of both sides' pages: what is really the officer's does not count either, so attest again.
    for email, who in ((play.SIGNATORY, "you"), (play.OFFICER, "they")):
        told = pages.visitor(email).get(f"{pages.base}/keys").text
        assert (
            "What is really theirs does not count either with the trust file of Northshire "
            "Constabulary, which names this key as lost, unless a checkpoint received before, or "
            "a timestamp, proves it older." in told
        )
        assert f"So {who} may as well where nobody is sure." in told
    assert address not in text
    assert "2 files signed for by a key that was in other hands" in visitor.get(pages.base).text
    review = visitor.get(f"{pages.base}/review").text
    assert "were signed for with a key that may have been in other hands by then" in review
    timeline = visitor.get(f"{pages.base}/timeline").text
    assert "Signing key of Ruth Adeyemi, Halden Support Services plc, revoked" in timeline
    assert play.problems(pages.stage) == []


def test_its_holder_revokes_it_and_reads_what_to_do(pages: Staged) -> None:
    visitor = pages.visitor(play.OFFICER)
    address = f"/keys/{officers_key(pages)}/revoke"
    assert address in visitor.get("/keys").text
    page = visitor.post(address, 200, reason="The file is gone.", lost="no")
    signed = pages.sign_page(visitor, page, play.OFFICER)
    answer = visitor.send(signed["postTo"], {"envelopes": signed["envelopes"]})
    assert answer.get_json()["next"] == "/keys"
    text = visitor.get("/keys").text
    assert "You have no key that signs now: the last one was revoked." in text
    assert "Make my signing key" in text
    # Without a moment nothing is in doubt.
    assert "in other hands since" not in visitor.get(f"{pages.base}/keys").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"lost": "no"}, "Say why the key is revoked."),
        ({"reason": "Lost."}, "Say whether somebody else may have had it."),
        ({"reason": "Lost.", "lost": "yes"}, "Enter the day since which"),
        ({"reason": "Lost.", "lost": "yes", **LOST, "since_time": "25:00"}, "is not a time"),
        ({"reason": "Lost.", "lost": "yes", **LOST, "since_on-year": "2199"}, "still to come"),
        ({"reason": "Lost.", "lost": "yes", **LOST, "since_on-day": "31"}, "is not a date"),
    ],
)
def test_the_form_says_what_is_wrong(pages: Staged, fields: dict[str, str], sentence: str) -> None:
    visitor = pages.visitor(play.OFFICER)
    page = visitor.post(f"/keys/{officers_key(pages)}/revoke", 400, **fields)
    assert sentence in page.text


def test_with_two_keys_one_is_chosen(pages: Staged) -> None:
    old, new = acts.replace(pages.stage, play.OFFICER)
    visitor = pages.visitor(play.OFFICER)
    address = f"/keys/{old.keyid}/revoke"
    assert "this key itself, made 4 February 2013" in visitor.get(address).text
    page = visitor.post(address, 200, reason="Lost.", lost="no", key=new.keyid)
    assert to_sign(page)["keyid"] == new.keyid
    visitor.post(address, 400, reason="Lost.", lost="no", key=officers_key(pages)[::-1])


def test_who_may_not_is_told_whom_to_ring(pages: Staged) -> None:
    address = f"/keys/{officers_key(pages)}/revoke"
    for email in (play.LIAISON, play.CASEWORK, play.JOINT):
        assert "Ring one of them" in pages.visitor(email).get(address, 403).text
        assert address not in pages.visitor(email).get(f"{pages.base}/keys").text
    for email in (play.OTHER_CONTROLLER, play.OTHER_CONTRACTOR, play.ADMINISTRATOR):
        pages.visitor(email).get(address, 404)
    signatory = acts.key_of(pages.stage, play.SIGNATORY).keyid
    pages.visitor(play.OFFICER).get(f"/keys/{signatory}/revoke", 403)


@pytest.mark.parametrize("demand", ["//evil.example", "ND-2013-001/../..", "", "x" * 200])
def test_the_way_back_leads_nowhere_else(pages: Staged, demand: str) -> None:
    visitor = pages.visitor(play.OFFICER)
    page = visitor.get(f"/keys/{officers_key(pages)}/revoke", query_string={"demand": demand})
    assert 'href="/keys"' in page.text
    assert 'href="//evil' not in page.text
    assert "/demands//evil" not in page.text


def test_the_key_page_tells_a_rotation(pages: Staged) -> None:
    acts.rotate(pages.stage, play.OFFICER)
    script.confirm_officer(pages.stage)
    text = pages.visitor(play.SIGNATORY).get(f"{pages.base}/keys").text
    assert "Made from the key of 4 February 2013, which signed it too." in text
    assert "Replaced: its holder made another one." in text
    assert "Revoke it only if it may be in other hands." in text
    timeline = pages.visitor(play.SIGNATORY).get(f"{pages.base}/timeline").text
    assert "and signed by the key before it" in timeline
    assert "signed by your earlier key too" in pages.visitor(play.OFFICER).get("/keys").text


def test_who_has_no_key_is_named(pages_at) -> None:
    pages = pages_at("acknowledged")
    text = pages.visitor(play.SIGNATORY).get(f"{pages.base}/keys").text
    assert "Ruth Adeyemi has no key to sign with." in text
    assert "Ring Halden Support Services plc" in text
    assert 'href="/keys/new"' in pages.visitor(play.OFFICER).get(f"{pages.base}/keys").text


# --- The sheet ---------------------------------------------------------------------------------


def sheet(pages: Staged, email: str) -> bytes:
    answer = pages.visitor(email).get(f"{pages.base}/keys/sheet.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data


def words(pdf: bytes) -> str:
    # Where a line may end, a sign without ink may stand, or be read beside its place.
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\u200b", "").split())


def test_the_sheet_shows_nobody_what_they_must_hear_first(pages_at) -> None:
    pages = pages_at("acknowledged")
    script.make_officer_key(pages.stage)
    officer = fingerprint(acts.key_of(pages.stage, play.OFFICER).keyid).split()
    signatory = fingerprint(acts.key_of(pages.stage, play.SIGNATORY).keyid).split()
    ours, theirs = words(sheet(pages, play.SIGNATORY)), words(sheet(pages, play.OFFICER))
    assert all(group in ours for group in signatory)
    assert not any(group in ours for group in officer)
    assert all(group in theirs for group in officer)
    assert not any(group in theirs for group in signatory)
    for text in (ours, theirs):
        assert "You read out" in text
        assert "You hear" in text
        assert "Ruth Adeyemi, Assurance lead, Halden Support Services plc" in text
        assert "Over the telephone" in text
        assert "a number that you found elsewhere" in text


def test_the_sheet_of_a_normal_demand_is_one_page(pages: Staged, tmp_path: Path) -> None:
    stage = pages.stage
    make_key(stage, play.SECOND, "signatory")
    make_key(stage, play.JOINT, "signatory")
    for email in (play.SIGNATORY, play.OFFICER, play.JOINT, play.LIAISON):
        path = tmp_path / "sheet.pdf"
        path.write_bytes(sheet(pages, email))
        assert len(PdfReader(path).pages) == 1
    program = shutil.which("pdfinfo")
    if program is not None:
        told = subprocess.run([program, path], capture_output=True, text=True, check=True)
        assert "Pages:           1" in told.stdout
        assert "A4" in told.stdout


def test_revoked_and_former_keys_are_not_on_the_sheet(pages: Staged) -> None:
    acts.lose(pages.stage)
    assert "Ruth Adeyemi" not in words(sheet(pages, play.SIGNATORY))


def test_the_same_sheet_has_the_same_bytes(pages: Staged) -> None:
    assert sheet(pages, play.OFFICER) == sheet(pages, play.OFFICER)
    pages.stage.now += timedelta(days=1)
    assert "made on 6 February 2013" in words(sheet(pages, play.OFFICER))


def test_people_can_be_ended_with_a_successor(pages: Staged) -> None:
    visitor = pages.visitor(play.LIAISON)
    with pages.stage.look() as ctx:
        officer = account_of(ctx, play.OFFICER).people[0].id
    page = visitor.get(f"/people/{officer}/end").text
    assert "is the assurance officer of 1 demand" in page
    assert "Their signing key" in page
    assert "Nobody else is an officer here." in page
    visitor.post(f"/people/{officer}/end", 302)
    assert "1 demand needs another officer." in visitor.get("/people").text.replace(
        "\xa0", " "
    ) or ("another officer" in visitor.get(pages.base).text)
    text = pages.visitor(play.SIGNATORY).get(f"{pages.base}/keys").text
    assert "its holder has left" in text
    assert "Revoke it if they might still use it." in text


def test_what_it_signed_before_counts_where_it_is_proved_older(pages_at) -> None:
    pages = pages_at("accepted")
    acts.lose(pages.stage)
    text = pages.visitor(play.OFFICER).get(f"{pages.base}/keys").text
    assert "It has signed nothing since then that still counts in this demand." in text
    assert "counts with the trust file of Northshire Constabulary only where" in text
    assert f'href="{pages.base}/downloads"' in text


def test_no_page_says_that_all_is_accepted_without_the_lost_key(pages_at) -> None:
    pages = pages_at("accepted")
    visitor = pages.visitor(play.SIGNATORY)
    doubt = "signed for with a key that may have been in other hands by then"
    file = f"{pages.base}/files/1"
    for page in ("/", pages.base, file):
        assert "in other hands" not in visitor.get(page).text
    since = pages.stage.now - timedelta(days=3650)
    acts.revoke(pages.stage, play.SIGNATORY, officers_key(pages), since=since)
    visitor = pages.visitor(play.SIGNATORY)
    assert f"every file is accepted, but 2 files were {doubt}." in visitor.get("/").text
    said = f"You can close the demand. But 2 files were {doubt}: see Keys."
    assert said in visitor.get(pages.base).text
    assert (
        f"But 2 files were {doubt}: see Keys." in pages.visitor(play.OFFICER).get(pages.base).text
    )
    for email in (play.SIGNATORY, play.OFFICER):
        text = pages.visitor(email).get(file).text
        assert "The key that signed for it may have been in other hands by then." in text
        assert f'href="{pages.base}/keys"' in text
