"""All chasing of one tick: the contractor, its escalation contact, and the controllers."""

from __future__ import annotations

from attest.services.chasing import chase_overdue
from attest.services.chasing_changes import chase_changes
from attest.services.chasing_contacts import chase_contacts
from attest.services.chasing_decisions import chase_decisions
from attest.services.chasing_reviews import chase_reviews
from attest.services.context import Context


def chase_everybody(ctx: Context) -> int:
    """Queues every letter that is due; gives how many. A second call writes none again."""
    return (
        chase_overdue(ctx)
        + chase_contacts(ctx)
        + chase_reviews(ctx)
        + chase_decisions(ctx)
        + chase_changes(ctx)
    )
