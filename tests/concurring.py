"""A demand in which each controller's own review counts, played until the officer has signed."""

from __future__ import annotations

from collections.abc import Callable

from attest.demo.acting import Stage, make_key, seat_of
from attest.services import drafts
from tests import stage as play


def attested_for_each(stage_at: Callable[[str], Stage]) -> Stage:
    """Both files are signed for, and wait for Northshire and Eastshire, who each have a key."""
    stage = stage_at("handed")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
        drafts.take_back(ctx, seat)
        drafts.save_parties(ctx, seat, play.parties(), "each")
        drafts.hand_over(ctx, seat)
    for point in (play.issued, play.acknowledged, play.ready, play.answered, play.attested):
        point(stage)
    make_key(stage, play.JOINT, "signatory")
    return stage
