"""A letter to come, as the page shows it, is the letter that then goes out."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from attest.demo.acting import Stage, seat_of, tick
from attest.mail import mailbox
from attest.services.views import chasing_view, letter_view
from attest.services.views.chasing_view import Going
from tests import changing, more_time_acts
from tests import chase_acts as chase
from tests import stage as play

# The one-use link, and the link to a receipt.
_LINK = re.compile(r"http://localhost:8000/(?:invitation|received)/\S+")
# The checkpoint is that of the moment at which it goes.
_WITNESS = re.compile(r"Its log has [\d,]+ entries; its root begins with \S+")


def going(stage: Stage, email: str = play.CASEWORK) -> tuple[Going, ...]:
    with stage.look() as ctx:
        return chasing_view.plan(ctx, seat_of(ctx, stage, email)).going


def alike(text: str) -> str:
    """But for what is only known when it leaves."""
    plain = " ".join(_LINK.sub(letter_view.A_LINK, text).split())
    return _WITNESS.sub("Its log is long", plain)


def previews(stage: Stage, until: date) -> dict[tuple[date, str, str], str]:
    """What the page shows, by the day, the address and the subject."""
    found = {}
    with stage.look() as ctx:
        plan = chasing_view.plan(ctx, chase.lead(ctx, stage))
        for each in plan.going:
            for to in each.to:
                if each.day <= until:
                    shown = letter_view.coming_letter(ctx, to.coming)
                    found[each.day, to.email, shown.subject] = alike(shown.text)
    return found


def sent(stage: Stage, until: date) -> dict[tuple[date, str, str], str]:
    """What readers then get."""
    before = set(mailbox.names(stage.settings))
    found = {}
    while stage.now.date() <= until:
        stage.now += timedelta(hours=8)
        tick(stage)
        for name in set(mailbox.names(stage.settings)) - before:
            before.add(name)
            read = mailbox.read(stage.settings, name)
            assert read is not None
            assert read.at is not None
            address = read.to.rpartition("<")[2].rstrip(">")
            found[read.at.date(), address, read.subject] = alike(read.text)
    return found


@pytest.mark.parametrize(
    ("point", "until"), [("issued", date(2013, 2, 8)), ("acknowledged", date(2013, 2, 26))]
)
def test_what_is_shown_is_what_goes_out(quick_stage_at, point: str, until: date) -> None:
    stage = quick_stage_at(point)
    chase.name_both(stage, receipt=True)
    told = previews(stage, until)
    assert told
    went = sent(stage, until)
    assert {key: went.get(key) for key in told} == told
    if point == "issued":
        assert any("Ask for Casework, Manager" in text for text in told.values())


def test_letters_to_ones_own_side_stand_there_too(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    more_time_acts.asked(stage)
    changing.claim(stage)
    until = date(2013, 2, 19)
    kinds = {each.letter for each in going(stage)}
    assert {"extension_undecided", "changes_undecided", "reminder"} <= kinds
    whens = {each.when for each in going(stage)}
    assert "1 working day before the day on which more time has to be decided" in whens
    told = previews(stage, until)
    went = sent(stage, until)
    assert {key: went.get(key) for key in told} == told


def test_a_review_that_waits_is_told_to_its_own_controller_only(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    with stage.act() as ctx:
        chase.lead(ctx, stage).demand.concurrence = "each"

    def readers(email: str) -> set[str]:
        return {
            to.email
            for each in going(stage, email)
            if each.letter == "review_waits"
            for to in each.to
        }

    ours, theirs = readers(play.CASEWORK), readers(play.JOINT)
    assert {play.SIGNATORY, play.CASEWORK} <= ours
    assert play.JOINT in theirs
    assert not ours & theirs
