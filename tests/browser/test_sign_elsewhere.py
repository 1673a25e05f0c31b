"""The whole way in a browser: download on the page, sign in signer.html on a disk, upload."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from attest.keyfiles import seal
from tests import stage as play
from tests.browser.conftest import PHONE, LiveAt, NewVisitor
from tests.browser.live import PASSPHRASE
from tests.browser.test_signer_page import SIGNER

# Who signs, where the page is, and what leads to it there.
WAYS: dict[str, tuple[str, str, str, Callable[[Page], None]]] = {}


def way(name: str, point: str, email: str, path: str) -> Callable[..., Callable[[Page], None]]:
    def keep(lead: Callable[[Page], None]) -> Callable[[Page], None]:
        WAYS[name] = (point, email, path, lead)
        return lead

    return keep


@way("attestations", "answered", play.OFFICER, "/sign")
def nothing_more(page: Page) -> None:
    pass


@way("a demand", "handed", play.SIGNATORY, "/issue")
def only_read(page: Page) -> None:
    pass


@way("a review", "attested", play.SIGNATORY, "/review")
def reject(page: Page) -> None:
    for box in page.locator("input[name=attestation], input[name=set]").all():
        if not box.is_checked():
            box.check()
    page.get_by_label("Reject").check()
    page.get_by_label("Reason").fill("Which tool?\nWhich version?")
    page.locator("main form button").last.click()


@way("a closure", "accepted", play.SIGNATORY, "/close")
def close(page: Page) -> None:
    page.get_by_label("Close it").check()
    page.locator("main form button").last.click()


def open_elsewhere(page: Page) -> None:
    page.locator("#elsewhere summary").click()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("name", WAYS)
def test_downloaded_signed_on_a_disk_and_uploaded(
    live_at: LiveAt, new_visitor: NewVisitor, tmp_path: Path, name: str, javascript: bool
) -> None:
    point, email, path, lead = WAYS[name]
    live = live_at(point)
    page = new_visitor(base_url=live.address, java_script_enabled=javascript)
    live.sign_in(page.context, email)
    page.goto(f"{live.base}{path}")
    lead(page)
    if javascript:
        # Until the declarations stand there, the page still moves under the pointer.
        expect(page.locator("[data-sign-button]")).to_be_enabled()
    open_elsewhere(page)
    with page.expect_download() as download:
        page.get_by_text("Download what is to be signed").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    key = live.stage.actor(email).key
    assert key is not None
    key_file = tmp_path / "my.key"
    key_file.write_bytes(seal(key, PASSPHRASE))
    disk = new_visitor(viewport=PHONE)
    disk.context.set_offline(True)
    disk.goto(SIGNER.as_uri())
    disk.set_input_files("#file", file)
    disk.click("#choose button")
    disk.set_input_files("#key", key_file)
    disk.fill("#passphrase", PASSPHRASE)
    disk.click("#sign-button")
    with disk.expect_download() as download:
        disk.click("#save")
    signed = tmp_path / "signed.jsonl"
    download.value.save_as(signed)

    page.set_input_files("#signed", signed)
    page.get_by_text("Upload the signatures").click()
    expect(page.locator("h1")).to_contain_text("igned")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).to_be_visible()
    assert play.problems(live.stage) == []
    kinds = {
        "attestations": "attestation.signed",
        "a demand": "demand.issued",
        "a review": "attestation.reviewed",
        "a closure": "demand.closed",
    }
    assert kinds[name] in play.log_types(live.stage)


def test_what_it_shows_is_accessible(
    live_at: LiveAt,
    new_visitor: NewVisitor,
    tmp_path: Path,
    assert_accessible: Callable[[Page], None],
) -> None:
    live = live_at("answered")
    page = new_visitor(base_url=live.address, viewport=PHONE)
    live.sign_in(page.context, play.OFFICER)
    page.goto(f"{live.base}/sign")
    expect(page.locator("[data-sign-button]")).to_be_enabled()
    open_elsewhere(page)
    assert_accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    page.get_by_text("Upload the signatures").click()
    expect(page.locator("main")).to_contain_text("Choose the file signed.jsonl")
    assert_accessible(page)
