"""Whom the contractor named for copies that it passed on, and whether each is dealt with.

For whoever closes the demand: an onward disclosure is no open copy, so nothing else shows it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attest.domain import lineage
from attest.domain.wording import count
from attest.services.access import CONTROLLER, Seat
from attest.services.context import Context
from attest.services.facts import children, exceptions
from attest.services.facts.children import Recipient
from attest.services.facts.exceptions import Raised


@dataclass(frozen=True)
class DealtWith:
    """One recipient: of how many files, what was done about it, and the demands against them.

    `done`: nothing is left to be done or to be said.
    """

    name: str
    files: int
    done: bool
    sentence: str
    demands: Sequence[Raised]


def recipients(ctx: Context, seat: Seat) -> list[DealtWith]:
    """Every recipient, by name. Nothing for the contractor."""
    if seat.side != CONTROLLER:
        return []
    raised = {each.reference: each for each in exceptions.raised(ctx, seat)}
    silent = {lineage.key(name) for name in children.unexplained(ctx, seat.demand)}
    return [
        _dealt_with(
            to,
            [raised[child.reference] for child in to.children if child.reference in raised],
            silent=lineage.key(to.name) in silent,
            accepted=seat.demand.files_accepted == seat.demand.files_total,
        )
        for to in children.recipients(ctx, seat.demand)
    ]


def _dealt_with(
    to: Recipient, demands: Sequence[Raised], *, silent: bool, accepted: bool
) -> DealtWith:
    waits = [each for each in demands if not each.ended]
    one = to.left == 1
    if to.left == 0 and waits:
        done, said = False, "A demand against them deals with that, and has not ended."
    elif to.left == 0:
        done, said = True, "A demand against them dealt with that."
    elif silent:
        done = False
        said = f"No demand against them deals with {count(to.left, 'file')}, and "
        said += "no review says why: say it as the reason, and sign that."
    elif accepted:
        done = not waits
        said = f"No demand against them deals with {count(to.left, 'file')}: "
        said += f"the review that accepted {'it' if one else 'them'} says why."
    elif to.why_not:
        done = False
        said = f"{to.why_not} Say why none is when {'it is' if one else 'they are'} reviewed."
    else:
        done = False
        said = f"No demand against them deals with {count(to.left, 'file')} yet: "
        said += f"raise one, or say why none is when {'it is' if one else 'they are'} reviewed."
    return DealtWith(to.name, to.files, done, said, demands)
