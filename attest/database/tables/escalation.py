"""Whom each side names for when nobody answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from attest.database.tables.base import Base


class EscalationContact(Base):
    """Somebody at the contractor's, or at the lead controller's, who is written to when a demand
    is late.

    A name and an address and no more: it opens no account, and nothing of it is in the log.
    """

    __tablename__ = "escalation_contact"

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    side: Mapped[str] = mapped_column(
        String(12), primary_key=True, default="contractor", server_default="contractor"
    )
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    time_zone: Mapped[str | None] = mapped_column(String(64))  # None: the organisation's
    language: Mapped[str | None] = mapped_column(String(12))  # None: the organisation's
    given_at: Mapped[datetime]
    given_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
