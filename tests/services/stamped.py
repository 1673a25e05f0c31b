"""A stage whose instance asks a time-stamping authority."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from attest.database import log_rows
from attest.database.tables import LogHead, Timestamp
from attest.demo.acting import Stage, demand_of
from attest.services.acts.draft_stores import StoreAnswers
from attest.services.upkeep import checking, stamping
from attest.settings import Settings
from tests import stage as play
from tests import tsa_server


@dataclass
class Stamped:
    """A stage whose instance asks an authority."""

    stage: Stage
    running: tsa_server.Authority
    settings: Settings

    def stamp(self, **more: Any) -> dict[str, int]:
        settings = replace(self.settings, **more)
        asked = stamping.authority(settings)
        assert asked is not None
        done = stamping.stamp_due(
            self.stage.engine, settings, self.stage.log_key, asked, lambda: self.stage.now
        )
        return dict(+done)

    def head(self) -> LogHead:
        with self.stage.look() as ctx:
            head = log_rows.read_head(ctx.session, demand_of(ctx, self.stage).id)
            assert head is not None
            return head

    def kept(self) -> list[Timestamp]:
        with self.stage.look() as ctx:
            return list(ctx.session.scalars(select(Timestamp).order_by(Timestamp.size)))

    def acts(self) -> None:
        """Something happens in the log."""
        label = f"Share {self.head().size}"
        play.name_store(self.stage, store=StoreAnswers(label, "electronic", "file_share"))

    def problems(self) -> list[str]:
        with self.stage.look() as ctx:
            opened = replace(ctx, settings=self.settings)
            return [finding.sentence for finding in checking.check(opened)]


@contextmanager
def stamped_stage(stage: Stage, folder: Path) -> Iterator[Stamped]:
    with tsa_server.authority() as running:
        settings = replace(stage.settings, tsa_timeout_seconds=tsa_server.PATIENCE)
        yield Stamped(stage, running, running.settings(settings, folder))
