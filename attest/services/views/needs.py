"""What needs somebody: a sentence with a link for each thing that waits for this account.

A handful of queries however many demands there are: one for the demands, one for each kind of
thing that a demand's own row doesn't tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import select

from attest.database.tables import Account, Demand, DemandParty, Duty, Person, SigningKey
from attest.domain import demand_states, ladder, need_words
from attest.domain.calendar import add_working_days
from attest.domain.duties import signing_duties
from attest.services.acts import extending, pending_changes
from attest.services.context import Context
from attest.services.facts import children, compromised, concurrence
from attest.services.facts.calendars import days_off, is_known, local_day, today
from attest.services.letters import failing_needs
from attest.services.notices.extension_notices import asked_words
from attest.services.views import waiting
from attest.services.views.incident_needs import waiting_incidents
from attest.services.views.need_parts import Need, Part


def needs_of(ctx: Context, account: Account) -> list[Need]:
    """All that waits: what is late first, then a key to make, by due date, then the oldest."""
    troubles = failing_needs.of_people(ctx, account.people)
    found = [
        Need(each.sentence, each.href, each.since, None, False, each.reference) for each in troubles
    ]
    return sorted([*needs_of_people(ctx, account.people), *found], key=_urgency)


def needs_of_people(ctx: Context, of: Iterable[Person]) -> list[Need]:
    """What waits for some of an account's people; without letters that do not arrive."""
    people = [person for person in of if person.active]
    parts = _parts(ctx, people)
    found = [
        *_keys_to_make(ctx, people),
        *_incidents(ctx, people),
        *_drafts(parts),
        *_controllers(ctx, parts),
        *_contractors(ctx, parts),
    ]
    return sorted(found, key=_urgency)


def _urgency(need: Need) -> tuple[bool, date, datetime, str]:
    # About no demand: all signing waits for a key, and the 72 hours know no due date of days.
    undated = date.max if need.reference else date.min
    return (not need.late, need.due_on or undated, need.since, need.sentence)


def _parts(ctx: Context, people: Sequence[Person]) -> list[Part]:
    """Every draft and live demand of these people's organisations, in one query."""
    by_organisation = {person.organisation_id: person for person in people}
    rows = ctx.session.execute(
        select(Demand, DemandParty.role, DemandParty.organisation_id)
        .join(DemandParty, DemandParty.demand_id == Demand.id)
        .where(
            DemandParty.organisation_id.in_(by_organisation),
            DemandParty.role.in_(("lead", "joint", "contractor")),
            Demand.state.in_((demand_states.DRAFT, *demand_states.LIVE)),
            (Demand.state != demand_states.DRAFT) | (DemandParty.role == "lead"),
        )
        .order_by(Demand.reference)
    ).unique()
    day = today(ctx.settings, ctx.now)
    return [
        Part(
            by_organisation[organisation_id or ""],
            role,
            demand,
            demand_states.is_overdue(demand.state, demand.next_due_on, day),
        )
        for demand, role, organisation_id in rows
    ]


def _incidents(ctx: Context, people: Sequence[Person]) -> Iterator[Need]:
    """For whoever keeps incidents: those of which the authority has yet to hear."""
    for need in waiting_incidents(ctx, people):
        yield Need(need.sentence, need.href, need.since, late=need.late)


def _keys_to_make(ctx: Context, people: Sequence[Person]) -> Iterator[Need]:
    """For whoever signs and has no key yet."""
    wanted = [(person, duty) for person in people for duty in signing_duties(person.duties)]
    if not wanted:
        return
    have = {
        (person_id, duty)
        for person_id, duty in ctx.session.execute(
            select(SigningKey.person_id, SigningKey.duty).where(
                SigningKey.person_id.in_([person.id for person, _ in wanted]),
                SigningKey.replaced_at.is_(None),
                SigningKey.revoked_at.is_(None),
            )
        )
    }
    for person, duty in wanted:
        if (person.id, duty) not in have:
            yield Need(
                need_words.key_to_make(),
                f"/keys/new?for={person.id}.{duty}",
                person.created_at,
            )


def _drafts(parts: Iterable[Part]) -> Iterator[Need]:
    for part in parts:
        demand = part.demand
        if demand.state != demand_states.DRAFT:
            continue
        name = (demand.reference, demand.incident.title)
        if demand.handed_at is not None:
            if "signatory" in part.person.duties:
                sentence = need_words.draft_to_sign(*name)
                yield part.need(sentence, "/issue", demand.handed_at, dated=False)
        elif "case_handler" in part.person.duties:
            if demand.return_note:
                sentence = need_words.draft_to_put_right(*name)
            else:
                sentence = need_words.draft_to_finish(*name)
            yield part.need(sentence, "/draft", demand.created_at, dated=False)


