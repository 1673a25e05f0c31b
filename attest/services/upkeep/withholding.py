"""Erases what a demand no longer needs once its retention has ended (docs/operating.md).

Only bodies that judge no file's state (`judge.WITHHOLDABLE`), and the rows that repeat them:

| type | rows beside the log |
|---|---|
| `letter.sent` | letters that were sent, or perhaps, or never: to whom, subject, text, answers;
  both sides' escalation contacts; why letters were held back |
| `letter.failed` | the same of letters that bounced, and the text of letters that tell of one |
| `demand.acknowledged` | why it was disputed; the text of letters that repeat either |
| `extension.requested`, `extension.decided` | who, and why; the text of letters that repeat it |
| `copy.recorded` | working answers: what was signed instead is in the log for good |
| `evidence.added` | the evidence files' rows; the files by the caller, once it has committed |
| the others | none |

A message that carried letters about several demands loses its words with the first of them, and
its reader with the last; a daily digest that speaks of the demand loses its words. The leaf stays,
with the hash of its body, so that the log verifies as before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy import ColumnElement, String, cast, delete, func, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from attest.bundle.judge import WITHHOLDABLE
from attest.database import log_rows, outbox
from attest.database.tables import (
    ChasePause,
    Copy,
    Demand,
    Disclosure,
    Erasure,
    EscalationContact,
    EvidenceFile,
    EvidenceOfCopy,
    EvidenceOfFile,
    FailingAddress,
    Letter,
    LetterEvent,
    LogEntry,
    NamedFile,
    Store,
)
from attest.domain.refusal import Refused
from attest.domain.retention import why_not_yet
from attest.services.context import Context
from attest.services.facts import unsent
from attest.services.facts.calendars import local_day, today
from attest.services.upkeep import erasing_extensions, erasing_messages

TYPES = tuple(sorted(WITHHOLDABLE))

# Whose whole row is erased with a type, and letters whose text repeats a body of it.
_ROWS: Mapping[str, tuple[str, ...]] = {
    "letter.sent": ("sent", "unknown", "dropped"),
    "letter.failed": ("bounced",),
}
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "letter.failed": ("delivery_problem",),
    "demand.acknowledged": ("acknowledged", "not_us"),
    "extension.requested": ("extension_requested",),
    "extension.decided": ("extension_granted", "extension_refused"),
}

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Erasable:
    """What there is to erase: bodies by type, and rows beside the log.

    `letters` lists the identifiers of letters whose row or text is erased.
    """

    bodies: Mapping[str, int]
    letters: Collection[str]
    answers: int
    dispute: bool
    evidence: Collection[str] = ()  # SHA-256
    more_time: int = 0  # who asked for more time or decided, and why
    contacts: int = 0  # escalation contacts of both sides
    held_back: bool = False  # why letters were held back

    def __bool__(self) -> bool:
        """Is there anything?"""
        rows = self.letters or self.answers or self.dispute or self.evidence
        beside = self.more_time or self.contacts or self.held_back
        return bool(any(self.bodies.values()) or rows or beside)


def erasable(ctx: Context, demand: Demand, types: Collection[str]) -> Erasable:
    """What would be erased. Raises Refused for other types, and before the retention ends."""
    _check(ctx, demand, types)
    rows = ctx.session.execute(
        select(LogEntry.type, func.count()).where(*_bodies(demand, types)).group_by(LogEntry.type)
    )
    found: dict[str, int] = {kind: number for kind, number in rows}  # noqa: C416 (a row is no pair)
    letters = ctx.session.scalars(
        select(Letter.id).where(or_(_letter_rows(demand, types), _letter_texts(demand, types)))
    ).all()
    messages = {*erasing_messages.messages(ctx, letters)}
    if "letter.sent" in types:
        messages.update(erasing_messages.digests(ctx, demand.reference))
    answers = 0
    if "copy.recorded" in types:
        answers = (
            ctx.session.scalar(select(func.count()).select_from(Copy).where(*_working(demand))) or 0
        )
        answers += (
            ctx.session.scalar(
                select(func.count()).select_from(Disclosure).where(_unsigned(demand))
            )
            or 0
        )
    return Erasable(
        bodies={kind: found.get(kind, 0) for kind in sorted(types)},
        letters=[*letters, *sorted(messages)],
        answers=answers,
        dispute="demand.acknowledged" in types and demand.dispute_reason is not None,
        evidence=_evidence(ctx, demand) if "evidence.added" in types else (),
        more_time=erasing_extensions.count(ctx, demand, types),
        contacts=_count(ctx, EscalationContact, demand) if "letter.sent" in types else 0,
        held_back="letter.sent" in types and _count(ctx, ChasePause, demand, ChasePause.reason) > 0,
    )


def withhold(ctx: Context, demand: Demand, types: Collection[str], by: str) -> Erasable:
    """Erases it, in the caller's transaction, and keeps who did and when. Raises Refused.

    A second time there is nothing left to erase, and nothing is changed.
    """
    # Whoever appends to the log waits, and an append that was faster is seen.
    log_rows.hold_demand(ctx.session, Demand.id == demand.id)
    log_rows.lock_head(ctx.session, demand.id)
    # It went when the demand ended; what never was sent is in no case kept beyond this.
    unsent.forget_demand(ctx, demand)
    found = erasable(ctx, demand, types)
    if not found:
        return found
    session = ctx.session
    session.execute(
        update(LogEntry)
        .where(*_bodies(demand, types))
        .values(body=None, erased_at=ctx.now)
        .execution_options(synchronize_session=False)
    )
    _erase_letters(ctx, demand, types)
    erasing_messages.erase(ctx, found.letters)
    if "copy.recorded" in types:
        session.execute(
            update(Copy)
            .where(*_working(demand))
            .values(answer=None, answered_by_id=None, answered_at=None)
            .execution_options(synchronize_session=False)
        )
        session.execute(
            delete(Disclosure).where(_unsigned(demand)).execution_options(synchronize_session=False)
        )
    if found.evidence:
        for table in (EvidenceOfCopy, EvidenceOfFile, EvidenceFile):
            session.execute(
                delete(table)
                .where(table.demand_id == demand.id)
                .execution_options(synchronize_session=False)
            )
    if found.dispute:
        demand.dispute_reason = None
    erasing_extensions.erase(ctx, demand, types)
    if found.contacts:
        session.execute(delete(EscalationContact).where(EscalationContact.demand_id == demand.id))
    if found.held_back:
        session.execute(
            update(ChasePause)
            .where(ChasePause.demand_id == demand.id)
            .values(reason="")
            .execution_options(synchronize_session=False)
        )
    for kind, number in found.bodies.items():
        if number:
            session.add(Erasure(demand_id=demand.id, type=kind, at=ctx.now, by=by, bodies=number))
    session.flush()
    session.expire_all()
    _log.info("erased", demand=demand.reference, by=by, bodies=dict(found.bodies))
    return found


def erased_types(ctx: Context, demand: Demand) -> frozenset[str]:
    """The types of which bodies were erased in this demand."""
    return frozenset(
        ctx.session.scalars(select(Erasure.type).where(Erasure.demand_id == demand.id))
    )


def erasures(ctx: Context, demand: Demand) -> list[Erasure]:
    """What was erased in this demand, oldest first."""
    rows = select(Erasure).where(Erasure.demand_id == demand.id).order_by(Erasure.at, Erasure.type)
    return list(ctx.session.scalars(rows))


def _check(ctx: Context, demand: Demand, types: Collection[str]) -> None:
    odd = sorted(set(types) - WITHHOLDABLE)
    if odd:
        raise Refused(
            f"{', '.join(odd)} can never be erased: what was signed, and what says which copies "
            f"there are, is needed to judge a file. These can: {', '.join(TYPES)}."
        )
    if not types:
        raise Refused("Say what is to be erased.")
    now = today(ctx.settings, ctx.now)
    sentence = why_not_yet(
        demand.reference,
        demand.state,
        local_day(ctx.settings, demand.closed_at) if demand.closed_at else None,
        _last_exception(ctx, demand),
        days=ctx.settings.retention_days,
        today=now,
    )
    if sentence is not None:
        raise Refused(sentence)
    waiting = ctx.session.scalar(
        select(func.count())
        .select_from(Letter)
        .where(Letter.demand_id == demand.id, Letter.state.in_(outbox.NOT_GONE))
    )
    if waiting:
        raise Refused(
            f"{waiting} of the letters about {demand.reference} were not sent yet. "
            "Let the worker send them first."
        )


def _count(
    ctx: Context,
    table: type[EscalationContact | ChasePause],
    demand: Demand,
    said: InstrumentedAttribute[str] | None = None,
) -> int:
    query = select(func.count()).select_from(table).where(table.demand_id == demand.id)
    if said is not None:
        query = query.where(said != "")
    return ctx.session.scalar(query) or 0


def _evidence(ctx: Context, demand: Demand) -> Sequence[str]:
    rows = select(EvidenceFile.digest).where(EvidenceFile.demand_id == demand.id)
    return ctx.session.scalars(rows).all()


def _last_exception(ctx: Context, demand: Demand) -> date | None:
    return ctx.session.scalar(
        select(func.max(Copy.until))
        .join(Store, Store.id == Copy.store_id)
        .where(Copy.demand_id == demand.id, Store.standing.is_(True))
    )


def _bodies(demand: Demand, types: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        LogEntry.demand_id == demand.id,
        LogEntry.type.in_(sorted(types)),
        LogEntry.body.is_not(None),
    )


def _letter_rows(demand: Demand, types: Collection[str]) -> ColumnElement[bool]:
    states = [state for kind in types for state in _ROWS.get(kind, ())]
    return (Letter.demand_id == demand.id) & Letter.state.in_(states) & Letter.erased_at.is_(None)


def _letter_texts(demand: Demand, types: Collection[str]) -> ColumnElement[bool]:
    kinds = [name for kind in types for name in _TEXTS.get(kind, ())]
    return (Letter.demand_id == demand.id) & Letter.kind.in_(kinds) & (Letter.text != "")


def _working(demand: Demand) -> tuple[ColumnElement[bool], ...]:
    some = or_(Copy.answer.is_not(None), Copy.answered_by_id.is_not(None))
    return (Copy.demand_id == demand.id, some)


def _unsigned(demand: Demand) -> ColumnElement[bool]:
    """Told about onward disclosure, of files that nobody ever attested."""
    never = select(NamedFile.id).where(
        NamedFile.demand_id == demand.id, NamedFile.last_attestation.is_(None)
    )
    return Disclosure.file_id.in_(never)


def _erase_letters(ctx: Context, demand: Demand, types: Collection[str]) -> None:
    # What proves a time stays: the checkpoint, and when it was sent to which organisation.
    ctx.session.execute(
        update(Letter)
        .where(_letter_texts(demand, types))
        .values(text="")
        .execution_options(synchronize_session=False)
    )
    # What mail servers say often repeats the address.
    ctx.session.execute(
        update(LetterEvent)
        .where(LetterEvent.letter_id.in_(select(Letter.id).where(_letter_rows(demand, types))))
        .values(answer=None)
        .execution_options(synchronize_session=False)
    )
    if "letter.failed" in types:
        ctx.session.execute(
            delete(FailingAddress)
            .where(FailingAddress.demand_id == demand.id)
            .execution_options(synchronize_session=False)
        )
    ctx.session.execute(
        update(Letter)
        .where(_letter_rows(demand, types))
        .values(
            # It named the reader; it has to be one of a kind all the same.
            key=literal("erased:") + cast(Letter.id, String),
            invitation_id=None,
            to_name="",
            to_email="",
            subject="",
            text="",
            answer=None,
            message_id="",
            time_zone=None,
            erased_at=ctx.now,
        )
        .execution_options(synchronize_session=False)
    )
