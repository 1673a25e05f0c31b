"""Random acts around the due day and the controllers: more time, reviews of each, the contact."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import select

from attest.database.tables import Extension
from attest.demo.acting import Stage, demand_of
from attest.services import escalation, extending, extension_deciding
from attest.services.access import CONTRACTOR
from attest.services.escalation import ContactAnswers
from attest.services.extending import Asked
from attest.services.extension_deciding import AS_ASKED, LESS, NO, Decision
from tests import stage as play

contractors = st.sampled_from([play.LIAISON, play.OFFICER, play.OTHER_CONTRACTOR])
controllers = st.sampled_from([play.CASEWORK, play.SIGNATORY, play.JOINT, play.OFFICER])
files = st.sampled_from([(), (), play.FILES[:1], play.FILES[1:], play.FILES])


class PeopleActs(RuleBasedStateMachine):
    """Rules of a story (test_random_acts.py), which plays them with its own."""

    stage: Stage | None

    def begin(self, point: str) -> Stage:
        """Sets the stage."""
        raise NotImplementedError

    def act(self, email: str, act: Any, *arguments: Any, **needs: Any) -> None:
        """Acts, or is refused."""
        raise NotImplementedError

    @rule(email=contractors, days=st.integers(-1, 9), names=files)
    def ask_for_more_time(self, email: str, days: int, names: tuple[str, ...]) -> None:
        stage = self.stage or self.begin("ready")
        with stage.look() as ctx:
            due_on = demand_of(ctx, stage).next_due_on or stage.now.date()
        by_name = play.files(stage)
        until = max(due_on, stage.now.date()) + timedelta(days=days)
        asked = Asked(until, "There is too much of it.", [by_name[name].id for name in names])
        self.act(email, extending.request_extension, asked, side=CONTRACTOR)

    @rule(
        email=controllers,
        answer=st.sampled_from([AS_ASKED, AS_ASKED, LESS, NO]),
        less=st.integers(0, 4),
        names=files,
    )
    def decide_on_more_time(
        self, email: str, answer: str, less: int, names: tuple[str, ...]
    ) -> None:
        stage = self.stage or self.begin("ready")
        by_name = play.files(stage)
        for row in requests(stage):
            decision = Decision(
                answer,
                row.until - timedelta(days=less),
                "It has to be.",
                [by_name[name].id for name in names],
            )
            self.act(email, extension_deciding.decide_extension, row.id, decision, lead=True)

    @rule(email=contractors)
    def withdraw_the_request(self, email: str) -> None:
        stage = self.stage or self.begin("ready")
        for row in requests(stage):
            self.act(email, extending.withdraw_extension, row.id, side=CONTRACTOR)

    @rule(email=contractors, name=st.sampled_from(["", "Hanna", "Somebody"]))
    def name_the_contact(self, email: str, name: str) -> None:
        if self.stage is None:
            self.begin("issued")
        answers = ContactAnswers(name, "", f"{name.lower()}@halden.example" if name else "")
        self.act(email, escalation.name_contact, answers, duty="liaison")


def requests(stage: Stage) -> list[Extension]:
    """Every request so far, decided ones too: an answer may come from an old page."""
    with stage.look() as ctx:
        return list(ctx.session.scalars(select(Extension).order_by(Extension.seq)))
