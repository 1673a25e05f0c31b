"""Playing a case scene by scene: each a moment, a line that is said, and the acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from attest.database.tables import Account
from attest.demo.acting import Stage, at, tick
from attest.domain.wording import cell_day


@dataclass(frozen=True)
class Scene:
    """What happens at a moment (UTC). `name` is for tests; `line` is said."""

    name: str
    day: date
    clock: str
    line: str
    play: Callable[[Stage], None] = lambda stage: None


def play(
    stage: Stage,
    scenes: Iterable[Scene],
    password_hash: str,
    say: Callable[[str], None] = lambda line: None,
    *,
    until: str = "",
) -> None:
    """All scenes, or those up to the one of that name; the worker ticks between them."""
    for scene in scenes:
        say(f"{cell_day(scene.day):>11}  {scene.line}")
        at(stage, scene.day, scene.clock)
        tick(stage)
        scene.play(stage)
        let_in(stage, password_hash)
        tick(stage)
        if scene.name == until:
            return


def let_in(stage: Stage, password_hash: str) -> None:
    """Whoever was invited has chosen a password."""
    with stage.act() as ctx:
        for account in ctx.session.scalars(select(Account).where(Account.password_hash.is_(None))):
            account.password_hash = password_hash
