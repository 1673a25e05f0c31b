"""Keys over years, in Chromium: an old key vouches for the new one, a lost one is revoked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from attest.database.tables import KeyStatement, SigningKey
from attest.demo.acting import account_of
from attest.keyfiles import seal
from attest.services.facts.keys import current_key
from attest.signing import PrivateKey
from attest.statements.envelope import parse_envelope
from tests import key_acts
from tests import stage as play
from tests.browser.acts import choose, fill, heading, press, sign
from tests.browser.conftest import LiveAt, NewVisitor
from tests.browser.live import PASSPHRASE, Live

NEW = "seven boats at noon"


@pytest.fixture
def officer(live_at: LiveAt, new_visitor: NewVisitor) -> tuple[Live, Page]:
    """The officer, who has signed, and keeps the file of the key."""
    live = live_at("attested")
    return live, signed_in(live, new_visitor, play.OFFICER)


def signed_in(live: Live, new_visitor: NewVisitor, email: str) -> Page:
    page = new_visitor(base_url=live.address)
    live.sign_in(page.context, email)
    return page


def begin(page: Page) -> None:
    """Opens the page that makes a key, and types the new one's passphrase."""
    page.goto("/keys/new")
    page.get_by_label("Passphrase", exact=True).fill(NEW)
    page.get_by_label("The same passphrase again").fill(NEW)


def finish(page: Page) -> None:
    press(page, "Enrol this key")
    expect(page.get_by_role("heading", name="Read out the fingerprint")).to_be_visible()


def newest(live: Live, email: str) -> tuple[SigningKey, list[str]]:
    """Somebody's current key, and who signed its enrolment."""
    with live.stage.look() as ctx:
        (person,) = account_of(ctx, email).people
        key = current_key(ctx, person, key_acts.duty_of(email))
        assert key is not None
        (said,) = [
            row
            for row in ctx.session.query(KeyStatement).filter_by(keyid=key.keyid)
            if row.name == "key-enrolment"
        ]
        return key, [item.keyid for item in parse_envelope(said.envelope).signatures]


def test_the_old_keys_file_signs_the_new_key(officer: tuple[Live, Page]) -> None:
    live, page = officer
    old = key_acts.key_of(live.stage, play.OFFICER)
    begin(page)
    expect(page.get_by_label("Passphrase of your old key")).to_be_hidden()
    choose(page, "I still have my old key")
    page.get_by_label("Passphrase of your old key").fill(PASSPHRASE)
    page.set_input_files("#old-key-file", live.key_file(play.OFFICER))
    press(page, "Make my signing key")
    expect(page.locator("[data-holder]")).to_contain_text("My old key signs this too.")
    assert page.input_value("#old-passphrase") == ""
    finish(page)
    key, signers = newest(live, play.OFFICER)
    assert key.rotated_from == old.keyid
    assert sorted(signers) == sorted([key.keyid, old.keyid])
    assert play.problems(live.stage) == []


def test_the_servers_locked_copy_of_the_old_key_will_do(officer: tuple[Live, Page]) -> None:
    live, page = officer
    begin(page)
    choose(page, "I have lost it, or forgotten its passphrase")
    press(page, "Make my signing key")
    finish(page)  # a locked copy of this one stays with the server
    first, signers = newest(live, play.OFFICER)
    assert signers == [first.keyid]
    assert first.rotated_from is None
    begin(page)
    choose(page, "I still have my old key")
    page.get_by_label("Passphrase of your old key").fill(NEW)
    press(page, "Make my signing key")
    finish(page)
    second, signers = newest(live, play.OFFICER)
    assert second.rotated_from == first.keyid
    assert len(signers) == 2


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        ("nothing chosen", "Say whether you still have your old key."),
        ("no file", "Choose the file of your old key"),
        ("wrong passphrase", "This passphrase does not open your old key."),
        ("another file", "This is the file of another key than your old one."),
        ("no key file", "This is not a key file of Attest."),
    ],
)
def test_an_old_key_that_does_not_open_makes_nothing(
    officer: tuple[Live, Page], tmp_path: Path, prepare: str, sentence: str
) -> None:
    live, page = officer
    begin(page)
    if prepare != "nothing chosen":
        choose(page, "I still have my old key")
        typed = "not this one" if prepare == "wrong passphrase" else PASSPHRASE
        page.get_by_label("Passphrase of your old key").fill(typed)
    other = tmp_path / "other.json"
    other.write_bytes(
        b"a shopping list" if prepare == "no key file" else seal(PrivateKey.generate(), PASSPHRASE)
    )
    files: dict[str, Any] = {
        "wrong passphrase": live.key_file(play.OFFICER),
        "another file": other,
        "no key file": other,
    }
    if prepare in files:
        page.set_input_files("#old-key-file", files[prepare])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    press(page, "Make my signing key")
    expect(page.locator("[data-errors]")).to_contain_text(sentence)
    assert not any("/prepare" in url for url in asked)
    # What was typed stays, and the person can go on without the old key.
    assert page.input_value("#passphrase") == NEW
    choose(page, "I have lost it, or forgotten its passphrase")
    press(page, "Make my signing key")
    expect(page.locator("[data-step=keep]")).to_be_visible()


