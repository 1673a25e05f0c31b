"""The receipt: what was signed together, when, and what is left."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from attest.demo import script
from attest.demo.acting import Stage, account_of, seat_of
from attest.services.access import demand_for
from attest.services.acts.attesting import prepare_attestations, sign_attestations
from attest.services.acts.signed_now import Receipt, receipt
from attest.statements.envelope import sign_payload
from tests import stage as play


def prepared(stage: Stage, *names: str) -> list[tuple[str, bytes]]:
    """The envelopes of a page that is opened now."""
    files = play.files(stage)
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        items = prepare_attestations(ctx, seat, [files[name].id for name in names]).items
    key = stage.actor(play.OFFICER).key
    assert key is not None
    return [(item.id, sign_payload(item.payload, key)) for item in items]


def keep(stage: Stage, envelopes: list[tuple[str, bytes]]) -> list[datetime]:
    with stage.act() as ctx:
        results = sign_attestations(ctx, seat_of(ctx, stage, play.OFFICER), envelopes)
    assert all(result.sentence is None for result in results)
    return [result.stated_at for result in results if result.stated_at]


def shown(stage: Stage, *stated: datetime) -> Receipt:
    with stage.look() as ctx:
        return receipt(ctx, seat_of(ctx, stage, play.OFFICER), stated)


def names(got: Receipt) -> list[str]:
    return [each.file.name for each in got.files]


@pytest.fixture
def stage(stage_at) -> Stage:
    return stage_at("answered")


def test_nothing_was_signed_yet(stage) -> None:
    got = shown(stage)
    assert (got.total, got.first_at, got.files, got.left, got.ready) == (0, None, [], 2, 2)
    # A time at which nothing was signed finds nothing either.
    assert shown(stage, stage.now).total == 0


def test_each_signing_has_its_own_receipt(stage) -> None:
    one = keep(stage, prepared(stage, "list.csv"))
    first_at = stage.now
    assert names(shown(stage, *one)) == ["list.csv"]
    assert (shown(stage, *one).left, shown(stage, *one).ready) == (1, 1)
    stage.now += timedelta(hours=3)
    other = keep(stage, prepared(stage, "costings.xlsx"))
    for got, file, at in (
        (shown(stage, *one), "list.csv", first_at),
        (shown(stage, *other), "costings.xlsx", stage.now),
    ):
        assert (names(got), got.total) == ([file], 1)
        assert got.first_at == got.last_at == at
        assert (got.waiting, got.others_waiting, got.left) == (1, 1, 0)
    # Without a time, and with one at which nothing was signed, it is the newest.
    assert names(shown(stage)) == names(shown(stage, stage.now + timedelta(days=1)))
    assert names(shown(stage)) == ["costings.xlsx"]


def test_what_one_page_signed_in_parts_is_one_receipt(stage) -> None:
    first, second = prepared(stage, "list.csv", "costings.xlsx")
    opened = stage.now
    stage.now += timedelta(minutes=2)
    keep(stage, [first])
    began = stage.now
    stage.now += timedelta(minutes=20)
    stated = keep(stage, [first, second])  # the first came a second time, and stays where it is
    got = shown(stage, *stated)
    assert stated == [opened, opened]
    assert (got.total, got.first_at, got.last_at) == (2, began, stage.now)


def test_it_stays_right_after_a_review_and_after_signing_again(stage) -> None:
    stated = keep(stage, prepared(stage, "list.csv", "costings.xlsx"))
    stage.now += timedelta(hours=1)
    script.review(stage, "rejected", "Which tool?", files=["list.csv"])
    got = shown(stage, *stated)
    assert [each.state for each in got.files] == ["rejected", "signed"]
    assert (got.total, got.waiting, got.left) == (2, 1, 1)
    stage.now += timedelta(hours=1)
    again = keep(stage, prepared(stage, "list.csv"))
    assert [each.state for each in shown(stage, *stated).files] == ["superseded", "signed"]
    assert (shown(stage, *again).total, shown(stage, *again).others_waiting) == (1, 1)


def test_nobody_reads_what_another_officer_signed(stage) -> None:
    stated = keep(stage, prepared(stage, "list.csv"))
    with stage.look() as ctx:
        account = account_of(ctx, play.LIAISON)
        seat = demand_for(ctx, account, stage.reference, side="contractor", duty="liaison")
        assert receipt(ctx, seat, stated).total == 0
