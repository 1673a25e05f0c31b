"""What became of each copy: working answers, attestations, reviews."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from attest.database.tables.base import Base


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
    passed_to: Mapped[str | None] = mapped_column(String(500))  # the signed recipient's name


class PassedOn(Base):
    """To whom the last attestation of a file says that copies went: a row each.

    `store_id`: of which copy it is the outcome; None where the onward disclosure alone names them.
    `key` is domain/lineage.py's, equal for spellings of one name. `since`: when that was signed
    first; a file that a person opened again (`opened_again`) is asked anew.
    """

    __tablename__ = "passed_on"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), index=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("named_file.id"), index=True)
    store_id: Mapped[str | None] = mapped_column(ForeignKey("store.id"))
    name: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    opened_again: Mapped[bool] = mapped_column(default=False)


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