# --- the controller's side ------------------------------------------------------------------


def _controllers(ctx: Context, parts: Iterable[Part]) -> Iterator[Need]:
    ours = [
        part
        for part in parts
        if part.role in ("lead", "joint") and part.demand.state != demand_states.DRAFT
    ]
    leading = [part for part in ours if part.role == "lead"]
    yield from _more_time(ctx, leading)
    yield from _changed_minds(ctx, leading)
    yield from _missing_reviews(ctx, ours)
    for part in ours:
        if part.role == "lead" and "case_handler" in part.person.duties:
            yield from _calendar_gone(part)
            yield from _for_case_handler(part)
        elif part.role == "lead" and "signatory" in part.person.duties:
            yield from _disputed(part)
    yield from _to_raise(ctx, [part for part in ours if part.role == "lead"])
    yield from _for_signatories(ctx, [part for part in ours if "signatory" in part.person.duties])


def _calendar_gone(part: Part) -> Iterator[Need]:
    demand = part.demand
    if not is_known(demand.calendar):
        sentence = need_words.calendar_gone(demand.reference, demand.calendar)
        yield part.need(sentence, "/chasing", dated=False)


def _for_case_handler(part: Part) -> Iterator[Need]:
    demand = part.demand
    if demand.disputed_at is not None:
        yield from _disputed(part)
    elif part.overdue:
        yield part.need(
            need_words.contractor_late(
                part.named("contractor"), demand.reference, demand.files_open
            )
        )


def _more_time(ctx: Context, parts: Sequence[Part]) -> Iterator[Need]:
    """Requests for more time that the lead controller has not decided."""
    live = [part for part in parts if part.demand.state in demand_states.WITH_CONTRACTOR]
    pending = extending.pending_in(ctx, {part.demand.id for part in live}) if live else {}
    for part in live:
        row = pending.get(part.demand.id)
        if row is not None:
            yield part.need(
                need_words.more_time_to_decide(
                    part.named("contractor"), part.demand.reference, asked_words(part.demand, row)
                ),
                f"/extension/{row.id}",
                row.asked_at,
            )


def _changed_minds(ctx: Context, parts: Sequence[Part]) -> Iterator[Need]:
    """Amendments to sign, stores that the contractor would leave out, files it never received."""
    pending = pending_changes.pending_in(ctx, {part.demand.id for part in parts})
    for part in parts:
        found = pending.get(part.demand.id)
        for asked in found.asked(part.named("contractor")) if found else ():
            if asked.duty is None or asked.duty in part.person.duties:
                yield part.need(
                    need_words.of_demand(part.demand.reference, asked.sentence),
                    asked.page,
                    asked.since,
                    dated=False,
                )


def _missing_reviews(ctx: Context, parts: Sequence[Part]) -> Iterator[Need]:
    """For the lead's case handlers: other controllers whose reviews have been missing for long."""
    mine = [
        part
        for part in parts
        if part.role == "lead"
        and "case_handler" in part.person.duties
        and part.demand.concurrence == "each"
        and part.demand.files_attested
    ]
    waiting_for = concurrence.waiting_in(ctx, {p.demand.id for p in mine}) if mine else {}
    day = today(ctx.settings, ctx.now)
    for part in mine:
        for each in waiting_for.get(part.demand.id, []):
            since = local_day(ctx.settings, each.since)
            late = add_working_days(since, _LONG, days_off(part.demand.calendar)) <= day
            if late and each.organisation_id != part.person.organisation_id:
                yield part.need(
                    need_words.review_missing(
                        each.organisation, part.demand.reference, each.files, since
                    ),
                    since=each.since,
                    dated=False,
                )


# Working days after which somebody else's missing review is worth a call.
_LONG = ladder.REVIEW_RUNGS[1].offset


def _to_raise(ctx: Context, parts: Sequence[Part]) -> Iterator[Need]:
    """For the lead's case handlers: demands against whom copies were passed on to."""
    mine = {part.demand.id: part for part in parts if "case_handler" in part.person.duties}
    for demand_id, names in children.to_raise(ctx, mine).items():
        part = mine[demand_id]
        yield part.need(
            need_words.demand_to_raise(names, part.named("contractor"), part.demand.reference),
            "/exceptions",
            dated=False,
        )


