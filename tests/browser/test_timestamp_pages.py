"""What pages say about timestamps, at a telephone's width and to a screen reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from attest.services.upkeep import stamping
from tests import stage as play
from tests import tsa_server
from tests.browser.conftest import LiveAt, NewVisitor
from tests.browser.live import Live
from tests.browser.looking import problems

Check = Callable[[Page], None]


def stamp(live: Live) -> None:
    settings, stage = live.stage.settings, live.stage
    asked = stamping.authority(settings)
    assert asked is not None
    stamping.stamp_due(stage.engine, settings, stage.log_key, asked, lambda: stage.now)


@pytest.mark.parametrize("state", ["waiting", "timestamped", "failing"])
def test_time_from_outside(
    state: str,
    live_at: LiveAt,
    new_visitor: NewVisitor,
    assert_accessible: Check,
    tmp_path: Path,
) -> None:
    with tsa_server.authority() as running:
        roots = tmp_path / "roots.pem"
        roots.write_text(running.tsa.root_pem)
        live = live_at("issued", tsa_url=running.url, tsa_roots=roots)
        if state != "waiting":
            stamp(live)
        if state == "failing":
            play.name_store(live.stage, play.CASEWORK)
            live.stage.now += timedelta(hours=1)
            running.answer = tsa_server.refuses
            stamp(live)
        says = {
            "waiting": "waits for its timestamp",
            "timestamped": "has a timestamp of",
            "failing": "the next attempt is at",
        }
        for email, path in (
            (play.LIAISON, f"{live.base}/downloads"),
            (play.ADMINISTRATOR, "/instance"),
        ):
            page = new_visitor(base_url=live.address)
            live.sign_in(page.context, email)
            page.goto(path)
            if email == play.LIAISON:
                expect(page.get_by_text(says[state])).to_be_visible()
            assert list(problems(page)) == []
            assert_accessible(page)
