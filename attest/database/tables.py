"""The tables, by topic: people, keys, demands, answers, the log, letters.

Rows are what pages read. The log's entries are what counts: `attest check` rebuilds
every log and every aggregate below and compares. Times are UTC and aware in Python.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from attest.database.types import UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table, with names for constraints so that migrations can find them."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime,
        date: Date,
        # An absent document is NULL, not the JSON word null.
        dict[str, Any]: JSON(none_as_null=True),
        bytes: LargeBinary,
    }


# --- people -------------------------------------------------------------------------


class Account(Base):
    """An email address that signs in. Its people say in which organisations it acts."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    password_hash: Mapped[str | None] = mapped_column(String(200))
    epoch: Mapped[int] = mapped_column(default=0)  # raised to end every session
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    people: Mapped[list[Person]] = relationship(back_populates="account", lazy="selectin")


class SignInAttempt(Base):
    """A failed sign-in, by the hash of the address tried; the throttle counts them."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Organisation(Base):
    """A body that is a controller in some demands and a contractor in others."""

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(12), unique=True)  # first part of its references
    telephone: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime]


class Person(Base):
    """Somebody in an organisation, with a title and duties there."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("account_id", "organisation_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(200))  # title, goes into the holder
    telephone: Mapped[str | None] = mapped_column(String(60))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    account: Mapped[Account] = relationship(back_populates="people", lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    duty_rows: Mapped[list[Duty]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def duties(self) -> frozenset[str]:
        """The names of this person's duties (domain/duties.py)."""
        return frozenset(row.name for row in self.duty_rows)


class Duty(Base):
    """One duty of a person: case_handler, signatory, liaison, officer, administrator."""

    __tablename__ = "duty"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)


class Invitation(Base):
    """A link, used once, that lets its reader choose a password.

    The link's token is derived from the id and the instance's secret, so the
    database alone opens no account.
    """

    __tablename__ = "invitation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))  # invitation | reset
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


# --- keys ---------------------------------------------------------------------------


class SigningKey(Base):
    """A public key that somebody enrolled; the wrapped file is theirs, unreadable here."""

    __tablename__ = "signing_key"

    keyid: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    side: Mapped[str] = mapped_column(String(12))
    duty: Mapped[str] = mapped_column(String(12))
    public_key: Mapped[bytes]  # 32 bytes
    holder: Mapped[dict[str, Any]]
    key_file: Mapped[dict[str, Any] | None]
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]  # its holder made another one since
    person: Mapped[Person] = relationship(lazy="joined")


class KeyStatement(Base):
    """An enrolment, confirmation or revocation; copied into each log that needs it."""

    __tablename__ = "key_statement"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(20))  # key-enrolment | key-confirmation | …
    keyid: Mapped[str] = mapped_column(ForeignKey("signing_key.keyid"), index=True)
    signer_keyid: Mapped[str] = mapped_column(String(64))
    method: Mapped[str | None] = mapped_column(String(20))
    stated_at: Mapped[datetime]
    envelope: Mapped[bytes]


class KeyComparison(Base):
    """An organisation read another side's fingerprint over the telephone and it matched.

    Signed by nobody: it only decides which keys that organisation's trust file pins.
    """

    __tablename__ = "key_comparison"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    keyid: Mapped[str] = mapped_column(ForeignKey("signing_key.keyid"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


# --- demands ------------------------------------------------------------------------


class Incident(Base):
    """Why: what happened, when, and whom it touches."""

    __tablename__ = "incident"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
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
    basis: Mapped[str | None] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(20), default="delete")
    due_on: Mapped[date | None]
    instruction: Mapped[str | None] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(String(12), default="GB-ENG")
    created_at: Mapped[datetime]
    created_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    handed_at: Mapped[datetime | None]  # to the signatory; None while being drafted
    return_note: Mapped[str | None] = mapped_column(Text)
    issued_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    disputed_at: Mapped[datetime | None]  # "not us"
    dispute_reason: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
    liaison_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    officer_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    # Aggregates, kept by the transaction that changes them.
    files_total: Mapped[int] = mapped_column(default=0)
    files_open: Mapped[int] = mapped_column(default=0)  # open or rejected
    files_attested: Mapped[int] = mapped_column(default=0)  # attested, waiting for review
    files_accepted: Mapped[int] = mapped_column(default=0)
    stores_total: Mapped[int] = mapped_column(default=0)  # standing
    copies_settled: Mapped[int] = mapped_column(default=0)  # by last attestations
    copies_excepted: Mapped[int] = mapped_column(default=0)
    incident: Mapped[Incident] = relationship(lazy="joined")
    parties: Mapped[list[DemandParty]] = relationship(
        lazy="selectin", order_by="DemandParty.position", cascade="all, delete-orphan"
    )
    liaison: Mapped[Person | None] = relationship(foreign_keys=[liaison_id])
    officer: Mapped[Person | None] = relationship(foreign_keys=[officer_id])


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
    subjects: Mapped[int | None]
    body: Mapped[bytes | None]  # fixed at hand-over
    body_hash: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(28), default="open")
    last_attestation: Mapped[str | None] = mapped_column(String(64))


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


