"""What pages say about timestamps: whether, by whom, when, what failed, and what happens next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from attest.services.upkeep import stamping
from tests import stage as play
from tests import tsa_server
from tests.web.staged import Staged, staged


@pytest.fixture
def pages(pages_at: Callable[[str], Staged]) -> Staged:
    return pages_at("issued")


def asking(pages: Staged, running: tsa_server.Authority, folder: Path) -> Staged:
    """The same stage, with an application whose settings name the authority."""
    settings = running.settings(pages.stage.settings, folder)
    return staged(replace(pages.stage, settings=settings))


def stamp(pages: Staged) -> None:
    """The worker's tick."""
    settings = pages.stage.settings
    asked = stamping.authority(settings)
    assert asked is not None
    stage = pages.stage
    stamping.stamp_due(stage.engine, settings, stage.log_key, asked, lambda: stage.now)


def downloads(pages: Staged) -> str:
    return pages.visitor(play.LIAISON).get(f"{pages.base}/downloads").text


def instance(pages: Staged) -> str:
    return pages.visitor(play.ADMINISTRATOR).get("/instance").text


def test_without_an_authority_a_demand_says_nothing_and_the_administrator_is_told(
    pages: Staged,
) -> None:
    assert "Time from outside" not in downloads(pages)
    assert "No time-stamping service is set" in instance(pages)


def test_waiting_then_there(pages: Staged, tmp_path: Path) -> None:
    with tsa_server.authority() as running:
        pages = asking(pages, running, tmp_path)
        page = downloads(pages)
        assert "waits for its timestamp. The worker asks 127.0.0.1 for it." in page
        assert '<dd class="govuk-summary-list__value">1 demand</dd>' in instance(pages)
        stamp(pages)
    page = downloads(pages)
    assert "has a timestamp of" in page
    assert "by Example TSA rsa" in page
    assert "--tsa-root FILE" in page
    assert running.url not in page
    page = instance(pages)
    assert "The worker asks 127.0.0.1" in page
    assert "by Example TSA rsa" in page
    assert "31 December 2049" in page
    assert "nothing waits" in page
    assert pages.stage.reference not in page


def test_what_failed_and_when_it_is_tried_again(pages: Staged, tmp_path: Path) -> None:
    with tsa_server.authority() as running:
        pages = asking(pages, running, tmp_path)
        stamp(pages)
        play.name_store(pages.stage, play.CASEWORK)
        pages.stage.now += timedelta(hours=1)
        running.answer = tsa_server.refuses
        stamp(pages)
    told = (
        "The time-stamping service 127.0.0.1 refused to give a timestamp (status 2): "
        "Bad request format or system error; the next attempt is at"
    )
    page = downloads(pages)
    assert told in page
    assert "The newest timestamp, of" in page
    assert "is over the first" in page
    assert told in instance(pages)


def test_switched_off_again(pages: Staged, tmp_path: Path) -> None:
    with tsa_server.authority() as running:
        on = asking(pages, running, tmp_path)
        stamp(on)
        assert "has a timestamp of" in downloads(pages), "what is there stays"
        play.name_store(pages.stage, play.CASEWORK)
        assert "no time-stamping service is set any more" in downloads(pages)
        on.stage.now += timedelta(hours=1)
        running.answer = tsa_server.broken
        stamp(on)
    assert "no service is set any more" in downloads(pages)
    assert "no service is set any more" in instance(pages)
