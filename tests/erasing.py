"""Erases from an ended demand of the stage, on the first day on which that may be."""

from __future__ import annotations

from datetime import timedelta

from attest.bundle.judge import WITHHOLDABLE
from attest.database.tidying import overwrite_what_is_erased
from attest.demo.acting import Stage, demand_of, tick
from attest.domain.wording import short_day
from attest.services.upkeep import withholding
from attest.services.upkeep.withholding import Erasable

BY = "A. Reader, records"


def after_retention(stage: Stage, days: int = 2193) -> Stage:
    """The first day on which anything may be erased, or `days` after the end."""
    tick(stage)
    stage.now += timedelta(days=days)
    return stage


def withhold(stage: Stage, types: frozenset[str] = WITHHOLDABLE, by: str = BY) -> Erasable:
    """Erases now."""
    with stage.act() as ctx:
        overwrite_what_is_erased(ctx.session)
        return withholding.withhold(ctx, demand_of(ctx, stage), types, by)


def erase(stage: Stage, types: frozenset[str] = WITHHOLDABLE) -> str:
    """Waits for the day and erases; gives the day as pages write it."""
    withhold(after_retention(stage), types)
    return short_day(stage.now.date())
