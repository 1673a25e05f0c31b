"""What only the second case has, clicked through: rulings on files that never came, a demand raised
from a demand, the second controller's own signature, a legal hold that is released.

What the reference case shows already is played by the services in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from attest.demo import scenes, script, second_acts
from attest.demo import second_case as case
from attest.demo.second_case import CASEWORK, COUNCILLOR, MAILING, PRINTERS, SIGNATORY
from attest.demo.second_scenes import SCENES
from tests import second
from tests import stage as play
from tests.browser import controller_scenes as controller
from tests.browser.acts import answer, choose, fill, follow, heading, press, select, sign
from tests.browser.conftest import NewVisitor
from tests.browser.live import PASSPHRASE, Live, serving

FILES = (case.LETTERS, case.SURVEY, case.HOMECARE, case.DISCHARGE)
BELOW = "CV-2024-002"


@pytest.fixture
def live(sqlite_template: Path, tmp_path: Path) -> Iterator[Live]:
    """The mailing house has acknowledged, and says of two files that they never came."""
    stage = second.played(tmp_path / "second", sqlite_template, "acknowledged")
    with serving(stage) as running:
        yield running
    stage.engine.dispose()


def play_on(live: Live, *names: str) -> None:
    """These scenes, by the services."""
    chosen = [scene for scene in SCENES if scene.name in names]
    scenes.play(live.stage, chosen, second.NO_PASSWORD)


def test_what_only_this_case_has(live: Live, new_visitor: NewVisitor) -> None:
    people = (CASEWORK, COUNCILLOR, MAILING.officer, SIGNATORY)
    handler, council, officer, signatory = (new_visitor(base_url=live.address) for _ in people)
    for page, email in zip((handler, council, signatory), (CASEWORK, COUNCILLOR, SIGNATORY),
                           strict=True):  # fmt: skip
        live.sign_in(page.context, email)

    ruled_both_ways(live, handler)
    play_on(live, "ready", "attested")
    live.sign_in(officer.context, MAILING.officer)
    raised_in_one_step(live, handler)
    play_on(live, "one_accepted")
    second_controller_concurs(live, council, signatory)
    hold_released(live, officer, handler)

    assert play.problems(live.stage) == []
    assert play.reasons(play.verified(live.stage, SIGNATORY)) == (0, [])


def ruled_both_ways(live: Live, handler: Page) -> None:
    """Of one file nil returns will do, the other stands."""
    handler.goto(live.base)
    follow(handler, "Rule on each")
    for name, words in ((case.HOMECARE, "Nil returns will do"),
                        (case.DISCHARGE, "It was sent, and stands")):  # fmt: skip
        button = re.compile(f"^Rule on it.*{re.escape(name)}$")
        handler.get_by_role("button", name=button).click()
        heading(handler, "Was this file ever received?")
        expect(handler.get_by_role("main")).to_contain_text(case.NEVER_CAME[name])
        press(handler, "Rule so")
        expect(handler.get_by_role("alert")).to_contain_text("Choose how you rule")
        choose(handler, words)
        fill(handler, {"Why?": case.RULINGS[name][1]})
        press(handler, "Rule so")
        expect(handler.get_by_text("You have ruled, and the contractor gets a letter.")
               ).to_be_visible()  # fmt: skip
        expect(handler.get_by_role("main")).to_contain_text(f"{words}.")
    handler.goto(live.base)
    expect(handler.get_by_text("never received")).to_have_count(0)


def raised_in_one_step(live: Live, handler: Page) -> None:
    """From the parent's page: one press prepares the draft; whom it goes to and where to search is
    all that is left to say."""
    handler.goto(live.base)
    follow(handler, f"Raise a demand against {PRINTERS.name}")
    heading(handler, f"Raise a demand against {PRINTERS.name}")
    expect(handler.get_by_role("main")).to_contain_text("must not learn who passed the copies on")
    press(handler, "Prepare the draft")
    expect(handler.get_by_text(f"The draft {BELOW} is prepared.")).to_be_visible()
    handler.locator("a[href$='/draft/parties']").click()
    contractor = handler.get_by_role("group", name="Contractor", exact=True)
    expect(contractor.get_by_label("Organisation")).to_have_value(PRINTERS.name)
    for label, value in (
        ("Name of the liaison", PRINTERS.party.contact_name),
        ("Title", PRINTERS.party.contact_role),
        ("Email address", PRINTERS.liaison),
    ):
        contractor.get_by_label(label).fill(value)
    expect(handler.get_by_label("Each controller's")).to_be_checked()
    handler.get_by_role("button", name="Save", exact=True).click()
    handler.goto(f"/demands/{BELOW}/draft/stores")
    fill(handler, {"Name": case.PRINT_SERVERS.label})
    choose(handler, "Electronic")
    handler.get_by_label("Kind").select_option(case.PRINT_SERVERS.kind)
    press(handler, "Add this store")
    follow(handler, "Go on with the draft")
    controller.hand_over(handler)
    with second_acts.about(live.stage, PRINTERS):
        script.issue(live.stage, by=SIGNATORY)
    live.tick()
    handler.goto(live.base)
    follow(handler, f"{BELOW}, raised from this one: issued")
    heading(handler, BELOW)


def second_controller_concurs(live: Live, council: Page, signatory: Page) -> None:
    """The lead has accepted, and cannot close; the council reads, and signs with its own key."""
    signatory.goto(f"{live.base}/close")
    expect(signatory.get_by_text(f"to be reviewed by {case.COUNCIL.name}.")).to_be_visible()
    expect(signatory.get_by_role("button", name="Go to the review")).to_have_count(0)
    council.goto(live.base)
    expect(council.get_by_text(f"not yet by {case.COUNCIL.name}").first).to_be_visible()
    follow(council, "Review 4 attestations")
    expect(council.get_by_text(f"Accepted by {case.LEAD.name}").first).to_be_visible()
    for name in FILES:
        council.get_by_role("checkbox", name=name, exact=True).check()
    choose(council, "Accept")
    press(council, "Go on to signing")
    heading(council, "Sign your review")
    council.get_by_label("Your key file").set_input_files(live.key_file(COUNCILLOR))
    sign(council, "Accept 4 attestations", PASSPHRASE)
    expect(council.get_by_text("Your review is signed")).to_be_visible()
    signatory.goto(live.base)
    waits = f"Every file is accepted. Before the demand can be closed, {BELOW} has to end."
    expect(signatory.get_by_text(waits)).to_be_visible()
    signatory.goto(f"{live.base}/close")
    follow(signatory, BELOW)
    heading(signatory, BELOW)


def hold_released(live: Live, officer: Page, handler: Page) -> None:
    """On its review date the hold is open again: the paper is shredded, and that is signed."""
    live.at(case.HOLD_UNTIL, "10:00")
    officer.goto(live.base)
    follow(officer, "Answer for the copies")
    ended = "An exception has ended: legal hold in “Job bags” until 8 July 2024."
    expect(officer.get_by_text(ended)).to_be_visible()
    select(officer, case.LETTERS, case.JOB_BAGS.label)
    gone = case.shredded(date(2024, 7, 8), "Archive clerk")
    answer(officer, gone["outcome"], gone)
    follow(officer, "Go on to signing")
    heading(officer, "Sign 1 attestation")
    officer.get_by_label("Your key file").set_input_files(live.key_file(MAILING.officer))
    sign(officer, "Sign 1 attestation", PASSPHRASE)
    heading(officer, "You signed 1 file")
    handler.goto(f"{live.base}/exceptions")
    expect(handler.get_by_text("Legal hold")).to_have_count(0)
    expect(handler.get_by_text("Passed on", exact=True).first).to_be_visible()
    signed = second.attestations(live.stage, MAILING, case.LETTERS)
    assert [each.supersedes for each in signed] == [None, signed[0].hash]
