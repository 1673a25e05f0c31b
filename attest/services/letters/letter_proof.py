"""What can be shown of letters as proof of service: one of them in full, and all of them as a list.

What each part proves, and what it does not, is docs/proof-of-service.md's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from attest.database.tables import (
    Account,
    Demand,
    EscalationContact,
    Letter,
    LetterEvent,
    LogEntry,
    Organisation,
    Person,
)
from attest.domain import csv_cells
from attest.domain.csv_cells import Cell
from attest.domain.letter_words import answer_words, event_words, kind_words, rung_words
from attest.domain.scalars import FormatError
from attest.domain.wording import DUTIES, LETTER_STATES
from attest.log.checkpoint import parse_checkpoint
from attest.mail.finishing import Carried, finish
from attest.mail.languages import choices
from attest.services.access import CONTRACTOR, CONTROLLER, READERS, Seat
from attest.services.context import Context
from attest.services.facts.readers import contractor_of
from attest.services.letters import letter_list, receipts
from attest.services.letters.letter_events import events_of
from attest.signing import b64
from attest.statements.canonical import decode

COLUMNS = (
    "Demand", "Letter", "Rung", "Due day that it speaks of", "To", "Address", "Organisation",
    "Language", "Queued (UTC)", "Attempts", "What became of it (UTC)", "Sent (UTC)", "State",
    "Last answer", "Message-ID", "Checkpoint: leaves", "Checkpoint: root",
    "In the log as leaf", "Receipt (UTC)", "Erased (UTC)", "Identifier",
)  # fmt: skip

LINK_REMOVED = "(The letter had a link here that worked once. It is not shown.)"

FINGERPRINT_REMOVED = "(a fingerprint, not shown here)"
# As signing.fingerprint writes it, wrapped or not.
_FINGERPRINT = re.compile(r"(?<!\S)[a-z2-7]{4}(?:\s+[a-z2-7]{4}){7}(?![a-z2-7])")

_LEAVES = ("letter.sent", "letter.failed")
_AT_ONCE = 500  # letters
_LONGEST = 500  # characters of one answer in a list; the page has all of it


@dataclass(frozen=True)
class Leaf:
    """A leaf of the demand's log that is about a letter."""

    seq: int
    type: str


@dataclass(frozen=True)
class Proof:
    """All that is known of one letter."""

    letter: Letter
    organisation: str
    duties: Sequence[str]  # that its reader has now
    events: Sequence[LetterEvent]
    leaves: Sequence[Leaf]
    root: str  # of the checkpoint, in base64; empty where it carried none
    along: Sequence[Letter]
    asks: bool  # for a receipt


def proof_of(ctx: Context, seat: Seat, letter_id: str) -> Proof:
    """One letter, for somebody who may see it. Raises NotFound."""
    letter = letter_list.letter_at(ctx, seat, letter_id)
    leaves = _leaves(ctx, seat.demand, letter.message_id)
    return Proof(
        letter,
        _organisations(ctx, seat.demand, [letter]).get(letter.organisation_id or "", ""),
        _duties(ctx, seat.demand, letter),
        events_of(ctx.session, [letter.id]).get(letter.id, ()),
        leaves.get((letter.message_id, letter.kind), ()),
        _root(letter),
        letter_list.along_with(ctx, seat, letter),
        receipts.asks(ctx.session, letter),
    )


def text_of(ctx: Context, demand: Demand, letter: Letter) -> str | None:
    """What a letter said of this demand, without what opens anything; None once it is erased.

    One-use links and the link to a receipt are never shown again: whoever reads this page is not
    the only reader of the letter. Nor are fingerprints: who could read them here would not ring.
    """
    if not letter.text:
        return None
    said = finish(
        letter.text,
        language=letter.language,
        link=LINK_REMOVED,
        carried=[Carried(demand.id, demand.reference, letter.checkpoint)],
        sender=ctx.settings.mail_from,
        now=ctx.now,
    ).text
    return _FINGERPRINT.sub(FINGERPRINT_REMOVED, said)


def language_of(ctx: Context, letter: Letter) -> str:
    """The name of the language that it was written in; its code where that is gone."""
    return choices(ctx.settings.letters_path).get(letter.language, letter.language)


def as_csv(
    ctx: Context, seat: Seat, letters: Select[Letter], message_id: str = ""
) -> Iterator[bytes]:
    """Letters that somebody sees as lines of a CSV, with its head, oldest first.

    `message_id`: that of all of them, where they have one.
    """
    contractor = seat.side == CONTRACTOR
    found = rows(ctx, seat.demand, letters, contractor=contractor, message_id=message_id)
    return csv_cells.lines(_with_head(found))


