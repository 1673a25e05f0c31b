"""The contact point for the people affected, where controllers are joint (UK GDPR Art 26(1)).

One controller is named in the draft, and everybody reads which; the lead where none is named.
It is a row, not in the log: the format's `parties` have no member for it.
"""

from __future__ import annotations

from attest.database.tables import Demand, DemandParty


def party(demand: Demand) -> DemandParty | None:
    """The controller that is the contact point; None where there is only one controller."""
    controllers = [each for each in demand.parties if each.role in ("lead", "joint")]
    if len(controllers) < 2:
        return None
    named = [each for each in controllers if each.contact_point]
    return named[0] if named else controllers[0]


def of_demand(demand: Demand) -> str | None:
    """The party's id, for pages that list the parties."""
    found = party(demand)
    return found.id if found is not None else None
