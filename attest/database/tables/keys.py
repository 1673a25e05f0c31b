"""Signing keys, the statements about them, and what was compared over the telephone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from attest.database.tables.base import Base
from attest.database.tables.people import Person


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
    # The keyid of the holder's key before, where that one signed this one's enrolment too.
    rotated_from: Mapped[str | None] = mapped_column(String(64))
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


class KeyInLog(Base):
    """A key is enrolled in a demand's log: whatever is said about it later belongs there too."""

    __tablename__ = "key_in_log"
    __table_args__ = (Index(None, "demand_id"),)

    keyid: Mapped[str] = mapped_column(ForeignKey("signing_key.keyid"), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)


class KeyComparison(Base):
    """An organisation read another side's fingerprint over the telephone and it matched.

    Signed by nobody: it only decides which keys that organisation's trust file pins.
    """

    __tablename__ = "key_comparison"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    keyid: Mapped[str] = mapped_column(ForeignKey("signing_key.keyid"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