def rows(
    ctx: Context,
    demand: Demand,
    letters: Select[Letter],
    *,
    contractor: bool = False,
    message_id: str = "",
) -> Iterator[tuple[Cell, ...]]:
    """The same as cells, one letter at a time, without the head. Memory stays flat.

    `contractor`: for its people, who are not told why a letter was not sent.
    """
    leaves = _leaves(ctx, demand, message_id)
    found = ctx.session.scalars(
        letters.order_by(Letter.queued_at, Letter.key).execution_options(yield_per=_AT_ONCE)
    )
    for some in found.partitions(_AT_ONCE):
        events = events_of(ctx.session, [letter.id for letter in some])
        organisations = _organisations(ctx, demand, some)
        for letter in some:
            yield _row(
                demand,
                letter,
                organisations.get(letter.organisation_id or "", ""),
                events.get(letter.id, ()),
                leaves.get((letter.message_id, letter.kind), ()),
                contractor,
            )
            for event in events.get(letter.id, ()):
                ctx.session.expunge(event)
            ctx.session.expunge(letter)


def _with_head(rows: Iterator[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    yield COLUMNS
    yield from rows


def _row(
    demand: Demand,
    letter: Letter,
    organisation: str,
    events: Sequence[LetterEvent],
    leaves: Sequence[Leaf],
    contractor: bool,
) -> tuple[Cell, ...]:
    return (
        demand.reference,
        kind_words(letter.kind),
        rung_words(letter.rung),
        letter.due_on.isoformat() if letter.due_on else "",
        letter.to_name,
        letter.to_email,
        organisation,
        letter.language,
        _time(letter.queued_at),
        letter.attempts,
        " | ".join(_event(event, contractor) for event in events),
        _time(letter.sent_at),
        LETTER_STATES[letter.state],
        _kept(letter.state, letter.answer, contractor),
        letter.message_id,
        letter.checkpoint_size,
        _root(letter),
        ", ".join(f"{leaf.seq} ({leaf.type})" for leaf in leaves),
        _time(letter.received_at),
        _time(letter.erased_at),
        letter.id,
    )


def _event(event: LetterEvent, contractor: bool) -> str:
    kept = _kept(event.what, event.answer, contractor)
    what = event_words(event.what, event.answer)
    return f"{_time(event.at)} {what}{f': {kept}' if kept else ''}"


def _kept(what: str, answer: str | None, contractor: bool) -> str:
    return _one_line(answer) if answer_words(what, answer, contractor=contractor) else ""


def _one_line(answer: str | None) -> str:
    return " ".join((answer or "").split())[:_LONGEST]


def _time(at: datetime | None) -> str:
    """ISO 8601 in UTC: every time here is kept in it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""


def _root(letter: Letter) -> str:
    try:
        return b64(parse_checkpoint(letter.checkpoint).root) if letter.checkpoint else ""
    except FormatError:  # a damaged row must not keep the others from being shown
        return ""


def _leaves(
    ctx: Context, demand: Demand, message_id: str = ""
) -> Mapping[tuple[str, str], Sequence[Leaf]]:
    """The leaves about letters by Message-ID and kind; of an erased body nobody can tell.

    `message_id`: those of this message at least; reading the bodies of thousands takes long.
    """
    named = message_id.encode()
    found: defaultdict[tuple[str, str], list[Leaf]] = defaultdict(list)
    entries = ctx.session.execute(
        select(LogEntry.seq, LogEntry.type, LogEntry.body)
        .where(
            LogEntry.demand_id == demand.id,
            LogEntry.type.in_(_LEAVES),
            LogEntry.body.is_not(None),
        )
        .order_by(LogEntry.seq)
        .execution_options(yield_per=_AT_ONCE)
    )
    for seq, kind, body in entries:
        if body is None or named not in body:
            continue
        said = decode(body)
        found[said["messageId"], said["letter"]].append(Leaf(seq, kind))
    return found


def _organisations(ctx: Context, demand: Demand, letters: Sequence[Letter]) -> Mapping[str, str]:
    """Names by id: as the demand gives them, and else their own."""
    ids = {letter.organisation_id for letter in letters if letter.organisation_id}
    own = ctx.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    )
    named = {party.organisation_id: party.name for party in demand.parties if party.organisation_id}
    return {each: named.get(each, name) for each, name in own}


def _duties(ctx: Context, demand: Demand, letter: Letter) -> Sequence[str]:
    if not letter.to_email:
        return ()
    acting = {"liaison": demand.liaison, "officer": demand.officer}
    found = [
        DUTIES[duty]
        for duty, person in acting.items()
        if person is not None
        and person.organisation_id == letter.organisation_id
        and person.account.email == letter.to_email
    ]
    # Of the letter's own side: the contractor's people learn nothing of the controller's contact.
    side = CONTRACTOR if letter.organisation_id == contractor_of(demand) else CONTROLLER
    contact = select(EscalationContact.side).where(
        EscalationContact.demand_id == demand.id,
        EscalationContact.side == side,
        EscalationContact.email == letter.to_email,
    )
    if ctx.session.scalars(contact).first() is not None:
        found.append("escalation contact")
    if found or letter.organisation_id not in _controllers(demand):
        return found
    person = ctx.session.scalar(
        select(Person)
        .join(Account, Account.id == Person.account_id)
        .where(
            Account.email == letter.to_email,
            Person.organisation_id == letter.organisation_id,
            Person.active,
        )
    )
    duties = person.duties & READERS["controller"] if person is not None else ()
    return [DUTIES[duty] for duty in sorted(duties)]


def _controllers(demand: Demand) -> set[str | None]:
    return {party.organisation_id for party in demand.parties if party.role in ("lead", "joint")}
