"""What the contractor does: acknowledge, name stores and the officer, answer, sign."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from attest.database.tables import Person
from attest.demo.acting import seat_of
from attest.services.acts import acknowledging, answer_lists, answers, attesting, copying
from attest.services.acts.draft_stores import StoreAnswers
from tests import passing
from tests import stage as play
from tests.services.stories import apt
from tests.services.stories.base import REFUSALS, Stories, anybody, contractors, some

OUTCOMES = (
    "deleted",
    "deleted",
    "deleted",
    "none_found",
    "beyond_use",
    "legal_hold",
    "cannot_locate",
    "passed_on",
)
RECIPIENTS = (passing.PRINTERS.name, passing.COURIERS.name, passing.HALDEN.name)
FAITHFUL = st.sampled_from(["officer", "officer", "officer", "liaison", "rival", "casework"])


class ContractorActs(Stories):
    """Rules of a story."""

    @apt.when(apt.unacknowledged)
    @rule(which=st.sampled_from(["yes", "yes", "no"]), role=contractors)
    def acknowledge(self, which: str, role: str) -> None:
        if which == "no":
            self.act(role, acknowledging.dispute, "Not us.", side="contractor")
        else:
            self.act(role, acknowledging.acknowledge, "We have it.", side="contractor")

    @apt.when(apt.live)
    @rule(
        who=st.sampled_from(["officer", "officer", "another", "chosen"]),
        role=st.sampled_from(["liaison", "liaison", "officer", "casework"]),
    )
    def name_the_officer(self, who: str, role: str) -> None:
        """Somebody is named, known already or not; only a key that is confirmed counts."""
        needs = {"side": "contractor", "duty": "liaison"}
        domain = self.firm.domain
        if who == "chosen":
            email = self.email("officer")
            with self.stage.look() as ctx:
                found = ctx.session.scalars(select(Person).join(Person.account)).unique()
                ids = [person.id for person in found if person.account.email == email]
            if ids:
                self.act(role, acknowledging.choose_officer, ids[0], **needs)
            return
        address = self.email("officer") if who == "officer" else f"another.officer@{domain}"
        typed = acknowledging.OfficerAnswers("An Officer", "Assurance lead", address)
        self.act(role, acknowledging.name_officer, typed, **needs)

    @apt.when(apt.live)
    @rule(role=anybody, fresh=st.sampled_from([True, False, False]))
    def store(self, role: str, fresh: bool) -> None:
        label = f"Share {self.number()}" if fresh else play.SHARE.label
        self.act(role, acknowledging.name_store, StoreAnswers(label, "electronic", "file_share"))

    @apt.when(apt.with_contractor)
    @rule(
        bits=some,
        stores=some,
        outcome=st.sampled_from(OUTCOMES),
        who=st.sampled_from(["Administrator", "Somebody else"]),
        days=st.integers(1, 20),
        recipient=st.sampled_from(RECIPIENTS),
        role=FAITHFUL,
    )
    def answer(
        self,
        bits: int,
        stores: int,
        outcome: str,
        who: str,
        days: int,
        recipient: str,
        role: str,
    ) -> None:
        """One answer for some copies, and what it says of disclosure."""
        typed = self.typed(outcome, who, days, recipient)
        files = self.chosen(play.files(self.stage), bits)
        there = self.chosen(play.stores(self.stage), stores)
        cells = [(file.id, store.id) for file in files for store in there]
        self.act(role, answers.save, cells, typed)
        told = (True, f"{recipient}; a copy") if outcome == "passed_on" else (False, "")
        self.act(role, answers.save_onward, [file.id for file in files], *told)

    def typed(self, outcome: str, who: str, days: int, recipient: str) -> dict[str, Any]:
        """The fields of the form, filled in."""
        stage, until = self.stage, self.stage.now.date() + timedelta(days=days)
        searched = {"search_scope": "All", "search_on": stage.now.date(), "search_by": who}
        fields: dict[str, dict[str, Any]] = {
            "deleted": play.deleted(stage) | {"performed_by": who},
            "none_found": {"outcome": "none_found"} | searched,
            "beyond_use": play.beyond_use(until),
            "legal_hold": {
                "outcome": "legal_hold",
                "exception_basis": "An order of the High Court",
                "exception_until": until,
            },
            "cannot_locate": passing.lost(stage),
            "passed_on": passing.passed_to(recipient),
        }
        return fields[outcome]

    @apt.when(apt.with_contractor)
    @rule(outcome=st.sampled_from(OUTCOMES), recipient=st.sampled_from(RECIPIENTS))
    def answer_everything(self, outcome: str, recipient: str) -> None:
        """Every open copy deleted but for the first; whatever was answered before."""
        with self.stage.look() as ctx:
            try:
                seat = seat_of(ctx, self.stage, self.email("officer"))
            except REFUSALS:
                return
            files = [file.id for file in answers.open_files(ctx, seat)]
        there = [store.id for store in play.stores(self.stage).values() if store.standing]
        cells = [(file, store) for file in files for store in there]
        if not cells:
            return
        told = outcome == "passed_on"
        self.act("officer", answers.save_onward, files, False, "")
        self.act("officer", answers.save, cells, self.typed("deleted", "Administrator", 1, ""))
        if told:
            self.act("officer", answers.save_onward, files, True, f"{recipient}; a copy")
        self.act("officer", answers.save, cells[:1], self.typed(outcome, "Somebody", 4, recipient))

    @apt.when(apt.with_contractor)
    @rule(position=st.integers(1, 3), some_only=st.booleans(), role=FAITHFUL)
    def copy_answers(self, position: int, some_only: bool, role: str) -> None:
        self.act(role, copying.copy_answers, position, [1, 2] if some_only else None)

    @apt.when(apt.with_contractor)
    @rule(role=FAITHFUL, role_of_list=FAITHFUL)
    def list_of_answers(self, role: str, role_of_list: str) -> None:
        """Out as CSV, and in again, perhaps much later."""
        try:
            with self.stage.look() as ctx:
                seat = seat_of(ctx, self.stage, self.email(role_of_list))
                data = b"".join(answer_lists.as_csv(ctx, seat))
        except REFUSALS:
            return
        self.act(role, answer_lists.import_answers, data)

    @apt.when(apt.with_contractor)
    @rule(hold=st.sampled_from([False, False, True]), bits=some)
    def attest(self, hold: bool, bits: int) -> None:
        def prepare(ctx: Any, seat: Any) -> Any:
            ready = attesting.ready_files(ctx, seat)
            mine = [each for n, each in enumerate(ready) if bits >> n % 3 & 1]
            return attesting.prepare_attestations(ctx, seat, mine)

        self.signs("officer", prepare, attesting.sign_attestations, hold=hold, many=True)
