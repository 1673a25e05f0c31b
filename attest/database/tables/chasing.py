"""How a demand is chased, where it differs from the usual: its own rungs, and pauses."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from attest.database.tables.base import Base


class LadderRung(Base):
    """A rung of a demand that has a ladder of its own (`Demand.own_ladder`)."""

    __tablename__ = "ladder_rung"

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    anchor: Mapped[str] = mapped_column(String(8))  # issue | due
    offset: Mapped[int]  # working days from it, negative before
    every: Mapped[int | None]  # working days after which it comes again, and again
    audience: Mapped[str] = mapped_column(String(200))  # names of domain/ladder.py, by spaces
    letter: Mapped[str] = mapped_column(String(40))


class ChasePause(Base):
    """A time in which nobody is chased: until the morning of `until_on`, or until it is ended."""

    __tablename__ = "chase_pause"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), index=True)
    started_at: Mapped[datetime]
    started_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
