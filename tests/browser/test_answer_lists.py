"""Many answers at once, in a browser: a list goes out, is filled in, and comes back; one file's
answers go to another. No script is needed."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import stage as play
from tests.browser.acts import choose, follow, heading, press
from tests.browser.conftest import DESKTOP, PHONE, LiveAt, NewVisitor

FIRST, SECOND = play.FILES


def look(page, name: str) -> None:
    """Pictures for whoever asks for them."""
    if folder := os.environ.get("ATTEST_PICTURES"):
        for size, viewport in (("wide", DESKTOP), ("phone", PHONE)):
            page.set_viewport_size(viewport)
            page.screenshot(path=Path(folder) / f"{name}-{size}.png", full_page=True)
        page.set_viewport_size(DESKTOP)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_a_list_goes_out_and_comes_back(
    live_at: LiveAt, new_visitor: NewVisitor, scripts: bool
) -> None:
    live = live_at("ready")
    page = new_visitor(base_url=live.address, java_script_enabled=scripts)
    live.sign_in(page.context, play.OFFICER)
    page.goto(f"{live.base}/answer")
    follow(page, "Answers as a list: CSV or XLSX, out and back in")
    look(page, "list")
    with page.expect_download() as saved:
        follow(page, "CSV")
    text = Path(saved.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 4
    day = live.stage.now.date().isoformat()
    for row in rows:
        if row["file"] == FIRST:
            row |= {"outcome": "deleted", "method": "overwrite", "performed_on": day}
            row["performed_by"] = "Systems administrator"
    rows[-1] |= {"store": "Attic", "outcome": "gone"}
    send(page, rows)
    heading(page, "Answers as a list")
    expect(page.get_by_text("“gone” is not known")).to_have_count(1)
    look(page, "list-bad")
    rows[-1] |= {"store": rows[1]["store"], "outcome": ""}
    send(page, rows)
    look(page, "list-good")
    press(page, "Save for 2 copies")
    heading(page, "What became of each copy?")
    expect(page.get_by_text("2 of 4 left")).to_have_count(1)
    follow(page, "Answer the same as another file")
    look(page, "same-choose")
    follow(page, FIRST)
    choose(page, SECOND)
    look(page, "same")
    press(page, "Copy the answers")
    expect(page.get_by_text("all 4 answered")).to_have_count(1)
    look(page, "matrix")


def send(page, rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    page.get_by_label("List of answers").set_input_files(
        {"name": "answers.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode()}
    )
    press(page, "Show what it says")
