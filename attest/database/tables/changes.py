"""Changed minds: stores withdrawn, files that were never received, amendments being prepared.

What counts stands in the log: `store.withdrawn`, `demand.amended` and what an amendment names.
Who asked for a ruling, and how it was given, has no event (docs/formats.md §7), so it stands here.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from attest.database.tables.base import Base
from attest.database.tables.demands import NamedFile, Store
from attest.database.tables.people import Person


class StoreWithdrawal(Base):
    """A store that one side would leave out, from the leaf at `seq`, and what became of that.

    `state`: asked, refused, agreed (an amendment covers it), or named_again (an amendment covers
    it, and named the store anew: `again_id`). `amended_seq` is that amendment's leaf.
    """

    __tablename__ = "store_withdrawal"

    store_id: Mapped[str] = mapped_column(ForeignKey("store.id"), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), index=True)
    seq: Mapped[int]
    side: Mapped[str] = mapped_column(String(12))  # controller | contractor
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(12), default="asked")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decision_reason: Mapped[str | None] = mapped_column(Text)
    amended_seq: Mapped[int | None]
    again_id: Mapped[str | None] = mapped_column(ForeignKey("store.id"))
    store: Mapped[Store] = relationship(foreign_keys=[store_id], lazy="joined")
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class NotReceived(Base):
    """The contractor says that it never received a file; the lead controller rules.

    `ruling`: stands, or nil_return; None while nobody has ruled.
    """

    __tablename__ = "not_received"
    __table_args__ = (Index(None, "demand_id", "file_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"))
    file_id: Mapped[str] = mapped_column(ForeignKey("named_file.id"))
    reason: Mapped[str] = mapped_column(Text)
    claimed_at: Mapped[datetime]
    claimed_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    ruling: Mapped[str | None] = mapped_column(String(12))
    ruling_reason: Mapped[str | None] = mapped_column(Text)
    ruled_at: Mapped[datetime | None]
    ruled_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    file: Mapped[NamedFile] = relationship(lazy="joined")
    claimed_by: Mapped[Person] = relationship(foreign_keys=[claimed_by_id])
    ruled_by: Mapped[Person | None] = relationship(foreign_keys=[ruled_by_id])


class Amendment(Base):
    """An amendment being prepared, one a demand. Signed or discarded, it is gone from here."""

    __tablename__ = "amendment"

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    basis: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date]
    instruction: Mapped[str] = mapped_column(Text)
    concurrence: Mapped[str] = mapped_column(String(4))
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    handed_at: Mapped[datetime | None]  # to the signatory; None while it can be changed
    return_note: Mapped[str | None] = mapped_column(Text)


class AmendmentFile(Base):
    """A file that an amendment adds. `id` becomes its fileId; the columns are NamedFile's."""

    __tablename__ = "amendment_file"
    __table_args__ = (UniqueConstraint("demand_id", "name"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("amendment.demand_id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(1000))
    kind: Mapped[str] = mapped_column(String(12), default="electronic")
    description: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes
    sha256: Mapped[str | None] = mapped_column(String(64))
    sent_on: Mapped[date | None]
    channel: Mapped[str | None] = mapped_column(String(200))
    data_categories: Mapped[str | None] = mapped_column(Text)  # separated by ";"
    subjects: Mapped[int | None] = mapped_column(BigInteger)
    body: Mapped[bytes | None]  # fixed at hand-over
    body_hash: Mapped[str | None] = mapped_column(String(64))


class AmendmentStore(Base):
    """What an amendment does with a store that was withdrawn: lets it go, or names it again.

    `again_id`, `label` and `body` are the new store's, where it is named again.
    """

    __tablename__ = "amendment_store"

    store_id: Mapped[str] = mapped_column(ForeignKey("store_withdrawal.store_id"), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("amendment.demand_id"), index=True)
    keep: Mapped[bool]
    again_id: Mapped[str | None] = mapped_column(String(36))
    label: Mapped[str | None] = mapped_column(String(200))
    body: Mapped[bytes | None]  # fixed at hand-over
    body_hash: Mapped[str | None] = mapped_column(String(64))
