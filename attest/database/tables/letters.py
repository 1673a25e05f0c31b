"""The outbox, what became of each letter, and the addresses that fail."""

from __future__ import annotations

from datetime import date, datetime

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
    __table_args__ = (
        Index(None, "state", "next_attempt_at"),
        Index(None, "demand_id"),
        Index(None, "carried_by_id"),
    )

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
    claim: Mapped[str | None] = mapped_column(String(32))  # whoever sends it now (outbox.py)
    handed_at: Mapped[datetime | None]  # from when on the mail server may have it
    attempts: Mapped[int] = mapped_column(default=0)  # that came to an answer
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str | None] = mapped_column(Text)  # what the mail server said last
    checkpoint_size: Mapped[int | None]
    checkpoint: Mapped[str | None] = mapped_column(Text)  # the note it carried
    erased_at: Mapped[datetime | None]
    # Of a letter that chases: which rung of the ladder, and the day that it speaks of.
    rung: Mapped[str | None] = mapped_column(String(40))
    due_on: Mapped[date | None]
    # Where its reader works: it goes out, and is tried again, inside working hours only.
    time_zone: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(12), default="en", server_default="en")
    # The letter in whose message this one went along, to the same reader; it is sent with it.
    carried_by_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"))
    # Whether it asked for a receipt when it was first put together; None: it was not yet.
    asks_receipt: Mapped[bool | None]
    # When its reader pressed "I have received this", if the letter asked for it.
    received_at: Mapped[datetime | None]
    # When it had left, and a case handler said that its address works: "Write there again".
    vouched_at: Mapped[datetime | None]


class LetterEvent(Base):
    """What became of a letter, a row each: the attempts, and what came back later.

    `what`: `sent`, `deferred`, `bounced`, `unknown` (an attempt, with the server's `answer`),
    `dropped` (not needed any more), `report_failed`, `report_delayed`, `report_delivered`
    (a delivery status notification, RFC 3464), `returned` (something came back that is no
    readable report), `auto_replied` (an automatic answer), `received` (the reader's own word).
    """

    __tablename__ = "letter_event"

    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # from 1
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(Text)


class FailingAddress(Base):
    """An address at which letters about a demand do not arrive. Gone once it is put right."""

    __tablename__ = "failing_address"

    demand_id: Mapped[str] = mapped_column(ForeignKey("demand.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    since: Mapped[datetime]
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    answer: Mapped[str] = mapped_column(Text)
