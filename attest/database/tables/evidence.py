"""Evidence files: what was added to a demand, and which copies each is attached to.

The bytes lie in the store of evidence files (attest/attachments), under their SHA-256.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from attest.database.tables.base import Base


class EvidenceFile(Base):
    """One content in one demand, added once: the row of an `evidence.added`."""

    __tablename__ = "evidence_file"
    # The same content may be in other demands, and is then kept once.
    __table_args__ = (Index(None, "digest"), Index(None, "demand_id", "added_at"))

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    crc32: Mapped[int] = mapped_column(BigInteger)  # so that a bundle is written in one reading
    media_type: Mapped[str] = mapped_column(String(80))  # as its first bytes say
    added_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    organisation: Mapped[str] = mapped_column(String(200))  # as the demand names it
    added_at: Mapped[datetime]
    # A small JPEG of a picture. Lists ask for it by itself.
    thumbnail: Mapped[bytes | None] = mapped_column(deferred=True)


class EvidenceOfFile(Base):
    """An evidence file about all copies of a named file."""

    __tablename__ = "evidence_of_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["demand_id", "digest"], ["evidence_file.demand_id", "evidence_file.digest"]
        ),
        Index(None, "file_id"),
    )

    demand_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("named_file.id"), primary_key=True)


class EvidenceOfCopy(Base):
    """An evidence file about one copy: a named file in a store."""

    __tablename__ = "evidence_of_copy"
    __table_args__ = (
        ForeignKeyConstraint(
            ["demand_id", "digest"], ["evidence_file.demand_id", "evidence_file.digest"]
        ),
        Index(None, "file_id"),
    )

    demand_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("named_file.id"), primary_key=True)
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id"), primary_key=True)
