"""What the controllers do: draft and issue, review, close, open again."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from attest.database.tables import Incident
from attest.demo.acting import account_of, seat_of
from attest.services.acts import (
    closing,
    draft_files,
    draft_stores,
    drafts,
    issuing,
    reopening,
    reviewing,
)
from attest.services.acts.draft_stores import StoreAnswers
from tests import passing
from tests import stage as play
from tests.services.stories import apt
from tests.services.stories.base import REFUSALS, Stories, anybody, controllers, some


class ControllerActs(Stories):
    """Rules of a story."""

    @apt.when(apt.few_demands)
    @rule(role=st.sampled_from(["casework", "casework", "officer", "joint"]))
    def begin_a_draft(self, role: str) -> None:
        """A demand that shares nothing with the first one but its people."""
        stage, title = self.stage, f"Incident {self.number()}"

        def create(ctx: Any) -> None:
            made = drafts.create(ctx, drafts.drafter(account_of(ctx, self.email(role))), title)
            stage.reference = made.reference

        self.do(drafts.create, create)

    @apt.when(apt.draft)
    @rule(
        part=st.sampled_from(["incident", "parties", "terms", "store", "file", "list", "all"]),
        role=st.sampled_from(["casework", "casework", "casework", "signatory", "joint"]),
        concurrence=st.sampled_from(["lead", "each"]),
    )
    def write_the_draft(self, part: str, role: str, concurrence: str) -> None:
        number, every = self.number(), part == "all"
        due_on = self.stage.now.date() + timedelta(days=14)
        if part == "incident" or every:
            answers = dataclasses.replace(play.INCIDENT, title=f"Two files, {number}")
            self.act(role, drafts.save_incident, answers, draft=True)
        if part == "parties" or every:
            self.act(role, drafts.save_parties, self.parties(), concurrence, draft=True)
        if part == "terms" or every:
            terms = dataclasses.replace(play.TERMS, due_on=due_on)
            self.act(role, drafts.save_terms, terms, draft=True)
        if part == "store" or every:
            store = StoreAnswers(f"Drawer {number}", "hard_copy", "filing")
            self.act(role, draft_stores.add_stores, [store], draft=True)
        if part == "file":
            typed = {"name": f"draft {number}.csv", "kind": "electronic"}
            self.act(role, draft_files.add_file, typed, draft=True)
        if part == "list" or every:
            data = f"name,kind\nlisted {number}.csv,electronic\n".encode()
            self.act(role, draft_files.import_files, data, draft=True)

    def parties(self) -> Any:
        """Those that the draft has, with somebody to write to; or the play's."""
        try:
            with self.stage.look() as ctx:
                seat = seat_of(ctx, self.stage, play.CASEWORK, draft=None)
                has = any(party.role == "contractor" for party in seat.demand.parties)
                found = passing.drafting_parties(seat, self.firm) if has else []
        except REFUSALS:
            found = []
        return found or play.parties()

    @apt.when(apt.draft)
    @rule(bits=some, file=st.booleans(), role=st.sampled_from(["casework", "second"]))
    def take_off_the_draft(self, bits: int, file: bool, role: str) -> None:
        if file:
            for each in self.chosen(play.files(self.stage), bits):
                self.act(role, draft_files.remove_file, each.id, draft=True)
        else:
            for each in self.chosen(play.stores(self.stage), bits):
                self.act(role, draft_stores.remove_store, each.id, draft=True)

    @apt.when(apt.draft)
    @rule(which=st.sampled_from(["over", "over", "back", "returned", "discard"]), role=controllers)
    def draft(self, which: str, role: str) -> None:
        act: Any = {
            "over": drafts.hand_over,
            "back": drafts.take_back,
            "returned": drafts.return_with_note,
            "discard": drafts.discard,
        }[which]
        before = self.stage.reference
        self.act(role, act, *(("Look again.",) if which == "returned" else ()), draft=True)
        left = [reference for reference, _ in self.demands()]
        if before not in left:
            if not left:  # the story goes on with another one
                self.begin_a_draft("casework")
            else:
                self.stage.reference = left[0]

    @apt.when(apt.draft)
    @rule(role=st.sampled_from(["signatory", "signatory", "second"]), hold=st.booleans())
    def issue(self, role: str, hold: bool) -> None:
        self.signs(role, issuing.prepare_issue, issuing.issue_demand, hold=hold, draft=True)
        self.odd_keys |= role == "second"

    @apt.when(apt.signed_for)
    @rule(
        role=st.sampled_from(["signatory", "signatory", "signatory", "second", "joint"]),
        accept=st.sampled_from([True, True, False]),
        reason=st.sampled_from(["It has to do.", "Say who did it.", None]),
        hold=st.sampled_from([False, False, True]),
        bits=some,
    )
    def review(self, role: str, accept: bool, reason: str | None, hold: bool, bits: int) -> None:
        """Accept, also what nobody located or what was passed on; or reject: look further."""

        def prepare(ctx: Any, seat: Any) -> Any:
            waiting = reviewing.reviewable(ctx, seat)
            mine = self.chosen(dict.fromkeys(waiting), bits) or waiting
            mine = [each for n, each in enumerate(waiting) if bits >> n % 3 & 1]
            decision = "accepted" if accept else "rejected"
            return reviewing.prepare_review(ctx, seat, mine, decision, reason)

        self.signs(role, prepare, reviewing.review_attestations, hold=hold)

    @apt.when(apt.issued)
    @rule(role=anybody, bits=some, stores=st.integers(0, 7))
    def reopen(self, role: str, bits: int, stores: int) -> None:
        found = [each.id for each in self.chosen(play.stores(self.stage), stores)]
        for file in self.chosen(play.files(self.stage), bits):
            self.act(role, reopening.reopen_file, file.id, "Another copy was found.", found)

    @apt.when(apt.live)
    @rule(
        outcome=st.sampled_from(["closed", "closed_with_exceptions", "as it is", "withdrawn"]),
        hold=st.sampled_from([False, False, True]),
        role=st.sampled_from(["signatory", "signatory", "second"]),
    )
    def close(self, outcome: str, hold: bool, role: str) -> None:
        def prepare(ctx: Any, seat: Any) -> Any:
            possible = closing.closable(ctx, seat).outcome or "closed"
            wanted = possible if outcome == "as it is" else outcome
            return closing.prepare_closure(ctx, seat, wanted, "For a reason.")

        self.signs(role, prepare, closing.close_demand, hold=hold)
        self.odd_keys |= role == "second"

    def incidents(self) -> list[str]:
        """The references of all incidents."""
        with self.stage.look() as ctx:
            return list(ctx.session.scalars(select(Incident.reference)))
