"""What the lead controller does with the chasing: its ladder, pauses, a letter at once.

And what the readers of its letters say: that they came.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from attest.domain.calendar import next_working_day
from attest.domain.ladder import ESCALATION_CONTACT, LADDER, LIAISON, OFFICER
from attest.mail.receipt_link import receipt_token
from attest.services.acts import chase_now, escalation, own_ladders, pausing
from attest.services.acts.escalation import ContactAnswers
from attest.services.context import Context
from attest.services.facts.calendars import holidays_of
from attest.services.letters import receipts
from tests import chase_acts
from tests.services.stories import apt
from tests.services.stories.base import Stories, controllers

LEAD: dict[str, Any] = {"side": "controller", "lead": True}


class ChasingActs(Stories):
    """Rules of a story."""

    @rule(role=controllers, which=st.sampled_from(["own", "some", "usual", "back"]))
    def change_the_ladder(self, role: str, which: str) -> None:
        if which == "back":
            self.act(role, own_ladders.back_to_usual, draft=None, **LEAD)
        else:
            rungs = {"own": chase_acts.OWN, "some": LADDER[1:5], "usual": LADDER}[which]
            self.act(role, own_ladders.keep_ladder, rungs, draft=None, **LEAD)

    @apt.when(apt.live)
    @rule(role=controllers, days=st.integers(-1, 40), end=st.booleans())
    def hold_letters_back(self, role: str, days: int, end: bool) -> None:
        if end:
            self.act(role, pausing.end_pause, **LEAD)
        else:
            day = self.stage.now.date() + timedelta(days=days)
            until = next_working_day(day, holidays_of("GB-ENG"))
            self.act(role, pausing.pause, chase_acts.WHY, until, **LEAD)

    @apt.when(apt.live)
    @rule(
        role=controllers,
        to=st.sets(st.sampled_from([LIAISON, OFFICER, ESCALATION_CONTACT])),
        line=st.sampled_from(["", chase_acts.LINE]),
        again=st.booleans(),
    )
    def chase_at_once(self, role: str, to: set[str], line: str, again: bool) -> None:
        once = chase_acts.ONCE if again else f"{self.number():032x}"
        self.act(role, chase_now.chase_now, sorted(to), line, once, **LEAD)

    @rule(role=controllers, theirs=st.booleans(), ours=st.booleans(), receipt=st.booleans())
    def name_contacts(self, role: str, theirs: bool, ours: bool, receipt: bool) -> None:
        nobody = ContactAnswers()
        self.act(
            role,
            escalation.name_contacts,
            chase_acts.THEIRS if theirs else nobody,
            chase_acts.OURS if ours else nobody,
            receipt,
            draft=None,
            **LEAD,
        )

    @rule(pick=st.integers(0, 99), right=st.booleans())
    def press_received(self, pick: int, right: bool) -> None:
        """Somebody with a letter's link says that it came; or what presses buttons by itself."""
        letters = sorted(self.of_demand("letter"), key=lambda row: str(row["id"]))
        if not letters:
            return
        letter = letters[pick % len(letters)]
        token = receipt_token(self.stage.settings, letter["carried_by_id"] or letter["id"])

        def press(ctx: Context) -> None:
            pressed = receipts.open_page(ctx, token).form_token if right else ""
            receipts.confirm(ctx, token, pressed, "192.0.2.1")

        self.do(receipts.confirm, press)
