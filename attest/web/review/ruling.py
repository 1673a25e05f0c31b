"""The two ways with a copy that nobody finds: the review's form, filled in for one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attest.domain import rulings as rules
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.facts import rulings
from attest.services.facts.rulings import Ruling
from attest.services.views.review_sets import AnswerSet
from attest.web.review.forms import ReviewForm
from attest.web.session import ctx

WIDER, RISK = "wider", "risk"
_ASK = ("cannot_locate", "passed_on")


def of_sets(seat: Seat, sets: Sequence[AnswerSet]) -> dict[str, Ruling]:
    """What is to be ruled, for those sets that leave anything to rule."""
    return {
        each.id: rulings.ruling(ctx(), seat.demand, [member.file_id for member in each.members])
        for each in sets
        if any(copy.outcome in _ASK for copy in each.copies)
        or each.told.view.onward.get("recipients")
    }


def chosen_set(act: str, asked: Mapping[str, Ruling], sets: Sequence[AnswerSet]) -> AnswerSet:
    """The set whose button was pressed: `wider:<set>` or `risk:<set>`. Raises Refused."""
    set_id = act.partition(":")[2]
    if set_id not in asked:
        raise Refused("These attestations do not wait for your ruling any more. Look again.")
    return next(each for each in sets if each.id == set_id)


def filled_in(act: str, asked: Mapping[str, Ruling], of: AnswerSet, reason: str) -> ReviewForm:
    """The form as the button proposes it; nothing is signed yet. `reason`: what is typed so far.

    That stays, but for words that a button put there before.
    """
    for proposed in {rules.wider_search(each.lost) for each in asked.values() if each.lost}:
        reason = reason.replace(proposed, "").strip()
    if act.partition(":")[0] == WIDER:
        proposed = rules.wider_search(asked[of.id].lost)
        both = f"{reason}\n\n{proposed}" if reason else proposed
        return ReviewForm(formdata=None, data={"decision": "rejected", "reason": both})
    form = ReviewForm(formdata=None, data={"decision": "accepted", "reason": reason})
    form.reason.label.text = "Why do you accept the risk?"
    form.reason.description = (
        "You sign this. The copy stays an exception, so the demand can only be closed with "
        "exceptions."
    )
    return form
