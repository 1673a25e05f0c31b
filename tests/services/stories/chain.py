"""Demands that are raised from demands; and the way that most demands go."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from attest.demo.acting import Stage, demand_of, seat_of
from attest.services.acts import (
    acknowledging,
    attesting,
    closing,
    drafts,
    issuing,
    raising,
    reviewing,
)
from attest.services.facts import children
from tests import passing
from tests.services.stories import apt
from tests.services.stories.base import REFUSALS, controllers
from tests.services.stories.contractor import ContractorActs
from tests.services.stories.controllers import ControllerActs
from tests.services.stories.keys import KeyActs


def passed(stage: Stage) -> Stage:
    """From an officer who is ready: both files went on to somebody."""
    passing.say_passed_on(stage, passing.HALDEN, passing.PRINTERS.name)
    return stage


def opening(stage: Stage) -> Stage:
    """And from there to somebody else, and a demand was raised against each."""
    child = passing.raise_against(passed(stage), passing.PRINTERS.name)
    with passing.at(stage, child, passing.PRINTERS):
        passing.issue_to(stage, passing.PRINTERS)
        passing.get_ready(stage, passing.PRINTERS)
        passing.say_passed_on(stage, passing.PRINTERS, passing.COURIERS.name)
        below = passing.raise_against(stage, passing.COURIERS.name)
        with passing.at(stage, below, passing.COURIERS):
            passing.issue_to(stage, passing.COURIERS)
            passing.get_ready(stage, passing.COURIERS)
    return stage


class ChainActs(ControllerActs, ContractorActs, KeyActs):
    """Rules of a story."""

    @apt.when(apt.passed_on)
    @rule(role=controllers, which=st.integers(0, 2))
    def raise_one(self, role: str, which: int) -> None:
        """Against somebody whom an answer names; the story goes on with the new draft."""
        with self.stage.look() as ctx:
            found = children.recipients(ctx, demand_of(ctx, self.stage))
        names = [each.name for each in found] or ["Nobody at all"]

        def propose(ctx: Any) -> None:
            seat = seat_of(ctx, self.stage, self.email(role), side="controller", lead=True)
            made.append(raising.raise_demand(ctx, seat, names[which % len(names)]).reference)

        made: list[str] = []
        if self.do(raising.raise_demand, propose):
            self.stage.reference = made[0]

    @rule(which=st.integers(0, 4))
    def turn_to_another(self, which: int) -> None:
        """The story goes on with another demand."""
        found = self.demands()
        self.stage.reference = found[which % len(found)][0]

    @rule(steps=st.integers(1, 4))
    def the_usual_way(self, steps: int) -> None:
        """Whoever's turn it is does what is asked of them."""
        for _ in range(steps):
            self.one_step()

    def one_step(self) -> None:
        state = dict(self.demands())[self.stage.reference]
        if state == "draft":
            self.write_the_draft("all", "casework", "lead")
            self.act("casework", drafts.hand_over, draft=True)
            self.signs("signatory", issuing.prepare_issue, issuing.issue_demand, draft=True)
            self.tick()
        elif state == "issued":
            self.act("liaison", acknowledging.acknowledge)
            self.get_an_officer()
        elif state in ("acknowledged", "in_progress"):
            self.answer_everything("deleted", "")
            self.signs(
                "officer",
                lambda ctx, seat: attesting.prepare_attestations(
                    ctx, seat, attesting.ready_files(ctx, seat)
                ),
                attesting.sign_attestations,
                many=True,
            )
        elif state == "awaiting_review":
            for role in ("signatory", "joint"):
                self.signs(role, self.accept_all, reviewing.review_attestations)
            self.signs("signatory", self.close_it, closing.close_demand)

    def get_an_officer(self) -> None:
        """Named, with a key that is confirmed."""
        email = self.email("officer")
        typed = acknowledging.OfficerAnswers("An Officer", "Assurance lead", email)
        self.act("liaison", acknowledging.name_officer, typed)
        if self.stage.actor(email).key is None:
            try:
                self.another_key("officer", True, False)
            except (*REFUSALS, ValueError):
                return

    @staticmethod
    def accept_all(ctx: Any, seat: Any) -> Any:
        waiting = reviewing.reviewable(ctx, seat)
        return reviewing.prepare_review(ctx, seat, waiting, "accepted", "It has to do.")

    @staticmethod
    def close_it(ctx: Any, seat: Any) -> Any:
        outcome = closing.closable(ctx, seat).outcome or "closed"
        return closing.prepare_closure(ctx, seat, outcome, None)
