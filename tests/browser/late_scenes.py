"""What is no straight line in the reference case, scene by scene, in the browser: the incident's
own pages, evidence, more time, and a printout that turns up."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from attest.demo import case, exhibits, incident_scenes, late_scenes
from attest.domain import incident_facts
from tests.browser.acts import (
    choose,
    fill,
    follow,
    heading,
    press,
    select,
    type_into,
)
from tests.browser.evidence import verify

UNIT7 = next(place for place in case.STORES if place.key == "unit7")
EXHIBITS: Mapping[str, tuple[str, bytes]] = {
    exhibits.REPORT: ("text/xml", exhibits.erasure_report()),
    exhibits.PHOTOGRAPH: ("image/jpeg", exhibits.photograph()),
    exhibits.CERTIFICATE: ("application/pdf", exhibits.certificate()),
}


# --- The incident, for the lead controller alone ---------------------------------------------


def answer_facts(page: Page, incident: str) -> None:
    """What the authority's form asks, section by section."""
    for section, words in incident_facts.SECTIONS.items():
        page.goto(f"/incidents/{incident}/facts")
        follow(page, f"Change “{words}”")
        heading(page, words)
        for fact in incident_facts.of_section(section):
            if fact.name in incident_scenes.FACTS:
                type_into(page, fact.name, incident_scenes.FACTS[fact.name])
        press(page, "Save")
        heading(page, "Facts")
    expect(page.get_by_text("incomplete")).to_have_count(0)


def report(page: Page, incident: str) -> None:
    """The regulator was told; the clock stops within the 72 hours."""
    page.goto(f"/incidents/{incident}")
    expect(page.get_by_text("To be reported")).to_be_visible()
    page.goto(f"/incidents/{incident}/authority")
    follow(page, "Record the report")
    fill(
        page,
        {
            "Day on which it was reported": incident_scenes.REPORTED_AT.date(),
            "At what time": f"{incident_scenes.REPORTED_AT:%H:%M}",
            "What was reported": "The facts so far.",
        },
    )
    page.locator("[name=channel][value=online]").check()
    press(page, "Record the report")
    heading(page, "The authority")
    expect(page.get_by_role("main")).to_contain_text("70 hours 35 minutes")


def tell_staff(page: Page, incident: str) -> None:
    """All who are affected have been written to: a count, and no names."""
    page.goto(f"/incidents/{incident}/people")
    follow(page, "Record who was told")
    fill(
        page,
        {
            "Who": "All staff in the five files",
            "How many people": str(case.PEOPLE_AFFECTED),
            "On which day": incident_scenes.TOLD_ON,
        },
    )
    page.locator("[name=channel][value=post]").check()
    press(page, "Record it")
    expect(page.get_by_text("994 of 994 told, in 1 batch.")).to_be_visible()


def take_pack(page: Page, incident: str, reference: str, folder: Path) -> None:
    """The regulator's pack opens, and what is in it verifies with what is in it."""
    page.goto(f"/incidents/{incident}")
    with page.expect_download() as downloading:
        follow(page, "The regulator’s pack")
    path = folder / downloading.value.suggested_filename
    downloading.value.save_as(path)
    with zipfile.ZipFile(path) as pack:
        assert pack.testzip() is None
        pack.extractall(folder / "pack")
    assert (folder / "pack" / "facts.pdf").read_bytes().startswith(b"%PDF-")
    assert "994" in (folder / "pack" / "facts.json").read_text(encoding="utf-8")
    assert late_scenes.DIRECTOR in (folder / "pack" / "letters.csv").read_text(encoding="utf-8")
    inside = folder / "pack" / "bundles"
    assert verify(inside / f"{reference}-bundle.zip", inside / f"{reference}-trust.json") == 0


# --- The contractor ---------------------------------------------------------------------------


def name_contact(page: Page, base: str) -> None:
    """The liaison names who is written to once the demand is late."""
    page.goto(f"{base}/escalation")
    heading(page, "Who is written to when you are late")
    fill(page, {"Name": case.DIRECTOR, "Email address": late_scenes.DIRECTOR})
    press(page, "Save")
    expect(page.get_by_text(f"{case.DIRECTOR} is named.")).to_be_visible()


def attach(page: Page, base: str, name: str, store: str, files: Sequence[str] | None) -> None:
    """Attaches an evidence file to these files' copies in a store, or to the whole column."""
    page.goto(f"{base}/answer")
    label = next(place.label for place in case.STORES if place.key == store)
    everywhere: Sequence[str | None] = [None]
    for file in files or everywhere:
        select(page, file, label)
    press(page, "Attach evidence to the selected copies")
    heading(page, "Attach evidence")
    media_type, data = EXHIBITS[name]
    sent: FilePayload = {"name": name, "mimeType": media_type, "buffer": data}
    page.get_by_label("Add a file from your computer").set_input_files(sent)
    press(page, "Attach")
    expect(page.get_by_role("main").get_by_role("link", name=name)).to_be_visible()
    page.goto(f"{base}/answer")


def attach_again(page: Page, base: str, name: str, store: str) -> None:
    """Attaches to a whole column what was added before."""
    page.goto(f"{base}/answer")
    select(page, None, next(place.label for place in case.STORES if place.key == store))
    press(page, "Attach evidence to the selected copies")
    page.get_by_text("Attach what was added before").click()
    page.get_by_role("checkbox", name=name).check()
    press(page, "Attach these")
    page.goto(f"{base}/answer")


def ask_for_time(page: Page, base: str) -> None:
    """Three working days more, and why."""
    page.goto(f"{base}/extension")
    follow(page, "Ask for more time")
    fill(
        page,
        {
            "By when will you be done?": case.ASKED_UNTIL,
            "Why do you need more time?": case.WHY_MORE_TIME,
        },
    )
    press(page, "Ask for more time")
    heading(page, "More time")
    expect(page.get_by_role("main")).to_contain_text("3 more working days")


def grant_less(page: Page) -> None:
    """Two of them. From now on both days stand on the demand's page."""
    follow(page, "Decide")
    heading(page, "asks for more time")
    choose(page, "Grant less")
    fill(page, {"Until when?": case.GRANTED_UNTIL, "Reason": case.WHY_LESS})
    press(page, f"Tell {case.CONTRACTOR.name}")
    expect(page.get_by_text("More time is granted in part.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(
        "Monday 18 February 2013, extended to Wednesday 20 February 2013"
    )


def find_printout(page: Page, base: str, position: int) -> None:
    """Opens an accepted file again: where a copy was found, only that is to be answered."""
    page.goto(f"{base}/files/{position}")
    follow(page, "Open this file again")
    heading(page, "Open this file again")
    fill(page, {"Why must it be answered again?": case.FOUND})
    choose(page, UNIT7.label)
    press(page, "Open the file again")
    expect(page.get_by_text(f"“{case.COSTINGS}” is open again")).to_be_visible()
