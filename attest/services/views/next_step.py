"""Where a demand stands for one reader, in a sentence, and the one thing to do next.

A pure function of the reader's seat and the situation: the same rows give the same words. What
is asked of this reader comes first; who else is asked comes after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from textwrap import shorten
from urllib.parse import quote

from attest.database.tables import Demand
from attest.domain import demand_states, reviews
from attest.domain.wording import count, day, in_doubt, listing
from attest.services.access import CONTROLLER, Seat
from attest.services.facts import due_days
from attest.services.views.situation import Situation

# So much of a reason is told in a sentence; the page that it leads to has all of it.
REASON = 200


@dataclass(frozen=True)
class Step:
    """One sentence; and where this reader has something to do, the button's words and address."""

    sentence: str
    action: str | None = None
    href: str | None = None


def next_step(seat: Seat, now: Situation) -> Step:
    """What the head of the demand's page says to this reader."""
    if seat.demand.state in demand_states.ENDED:
        return _ended(seat)
    own = _controller_acts if seat.side == CONTROLLER else _contractor_acts
    step = next(own(seat, now), None) or _waits(seat, now)
    return replace(step, sentence=f"{step.sentence}{_undecided(seat, now)}")


def party_name(demand: Demand, role: str) -> str:
    """The name of the lead controller (`lead`) or the contractor (`contractor`)."""
    return next((party.name for party in demand.parties if party.role == role), "")


def _undecided(seat: Seat, now: Situation) -> str:
    """What the lead controller was asked to decide, to whoever does not decide on it."""
    if seat.lead:
        return ""
    lead, contractor = party_name(seat.demand, "lead"), party_name(seat.demand, "contractor")
    controller = seat.side == CONTROLLER
    said = ""
    if now.asked_for:
        said = (
            f" {contractor} asks for {now.asked_for}; {lead} decides."
            if controller
            else f" You asked for {now.asked_for}; until {lead} answers, the day stands."
        )
    if now.changes.claims:
        files = count(now.changes.claims, "file")
        who = f"{contractor} says that it" if controller else "You said that you"
        said += f" {who} never received {files}; {lead} rules."
    return said


def _ended(seat: Seat) -> Step:
    demand = seat.demand
    how = {
        demand_states.CLOSED: "The demand is closed: every copy of every file is settled.",
        demand_states.CLOSED_WITH_EXCEPTIONS: (
            "The demand is closed with exceptions: every file is accepted, and "
            + (
                f"{_are(demand.copies_excepted, 'copy')} not settled."
                if demand.copies_excepted
                else "copies in stores that are not searched any more were not settled."
            )
        ),
        demand_states.WITHDRAWN: "The demand is withdrawn: nothing more is asked for.",
    }[demand.state]
    return Step(
        f"{how} Keep the bundle and your trust file.",
        "Download the evidence",
        _to(demand, "downloads"),
    )


def _controller_acts(seat: Seat, now: Situation) -> Iterator[Step]:
    demand = seat.demand
    signatory = "signatory" in seat.duties
    contractor = party_name(demand, "contractor")
    counts = seat.lead or demand.concurrence == "each"
    if now.failing:
        yield Step(
            f"Letters to {now.failing} do not arrive. Ring them, and put the address right: until "
            "then, reminders go to the next contact.",
            "See what came back",
            _to(demand, "letters#failing"),
        )
    if seat.lead and "case_handler" in seat.duties and now.to_raise:
        name = now.to_raise[0]
        yield Step(
            f"{contractor} passed copies on to {listing(now.to_raise)}. Raise a demand against "
            f"{'them' if len(now.to_raise) == 1 else 'each of them'}, or have the review say why "
            "none is raised.",
            f"Raise a demand against {name}",
            _to(demand, f"raise?to={quote(name)}"),
        )
    if seat.lead and now.asked_for:
        yield Step(
            f"{contractor} asks for {now.asked_for}: decide.",
            "Decide on more time",
            _to(demand, f"extension/{now.extension_id}"),
        )
    if seat.lead:
        yield from _changed_minds(seat, now)
    if not signatory or not counts:
        return
    if demand.disputed_at is not None and demand.acknowledged_at is None and seat.lead:
        yield Step(
            f"{contractor} says that this does not concern them. Ring them, then withdraw the "
            "demand, or tell them why it stands.",
            "Withdraw the demand",
            _to(demand, "close"),
        )
    closable = _all_accepted(demand) and not now.waits_for
    asked = now.to_confirm or now.to_review or closable
    if asked and not now.has_key:
        yield Step(
            "You are asked to sign, and have no signing key yet.",
            "Make my signing key",
            "/keys/new",
        )
    if now.to_confirm:
        yield Step(
            f"The assurance officer of {contractor} has made a signing key. Ring them, and "
            "confirm it; without that, no attestation can be accepted.",
            "Confirm the officer's key",
            _to(demand, f"keys/{now.to_confirm}/confirm"),
        )
    if now.to_review:
        what = count(now.to_review, "attestation")
        waits = _waiting(now.to_review)
        yield Step(f"{waits} for your review.", f"Review {what}", _to(demand, "review"))
    if seat.lead and closable:
        yield Step(
            f"Every file is accepted. You can close the demand.{_doubt(now)}",
            "Close the demand",
            _to(demand, "close"),
        )


