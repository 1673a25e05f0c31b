"""Whom the contractor names for when its liaison and its officer do not answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from attest.database.tables.base import Base


class EscalationContact(Base):
    """Somebody at the contractor's who is written to when a demand is late.

    A name and an address and no more: it opens no account, and nothing of it is in the log.
    """

    __tablename__ = "escalation_contact"

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    given_at: Mapped[datetime]
    given_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
