import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from attest.services.upkeep.heartbeat import beat, last_beat, worker_runs
from tests.mail_server import settings_for

NOW = datetime(2013, 2, 4, 11, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    return settings_for(tmp_path)


def test_a_worker_that_never_ran(settings):
    assert last_beat(settings) is None
    assert not worker_runs(settings, NOW)


def test_a_worker_that_has_just_done_its_round(settings):
    beat(settings, NOW)
    assert last_beat(settings) == NOW
    assert worker_runs(settings, NOW + timedelta(minutes=2))


def test_a_worker_that_was_last_heard_of_a_while_ago(settings):
    beat(settings, NOW - timedelta(hours=1))
    beat(settings, NOW)
    assert not worker_runs(settings, NOW + timedelta(minutes=2, seconds=1))


def test_a_beat_that_lies_ahead_is_none(settings):
    beat(settings, NOW + timedelta(days=365))
    assert not worker_runs(settings, NOW)


def test_a_slow_worker_is_given_its_time(tmp_path):
    settings = settings_for(tmp_path, send_seconds=600)
    beat(settings, NOW)
    assert worker_runs(settings, NOW + timedelta(minutes=59))
    assert not worker_runs(settings, NOW + timedelta(minutes=61))


def test_workers_that_share_a_folder_take_nothing_from_each_other(settings, monkeypatch):
    usual = Path.replace
    others: list[Path] = []

    def replace(self, target):
        if not others:
            others.append(self)
            with monkeypatch.context() as patch:
                patch.setattr(os, "getpid", lambda: -1)
                beat(settings, NOW + timedelta(minutes=1))
        return usual(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with capture_logs() as journal:
        beat(settings, NOW)
    assert (journal, last_beat(settings)) == ([], NOW)


def test_where_it_cannot_be_written_nothing_ends(settings):
    settings.heartbeat_path.mkdir()
    with capture_logs() as journal:
        beat(settings, NOW)
    assert [line["event"] for line in journal] == ["no heartbeat"]
    assert not worker_runs(settings, NOW)


@pytest.mark.parametrize("content", [b"", b"yesterday", b"\xff\xfe"])
def test_a_file_that_says_nothing_useful(settings, content):
    settings.heartbeat_path.write_bytes(content)
    assert last_beat(settings) is None
