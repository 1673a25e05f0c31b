"""A file that came back counts as changed by whatever its next attestation says otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attest.demo import script
from attest.demo.acting import Stage, demand_of, seat_of
from attest.services.acts import answers, reopening
from attest.services.acts.evidence_files import add
from attest.services.acts.evidence_uses import Places, attach, detach
from attest.services.views import waiting
from tests import stage as play
from tests.evidence_acts import kept

FILE, OTHER = "list.csv", "costings.xlsx"


def seat(ctx, stage: Stage):
    return seat_of(ctx, stage, play.OFFICER)


def untouched(stage: Stage) -> set[str]:
    """The names of the files that would be signed for as they were rejected."""
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        names = {file.id: file.name for file in play.files(stage).values()}
        found = {names[each] for each in waiting.untouched_files(ctx, demand.id)}
        counted = waiting.progress(ctx, [demand.id]).get(demand.id)
        assert (counted.rejected if counted else 0) == len(found)
        return found


@pytest.fixture
def stage(stage_at) -> Stage:
    """Both files came back, and an hour has passed."""
    stage = stage_at("attested")
    stage.now += timedelta(minutes=5)
    script.review(stage, "rejected", "Was it passed on?")
    stage.now += timedelta(hours=1)
    assert untouched(stage) == {FILE, OTHER}
    return stage


def say(stage: Stage, names, *told) -> None:
    with stage.act() as ctx:
        ids = None if names is None else [play.files(stage)[name].id for name in names]
        answers.save_onward(ctx, seat(ctx, stage), ids, *told)


def test_another_word_on_disclosure_is_a_change(stage) -> None:
    say(stage, [FILE], True, "Printers Ltd; a copy")
    assert untouched(stage) == {OTHER}
    # Rejected once more, it is as it was rejected.
    script.attest_all(stage)
    stage.now += timedelta(minutes=5)
    script.review(stage, "rejected", "To whom at Printers?", files=[FILE])
    assert untouched(stage) == {FILE}


def test_the_same_word_again_is_none(stage) -> None:
    say(stage, None, False, "")
    assert untouched(stage) == {FILE, OTHER}
    say(stage, None, True, "Printers Ltd; a copy")
    assert untouched(stage) == set()


def test_evidence_attached_or_taken_off_is_a_change(stage_at) -> None:
    stage = stage_at("attested")
    paper = kept(stage)
    with stage.act() as ctx:
        add(ctx, seat(ctx, stage), [paper], Places())
    digest = paper.digest
    stage.now += timedelta(minutes=5)
    script.review(stage, "rejected", "Show it.")
    stage.now += timedelta(hours=1)
    files, share = play.files(stage), play.stores(stage)["File share"].id
    cell, whole = Places([(files[FILE].id, share)]), Places(file_ids=[files[OTHER].id])
    with stage.act() as ctx:
        attach(ctx, seat(ctx, stage), [digest], cell)
    assert untouched(stage) == {OTHER}
    with stage.act() as ctx:
        attach(ctx, seat(ctx, stage), [digest], whole)
    assert untouched(stage) == set()
    script.attest_all(stage)
    stage.now += timedelta(minutes=5)
    script.review(stage, "rejected", "That is the wrong paper.")
    stage.now += timedelta(hours=1)
    with stage.act() as ctx:
        attach(ctx, seat(ctx, stage), [digest], cell)  # it is there already
    assert untouched(stage) == {FILE, OTHER}
    with stage.act() as ctx:
        detach(ctx, seat(ctx, stage), digest, whole)
        detach(ctx, seat(ctx, stage), digest, Places(file_ids=[files[FILE].id]))  # not there
    assert untouched(stage) == {FILE}


def test_a_file_that_was_opened_again_is_no_longer_as_it_was_signed(stage_at) -> None:
    stage = stage_at("accepted")
    stage.now += timedelta(hours=1)
    file = play.files(stage)[FILE]
    with stage.act() as ctx:
        reopening.reopen_file(ctx, seat(ctx, stage), file.id, "A printer had it.", [])
    stage.now += timedelta(hours=1)

    def as_signed() -> set[str]:
        with stage.look() as ctx:
            return waiting.unchanged_files(ctx, demand_of(ctx, stage).id)

    assert as_signed() == {file.id}
    say(stage, [FILE], True, "Printers Ltd; a copy")
    assert as_signed() == set()
