"""What people typed into a form and have not sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from attest.database.tables.base import Base


class UnsentForm(Base):
    """One form, as one person typed it so far: nobody else's to see, and in no log.

    `place` is the SHA-256 of what it is about, in hexadecimal (services/facts/unsent.py).
    `fields` is a JSON array of names and values. `over` is the SHA-256, in hexadecimal, of what
    was saved when the form was opened; empty for a form over which nothing is saved. Once the form
    was sent, `fields` is empty and `turn` is new, so that what a page of before still saves is told
    apart.
    """

    __tablename__ = "unsent_form"
    __table_args__ = (
        UniqueConstraint("person_id", "place"),
        Index(None, "demand_id"),
        Index(None, "incident_id"),
        Index(None, "saved_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(String(64))
    form: Mapped[str] = mapped_column(String(40))
    demand_id: Mapped[str | None] = mapped_column(ForeignKey("demand.id"))
    incident_id: Mapped[str | None] = mapped_column(ForeignKey("incident.id"))
    fields: Mapped[str] = mapped_column(Text)
    over: Mapped[str] = mapped_column(String(64), server_default="")
    turn: Mapped[str] = mapped_column(String(32), server_default="")
    began_at: Mapped[datetime]
    saved_at: Mapped[datetime]
