"""Accounts, organisations, people, their duties, and the links that let them in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from attest.database.tables.base import Base


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
    time_zone: Mapped[str | None] = mapped_column(String(64))  # None: the instance's
    language: Mapped[str | None] = mapped_column(String(12))  # of letters; None: English
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
    time_zone: Mapped[str | None] = mapped_column(String(64))  # None: the organisation's
    language: Mapped[str | None] = mapped_column(String(12))  # None: the organisation's
    # Letters that can wait come together, once each working day.
    daily_digest: Mapped[bool] = mapped_column(default=False, server_default=false())
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
