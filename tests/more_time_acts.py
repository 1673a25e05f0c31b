"""More time in plays: the contractor asks, the lead controller answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from attest.demo.acting import Stage, seat_of
from attest.services.access import CONTRACTOR
from attest.services.acts import extending, extension_deciding
from attest.services.acts.extending import Asked
from attest.services.acts.extension_deciding import Decision
from tests import stage as play

WHY = "The backup runs on Tuesday only."
LATER = date(2013, 2, 20)  # two working days after the stage's due day


def ask(
    stage: Stage, until: date | None = LATER, *names: str, email: str = play.LIAISON, why: str = WHY
) -> str:
    """Asks for more time, for files of these names or for the demand; gives the request's id."""
    files = play.files(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, email, side=CONTRACTOR)
        asked = Asked(until, why, [files[name].id for name in names])
        return extending.request_extension(ctx, seat, asked).id


def decide(stage: Stage, extension: str, *decision: Any, email: str = play.CASEWORK) -> None:
    """Answers a request, as Decision(*decision)."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, email, lead=True)
        extension_deciding.decide_extension(ctx, seat, extension, Decision(*decision))


def asked(stage: Stage) -> None:
    """The liaison has asked, and nobody has answered."""
    ask(stage)


def answered(stage: Stage) -> None:
    """One request was granted, another waits."""
    decide(stage, ask(stage), extension_deciding.AS_ASKED)
    ask(stage, date(2013, 2, 22), play.FILES[0], email=play.OFFICER)
