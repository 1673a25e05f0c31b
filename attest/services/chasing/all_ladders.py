"""All ladders by which one demand is chased: the contractor's, and those of its controllers.

The tick, what pages foretell, and a letter that is worded anew ask here, so that they agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from attest.database.tables import Demand
from attest.services.chasing.contractor_ladder import Known, courses_of
from attest.services.chasing.courses import Course
from attest.services.chasing.missing_reviews import reviews_of
from attest.services.chasing.undecided_changes import changes_of
from attest.services.chasing.undecided_extensions import decisions_of
from attest.services.context import Context


def all_courses(
    ctx: Context, known: Known, demands: Sequence[Demand]
) -> Callable[[Demand], Iterator[Course]]:
    """What waits in these demands, asked at once; gives the courses of each of them."""
    of_controllers = [of(ctx, demands) for of in (reviews_of, decisions_of, changes_of)]

    def courses(demand: Demand) -> Iterator[Course]:
        yield from courses_of(ctx, known, demand)
        for of_demand in of_controllers:
            yield from of_demand(known, demand)

    return courses
