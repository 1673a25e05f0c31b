"""A demand in which each controller's own review counts, played until the officer has signed."""

from __future__ import annotations

from collections.abc import Callable

from attest.demo import script
from attest.demo.acting import Stage, make_key, seat_of
from attest.services.acts import drafts
from tests import stage as play


def attested_for_each(stage_at: Callable[..., Stage]) -> Stage:
    """Both files are signed for, and wait for Northshire and Eastshire, who each have a key."""
    return stage_at("handed", attested)


def attested(stage: Stage) -> Stage:
    """The same from a draft that was handed over."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
        drafts.take_back(ctx, seat)
        drafts.save_parties(ctx, seat, play.parties(), "each")
        drafts.hand_over(ctx, seat)
    for point in (play.issued, play.acknowledged, play.ready, play.answered, play.attested):
        point(stage)
    make_key(stage, play.JOINT, "signatory")
    return stage


def one_accepted(stage: Stage) -> None:
    """From a draft that was handed over: Northshire has accepted, Eastshire has not reviewed."""
    attested(stage)
    script.review(stage, "accepted")