def test_who_signs_under_another_title_is_told(officer: tuple[Live, Page]) -> None:
    live, page = officer
    with live.stage.act() as ctx:
        account_of(ctx, play.OFFICER).people[0].role = "Head of Assurance"
    page.goto("/keys/new")
    expect(page.get_by_text("is written otherwise than in your old key")).to_be_visible()
    expect(page.get_by_label("I still have my old key")).to_have_count(0)


def test_a_stolen_key_is_revoked_and_what_it_signed_is_looked_at(
    live_at: LiveAt, new_visitor: NewVisitor
) -> None:
    live = live_at("attested")
    stage = live.stage
    page = signed_in(live, new_visitor, play.SIGNATORY)
    page.goto(f"{live.base}/keys")
    page.get_by_role("link", name="Revoke this key of Ruth Adeyemi").click()
    heading(page, "Revoke the signing key of Ruth Adeyemi")
    fill(page, {"Why is it revoked?": "The laptop was stolen from a car."})
    press(page, "Go on to signing")
    expect(page.get_by_text("Say whether somebody else may have had it.").first).to_be_visible()
    choose(page, "Yes, or I do not know")
    fill(page, {"Since which day": stage.now.date()})
    press(page, "Go on to signing")
    heading(page, "Sign the revocation")
    declared = page.locator("[data-declarations]")
    expect(declared).to_contain_text("The laptop was stolen from a car.")
    expect(declared).to_contain_text("It may have been in other hands since")
    page.set_input_files("#key-file", live.key_file(play.SIGNATORY))
    sign(page, "Revoke this key", PASSPHRASE)
    heading(page, "Keys")
    expect(page.get_by_text("The key is revoked. Everybody")).to_be_visible()
    expect(page.get_by_text("Signed since then:")).to_be_visible()
    for name in play.FILES:
        expect(page.get_by_role("main").get_by_role("link", name=name)).to_be_visible()
    page.goto(f"{live.base}/timeline")
    expect(
        page.get_by_text("Signing key of Ruth Adeyemi, Halden Support Services plc, revoked")
    ).to_be_visible()
    live.tick()
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (3, ["key revoked"])


def test_the_officer_leaves_and_the_pages_say_what_is_next(
    live_at: LiveAt, new_visitor: NewVisitor
) -> None:
    live = live_at("answered")
    with live.stage.look() as ctx:
        (person,) = account_of(ctx, play.OFFICER).people
        officer_id = person.id
    liaison = signed_in(live, new_visitor, play.LIAISON)
    liaison.goto(f"/people/{officer_id}/end")
    expect(liaison.get_by_text("2 files open of 2")).to_be_visible()
    press(liaison, "End access")
    expect(liaison.get_by_text("1 demand needs another officer.")).to_be_visible()
    liaison.goto(live.base)
    expect(liaison.get_by_text("Ruth Adeyemi does not act for you any more.")).to_be_visible()
    expect(liaison.get_by_role("button", name="Name another assurance officer")).to_be_visible()
    controller = signed_in(live, new_visitor, play.SIGNATORY)
    controller.goto(live.base)
    expect(controller.get_by_text("must name another assurance officer")).to_be_visible()
