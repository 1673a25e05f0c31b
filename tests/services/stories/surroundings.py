"""What happens around a demand: evidence files, the incident, people who come and go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from attest.database.tables import EvidenceFile, IncidentReport, IncidentTelling, Person
from attest.demo.acting import account_of, demand_of, seat_of
from attest.demo.incident_scenes import FACTS
from attest.domain import breach, incident_facts
from attest.services.accounts import accounts, inviting, preferring
from attest.services.accounts.preferring import Choices
from attest.services.acts import (
    evidence_files,
    evidence_uses,
    incident_changes,
    incident_letter,
    incident_reporting,
    incident_telling,
    incidents,
    leaving,
)
from attest.services.acts.evidence_files import NewFile, keep
from attest.services.acts.evidence_uses import Places
from attest.services.acts.incident_reporting import DecisionAnswers, ReportAnswers
from attest.services.acts.incident_telling import TellingAnswers
from attest.services.facts import unsent
from attest.services.facts.incident_access import incident_for, need_keeper
from attest.services.facts.unsent import Place
from tests import stage as play
from tests.services.stories import apt
from tests.services.stories.base import Stories, anybody, contractors, some

reason = "It has to be."


class SurroundingActs(Stories):
    """Rules of a story."""

    # --- Evidence files --------------------------------------------------------------------------

    @apt.when(apt.live)
    @rule(role=anybody, bits=st.integers(0, 7), stores=st.integers(0, 7), old=st.booleans())
    def add_evidence(self, role: str, bits: int, stores: int, old: bool) -> None:
        """A new file, or one that may be there already, for the demand or for some copies."""
        data = b"%PDF-1.7 a certificate" if old else f"%PDF-1.7 {self.number()}".encode()
        file: NewFile = keep(self.stage.settings, "certificate.pdf", data)
        self.act(role, evidence_files.add, [file], self.places(bits, stores))

    @apt.when(apt.shown)
    @rule(role=contractors, bits=some, stores=st.integers(0, 7), off=st.booleans())
    def attach_evidence(self, role: str, bits: int, stores: int, off: bool) -> None:
        with self.stage.look() as ctx:
            mine = EvidenceFile.demand_id == demand_of(ctx, self.stage).id
            digests = list(ctx.session.scalars(select(EvidenceFile.digest).where(mine)))
        places = self.places(bits, stores)
        if off:
            for digest in digests:
                self.act(role, evidence_uses.detach, digest, places)
        else:
            self.act(role, evidence_uses.attach, digests, places)

    @apt.when(apt.live)
    @rule(role=anybody, sent=st.booleans())
    def type_into_a_form(self, role: str, sent: bool) -> None:
        """A form that is kept as it is filled in, and forgotten when it is sent."""

        def doing(ctx: Any) -> None:
            seat = seat_of(ctx, self.stage, self.email(role), draft=None)
            place = Place("copies", seat.person.id, seat.demand.id)
            if sent:
                unsent.forget(ctx, place)
            else:
                unsent.keep(ctx, place, [("note", f"So far, {self.number()}")])

        self.do(unsent.forget if sent else unsent.keep, doing)

    def places(self, bits: int, stores: int) -> Places:
        files = [file.id for file in self.chosen(play.files(self.stage), bits)]
        there = [store.id for store in self.chosen(play.stores(self.stage), stores)]
        if not there:
            return Places(file_ids=files)
        return Places([(file, store) for file in files for store in there])

    @rule(
        what=st.sampled_from(
            [
                "report",
                "decide",
                "tell",
                "strike",
                "facts",
                "letter",
                "incident",
                "people",
                "prefer",
            ]
        ),
        role=st.sampled_from(["casework", "casework", "signatory", "joint", "officer", "liaison"]),
        yes=st.booleans(),
        number=st.integers(0, 40),
    )
    def around_the_demand(self, what: str, role: str, yes: bool, number: int) -> None:
        """One rule for all of it, so that what happens in demands has most of a story's room."""
        sections = sorted(incident_facts.SECTIONS)
        if what == "report":
            self.report_the_incident(role, number < 20, yes)
        elif what == "decide":
            self.decide_whether_to_tell(role, "report" if number < 20 else "tell", yes)
        elif what == "tell":
            self.tell_people(role, number)
        elif what == "strike":
            self.strike_out(role, "report" if yes else "batch")
        elif what == "facts":
            self.say_what_happened(role, sections[number % len(sections)])
        elif what == "letter":
            self.letter_to_those_affected(role, yes)
        elif what == "incident":
            self.another_incident(role, yes)
        elif what == "prefer":
            self.choose_for_letters(role, yes, number)
        elif number < 10:
            self.forget_the_password(role)
        elif number < 20:
            self.end_access(role)
        else:
            self.invite(role, yes)

    # --- The incident ----------------------------------------------------------------------------

    def at_incident(self, role: str, act: Any, *arguments: Any) -> None:
        """Acts at the incident of the demand."""

        def doing(ctx: Any) -> Any:
            reference = demand_of(ctx, self.stage).incident.reference
            seat = incident_for(ctx, account_of(ctx, self.email(role)), reference)
            return act(ctx, seat, *arguments)

        self.do(act, doing)

    def report_the_incident(self, role: str, late: bool, more: bool) -> None:
        said = ReportAnswers(
            self.stage.now - timedelta(hours=late),
            breach.AUTHORITY,
            "online",
            f"What is known, {self.number()}.",
            late_reasons="It was found out late.",
            more_to_follow=more,
        )
        self.at_incident(role, incident_reporting.report, said)

    def decide_whether_to_tell(self, role: str, subject: str, needed: bool) -> None:
        ground = "" if needed or subject == "report" else sorted(breach.GROUNDS)[0]
        said = DecisionAnswers(needed, "The board", self.stage.now.date(), reason, ground)
        self.at_incident(role, incident_reporting.decide, subject, said)

    def tell_people(self, role: str, people: int) -> None:
        said = TellingAnswers(f"Staff, {self.number()}", "post", people, self.stage.now.date())
        self.at_incident(role, incident_telling.tell, said)

    def strike_out(self, role: str, kind: str) -> None:
        table: Any = IncidentReport if kind == "report" else IncidentTelling
        with self.stage.look() as ctx:
            ids = list(ctx.session.scalars(select(table.id)))
        for row_id in ids[:2]:
            self.at_incident(role, incident_telling.strike, kind, row_id, "By mistake.")

    def say_what_happened(self, role: str, section: str) -> None:
        with self.stage.look() as ctx:
            known = incident_changes.values_of(ctx, demand_of(ctx, self.stage).incident)
        names = [fact.name for fact in incident_facts.of_section(section)]
        typed = {name: FACTS.get(name, known[name]) for name in names}
        self.at_incident(role, incident_changes.save_section, section, typed)

    def letter_to_those_affected(self, role: str, merge: bool) -> None:
        if merge:
            data = b"name\nA. Reader\nB. Reader\n"
            self.at_incident(role, incident_letter.merge, data)
        else:
            parts = ("subject", "opening", "nature", "consequences", "measures", "contact")
            said = {part: f"This is what we have to say: {part}." for part in (*parts, "closing")}
            self.at_incident(role, incident_letter.save, said)

    def another_incident(self, role: str, fresh: bool) -> None:
        """One more demand in this incident, or an incident of its own."""
        if not fresh:
            self.at_incident(role, incidents.raise_demand)
            return
        title = {"title": f"Something else, {self.number()}"}
        self.do(
            incidents.record,
            lambda ctx: incidents.record(
                ctx, need_keeper(account_of(ctx, self.email(role)))[0], title
            ),
        )

    # --- People ----------------------------------------------------------------------------------

    def as_person(self, who: str, act: Any, *arguments: Any, **named: Any) -> None:
        """Acts for the organisation."""
        self.do(
            act,
            lambda ctx: act(ctx, account_of(ctx, self.email(who)).people[0], *arguments, **named),
        )

    def invite(self, role: str, again: bool) -> None:
        if again:
            for person in self.people(role):
                self.as_person(role, inviting.send_again, person)
            return
        duties = ["officer"] if role == "liaison" else ["case_handler"]
        self.as_person(
            role,
            inviting.invite,
            name=f"Colleague {self.number()}",
            role="Manager",
            email=f"colleague.{self.numbers}@office.example",
            duties=duties,
        )

    def end_access(self, role: str) -> None:
        """Of colleagues that were invited on the way, and of the officer."""
        for person in self.people(role)[-2:]:
            self.as_person(role, leaving.end_access, person)

    def choose_for_letters(self, role: str, yes: bool, number: int) -> None:
        """For oneself with or without a digest, or for the organisation."""
        choices = Choices(["", "Pacific/Auckland", "America/New_York"][number % 3], "")
        if number < 30:
            wants = yes and role not in ("liaison", "officer")
            self.as_person(role, preferring.prefer, choices, daily_digest=wants)
        else:
            self.as_person(role, preferring.prefer_for_all, choices)

    def forget_the_password(self, role: str) -> None:
        email = self.email(role)
        self.do(accounts.request_reset, lambda ctx: accounts.request_reset(ctx, email, "127.0.0.1"))

    def people(self, role: str) -> list[str]:
        """Those of this person's organisation who have no key, by their identifiers."""
        with self.stage.look() as ctx:
            found = account_of(ctx, self.email(role)).people if self.known(ctx, role) else []
            if not found:
                return []
            mine = found[0].organisation_id
            everybody = ctx.session.scalars(
                select(Person).where(Person.organisation_id == mine).order_by(Person.created_at)
            ).unique()
            return [
                person.id
                for person in everybody
                if person.account.email.startswith(("colleague.", "another."))
            ]

    def known(self, ctx: Any, role: str) -> bool:
        """Whether somebody has an account yet."""
        email = self.email(role)
        return any(person.account.email == email for person in ctx.session.scalars(select(Person)))