def _changed_minds(seat: Seat, now: Situation) -> Iterator[Step]:
    """What the contractor, or a colleague, asks the lead controller to decide or to sign."""
    demand = seat.demand
    for asked in now.changes.asked(party_name(demand, "contractor")):
        if asked.duty is None or asked.duty in seat.duties:
            yield Step(asked.sentence, asked.action, _to(demand, asked.page.lstrip("/")))


def _contractor_acts(seat: Seat, now: Situation) -> Iterator[Step]:
    demand = seat.demand
    lead = party_name(demand, "lead")
    if "liaison" in seat.duties:
        if demand.acknowledged_at is None and demand.disputed_at is None:
            yield Step(
                f"{lead} demands that {count(demand.files_total, 'file')} be dealt with by "
                f"{_due(demand)}. Tell them that you have received it.",
                "Acknowledge the demand",
                _to(demand, "acknowledge"),
            )
        if demand.officer_id is None and demand.acknowledged_at is not None:
            yield Step(
                "The demand is acknowledged. Now say who signs for you as assurance officer.",
                "Name the assurance officer",
                _to(demand, "officer"),
            )
        if now.officer_left and demand.officer is not None:
            yield Step(
                f"{demand.officer.name} does not act for you any more. Name another assurance "
                "officer; what was answered and signed so far stays.",
                "Name another assurance officer",
                _to(demand, "officer"),
            )
    if demand.officer_id != seat.person.id:
        return
    if demand.files_open and not now.has_key:
        yield Step(
            "Your signing key was revoked. Make another one before you sign; it is checked over "
            "the telephone like the first."
            if now.officer_key_revoked
            else "You are the assurance officer. Before you can sign, you make your own signing "
            "key.",
            "Make my signing key",
            "/keys/new",
        )
    if now.rejected:
        yield Step(
            f"{count(now.rejected, 'file')} came back with a reason. Put right what is asked "
            "for, and sign again.",
            "Put the answers right",
            _to(demand, "answer"),
        )
    if now.again:
        reason = shorten(now.opened_why, REASON, placeholder=" …").rstrip(".")
        why = f": “{reason}”" if reason else ""
        yield Step(
            f"{count(now.again, 'file')} {'was' if now.again == 1 else 'were'} opened again{why}. "
            "The answers are still those that were signed. Change what has changed, then sign "
            f"again, due {_due(demand)}.",
            "Look at the answers",
            _to(demand, "answer"),
        )
    if now.to_sign:
        what = count(now.to_sign, "attestation")
        yield Step(
            f"{_are(now.to_sign, 'file')} answered in full{_and_left(now)}, due {_due(demand)}.",
            f"Sign {what}",
            _to(demand, "sign"),
        )
    left = now.copies - now.answered
    if now.untold and not left:
        yield Step(
            "Every copy is answered. Say whether any was passed to anybody else, "
            f"then sign, due {_due(demand)}.",
            "Say whether a copy was passed on",
            _to(demand, "answer/onward"),
        )
    if demand.files_open:
        yield Step(
            f"{left:,} of {count(now.copies, 'copy')} left to answer, due {_due(demand)}.",
            "Answer for the copies",
            _to(demand, "answer"),
        )


