"""Incidents and demands: parties, named files, stores."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from attest.database.tables.base import Base
from attest.database.tables.people import Person


class Incident(Base):
    """Why: what happened, when, and whom it touches."""

    __tablename__ = "incident"
    __table_args__ = (Index(None, "reference", unique=True),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    # Every incident has one; the column came later, and SQLite adds none that must be filled.
    reference: Mapped[str] = mapped_column(String(40), nullable=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    what_happened: Mapped[str | None] = mapped_column(Text)
    occurred_on: Mapped[date | None]
    noticed_at: Mapped[datetime | None]
    people_affected: Mapped[int | None]
    data_affected: Mapped[str | None] = mapped_column(Text)
    agreements: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class Demand(Base):
    """A deletion demand, from draft to closure, with the counts that lists show."""

    __tablename__ = "demand"
    __table_args__ = (Index(None, "state", "due_on"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)  # lead
    state: Mapped[str] = mapped_column(String(24), default="draft")
    concurrence: Mapped[str] = mapped_column(String(4), default="lead")
    # Raised against whom another demand's contractor passed copies on to: that demand, and the
    # recipient's name as its officer wrote it.
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("demand.id"), index=True)
    passed_to: Mapped[str | None] = mapped_column(String(500))
    passed_to_key: Mapped[str | None] = mapped_column(Text)  # equal for spellings of one name
    # Whether a signed answer ever said that copies of its files were passed on.
    has_passed_on: Mapped[bool] = mapped_column(default=False, server_default=false())
    basis: Mapped[str | None] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(20), default="delete")
    due_on: Mapped[date | None]
    # What the signed demand says, where more time was granted since; None where it still stands.
    signed_due_on: Mapped[date | None]
    instruction: Mapped[str | None] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(String(12), default="GB-ENG")
    created_at: Mapped[datetime]
    created_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    handed_at: Mapped[datetime | None]  # to the signatory; None while being drafted
    return_note: Mapped[str | None] = mapped_column(Text)
    issued_at: Mapped[datetime | None]
    amended_at: Mapped[datetime | None]  # the newest amendment's
    acknowledged_at: Mapped[datetime | None]
    disputed_at: Mapped[datetime | None]  # "not us"
    dispute_reason: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
    liaison_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    officer_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    # In whose name the officer was invited; None also where that was before the column.
    officer_named_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    # Aggregates, kept by the transaction that changes them.
    files_total: Mapped[int] = mapped_column(default=0)
    files_open: Mapped[int] = mapped_column(default=0)  # open or rejected
    files_attested: Mapped[int] = mapped_column(default=0)  # attested, waiting for review
    files_accepted: Mapped[int] = mapped_column(default=0)
    stores_total: Mapped[int] = mapped_column(default=0)  # standing
    copies_settled: Mapped[int] = mapped_column(default=0)  # by last attestations
    copies_excepted: Mapped[int] = mapped_column(default=0)
    # The earliest due day of the open files, where each has a later one than the demand.
    open_due_on: Mapped[date | None]
    # When the ladder has to be looked at next: never later than tomorrow while there is anything
    # to chase, and at once after an act. None where nobody is chased.
    chase_at: Mapped[datetime | None] = mapped_column(index=True)
    own_ladder: Mapped[bool] = mapped_column(default=False, server_default=false())
    asks_receipt: Mapped[bool] = mapped_column(default=False, server_default=false())
    incident: Mapped[Incident] = relationship(lazy="joined")
    parties: Mapped[list[DemandParty]] = relationship(
        lazy="selectin", order_by="DemandParty.position", cascade="all, delete-orphan"
    )
    liaison: Mapped[Person | None] = relationship(foreign_keys=[liaison_id])
    officer: Mapped[Person | None] = relationship(foreign_keys=[officer_id])
    officer_named_by: Mapped[Person | None] = relationship(foreign_keys=[officer_named_by_id])

    @property
    def next_due_on(self) -> date | None:
        """The day on which the next of the open files is due."""
        return self.open_due_on or self.due_on


class DemandParty(Base):
    """A party as the demand names it: lead, joint, contractor or carrier.

    `organisation_id` is empty for carriers, and for others until the demand is issued.
    """

    __tablename__ = "demand_party"
    __table_args__ = (UniqueConstraint("demand_id", "role", "name"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), index=True)
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    contact_name: Mapped[str | None] = mapped_column(String(200))
    contact_role: Mapped[str | None] = mapped_column(String(200))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    telephone: Mapped[str | None] = mapped_column(String(60))
    # For the people affected (UK GDPR Art 26(1)); where no controller is named, the lead.
    contact_point: Mapped[bool] = mapped_column(default=False, server_default=false())


class NamedFile(Base):
    """A file that the demand names. `id` is the fileId of its `file.named` body."""

    __tablename__ = "named_file"
    __table_args__ = (
        UniqueConstraint("demand_id", "name"),
        Index(None, "demand_id", "position"),
        Index(None, "demand_id", "state"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(1000))
    kind: Mapped[str] = mapped_column(String(12), default="electronic")
    description: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes
    sha256: Mapped[str | None] = mapped_column(String(64))
    sent_on: Mapped[date | None]
    channel: Mapped[str | None] = mapped_column(String(200))
    data_categories: Mapped[str | None] = mapped_column(Text)  # separated by ";"
    subjects: Mapped[int | None] = mapped_column(BigInteger)
    body: Mapped[bytes | None]  # fixed at hand-over
    body_hash: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(28), default="open")
    last_attestation: Mapped[str | None] = mapped_column(String(64))
    due_on: Mapped[date | None]  # a later day than the demand's, for this file
    # When what the officer says of it beyond its copies' answers changed last: whether a copy was
    # passed on, and evidence.
    changed_at: Mapped[datetime | None]
    # In a demand that was raised from another one: the same file there.
    parent_file_id: Mapped[str | None] = mapped_column(ForeignKey("named_file.id"))


class Store(Base):
    """A place that holds copies. `id` is the storeId of its `store.named` body."""

    __tablename__ = "store"
    __table_args__ = (
        UniqueConstraint("demand_id", "label"),
        Index(None, "demand_id", "position"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    medium: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(40))
    location: Mapped[str | None] = mapped_column(String(200))
    custodian: Mapped[str | None] = mapped_column(String(200))
    named_by_side: Mapped[str] = mapped_column(String(12))  # controller | contractor
    body: Mapped[bytes | None]
    body_hash: Mapped[str | None] = mapped_column(String(64))
    standing: Mapped[bool] = mapped_column(default=True)
