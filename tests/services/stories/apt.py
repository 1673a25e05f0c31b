"""Where a rule can do something. Most of the time it is played there, now and then at any time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis.stateful import precondition

from attest.domain import demand_states
from tests.services.stories.base import Stories

Holds = Callable[[Stories], bool]


def when(holds: Holds) -> Any:
    """A rule's precondition."""
    return precondition(lambda story: story.steps % 6 == 5 or holds(story))


def draft(story: Stories) -> bool:
    """The story is about a draft now."""
    return story.state == "draft"


def issued(story: Stories) -> bool:
    """About a demand that was issued."""
    return story.state != "draft"


def live(story: Stories) -> bool:
    """About one that is open."""
    return story.state in demand_states.LIVE


def unacknowledged(story: Stories) -> bool:
    """About one that nobody has acknowledged."""
    return live(story) and story.demand["acknowledged_at"] is None


def with_contractor(story: Stories) -> bool:
    """The contractor has something to do."""
    return story.state in demand_states.WITH_CONTRACTOR


def ended(story: Stories) -> bool:
    """About one that is closed or withdrawn."""
    return story.state in demand_states.ENDED


def few_demands(story: Stories) -> bool:
    """The story is about one that has ended, and there are not too many of them."""
    return ended(story) and len(story.rows["demand"]) < 3


def signed_for(story: Stories) -> bool:
    """A file waits for a review."""
    return any(row["state"].startswith("attested") for row in story.of_demand("named_file"))


def passed_on(story: Stories) -> bool:
    """A signed answer says that a copy went on to somebody."""
    return any(row["passed_to"] for row in story.of_demand("copy"))


def amended(story: Stories) -> bool:
    """An amendment is being prepared."""
    return bool(story.of_demand("amendment"))


def handed(story: Stories) -> bool:
    """And it lies with the signatory."""
    return any(row["handed_at"] for row in story.of_demand("amendment"))


def withdrawn(story: Stories) -> bool:
    """A store was withdrawn."""
    return bool(story.of_demand("store_withdrawal"))


def claimed(story: Stories) -> bool:
    """A file was never received, somebody says."""
    return bool(story.of_demand("not_received"))


def asked(story: Stories) -> bool:
    """More time was asked for."""
    return bool(story.of_demand("extension"))


def shown(story: Stories) -> bool:
    """There are evidence files."""
    return bool(story.of_demand("evidence_file"))