def _disputed(part: Part) -> Iterator[Need]:
    """The lead controller decides: its case handlers ring, its signatories may withdraw."""
    if part.demand.disputed_at is not None:
        yield part.need(
            need_words.disputed(part.named("contractor"), part.demand.reference),
            since=part.demand.disputed_at,
        )


def _for_signatories(ctx: Context, parts: Sequence[Part]) -> Iterator[Need]:
    if not parts:
        return
    to_review = waiting.to_review(
        ctx,
        {part.demand.id for part in parts},
        {part.person.organisation_id for part in parts},
    )
    keys = waiting.keys_to_confirm(ctx, {part.demand.id for part in parts if part.role == "lead"})
    doubted = compromised.numbers_in_doubt(
        ctx, [part.demand for part in parts if part.role == "lead" and _all_accepted(part.demand)]
    )
    held_up = children.not_ended(ctx, {p.demand.id for p in parts if _all_accepted(p.demand)})
    for part in parts:
        demand = part.demand
        number = to_review.get((demand.id, part.person.organisation_id), 0)
        counts = part.role == "lead" or demand.concurrence == "each"
        if number and counts:
            yield part.need(need_words.to_review(demand.reference, number), "/review", dated=False)
        if part.role != "lead":
            continue
        if demand.id in keys:
            holder, enrolled_at = keys[demand.id]
            yield part.need(
                need_words.key_to_confirm(holder, demand.reference),
                "/keys",
                enrolled_at,
            )
        if _all_accepted(demand) and demand.id not in held_up:
            sentence = need_words.to_close(demand.reference, doubted.get(demand.id, 0))
            yield part.need(sentence, "/close", dated=False)


def _all_accepted(demand: Demand) -> bool:
    return demand.files_total > 0 and demand.files_accepted == demand.files_total


# --- the contractor's side ------------------------------------------------------------------


def _contractors(ctx: Context, parts: Iterable[Part]) -> Iterator[Need]:
    theirs = [part for part in parts if part.role == "contractor"]
    left = _have_left(ctx, {part.demand.officer_id for part in theirs if part.demand.officer_id})
    for part in theirs:
        if "liaison" in part.person.duties:
            yield from _for_liaison(part, left.get(part.demand.officer_id or ""))
    mine = [part for part in theirs if part.demand.officer_id == part.person.id]
    progress = waiting.progress(ctx, [part.demand.id for part in mine])
    for part in mine:
        if "officer" in part.person.duties:
            yield from _for_officer(part, progress.get(part.demand.id, waiting.Answers()))


def _have_left(ctx: Context, officer_ids: Collection[str]) -> dict[str, str]:
    """The names of those officers who do not act any more, by id."""
    if not officer_ids:
        return {}
    acting = (
        select(Duty.person_id)
        .where(Duty.person_id == Person.id, Duty.name == "officer", Person.active)
        .correlate(Person)
        .exists()
    )
    rows = ctx.session.execute(
        select(Person.id, Person.name).where(Person.id.in_(officer_ids), ~acting)
    )
    return {person_id: name for person_id, name in rows}  # noqa: C416 (as in inviting.py)


def _for_liaison(part: Part, left: str | None) -> Iterator[Need]:
    demand = part.demand
    if demand.acknowledged_at is None:
        if demand.disputed_at is None:
            yield part.need(
                need_words.acknowledge(demand.reference, part.named("lead")), "/acknowledge"
            )
    elif demand.officer_id is None:
        yield part.need(
            need_words.officer_to_name(demand.reference), "/officer", demand.acknowledged_at
        )
    elif left is not None:
        yield part.need(need_words.officer_left(left, demand.reference), "/officer")


def _for_officer(part: Part, done: waiting.Answers) -> Iterator[Need]:
    reference = part.demand.reference
    if done.rejected:
        yield part.need(need_words.files_rejected(reference, done.rejected), "/answer")
    if done.again:
        yield part.need(need_words.files_opened_again(reference, done.again), "/answer")
    if done.copies > done.answered:
        left = done.copies - done.answered
        yield part.need(need_words.to_answer(reference, left), "/answer")
    elif done.untold:
        yield part.need(need_words.onward_to_say(reference), "/answer/onward")
    if done.ready:
        yield part.need(need_words.to_sign(reference, done.ready), "/sign")
