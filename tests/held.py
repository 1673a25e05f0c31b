"""Signed pages that stay open: envelopes that are made now, and handed in later or never."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from attest.demo.acting import Stage, seat_of, sign
from attest.services.acts import attesting, closing, issuing, reviewing
from tests.stage import OFFICER, SIGNATORY

Envelopes = list[tuple[str, bytes]]


def back(stage: Stage, email: str, prepare: Callable[[Any, Any], Any], **needs: Any) -> Envelopes:
    """Prepares and signs, and hands nothing in: a page that stays open meanwhile."""
    kept: list[Envelopes] = []
    held = _Held()
    with suppress(_Held):
        sign(stage, email, prepare, lambda ctx, seat, made: held.keep(kept, made), **needs)
    return kept[0]


class _Held(Exception):
    def keep(self, kept: list[Envelopes], made: Sequence[tuple[str, bytes]]) -> None:
        """Takes the envelopes and rolls the transaction back."""
        kept.append(list(made))
        raise self


def demand(stage: Stage) -> bytes:
    """A signed demand that was not handed in."""
    return back(stage, SIGNATORY, issuing.prepare_issue, draft=True)[0][1]


def attestations(stage: Stage) -> Envelopes:
    """Signed attestations of all that is ready, not handed in."""
    with stage.look() as ctx:
        ready_now = attesting.ready_files(ctx, seat_of(ctx, stage, OFFICER))
    return back(
        stage, OFFICER, lambda ctx, seat: attesting.prepare_attestations(ctx, seat, ready_now)
    )


def review(
    stage: Stage, decision: str = "accepted", reason: str | None = None, email: str = SIGNATORY
) -> bytes:
    """A signed review of all that waits for this person's organisation, not handed in."""

    def prepare(ctx: Any, seat: Any) -> Any:
        waiting = reviewing.reviewable(ctx, seat)
        return reviewing.prepare_review(ctx, seat, waiting, decision, reason)

    return back(stage, email, prepare)[0][1]


def closure(stage: Stage, outcome: str = "closed", reason: str | None = None) -> bytes:
    """A signed closure that was not handed in."""

    def prepare(ctx: Any, seat: Any) -> Any:
        return closing.prepare_closure(ctx, seat, outcome, reason)

    return back(stage, SIGNATORY, prepare)[0][1]
