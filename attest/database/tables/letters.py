"""The outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from attest.database.tables.base import Base


class Letter(Base):
    """The outbox: a letter, written with the act that caused it, sent by the worker.

    `key` makes a letter unique (what, for which demand, to whom, which rung).
    `{link}` in the text is filled in when it is sent, from the invitation. Where `erased_at` is
    set, nobody can be told from the row any more: name, address, subject, text and answer are
    empty, and `key` is made from the id.
    """

    __tablename__ = "letter"
    __table_args__ = (Index(None, "state", "next_attempt_at"), Index(None, "demand_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    demand_id: Mapped[str | None] = mapped_column(ForeignKey("demand.id"))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    invitation_id: Mapped[str | None] = mapped_column(ForeignKey("invitation.id"))
    to_name: Mapped[str] = mapped_column(String(200))
    to_email: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default="queued")
    queued_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str | None] = mapped_column(Text)  # what the mail server said last
    checkpoint_size: Mapped[int | None]
    checkpoint: Mapped[str | None] = mapped_column(Text)  # the note it carried
    erased_at: Mapped[datetime | None]
