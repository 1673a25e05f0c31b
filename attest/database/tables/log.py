"""The log: heads, entries, and the checkpoints that left the house."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from attest.database.tables.base import Base


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