def _and_left(now: Situation) -> str:
    left = now.copies - now.answered
    return f", {count(left, 'copy')} left to answer" if left else ""


def _waits(seat: Seat, now: Situation) -> Step:
    """Nothing is asked of this reader: who is asked, and for what."""
    demand = seat.demand
    lead, contractor = party_name(demand, "lead"), party_name(demand, "contractor")
    saying: list[tuple[bool, Callable[[], str]]] = [
        (
            demand.acknowledged_at is None and demand.disputed_at is not None,
            lambda: (
                f"{contractor} has said that this does not concern them. {lead} decides "
                "what happens next."
            ),
        ),
        (
            demand.acknowledged_at is None,
            lambda: f"{contractor} has not acknowledged the demand yet. It is due {_due(demand)}.",
        ),
        (
            demand.officer_id is None,
            lambda: f"{contractor} has acknowledged the demand, and has not named its officer yet.",
        ),
        (
            now.officer_left,
            lambda: (
                f"{contractor} must name another assurance officer: the one it named has left. "
                f"{demand.files_open:,} of {count(demand.files_total, 'file')} open, "
                f"due {_due(demand)}."
            ),
        ),
        (
            now.officer_key_revoked and bool(demand.files_open),
            lambda: (
                f"The signing key of {contractor}’s officer was revoked. They make another one, "
                "which a signatory confirms by telephone, before they sign again."
            ),
        ),
        (
            bool(demand.files_open),
            lambda: (
                f"{demand.files_open:,} of {count(demand.files_total, 'file')} open with "
                f"{contractor}, due {_due(demand)}."
            ),
        ),
        (
            bool(demand.files_attested),
            lambda: _reviews_left(demand, now),
        ),
    ]
    for applies, words in saying:
        if applies:
            return Step(words())
    if seat.side != CONTROLLER:
        # It may wait for demands below it, of which the contractor learns nothing.
        return Step(f"Every file is accepted. It is for {lead} to close the demand.{_doubt(now)}")
    if now.waits_for:
        have = "has" if len(now.waits_for) == 1 else "have"
        return Step(
            f"Every file is accepted. Before the demand can be closed, {listing(now.waits_for)} "
            f"{have} to end.{_doubt(now)}"
        )
    return Step(f"Every file is accepted. {lead} can close the demand.{_doubt(now)}")


def _doubt(now: Situation) -> str:
    """What everybody should know before that: files whose signatures may count for nothing."""
    return f" But {in_doubt(now.in_doubt)}: see Keys." if now.in_doubt else ""


def _reviews_left(demand: Demand, now: Situation) -> str:
    """Whose reviews are missing; under `each`, since when, and who has given theirs."""
    lead = party_name(demand, "lead")
    if demand.concurrence != "each":
        return f"{_waiting(demand.files_attested)} for the review of {lead}."
    left = now.reviews_left
    if not left:
        return f"{_waiting(demand.files_attested)} for the review of the controllers."
    if len({(each.files, each.since) for each in left}) == 1:
        names = listing(each.organisation for each in left)
        said = reviews.waits_for(left[0].files, names, left[0].since)
    else:
        said = "; ".join(
            reviews.waits_for(each.files, each.organisation, each.since) for each in left
        )
    waited_for = {each.organisation for each in left}
    done = [
        party.name
        for party in demand.parties
        if party.role in ("lead", "joint") and party.name not in waited_for
    ]
    if not done:
        return f"{said}."
    return f"{said}; {listing(done)} {'has' if len(done) == 1 else 'have'} reviewed all."


def _are(n: int, noun: str) -> str:
    return f"{count(n, noun)} {'is' if n == 1 else 'are'}"


def _waiting(n: int) -> str:
    return f"{count(n, 'attestation')} {'waits' if n == 1 else 'wait'}"


def _all_accepted(demand: Demand) -> bool:
    return demand.files_total > 0 and demand.files_accepted == demand.files_total


def _due(demand: Demand) -> str:
    if demand.open_due_on is not None:
        return day(demand.open_due_on)
    return due_days.of_demand(demand) or "on no fixed day"


def _to(demand: Demand, page: str) -> str:
    return f"/demands/{demand.reference}/{page}"
