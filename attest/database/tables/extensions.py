"""Requests for more time, and what became of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from attest.database.tables.base import Base
from attest.database.tables.people import Person


class Extension(Base):
    """A request of the contractor's, and its answer. Never overwritten by the next one.

    `state` is one of domain/extensions.py. Without `files` it is about the whole demand.
    What a body said of people (who, and why) is empty where it was erased from the log.
    """

    __tablename__ = "extension"
    __table_args__ = (Index(None, "demand_id", "seq", unique=True),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"))
    seq: Mapped[int]  # the leaf of its `extension.requested`
    body_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="requested")
    due_on: Mapped[date]  # as it stood when more time was asked for
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]  # or withdrawn
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_seq: Mapped[int | None]  # the leaf of its `extension.decided`
    granted_until: Mapped[date | None]
    decision_reason: Mapped[str | None] = mapped_column(Text)
    files: Mapped[list[ExtensionFile]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="ExtensionFile.file_id"
    )
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class ExtensionFile(Base):
    """A file that a request is about, or for which alone more time was granted."""

    __tablename__ = "extension_file"

    extension_id: Mapped[str] = mapped_column(ForeignKey("extension.id"), primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("named_file.id"), primary_key=True, index=True)
    asked: Mapped[bool]
    granted: Mapped[bool] = mapped_column(default=False)
