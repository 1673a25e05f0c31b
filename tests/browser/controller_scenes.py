"""The controller's side of the reference case, scene by scene, in the browser."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from attest.demo import case, script
from tests.browser.acts import (
    choose,
    declaration,
    fill,
    follow,
    heading,
    press,
    sign,
)


def invite_signatory(page: Page) -> None:
    """The case handler invites a colleague."""
    page.goto("/people")
    follow(page, "Invite somebody")
    fill(
        page,
        {
            "Name": "Signatory",
            "Title": "Senior information risk owner",
            "Email address": script.SIGNATORY,
        },
    )
    page.get_by_label("Signatory", exact=True).check()
    press(page, "Invite")
    expect(page.get_by_role("row", name="Signatory")).to_contain_text("Invited")


def raise_demand(page: Page) -> str:
    """Begins a draft; gives its reference."""
    page.goto("/")
    follow(page, "Raise a demand")
    fill(page, {"What is this about?": case.TITLE})
    press(page, "Begin the draft")
    heading(page, case.TITLE)
    found = re.search(r"/demands/([^/]+)/draft", page.url)
    assert found is not None, page.url
    return found[1]


def describe_incident(page: Page) -> None:
    """What happened; it stays with the controllers."""
    follow(page, "What happened")
    fill(
        page,
        {
            "What happened": case.WHAT_HAPPENED,
            "When it happened": case.OCCURRED_ON,
            "Day when it was noticed": case.NOTICED_AT.date(),
            "Time when it was noticed": f"{case.NOTICED_AT:%H:%M}",
            "How many people are affected": str(case.PEOPLE_AFFECTED),
            "What data about them": case.DATA_AFFECTED,
            "Agreements with the contractor": case.AGREEMENTS,
        },
    )
    press(page, "Save")


def name_parties(page: Page) -> None:
    """The contractor and its liaison, two joint controllers, one carrier."""
    page.locator("a[href$='/draft/parties']").click()
    contractor = page.get_by_role("group", name="Contractor", exact=True)
    contractor.get_by_label("Organisation").fill(case.CONTRACTOR.name)
    contractor.get_by_label("Name of the liaison").fill("Contract liaison")
    contractor.get_by_label("Title").fill("Contract manager")
    contractor.get_by_label("Email address").fill(script.LIAISON)
    for number, body in enumerate(case.JOINT, 1):
        page.get_by_role("button", name=re.compile("^Add a(nother)? joint controller$")).click()
        row = page.get_by_role("group", name=f"Joint controller {number}", exact=True)
        row.get_by_label("Organisation").fill(body.name)
        row.get_by_label("Name of a contact").fill("Information governance lead")
        row.get_by_label("Title").fill("Contact")
        row.get_by_label("Email address").fill(f"information@{body.domain}")
    press(page, "Add a carrier")
    row = page.get_by_role("group", name="Carrier 1")
    row.get_by_label("Organisation").fill(case.CARRIER.name)
    # A row more loses nothing of the rows before.
    expect(contractor.get_by_label("Email address")).to_have_value(script.LIAISON)
    choose(page, "The lead controller's")
    page.get_by_role("button", name="Save", exact=True).click()


def import_list(page: Page, path: Path) -> None:
    """Chooses a list, looks at what it says, and imports it."""
    page.locator("a[href$='/draft/files']").first.click()
    follow(page, "Import a list")
    page.get_by_label("List of files").set_input_files(path)
    press(page, "Show what it says")


def name_stores(page: Page) -> None:
    """The stores that the controllers know of."""
    page.locator("a[href$='/draft/stores']").click()
    for place in case.STORES:
        if not place.later:
            fill(
                page,
                {
                    "Name": place.label,
                    "Where it is": place.location,
                    "Who looks after it": place.custodian,
                },
            )
            choose(page, "Electronic" if place.medium == "electronic" else "Hard copy")
            page.get_by_label("Kind").select_option(place.kind)
            press(page, "Add this store")
            expect(page.get_by_role("row", name=place.label)).to_be_visible()
    follow(page, "Go on with the draft")


def set_terms(page: Page) -> None:
    """Basis, action, instruction, due date."""
    page.locator("a[href$='/draft/terms']").click()
    fill(page, {"On what basis": case.BASIS, "Instruction": case.INSTRUCTION})
    choose(page, "Delete every copy")
    fill(page, {"Due date": case.DUE_ON})
    press(page, "Save")


def hand_over(page: Page) -> None:
    """Reads it once more, and hands it over."""
    follow(page, "Check and hand over")
    press(page, "Hand over to the signatory")
    expect(page.get_by_text("with the signatory")).to_be_visible()


def return_draft(page: Page, note: str) -> None:
    """The signatory is not content."""
    fill(page, {"What has to change": note})
    press(page, "Return it to the case handlers")
    heading(page, case.TITLE)


def issue(page: Page, reference: str, passphrase: str) -> None:
    """Reads the demand, signs it."""
    heading(page, "Read the demand")
    assert case.LEAD.name in declaration(page)
    sign(page, f"Sign and issue {reference}", passphrase)
    heading(page, f"{reference} is issued")


def confirm_key(page: Page, heard: str, passphrase: str, *, wrong: str) -> None:
    """Types what is read out on the telephone: first misheard, then right."""
    heading(page, "Confirm the key")
    assert heard not in page.content()
    page.locator("[name=method][value=telephone]").check()
    fill(page, {"The fingerprint that you hear": wrong})
    press(page, "Go on to signing")
    expect(page.get_by_role("alert")).to_contain_text("fingerprint")
    assert heard not in page.content()
    fill(page, {"The fingerprint that you hear": heard.upper()})
    press(page, "Go on to signing")
    heading(page, "Sign the confirmation")
    assert "key" in declaration(page)
    sign(page, "Sign the confirmation", passphrase)
    expect(page.get_by_text("The key is confirmed.")).to_be_visible()


def review(page: Page, decision: str, files: list[str], passphrase: str, reason: str = "") -> None:
    """Decides about these files, and signs."""
    heading(page, "Review")
    for name in files:
        page.get_by_role("checkbox", name=name, exact=True).check()
    choose(page, decision)
    if reason:
        fill(page, {"Reason": reason})
    press(page, "Go on to signing")
    heading(page, "Sign your review")
    noun = "attestation" if len(files) == 1 else "attestations"
    assert f"I {decision.lower()} {len(files)} {noun}." in declaration(page)
    sign(page, f"{decision} {len(files)} {noun}", passphrase)
    expect(page.get_by_text("Your review is signed")).to_be_visible()


def close(page: Page, passphrase: str) -> None:
    """Every file is accepted and settled: the end."""
    heading(page, "Close the demand")
    page.locator("input[name=outcome][value=closed]").check()
    press(page, "Go on to signing")
    button = page.locator("[data-sign-button]").inner_text()
    sign(page, button, passphrase)
    expect(page.get_by_text("It is signed, and both sides are told.")).to_be_visible()
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_text("The demand is closed")).to_be_visible()
    expect(page.get_by_text("What is open, and with whom")).to_have_count(0)
