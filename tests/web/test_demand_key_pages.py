"""The keys of a demand: confirmed by ear and signature, compared by ear, never read off a page."""

from __future__ import annotations

import re

import pytest

from attest.database.tables import KeyStatement
from attest.demo import script
from attest.signing import PrivateKey, fingerprint
from tests import stage as play
from tests.web.staged import Staged

WRONG = "aaaa bbbb cccc dddd eeee ffff gggg hhhh"
# Each group has a figure and a letter beyond f: it is no word of a page, and no part of an id.
OFFICERS = PrivateKey.from_seed(b"\xd4" * 32)


@pytest.fixture
def pages(pages_at, monkeypatch: pytest.MonkeyPatch) -> Staged:
    """The officer has made a key, and nobody has rung anybody."""
    found: Staged = pages_at("acknowledged")
    with monkeypatch.context() as patched:
        patched.setattr(PrivateKey, "generate", lambda: OFFICERS)
        script.make_officer_key(found.stage)
    return found


def keyid(pages: Staged, email: str) -> str:
    key = pages.stage.actor(email).key
    assert key is not None
    return key.keyid


def confirming(pages: Staged) -> str:
    return f"{pages.base}/keys/{keyid(pages, play.OFFICER)}/confirm"


def test_no_controller_reads_the_fingerprint_before_hearing_it(pages: Staged) -> None:
    groups = fingerprint(keyid(pages, play.OFFICER))
    for email in (play.SIGNATORY, play.SECOND, play.CASEWORK, play.JOINT):
        visitor = pages.visitor(email)
        for page in ("", "/keys", "/timeline", "/letters"):
            assert groups not in visitor.get(pages.base + page).text
    assert groups not in pages.visitor(play.SIGNATORY).get(confirming(pages)).text
    assert groups in pages.visitor(play.OFFICER).get(f"{pages.base}/keys").text


def test_the_signatory_types_what_they_hear_and_signs(pages: Staged) -> None:
    visitor = pages.visitor(play.SIGNATORY)
    groups = fingerprint(keyid(pages, play.OFFICER))
    page = visitor.post(confirming(pages), 200, typed=groups.upper(), method="video")
    signed = pages.sign_page(visitor, page, play.SIGNATORY)
    for _ in range(2):  # a double click: the second answer is the same
        answer = visitor.send(signed["postTo"], {"envelopes": signed["envelopes"]})
        assert answer.json == {
            "results": [{"id": "confirmation", "ok": True}],
            "next": f"{pages.base}/keys",
        }
    text = visitor.get(f"{pages.base}/keys").text
    assert "Confirmed by video call by Signatory" in text
    assert groups in text
    assert play.log_types(pages.stage)[-2:] == ["key.enrolled", "key.confirmed"]
    assert "confirmed by video call" in visitor.get(f"{pages.base}/timeline").text
    assert visitor.get(confirming(pages), 302).location == f"{pages.base}/keys"
    assert play.problems(pages.stage) == []
    assert play.reasons(play.verified(pages.stage)) == (0, [])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (WRONG, "This is not the fingerprint of this key."),
        ("aaaa bbbb", "You typed 8 of 32 characters."),
        ("", "Type the eight groups that you hear."),
    ],
)
def test_wrong_groups_get_a_sentence_and_no_hint(pages: Staged, typed: str, sentence: str) -> None:
    text = (
        pages.visitor(play.SIGNATORY)
        .post(confirming(pages), 400, typed=typed, method="telephone")
        .text
    )
    assert sentence in text
    assert f'value="{typed}"' in text or not typed
    shown = text.replace(keyid(pages, play.OFFICER), "")
    for by_chance in re.findall(r'(?:csrf.token" (?:content|value)|nonce)="([^"]+)"', text):
        shown = shown.replace(by_chance, "")
    for group in fingerprint(keyid(pages, play.OFFICER)).split():
        assert group not in shown
    assert "to-sign" not in text


def test_how_it_was_heard_must_be_said(pages: Staged) -> None:
    groups = fingerprint(keyid(pages, play.OFFICER))
    visitor = pages.visitor(play.SIGNATORY)
    assert "Say how you hear" in visitor.post(confirming(pages), 400, typed=groups).text
    forged = visitor.post(confirming(pages), 400, typed=groups, method="carrier pigeon").text
    assert "Choose one of these." in forged


def test_a_signatory_without_a_key_is_led_to_making_one(pages: Staged) -> None:
    text = pages.visitor(play.SECOND).get(confirming(pages)).text
    assert 'href="/keys/new"' in text
    assert 'name="typed"' not in text


def test_nobody_else_confirms(pages: Staged) -> None:
    for email in (play.CASEWORK, play.LIAISON, play.OFFICER):
        pages.visitor(email).get(confirming(pages), 403)
    pages.visitor(play.OTHER_CONTRACTOR).get(confirming(pages), 404)


def test_another_statement_is_not_kept_as_a_confirmation(pages: Staged) -> None:
    visitor = pages.visitor(play.SIGNATORY)
    address = confirming(pages).replace("/confirm", "/envelopes")
    answer = visitor.send(address, {"envelopes": [{"id": "x", "envelope": "{}"}]}, 400)
    assert "This is not the statement" in str(answer.json)
    with pages.stage.look() as ctx:
        found = ctx.session.query(KeyStatement).filter_by(name="key-confirmation").count()
    assert found == 0


def test_the_contractor_compares_the_signatorys_key_and_pins_it(pages: Staged) -> None:
    visitor = pages.visitor(play.LIAISON)
    key = keyid(pages, play.SIGNATORY)
    address = f"{pages.base}/keys/{key}/compare"
    assert fingerprint(key) not in visitor.get(f"{pages.base}/keys").text
    assert fingerprint(key) not in visitor.get(address).text
    assert "This is not the fingerprint" in visitor.post(address, 400, typed=WRONG).text
    assert key not in visitor.get(f"{pages.base}/trust.json").text
    visitor.post(address, typed=fingerprint(key))
    assert fingerprint(key) in visitor.get(f"{pages.base}/keys").text
    assert key in visitor.get(f"{pages.base}/trust.json").text
    assert visitor.get(address, 302).location == f"{pages.base}/keys"


def test_a_joint_controller_compares_the_leads_key(pages: Staged) -> None:
    visitor = pages.visitor(play.JOINT)
    key = keyid(pages, play.SIGNATORY)
    assert "Compare this key" in visitor.get(f"{pages.base}/keys").text
    visitor.post(f"{pages.base}/keys/{key}/compare", typed=fingerprint(key))
    assert key in visitor.get(f"{pages.base}/trust.json").text


def test_ones_own_key_and_the_officers_are_not_compared(pages: Staged) -> None:
    own = f"{pages.base}/keys/{keyid(pages, play.OFFICER)}/compare"
    pages.visitor(play.LIAISON).get(own, 403)
    pages.visitor(play.CASEWORK).get(own, 403)
    pages.visitor(play.CASEWORK).get(f"{pages.base}/keys/{'0' * 64}/compare", 404)
