"""Somebody vouches for an address: which letters that counts for, and for which it does not."""

from __future__ import annotations

import pytest

from attest.database.tables import Letter
from attest.demo.acting import Stage, demand_of
from attest.services.letters import failing
from tests.mail.came_back import POSTFIX
from tests.services.failing_acts import (
    BESIDE,
    come_back,
    put_another_demand,
    put_beside,
    the_letter,
)
from tests.stage import LIAISON, OFFICER


def vouched_beside(stage: Stage, **columns: object) -> Letter:
    """What becomes of a letter like the one that bounced when its address works again."""
    first = the_letter(stage)
    put_beside(stage, **columns)
    come_back(stage, POSTFIX, first)
    with stage.act() as ctx:
        assert failing.forget(ctx, demand_of(ctx, stage), LIAISON.upper())
    with stage.look() as ctx:
        return ctx.session.get_one(Letter, BESIDE)


@pytest.mark.parametrize(
    ("columns", "vouched"),
    [
        ({"state": "sent", "to_email": LIAISON.title()}, True),
        ({"state": "bounced"}, True),
        ({"state": "unknown"}, True),
        # It leaves from now on: what is reported of it is news.
        ({"state": "queued"}, False),
        ({"state": "deferred"}, False),
        ({"state": "sent", "to_email": OFFICER}, False),
    ],
)
def test_a_word_for_an_address_is_one_for_what_has_left_for_it(quick_stage_at, columns, vouched):
    row = vouched_beside(quick_stage_at("issued"), **columns)
    assert (row.vouched_at is not None) is vouched


@pytest.mark.parametrize(
    ("columns", "free"),
    [
        ({"state": "bounced", "rung": "before_5"}, True),
        ({"state": "bounced", "rung": None}, False),
        ({"state": "sent", "rung": "before_5"}, False),
        ({"state": "bounced", "rung": "before_5", "to_email": OFFICER}, False),
    ],
)
def test_a_rung_whose_letter_bounced_there_may_be_written_again(quick_stage_at, columns, free):
    row = vouched_beside(quick_stage_at("issued"), **columns)
    assert row.key == (f"lost:{BESIDE}" if free else BESIDE)


def test_letters_of_another_demand_stay_as_they_are(quick_stage_at):
    stage = quick_stage_at("issued")
    put_another_demand(stage)
    row = vouched_beside(stage, demand_id=BESIDE, state="bounced", rung="before_5")
    assert (row.vouched_at, row.key) == (None, BESIDE)
