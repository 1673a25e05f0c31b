"""The pages on which both sides see where a demand stands. They show the same to both."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.domain import demand_states, wording
from attest.domain.event_kinds import KINDS as KINDS_OF_EVENTS
from attest.domain.event_kinds import types_of
from attest.domain.file_states import TO_ANSWER
from attest.domain.letter_words import kind_words
from attest.domain.refusal import Refused
from attest.domain.stores import KINDS
from attest.services.access import CONTRACTOR, Seat, demand_for
from attest.services.acts import acknowledging, not_received, pausing, reopening, withdrawing
from attest.services.acts.draft_stores import StoreAnswers
from attest.services.acts.evidence_uses import may_attach
from attest.services.exports import papers
from attest.services.facts import compromised, concurrence, contact_points, due_days, exceptions
from attest.services.facts.calendars import why_unknown
from attest.services.letters import letter_list
from attest.services.log import record
from attest.services.log.prepared import Stale
from attest.services.upkeep import withholding
from attest.services.views import amended, desk, opened_again, overview
from attest.services.views.burn_down import burn_down
from attest.services.views.history import history
from attest.services.views.next_step import next_step, party_name
from attest.services.views.situation import file_states, situation
from attest.web.chart import charts
from attest.web.demand import reading
from attest.web.demand.cells import cell_words
from attest.web.demand.forms import StoreForm
from attest.web.demand.happenings import file_ids, happenings, revoked_keyids
from attest.web.filters import today
from attest.web.session import ctx, current_account
from attest.web.unsent import typed_at

pages = Blueprint("demand", __name__)

Answer = str | Response | tuple[str, int]


def page_number() -> int:
    """`?page=3`; anything else is the first page."""
    asked = request.args.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1


@pages.get("/demands/<reference>")
def show(reference: str) -> Answer:
    """State and next step, the matrix, what is open and with whom, the newest checkpoint."""
    seat = demand_for(ctx(), current_account(), reference, draft=None)
    demand = seat.demand
    if demand.state == demand_states.DRAFT:
        return redirect(f"/demands/{reference}/draft")
    only = request.args.get("state", "")
    if only not in wording.FILE_STATES:
        only = ""
    now = situation(ctx(), seat)
    states = file_states(ctx(), seat)
    matrix = overview.matrix(ctx(), demand, page=page_number(), only=only)
    found = burn_down(ctx(), demand)
    return render_template(
        "pages/demand/overview.html",
        seat=seat,
        step=next_step(seat, now),
        now=now,
        parent=exceptions.raised_from(ctx(), seat),
        # The contractor is not told that letters wait.
        pause=None if seat.side == CONTRACTOR else pausing.standing_pause(ctx(), demand),
        # Nobody counts working days of a demand that has ended.
        unknown=why_unknown(demand.calendar) if demand.state in demand_states.LIVE else None,
        states=states,
        only=only,
        matrix=matrix,
        stands=concurrence.of_files(ctx(), demand, [row.file.id for row in matrix.rows.items]),
        due=due_days.of_demand(demand),
        last_letter=letter_list.last_tried(ctx(), seat),
        kind_words=kind_words,
        contact_point=contact_points.of_demand(demand),
        words=lambda cell: cell_words(cell, now.today),
        open_with=reading.open_with(ctx(), seat, now, found),
        charts=charts(found, demand.due_on),
        live=demand.state in demand_states.LIVE,
        checkpoint=papers.checkpoint(ctx(), demand) if reading.has_log(ctx(), demand) else None,
    )


@pages.get("/demands/<reference>/files/<int:position>")
def file(reference: str, position: int) -> Answer:
    """One file: its copies, its attestations, and how it stands."""
    seat = demand_for(ctx(), current_account(), reference)
    row = overview.file_at(ctx(), seat.demand, position)
    told = overview.attestations(ctx(), seat.demand, [row.id])
    places = {store.id: store for store in overview.stores(ctx(), seat.demand, standing=False)}
    copies = [
        reading.copy_view(cell, places[cell.store_id], today(ctx().settings))
        for cell in overview.copies_of(ctx(), seat.demand, row.id)
    ]
    claims = not_received.claims(ctx(), seat.demand.id, row.id)
    return render_template(
        "pages/demand/file.html",
        seat=seat,
        file=row,
        files_total=seat.demand.files_total,
        copies=copies,
        evidence=reading.file_evidence(ctx(), seat.demand, row.id, copies),
        may_attach=may_attach(seat)
        and row.state in TO_ANSWER
        and seat.demand.state in demand_states.LIVE,
        attestations=history(told, places),
        stand=concurrence.of_files(ctx(), seat.demand, [row.id]).get(row.id),
        opened_again=opened_again.of_file(ctx(), row),
        why_anew=opened_again.of_attestations(ctx(), [view.row for view in told]),
        returned=desk.returned(ctx(), seat.demand, row),
        due=due_days.of_file(seat.demand, row),
        in_doubt=row.id in {each.id for each in compromised.files_in_doubt(ctx(), seat.demand)},
        may_reopen=reopening.why_not(seat, row) is None,
        claims=claims,
        rulings=not_received.RULINGS,
        may_say_never=seat.demand.state in demand_states.LIVE
        and not_received.why_not(seat, row, claims) is None,
    )


@pages.get("/demands/<reference>/timeline")
def timeline(reference: str) -> Answer:
    """What happened, newest first, as the log has it."""
    seat = demand_for(ctx(), current_account(), reference)
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS_OF_EVENTS else ""
    found = record.timeline(ctx(), seat.demand, page=page_number(), types=types_of(kind))
    names = overview.file_names(ctx(), seat.demand, file_ids(found.items))
    return render_template(
        "pages/demand/timeline.html",
        seat=seat,
        found=found,
        last_letter=letter_list.last_tried(ctx(), seat),
        kind_words=kind_words,
        happenings=happenings(
            found.items,
            names,
            record.holders(ctx(), revoked_keyids(found.items)),
            {each.seq: each.lines for each in amended.amendments_of(ctx(), seat.demand)},
        ),
        erased=bool(withholding.erased_types(ctx(), seat.demand)),
        kinds=KINDS_OF_EVENTS,
        kind=kind,
    )


@pages.get("/demands/<reference>/stores")
def stores(reference: str) -> Answer:
    """The stores, and which side named each."""
    seat = demand_for(ctx(), current_account(), reference)
    everything = overview.stores(ctx(), seat.demand, standing=False)
    return render_template(
        "pages/demand/stores.html",
        seat=seat,
        standing=[store for store in everything if store.standing],
        withdrawn=[store for store in everything if not store.standing],
        named_by={
            "controller": party_name(seat.demand, "lead"),
            "contractor": party_name(seat.demand, "contractor"),
        },
        kinds=KINDS,
        live=seat.demand.state in demand_states.LIVE,
        gone={row.store_id: row for row in withdrawing.withdrawals(ctx(), seat.demand.id)},
        may_withdraw=seat.side == CONTRACTOR or seat.lead,
    )


@pages.route("/demands/<reference>/stores/new", methods=["GET", "POST"])
def new_store(reference: str) -> Answer:
    """Naming a further store: first what that opens again, then the form."""
    seat = demand_for(ctx(), current_account(), reference)
    acknowledging.live(seat)
    typed = typed_at("store", seat, f"/demands/{reference}/stores/new")
    form = StoreForm(**typed.filled)
    reopens = acknowledging.files_that_reopen(ctx(), seat)
    status = 200
    if form.validate_on_submit():
        if form.told.data != str(len(reopens)):
            form.refuse(Stale(_MORE_OPENS))
            status = 409
        elif _name_store(seat, form):
            typed.forget()
            return redirect(f"/demands/{reference}/stores")
    if status == 200 and (form.errors or form.form_errors):
        status = 400
    # What the reader is told now, whatever an older page said.
    form.told.data = str(len(reopens))
    return render_template(
        "pages/demand/new_store.html", form=form, seat=seat, reopens=reopens, typed=typed
    ), status


_MORE_OPENS = (
    "Since you opened this page, the files that this opens again have changed. Nothing was kept. "
    "Look at the list below, then name the store."
)


def _name_store(seat: Seat, form: StoreForm) -> bool:
    answers = StoreAnswers(
        form.label_.data or "",
        form.medium.data or "",
        form.kind.data or "",
        form.location.data or "",
        form.custodian.data or "",
    )
    try:
        opened = acknowledging.name_store(ctx(), seat, answers)
    except Refused as refused:
        form.refuse(
            Refused(refused.sentence, field=_FIELDS.get(refused.field or "", refused.field))
        )
        return False
    again = f" {wording.count(opened, 'file')} opened again." if opened else ""
    flash(f"“{answers.label}” is named.{again}")
    return True


# WTForms keeps `label` for itself.
_FIELDS = {"label": "label_"}
