"""What was erased after its time, and who did it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from attest.database.tables.base import Base


class Erasure(Base):
    """Bodies of one type that were erased from one demand's log in one go.

    Trust files list the types (`mayWithhold`); the entries themselves say when (`erased_at`).
    """

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), index=True)
    type: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))  # as whoever ran the command gave it
    bodies: Mapped[int]
