"""The first page after signing in, and the list of demands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from attest.database.tables import Demand, Person
from attest.domain import demand_states
from attest.domain.wording import in_working_days, listing
from attest.services.facts import concurrence
from attest.services.facts.calendars import days_off, today
from attest.services.facts.concurrence import Waiting
from attest.services.views import demand_list
from attest.services.views.needs import needs_of
from attest.web.home.forms import SORTS, STATES, FilterForm
from attest.web.session import ctx, current_account, current_people

pages = Blueprint("home", __name__)

MOST_NEEDS = 50
A_FEW_DEMANDS = 10


@dataclass(frozen=True)
class Row:
    """A demand as a list shows it."""

    demand: Demand
    href: str
    contractor: str
    controller: str
    overdue: bool
    late_by: str
    copies: int
    open_copies: int
    waits_for: str  # the controllers whose reviews are missing, where each one's counts


@pages.get("/")
def what_needs_you() -> str:
    """What waits for whoever is signed in, and below it the open demands."""
    needs = needs_of(ctx(), current_account())
    found = demand_list.demands(ctx(), current_account(), state="open")
    return render_template(
        "pages/home/home.html",
        needs=needs[:MOST_NEEDS],
        more=len(needs) - MOST_NEEDS,
        rows=_rows(found.items[:A_FEW_DEMANDS]),
        total=found.total,
        ended=0 if found.total else demand_list.demands(ctx(), current_account()).total,
        duties=_duties(current_people()),
    )


@pages.get("/demands")
def demands() -> str:
    """Every demand that the account may see: filtered, searched, sorted, page by page."""
    search = request.args.get("search", "").strip()[:200]
    state = request.args.get("state", "")
    sort = request.args.get("sort", "")
    chosen = {
        "search": search,
        "state": state if state in STATES else "",
        "sort": sort if sort in SORTS else "due",
    }
    number = request.args.get("page", 1, type=int)
    found = demand_list.demands(ctx(), current_account(), page=number, **chosen)
    filters = FilterForm(formdata=None, data=chosen)
    return render_template(
        "pages/home/demands.html",
        filters=filters,
        filtered=bool(chosen["search"] or chosen["state"]),
        rows=_rows(found.items),
        found=found,
        address="/demands?" + urlencode({name: value for name, value in chosen.items() if value}),
        duties=_duties(current_people()),
    )


def _duties(people: Sequence[Person]) -> frozenset[str]:
    return frozenset[str]().union(*(person.duties for person in people))


def _rows(demands: Sequence[Demand]) -> list[Row]:
    day = today(ctx().settings, ctx().now)
    shared = [each.id for each in demands if each.concurrence == "each" and each.files_attested]
    waiting = concurrence.waiting_in(ctx(), shared) if shared else {}
    return [_row(demand, day, waiting.get(demand.id, [])) for demand in demands]


def _row(demand: Demand, day: date, waiting: Sequence[Waiting]) -> Row:
    names = {party.role: party.name for party in reversed(demand.parties)}
    due_on = demand.next_due_on
    overdue = demand_states.is_overdue(demand.state, due_on, day)
    late_by = ""
    if overdue and due_on:
        words = in_working_days(day, due_on, days_off(demand.calendar))
        late_by = words.removesuffix(" late")
    draft = demand.state == demand_states.DRAFT
    return Row(
        demand,
        f"/demands/{demand.reference}{'/draft' if draft else ''}",
        names.get("contractor", "not named yet"),
        names["lead"],
        overdue,
        late_by,
        demand.files_total * demand.stores_total,
        demand.files_open * demand.stores_total,
        listing(each.organisation for each in waiting),
    )