# --- answers ------------------------------------------------------------------------


class Copy(Base):
    """A named file in a store: what the officer filled in, and what was last signed.

    No row means: to be answered. `answer` is the working entry, in the shape of an
    entry of `copies`; `signed` is the entry of the file's last attestation.
    """

    __tablename__ = "copy"
    __table_args__ = (Index(None, "file_id"),)

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("named_file.id"), primary_key=True)
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id"), primary_key=True)
    answer: Mapped[dict[str, Any] | None]
    answered_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    signed: Mapped[dict[str, Any] | None]
    signed_outcome: Mapped[str | None] = mapped_column(String(16))
    until: Mapped[date | None]  # end of the signed exception


class Disclosure(Base):
    """What the officer filled in about onward disclosure of one file (`onward`)."""

    __tablename__ = "disclosure"

    file_id: Mapped[str] = mapped_column(ForeignKey("named_file.id"), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), index=True)
    onward: Mapped[dict[str, Any]]


class Attestation(Base):
    """A signed attestation, found by its statement's hash; its bytes are in the log."""

    __tablename__ = "attestation"
    __table_args__ = (Index(None, "demand_id", "file_id", "seq"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"))
    file_id: Mapped[str] = mapped_column(ForeignKey("named_file.id"))
    seq: Mapped[int]
    keyid: Mapped[str] = mapped_column(ForeignKey("signing_key.keyid"))
    stated_at: Mapped[datetime]
    supersedes: Mapped[str | None] = mapped_column(String(64))
    excepted: Mapped[int] = mapped_column(default=0)  # copies in it that are not settled
    state: Mapped[str] = mapped_column(String(12), default="signed")
    answers: Mapped[str] = mapped_column(String(64))  # equal for equal copies and onward


class Review(Base):
    """A signed review of one or many attestations."""

    __tablename__ = "review"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), index=True)
    seq: Mapped[int]
    keyid: Mapped[str] = mapped_column(ForeignKey("signing_key.keyid"))
    organisation: Mapped[str] = mapped_column(String(200))
    decision: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(Text)
    stated_at: Mapped[datetime]


class ReviewSubject(Base):
    """One attestation that a review covers."""

    __tablename__ = "review_subject"
    __table_args__ = (Index(None, "attestation_hash"),)

    review_hash: Mapped[str] = mapped_column(ForeignKey("review.hash"), primary_key=True)
    attestation_hash: Mapped[str] = mapped_column(ForeignKey("attestation.hash"), primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("named_file.id"))


# --- the log ------------------------------------------------------------------------


class LogHead(Base):
    """A demand's log: its size, root and newest checkpoint. Appending locks this row."""

    __tablename__ = "log_head"

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    size: Mapped[int]
    root: Mapped[bytes]  # 32 bytes
    frontier: Mapped[bytes]  # log/merkle.py: Frontier.to_bytes
    checkpoint: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class LogEntry(Base):
    """A leaf and its body, verbatim. `body` is NULL where it was erased."""

    __tablename__ = "log_entry"
    __table_args__ = (UniqueConstraint("demand_id", "body_hash"),)

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    type: Mapped[str] = mapped_column(String(24))
    leaf: Mapped[bytes]
    body_hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes | None]


class SentCheckpoint(Base):
    """A checkpoint that left the house with a letter; bundles repeat it."""

    __tablename__ = "sent_checkpoint"

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    size: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)


# --- letters ------------------------------------------------------------------------


class Letter(Base):
    """The outbox: a letter, written with the act that caused it, sent by the worker.

    `key` makes a letter unique (what, for which demand, to whom, which rung).
    `{link}` in the text is filled in when it is sent, from the invitation.
    """

    __tablename__ = "letter"
    __table_args__ = (Index(None, "state", "next_attempt_at"), Index(None, "demand_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    demand_id: Mapped[str | None] = mapped_column(ForeignKey("demand.id"))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    invitation_id: Mapped[str | None] = mapped_column(ForeignKey("invitation.id"))
    to_name: Mapped[str] = mapped_column(String(200))
    to_email: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default="queued")
    queued_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str | None] = mapped_column(Text)  # what the mail server said last
    checkpoint_size: Mapped[int | None]
    checkpoint: Mapped[str | None] = mapped_column(Text)  # the note it carried
