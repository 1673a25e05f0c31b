"""The letters about a demand, for whoever may see them: this is the one place that decides it.

The contractor's side sees letters to its own people, a controller those and its own; nobody another
controller's. Letters about several demands may share a message: each has a row with words of its
own, and what they share (`carried_by_id`) is about no demand and on no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select

from attest.database import outbox
from attest.database.tables import Demand, DemandParty, FailingAddress, Letter
from attest.domain.letter_words import CHASING_KINDS
from attest.domain.refusal import NotFound
from attest.domain.scalars import is_uuid
from attest.domain.wording import LETTER_STATES
from attest.services.access import CONTROLLER, Seat
from attest.services.context import Context
from attest.services.facts.paging import ROWS_A_PAGE, Page, page_of
from attest.services.facts.readers import contractor_of

CHASING = "chasing"
OTHER = "other"

# `troubled` is a choice of its own: whatever somebody has to look after.
TROUBLED = "troubled"

_NEWEST = (Letter.queued_at.desc(), Letter.id)
_TROUBLE_FIRST = case(
    (Letter.state.in_(outbox.TROUBLED), 0), (Letter.state == outbox.DEFERRED, 1), else_=2
)
SORTS: Mapping[str, tuple[object, ...]] = {
    "newest": _NEWEST,
    "oldest": (Letter.queued_at, Letter.id),
    "reader": (Letter.to_name, Letter.to_email, *_NEWEST),
    "trouble": (_TROUBLE_FIRST, *_NEWEST),
}


@dataclass(frozen=True)
class Choice:
    """What a list shows, and in which order. What is empty or unknown chooses nothing.

    `reader` is the id of any letter to that reader, so that no address stands in a link.
    """

    state: str = ""
    kind: str = ""
    reader: str = ""
    sort: str = "newest"


@dataclass(frozen=True)
class To:
    """Somebody who was written to. `letter_id`: one of their letters."""

    letter_id: str
    name: str
    email: str


@dataclass(frozen=True)
class Failing:
    """An address at which letters do not arrive. `letter_id`: the first that did not."""

    name: str
    email: str
    since: datetime
    answer: str
    letter_id: str
    is_ours: bool  # somebody's of the reader's own organisation
    is_liaisons: bool  # of this demand


def visible(seat: Seat) -> Select[Letter]:
    """The letters about this demand that somebody may see."""
    return visible_to(seat.demand, seat.person.organisation_id, seat.side)


def visible_to(demand: Demand, organisation_id: str, side: str) -> Select[Letter]:
    """The letters about a demand that one of its parties may see."""
    organisations = [organisation_id]
    if side == CONTROLLER:
        organisations += [
            party.organisation_id
            for party in demand.parties
            if party.role == "contractor" and party.organisation_id
        ]
    return select(Letter).where(
        Letter.demand_id == demand.id, Letter.organisation_id.in_(organisations)
    )


def no_joint_controllers() -> ColumnElement[bool]:
    """Of a letter, in queries over several demands: it is to nobody at a joint controller."""
    return ~exists().where(
        DemandParty.demand_id == Letter.demand_id,
        DemandParty.role == "joint",
        DemandParty.organisation_id == Letter.organisation_id,
    )


def letters(ctx: Context, seat: Seat, choice: Choice = Choice(), *, page: int = 1) -> Page:
    """One page of them."""
    query = visible(seat).where(*_chosen(seat, choice))
    order: tuple[object, ...] = SORTS.get(choice.sort, _NEWEST)
    return page_of(ctx, query.order_by(*order), page, ROWS_A_PAGE)  # type: ignore[arg-type]


def letter_at(ctx: Context, seat: Seat, letter_id: str) -> Letter:
    """One of them. Raises NotFound, as for a letter that is not."""
    found = None
    if is_uuid(letter_id):
        found = ctx.session.scalar(visible(seat).where(Letter.id == letter_id))
    if found is None:
        raise NotFound
    return found


def last_tried(ctx: Context, seat: Seat) -> Letter | None:
    """The last letter to the contractor's side that went out, or bounced, or of which nobody knows
    whether it did, for a demand's head."""
    return ctx.session.scalar(
        visible(seat)
        .where(
            Letter.organisation_id == contractor_of(seat.demand),
            Letter.state.in_(outbox.TRIED),
            Letter.erased_at.is_(None),
        )
        .order_by(
            func.coalesce(Letter.sent_at, Letter.handed_at, Letter.queued_at).desc(),
            Letter.queued_at.desc(),
            Letter.id,
        )
        .limit(1)
    )


def readers(ctx: Context, seat: Seat) -> list[To]:
    """Who was written to, by name; without those whose letters were erased."""
    rows = ctx.session.execute(
        visible(seat)
        .where(Letter.to_email != "")
        .with_only_columns(func.min(Letter.id), func.min(Letter.to_name), Letter.to_email)
        .group_by(Letter.to_email)
        .order_by(func.min(Letter.to_name), Letter.to_email)
    )
    return [To(letter_id, name, email) for letter_id, name, email in rows]


def states(ctx: Context, seat: Seat) -> Mapping[str, int]:
    """How many of them are in each state."""
    rows = ctx.session.execute(
        visible(seat).with_only_columns(Letter.state, func.count()).group_by(Letter.state)
    )
    return {state: number for state, number in rows}  # noqa: C416 (a row is no pair to mypy)


def failing(ctx: Context, seat: Seat) -> list[Failing]:
    """The failing addresses of the readers whose letters somebody may see, oldest first."""
    liaison = seat.demand.liaison
    rows = ctx.session.execute(
        visible(seat)
        .join(FailingAddress, FailingAddress.letter_id == Letter.id)
        .with_only_columns(
            Letter.to_name,
            FailingAddress.email,
            FailingAddress.since,
            FailingAddress.answer,
            FailingAddress.letter_id,
            Letter.organisation_id == seat.person.organisation_id,
        )
        .where(FailingAddress.demand_id == seat.demand.id)
        .order_by(FailingAddress.since, FailingAddress.email)
    )
    return [
        Failing(*row, is_liaisons=liaison is not None and liaison.account.email == row.email)
        for row in rows
    ]


def along_with(ctx: Context, seat: Seat, letter: Letter) -> list[Letter]:
    """The other letters about this demand that went in the same message."""
    if letter.carried_by_id is None:
        return []
    rows = visible(seat).where(Letter.carried_by_id == letter.carried_by_id, Letter.id != letter.id)
    return list(ctx.session.scalars(rows.order_by(Letter.due_on, Letter.kind, Letter.id)))


def _chosen(seat: Seat, choice: Choice) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    chases = or_(Letter.rung.is_not(None), Letter.kind.in_(CHASING_KINDS))
    if choice.state == TROUBLED:
        found.append(Letter.state.in_(outbox.TROUBLED))
    elif choice.state in LETTER_STATES:
        found.append(Letter.state == choice.state)
    if choice.kind == CHASING:
        found.append(chases)
    elif choice.kind == OTHER:
        found.append(~chases)
    if choice.reader and is_uuid(choice.reader):
        one = visible(seat).where(Letter.id == choice.reader)
        found.append(Letter.to_email == one.with_only_columns(Letter.to_email).scalar_subquery())
    return found
