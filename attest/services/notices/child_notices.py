"""Letters about demands that were raised from a demand: to the controller of both alone."""

from __future__ import annotations

from attest.database.tables import Demand
from attest.domain import demand_states
from attest.mail import letters
from attest.services.context import Context
from attest.services.facts import children
from attest.services.letters import post
from attest.services.letters.letter_facts import about


def ended(ctx: Context, child: Demand) -> None:
    """To the lead controller of the parent, once its last child has ended and it waits for none.

    Nothing for a demand that was raised by itself, or whose parent has ended already.
    """
    if child.parent_id is None or child.state not in demand_states.ENDED:
        return
    parent = ctx.session.get_one(Demand, child.parent_id)
    if parent.state not in demand_states.LIVE or children.not_ended(ctx, [parent.id]):
        return
    letter = letters.children_ended(
        about(ctx, parent),
        [
            (each.reference, each.passed_to or "", each.state)
            for each in children.children_of(ctx, parent)
        ],
        files_left=parent.files_total - parent.files_accepted,
        to_review=parent.files_attested,
        undealt=[
            to.name
            for to in children.recipients(ctx, parent)
            if to.left and any(each.state == demand_states.WITHDRAWN for each in to.children)
        ],
        excepted=parent.copies_excepted > 0,
    )
    post.write_to(
        ctx,
        post.lead_controller(ctx, parent),
        letter=letter,
        # The last to end may be opened again, and end again.
        key=f"children_ended:{parent.id}:{child.id}:{post.occasion(ctx)}",
        # In neither log: the parent's contractor reads the one, the child's the other.
        demand=None,
    )
