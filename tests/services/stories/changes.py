"""Changed minds: amendments, stores withdrawn, files never received, more time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from attest.database.tables import AmendmentFile, Extension, NotReceived
from attest.demo.acting import demand_of
from attest.services.access import CONTRACTOR
from attest.services.acts import (
    amendment_drafts,
    amendment_files,
    amendment_signing,
    escalation,
    extending,
    extension_deciding,
    not_received,
    withdrawing,
)
from attest.services.acts.escalation import ContactAnswers
from attest.services.acts.extending import Asked
from attest.services.acts.extension_deciding import AS_ASKED, LESS, NO, Decision
from tests import stage as play
from tests.services.stories import apt
from tests.services.stories.base import Stories, anybody, contractors, controllers, some

LEAD: dict[str, Any] = {"side": "controller", "lead": True}
writers = st.sampled_from(["casework"] * 6 + ["second", "joint", "liaison"])


class ChangeActs(Stories):
    """Rules of a story."""

    # --- Amendments ----------------------------------------------------------------------------

    @apt.when(apt.live)
    @rule(
        part=st.sampled_from(
            [
                "begin",
                "terms",
                "file",
                "list",
                "stores",
                "less",
                "all",
                "handed",
                "signed",
                "signed",
            ]
        ),
        role=writers,
        days=st.integers(-1, 40),
        concurrence=st.sampled_from(["lead", "lead", "each"]),
        keep=st.booleans(),
    )
    def write_the_amendment(
        self, part: str, role: str, days: int, concurrence: str, keep: bool
    ) -> None:
        number, every = self.number(), part in ("all", "handed", "signed")
        if part == "begin" or every:
            self.act(role, amendment_drafts.begin, **LEAD)
        if part == "terms" or every:
            due_on = self.stage.now.date() + timedelta(days=days)
            terms = amendment_drafts.Terms(
                "Sent in error", "delete", f"Shred the paper too, {number}.", due_on, concurrence
            )
            self.act(role, amendment_drafts.save_terms, terms, **LEAD)
        if part == "file" or (every and keep):
            typed = {"name": f"further {number}.csv", "kind": "electronic"}
            self.act(role, amendment_files.add_file, typed, **LEAD)
        if part == "list":
            data = f"name,kind\nfurther list {number}.csv,electronic\n".encode()
            self.act(role, amendment_files.add_list, data, **LEAD)
        if part == "less":
            for file in self.added():
                self.act(role, amendment_files.remove_file, file, **LEAD)
        if part == "stores" or every:
            with self.stage.look() as ctx:
                rows = withdrawing.uncovered(ctx, demand_of(ctx, self.stage).id)
                said = {row.store_id: keep for row in rows}
            self.act(role, amendment_drafts.decide_stores, said, **LEAD)
        if part in ("handed", "signed"):
            self.act("casework", amendment_drafts.hand_over, **LEAD)
        if part == "signed":
            self.amend("signatory", False)

    def added(self) -> list[str]:
        """The files that the amendment adds so far."""
        with self.stage.look() as ctx:
            mine = AmendmentFile.demand_id == demand_of(ctx, self.stage).id
            return list(ctx.session.scalars(select(AmendmentFile.id).where(mine)))

    @apt.when(apt.amended)
    @rule(
        which=st.sampled_from(["over", "over", "over", "back", "returned", "discard"]),
        role=st.sampled_from(["casework", "casework", "signatory", "joint", "officer"]),
    )
    def amendment(self, which: str, role: str) -> None:
        act: Any = {
            "over": amendment_drafts.hand_over,
            "back": amendment_drafts.take_back,
            "returned": amendment_drafts.return_with_note,
            "discard": amendment_drafts.discard,
        }[which]
        self.act(role, act, *(("Look again.",) if which == "returned" else ()), **LEAD)

    @apt.when(apt.handed)
    @rule(
        role=st.sampled_from(["signatory", "signatory", "signatory", "second"]),
        hold=st.sampled_from([False, False, True]),
    )
    def amend(self, role: str, hold: bool) -> None:
        self.signs(
            role,
            amendment_signing.prepare_amendment,
            amendment_signing.amend_demand,
            hold=hold,
            **LEAD,
        )
        self.odd_keys |= role == "second"

    # --- Stores and files that one side would leave out ------------------------------------------

    @apt.when(apt.live)
    @rule(role=anybody, bits=some)
    def withdraw_stores(self, role: str, bits: int) -> None:
        for store in self.chosen(play.stores(self.stage), bits):
            self.act(role, withdrawing.withdraw_store, store.id, "It is not ours.")

    @apt.when(apt.withdrawn)
    @rule(role=controllers, bits=some)
    def keep_stores(self, role: str, bits: int) -> None:
        for store in self.chosen(play.stores(self.stage), bits):
            self.act(role, withdrawing.refuse_withdrawal, store.id, "It had a copy.")

    @apt.when(apt.with_contractor)
    @rule(role=contractors, bits=some)
    def never_received(self, role: str, bits: int) -> None:
        for file in self.chosen(play.files(self.stage), bits):
            self.act(role, not_received.claim, file.id, "It is in no mail of ours.")

    @apt.when(apt.claimed)
    @rule(role=controllers, ruling=st.sampled_from(sorted(not_received.RULINGS)))
    def rule_on_claims(self, role: str, ruling: str) -> None:
        """Those of every demand, decided ones too: an answer may come from an old page."""
        with self.stage.look() as ctx:
            found = list(ctx.session.scalars(select(NotReceived.id)))
        for claim in found:
            self.act(role, not_received.rule, claim, ruling, "Our gateway says so.")

    # --- More time -----------------------------------------------------------------------------

    @apt.when(apt.with_contractor)
    @rule(role=contractors, days=st.integers(-1, 9), bits=st.integers(0, 7))
    def ask_for_more_time(self, role: str, days: int, bits: int) -> None:
        stage = self.stage
        with stage.look() as ctx:
            due_on = demand_of(ctx, stage).next_due_on or stage.now.date()
        files = [file.id for file in self.chosen(play.files(stage), bits)]
        asked = Asked(max(due_on, stage.now.date()) + timedelta(days=days), "Too much.", files)
        self.act(role, extending.request_extension, asked, side=CONTRACTOR)

    @apt.when(apt.asked)
    @rule(
        role=controllers,
        answer=st.sampled_from([AS_ASKED, AS_ASKED, LESS, NO]),
        less=st.integers(0, 4),
        bits=st.integers(0, 7),
    )
    def decide_on_more_time(self, role: str, answer: str, less: int, bits: int) -> None:
        files = [file.id for file in self.chosen(play.files(self.stage), bits)]
        for row in self.requests():
            said = Decision(answer, row.until - timedelta(days=less), "It has to be.", files)
            self.act(role, extension_deciding.decide_extension, row.id, said, lead=True)

    @apt.when(apt.asked)
    @rule(role=contractors)
    def withdraw_the_request(self, role: str) -> None:
        for row in self.requests():
            self.act(role, extending.withdraw_extension, row.id, side=CONTRACTOR)

    def requests(self) -> list[Extension]:
        """Every request so far, decided ones too: an answer may come from an old page."""
        with self.stage.look() as ctx:
            return list(ctx.session.scalars(select(Extension).order_by(Extension.asked_at)))

    @apt.when(apt.live)
    @rule(role=contractors, name=st.sampled_from(["", "Hanna", "Somebody"]))
    def name_the_contact(self, role: str, name: str) -> None:
        answers = ContactAnswers(name, "", f"{name.lower()}@halden.example" if name else "")
        self.act(role, escalation.name_contact, answers, duty="liaison")
