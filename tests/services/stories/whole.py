"""All acts together, and time that passes between them."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from attest.bundle.judge import WITHHOLDABLE
from attest.demo.acting import demand_of
from attest.services.upkeep import stamping, withholding
from tests.services.stories import apt
from tests.services.stories.chain import ChainActs
from tests.services.stories.changes import ChangeActs
from tests.services.stories.chasing import ChasingActs
from tests.services.stories.surroundings import SurroundingActs

RETENTION = timedelta(days=2193)


class Story(ChainActs, ChangeActs, ChasingActs, SurroundingActs):
    """Everybody does everything, at any time."""

    @rule(days=st.sampled_from([0, 0, 1, 5, 12]), minutes=st.integers(0, 600))
    def time_passes(self, days: int, minutes: int) -> None:
        stage = self.stage
        for _ in range(days):
            stage.now += timedelta(days=1)
            self.tick()
        stage.now += timedelta(minutes=minutes)
        self.tick()

    @apt.when(lambda story: bool(story.kept))
    @rule(newest=st.booleans())
    def a_page_that_stayed_open(self, newest: bool) -> None:
        """Handed in now; or brought back from another computer, which is the same."""
        if self.kept:
            self.hand_in(*self.kept.pop(-1 if newest else 0))

    @rule()
    def stamp(self) -> None:
        """The worker asks the authority for timestamps."""
        stage = self.stage
        asked = stamping.authority(stage.settings)
        assert asked is not None
        stamping.stamp_due(stage.engine, stage.settings, stage.log_key, asked, lambda: stage.now)
        before = len(self.rows["checkpoint_timestamp"])
        self.look("stamping.stamp_due")
        type(self).done["stamping.stamp_due"] += len(self.rows["checkpoint_timestamp"]) - before

    @apt.when(apt.ended)
    @rule(types=st.sets(st.sampled_from(sorted(WITHHOLDABLE)), min_size=1))
    def withhold(self, types: set[str]) -> None:
        """Years later, once: what nobody needs any more is erased."""
        stage = self.stage
        if self.years or dict(self.demands())[stage.reference] not in ("closed", "withdrawn"):
            return
        self.years += 1
        stage.now += RETENTION
        self.tick()
        self.do(
            withholding.withhold,
            lambda ctx: withholding.withhold(
                ctx, demand_of(ctx, stage), frozenset(types), "A. Reader"
            ),
        )
