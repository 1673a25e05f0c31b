"""Around an incident: what the authority asks, what it was told, and who else was.

Nothing here is overwritten but the facts, and each change of a fact is a row of its own. A row
that was wrong is struck out with a reason and stays.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from attest.database.tables.base import Base
from attest.database.tables.people import Person


class IncidentFacts(Base):
    """What the authority asks beside what the incident's own row says (domain/incident_facts.py).

    Categories are names, separated by ";".
    """

    __tablename__ = "incident_facts"

    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    how_occurred: Mapped[str | None] = mapped_column(Text)
    cyber: Mapped[str | None] = mapped_column(String(8))
    discovered_how: Mapped[str | None] = mapped_column(Text)
    data_categories: Mapped[str | None] = mapped_column(Text)
    records_affected: Mapped[int | None] = mapped_column(BigInteger)
    people_categories: Mapped[str | None] = mapped_column(Text)
    consequences: Mapped[str | None] = mapped_column(Text)
    likelihood: Mapped[str | None] = mapped_column(String(16))
    prevention: Mapped[str | None] = mapped_column(Text)
    training: Mapped[str | None] = mapped_column(String(8))
    training_details: Mapped[str | None] = mapped_column(Text)
    measures_taken: Mapped[str | None] = mapped_column(Text)
    measures_planned: Mapped[str | None] = mapped_column(Text)
    other_bodies: Mapped[str | None] = mapped_column(Text)
    registration: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(Text)
    contact_name: Mapped[str | None] = mapped_column(String(200))
    contact_role: Mapped[str | None] = mapped_column(String(200))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    contact_telephone: Mapped[str | None] = mapped_column(String(60))


class IncidentChange(Base):
    """One fact changed: what it said before, and after, in words."""

    __tablename__ = "incident_change"
    __table_args__ = (Index(None, "incident_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"))
    at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    fact: Mapped[str] = mapped_column(String(40))
    was: Mapped[str | None] = mapped_column(Text)
    now: Mapped[str | None] = mapped_column(Text)
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class IncidentReport(Base):
    """One phase of what an authority was told, and when (GDPR, Article 33(1) and (4))."""

    __tablename__ = "incident_report"
    __table_args__ = (Index(None, "incident_id", "reported_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"))
    reported_at: Mapped[datetime]
    authority: Mapped[str] = mapped_column(String(200))
    reference: Mapped[str | None] = mapped_column(String(100))  # the authority's own
    channel: Mapped[str] = mapped_column(String(16))
    told: Mapped[str] = mapped_column(Text)
    late_reasons: Mapped[str | None] = mapped_column(Text)
    more_to_follow: Mapped[bool]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    strike_reason: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])
    struck_by: Mapped[Person | None] = relationship(foreign_keys=[struck_by_id])


class IncidentDecision(Base):
    """Whether the authority (`report`) or the people affected (`tell`) have to be told.

    The newest of each subject counts. `ground`: for `tell` and not needed, which of Article 34(1)
    and (3).
    """

    __tablename__ = "incident_decision"
    __table_args__ = (Index(None, "incident_id", "recorded_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"))
    subject: Mapped[str] = mapped_column(String(8))  # report | tell
    needed: Mapped[bool]
    ground: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])


class IncidentTelling(Base):
    """People affected who were told: how many, in which batch, how and when. No names."""

    __tablename__ = "incident_telling"
    __table_args__ = (Index(None, "incident_id", "told_on"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"))
    told_on: Mapped[date]
    batch: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(16))
    people: Mapped[int]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    strike_reason: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])
    struck_by: Mapped[Person | None] = relationship(foreign_keys=[struck_by_id])


class IncidentLetter(Base):
    """A version of the letter to the people affected; the newest is the one that is merged."""

    __tablename__ = "incident_letter"
    __table_args__ = (UniqueConstraint("incident_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"))
    version: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200))
    opening: Mapped[str] = mapped_column(Text)
    nature: Mapped[str] = mapped_column(Text)
    consequences: Mapped[str] = mapped_column(Text)
    measures: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    closing: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime]
    kept_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kept_by: Mapped[Person] = relationship(foreign_keys=[kept_by_id])


class IncidentMerge(Base):
    """Letters that were made from a list: how many, from which version. The list is not kept."""

    __tablename__ = "incident_merge"
    __table_args__ = (Index(None, "incident_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"))
    version: Mapped[int]
    letters: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
