"""`attest check` and timestamps: what was kept must be over this log, and verify."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from attest.database.tables import Timestamp
from tests.services.stamped import stamped_stage
from tests.tsa import changed, tsa


@pytest.fixture
def stamped(stage_at, tmp_path):
    with stamped_stage(stage_at("acknowledged"), tmp_path) as found:
        yield found


@pytest.fixture
def quick(quick_stage_at, tmp_path):
    with stamped_stage(quick_stage_at("acknowledged"), tmp_path) as found:
        yield found


def test_a_stored_timestamp_of_another_prefix_is_found(stamped):
    stamped.stamp()
    with stamped.stage.act() as ctx:
        ctx.session.execute(update(Timestamp).values(size=Timestamp.size - 1))
    (sentence,) = stamped.problems()
    assert "does not hold: the service gave a timestamp over something else" in sentence


def test_a_stored_timestamp_that_was_changed_is_found(stamped):
    stamped.stamp()
    (row,) = stamped.kept()
    with stamped.stage.act() as ctx:
        ctx.session.execute(update(Timestamp).values(token=changed(row.token)))
    (sentence,) = stamped.problems()
    assert "does not verify against the root certificates given" in sentence


def test_a_row_that_says_otherwise_than_its_timestamp_is_found(quick):
    quick.stamp()
    with quick.stage.act() as ctx:
        ctx.session.execute(update(Timestamp).values(gen_time=quick.stage.now))
    (sentence,) = quick.problems()
    assert "The row of the timestamp" in sentence


def test_a_timestamp_of_a_log_that_is_not_that_long_is_found(quick):
    quick.stamp()
    with quick.stage.act() as ctx:
        ctx.session.execute(update(Timestamp).values(size=Timestamp.size + 5))
    (sentence,) = quick.problems()
    assert "There is a timestamp of size" in sentence


def test_another_root_than_then_is_told(quick, tmp_path):
    quick.stamp()
    (tmp_path / "other.pem").write_text(tsa(owner="Another TSA").root_pem)
    settings = quick.settings
    quick.settings = replace(settings, tsa_roots=tmp_path / "other.pem")
    (sentence,) = quick.problems()
    assert "does not verify against the root certificates given" in sentence
    quick.settings = replace(settings, tsa_roots=None, tsa_url=None)
    assert quick.problems() == []
