"""The log: heads, entries, checkpoints that left the house, and timestamps over checkpoints."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from attest.database.tables.base import Base

# Whether a head has grown since its last timestamp: the index holds those heads alone.
UNSTAMPED = text("stamped_size < size")


class LogHead(Base):
    """A demand's log: its size, root and newest checkpoint. Appending locks this row.

    The `stamp…` columns say how far fetching a timestamp has come (services/upkeep/stamping.py); an
    act writes none of them.
    """

    __tablename__ = "log_head"
    __table_args__ = (
        Index(
            "ix_log_head_unstamped",
            "updated_at",
            "demand_id",
            sqlite_where=UNSTAMPED,
            postgresql_where=UNSTAMPED,
        ),
    )

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    size: Mapped[int]
    root: Mapped[bytes]  # 32 bytes
    frontier: Mapped[bytes]  # log/merkle.py: Frontier.to_bytes
    checkpoint: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]
    stamped_size: Mapped[int] = mapped_column(default=0, server_default="0")
    stamped_at: Mapped[datetime | None]  # when the newest timestamp was kept
    stamp_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    # No attempt before this: a worker is at it, or the last attempt failed.
    stamp_next_at: Mapped[datetime | None]
    stamp_answer: Mapped[str | None] = mapped_column(Text)  # why the last attempt failed
    # Since when the service fails it; what the head itself lacks does not count.
    stamp_fails_since: Mapped[datetime | None]


class LogEntry(Base):
    """A leaf and its body, verbatim. `body` is NULL where it was erased, and then `erased_at` says
    when.
    """

    __tablename__ = "log_entry"
    __table_args__ = (UniqueConstraint("demand_id", "body_hash"),)

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    type: Mapped[str] = mapped_column(String(24))
    leaf: Mapped[bytes]
    body_hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes | None]
    erased_at: Mapped[datetime | None]


class SentCheckpoint(Base):
    """A checkpoint that left the house with a letter; bundles repeat it."""

    __tablename__ = "sent_checkpoint"

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    size: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)


class Timestamp(Base):
    """An RFC 3161 token over the checkpoint of one size, as bundles carry it.

    `token` is the whole DER response. Only what the verifier takes is kept.
    """

    __tablename__ = "checkpoint_timestamp"
    __table_args__ = (Index(None, "gen_time"),)

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    size: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    token: Mapped[bytes]
    gen_time: Mapped[datetime]  # the time-stamping authority's word
    tsa: Mapped[str] = mapped_column(String(200))  # the name in its certificate
    certificate_ends_on: Mapped[datetime]
