"""The list of incidents, the page of each, the register, the pack, further demands."""

from typing import IO, Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request

from attest.database.tables import Incident, Person
from attest.domain.breach_clock import CLOCK_STATES, sentence
from attest.domain.refusal import Refused
from attest.services.acts import incident_reporting, incidents
from attest.services.exports import incident_pack
from attest.services.facts.incident_access import need_keeper
from attest.services.views import (
    incident_facts,
    incident_register,
    incident_timeline,
    incident_view,
)
from attest.services.views.incident_step import next_step
from attest.web.attachments import CSV, PDF, attached, spooled, zipped
from attest.web.incidents.blueprint import Answer, address_of, pages, seat_at
from attest.web.incidents.facts import typed_of
from attest.web.incidents.forms import SECTION_FORMS, SORTS, STATES, FilterForm, OrganisationForm
from attest.web.session import ctx, current_account


@pages.get("/incidents")
def listing() -> Answer:
    """Every incident of the reader's organisations: filtered, searched, sorted, page by page."""
    need_keeper(current_account())
    state, sort = request.args.get("state", ""), request.args.get("sort", "")
    chosen = {
        "search": request.args.get("search", "").strip()[:200],
        "state": state if state in STATES else "",
        "sort": sort if sort in SORTS else "noticed",
    }
    number = request.args.get("page", 1, type=int)
    found = incidents.incidents(ctx(), current_account(), page=number, **chosen)
    clocks = incident_reporting.clocks(ctx(), found.items)
    demands = incident_view.demands_of(ctx(), found.items)
    return render_template(
        "pages/incidents/incidents.html",
        filters=FilterForm(formdata=None, data=chosen),
        filtered=bool(chosen["search"] or chosen["state"]),
        found=found,
        rows=[
            {
                "incident": incident,
                "clock": clocks[incident.id],
                "figure": incident_view.containment(demands[incident.id]),
                "demands": len(demands[incident.id]),
            }
            for incident in found.items
        ],
        states=CLOCK_STATES,
        address="/incidents?" + urlencode({name: value for name, value in chosen.items() if value}),
    )


@pages.route("/incidents/new", methods=["GET", "POST"])
def new() -> Answer:
    """Records an incident: what happened, and when it was noticed."""
    people = need_keeper(current_account())
    form = SECTION_FORMS["happened"]()
    whose = OrganisationForm(data={"organisation": people[0].id if len(people) == 1 else ""})
    whose.organisation.choices = whose.organisation.with_blank(
        [(person.id, person.organisation.name) for person in people]
    )
    several = len(people) > 1
    valid = not several or request.method == "GET" or whose.validate()
    if form.validate_on_submit() and valid:
        try:
            incident = _record(form, people, str(whose.organisation.data))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(f"{incident.reference} is recorded.")
            return redirect(f"/incidents/{incident.reference}")
    status = 400 if form.errors or form.form_errors or not valid else 200
    return render_template(
        "pages/incidents/new.html", form=form, whose=whose if several else None
    ), status


def _record(form: Any, people: list[Person], chosen: str) -> Incident:
    person = next((one for one in people if one.id == chosen), people[0])
    return incidents.record(ctx(), person, typed_of(form, "happened"))


@pages.get("/incidents/register")
def register() -> Answer:
    """The register of Article 33(5), to read."""
    need_keeper(current_account())
    found = incident_register.register(
        ctx(), current_account(), page=request.args.get("page", 1, type=int)
    )
    return render_template("pages/incidents/register.html", found=found)


@pages.get("/incidents/register.csv")
def register_csv() -> Answer:
    """The register of Article 33(5), to keep."""
    need_keeper(current_account())

    def write(out: IO[bytes]) -> None:
        for line in incident_register.register_csv(ctx(), current_account()):
            out.write(line)

    return spooled(write, CSV, "register-of-incidents.csv")


@pages.get("/incidents/<reference>")
def show(reference: str) -> Answer:
    """Where an incident stands, and what to do next."""
    seat = seat_at(reference)
    found = incident_view.view(ctx(), seat.incident)
    raises = "case_handler" in seat.person.duties
    return render_template(
        "pages/incidents/incident.html",
        seat=seat,
        found=found,
        step=next_step(found, may_raise=raises),
        states=CLOCK_STATES,
        sentence=sentence,
        raises=raises,
        contractors={demand.id: incident_facts.contractor_of(demand) for demand in found.demands},
        copies={demand.id: incident_facts.demand_copies(demand) for demand in found.demands},
    )


@pages.post("/incidents/<reference>/demands")
def raise_demand(reference: str) -> Answer:
    """Begins a further draft about the incident."""
    demand = incidents.raise_demand(ctx(), seat_at(reference))
    flash(f"The draft {demand.reference} is begun.")
    return redirect(f"/demands/{demand.reference}/draft")


@pages.get("/incidents/<reference>/timeline")
def timeline(reference: str) -> Answer:
    """What happened, newest first, with what each change said before."""
    seat = seat_at(reference)
    found = incident_view.view(ctx(), seat.incident)
    return render_template(
        "pages/incidents/timeline.html",
        seat=seat,
        events=list(reversed(incident_timeline.occurrences(ctx(), found))),
    )


@pages.get("/incidents/<reference>/facts.pdf")
def facts_paper(reference: str) -> Answer:
    """The facts as a paper, in the order in which the authority asks."""
    seat = seat_at(reference)
    found = incident_view.view(ctx(), seat.incident)
    return attached(incident_facts.paper(ctx(), seat, found), PDF, f"{reference}-facts.pdf")


@pages.get("/incidents/<reference>/pack.zip")
def pack(reference: str) -> Answer:
    """The regulator's pack; with `evidence=yes`, files that were added as evidence too."""
    seat = seat_at(reference)
    everything = request.args.get("evidence") == "yes"
    return zipped(
        lambda out: incident_pack.write_pack(ctx(), seat, out, evidence_files=everything),
        f"{address_of(seat).rpartition('/')[2]}-pack.zip",
    )
