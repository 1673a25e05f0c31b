"""Evidence files in a browser: chosen, dropped, one after the other, and without any script."""

from __future__ import annotations

import base64
import hashlib

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests import evidence_acts
from tests import stage as play
from tests.attachments import pictures
from tests.browser.conftest import LiveAt, NewVisitor

PDF = evidence_acts.PDF

DROP = """([element, files]) => {
  const carried = new DataTransfer();
  for (const [name, data] of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    carried.items.add(new File([bytes], name));
  }
  for (const kind of ["dragenter", "dragover", "drop"]) {
    element.dispatchEvent(new DragEvent(kind, {
      dataTransfer: carried, bubbles: true, cancelable: true }));
  }
}"""


def drop(page: Page, place: Locator, *files: tuple[str, bytes]) -> None:
    encoded = [[name, base64.b64encode(data).decode()] for name, data in files]
    page.evaluate(DROP, [place.element_handle(), encoded])


def chosen(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/html", "buffer": data}


def test_files_are_sent_one_by_one_and_stand_in_the_list(
    live_at: LiveAt, new_visitor: NewVisitor
) -> None:
    live = live_at("answered")
    page = new_visitor(base_url=live.address)
    live.sign_in(page.context, play.CASEWORK)
    page.goto(f"/demands/{live.stage.reference}/evidence")
    page.get_by_role("button", name="Add to the demand").click()
    expect(page.get_by_role("status")).to_have_text("Choose at least one file first.")
    page.get_by_label("Add evidence about the demand").set_input_files(
        [chosen("certificate.pdf", PDF), chosen("Box 14.jpg", pictures.picture())]
    )
    page.get_by_role("button", name="Add to the demand").click()
    expect(page.get_by_role("heading", name="2 files, newest first")).to_be_visible()
    expect(page.get_by_role("link", name="certificate.pdf")).to_be_visible()
    picture = page.locator("img.attest-evidence__picture")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    with page.expect_download() as saved:
        page.get_by_role("link", name="certificate.pdf").click()
    assert saved.value.suggested_filename == "certificate.pdf"
    assert saved.value.path().read_bytes() == PDF


def test_what_does_not_arrive_is_told_beside_it(
    live_at: LiveAt, new_visitor: NewVisitor, complaints: list[str]
) -> None:
    live = live_at("answered")
    page = new_visitor(base_url=live.address)
    live.sign_in(page.context, play.CASEWORK)
    page.goto(f"/demands/{live.stage.reference}/evidence")
    drop(page, page.locator("form[data-evidence]"), ("empty.pdf", b""), ("good.pdf", PDF))
    expect(page.get_by_text("empty.pdf – It is empty, so it shows nothing.")).to_be_visible()
    expect(page.get_by_text("good.pdf – Added.")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("1 of 2 did not arrive. The others are added.")
    page.context.clear_cookies()
    drop(page, page.locator("form[data-evidence]"), ("late.pdf", b"%PDF-late"))
    expect(page.get_by_text("Your session has ended. Sign in again")).to_be_visible()
    complaints.clear()


def test_a_photograph_is_dropped_on_a_copy_and_stands_in_what_is_signed(
    live_at: LiveAt, new_visitor: NewVisitor
) -> None:
    live = live_at("answered")
    page = new_visitor(base_url=live.address)
    live.sign_in(page.context, play.OFFICER)
    page.goto(f"/demands/{live.stage.reference}/answer")
    photograph = pictures.picture()
    share = page.locator('td[data-drop-name="list.csv, File share"]')
    drop(page, share, ("Box 14.jpg", photograph))
    expect(page.get_by_text("Attached to list.csv, File share.")).to_be_visible()
    file = page.locator('th[data-drop-name="every copy of costings.xlsx"]')
    drop(page, file, ("certificate.pdf", PDF))
    expect(page.get_by_text("Attached to every copy of costings.xlsx.")).to_be_visible()
    page.goto(f"/demands/{live.stage.reference}/sign")
    digest = hashlib.sha256(photograph).hexdigest()
    expect(page.get_by_text(f'Evidence: "Box 14.jpg", with the SHA-256 {digest}.')).to_have_count(1)
    named = f'Evidence: "certificate.pdf", with the SHA-256 {hashlib.sha256(PDF).hexdigest()}.'
    expect(page.get_by_text(named)).not_to_have_count(0)


def test_copies_ticked_in_the_table_without_a_script(
    live_at: LiveAt, new_visitor: NewVisitor
) -> None:
    live = live_at("answered")
    page = new_visitor(base_url=live.address, java_script_enabled=False)
    live.sign_in(page.context, play.OFFICER)
    page.goto(f"/demands/{live.stage.reference}/answer")
    page.locator('input[name="cell"]').first.check()
    page.get_by_role("button", name="Attach evidence to the selected copies").click()
    expect(page.get_by_role("heading", name="Attach evidence")).to_be_visible()
    page.get_by_label("Add a file from your computer").set_input_files(
        [chosen("certificate.pdf", PDF), chosen("Box 14.jpg", pictures.picture())]
    )
    page.get_by_role("button", name="Attach", exact=True).click()
    expect(page.get_by_text("Attached: “certificate.pdf” and “Box 14.jpg”.")).to_be_visible()
    page.get_by_role("button", name="Take off Box 14.jpg").click()
    expect(page.get_by_text("Taken off. It stays in the log")).to_be_visible()
    page.goto(f"/demands/{live.stage.reference}/answer")
    expect(page.get_by_role("link", name="1 evidence file")).to_be_visible()
