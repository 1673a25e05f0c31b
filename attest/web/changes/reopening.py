"""Opening a file again, whatever became of it: what that brings about, then the reason."""

from flask import flash, redirect, render_template, request

from attest.domain.refusal import Refused
from attest.services.access import demand_for
from attest.services.acts import reopening
from attest.services.views import overview
from attest.services.views.next_step import party_name
from attest.web.changes.blueprint import Answer, pages
from attest.web.changes.forms import ReopenForm
from attest.web.session import ctx, current_account
from attest.web.unsent import typed_at


@pages.route("/demands/<reference>/files/<int:position>/reopen", methods=["GET", "POST"])
def reopen(reference: str, position: int) -> Answer:
    """What will happen, and the form."""
    seat = demand_for(ctx(), current_account(), reference)
    row = overview.file_at(ctx(), seat.demand, position)
    typed = typed_at("reopen", seat, request.path, str(position))
    form = ReopenForm(**typed.filled)
    form.stores.choices = [(store.id, store.label) for store in overview.stores(ctx(), seat.demand)]
    back = f"/demands/{reference}/files/{position}"
    if form.validate_on_submit():
        try:
            reopening.reopen_file(
                ctx(), seat, row.id, form.reason.data or "", form.stores.data or []
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash(f"“{row.name}” is open again, and both sides get a letter.")
            return redirect(back)
    page = render_template(
        "pages/changes/reopen.html",
        form=form,
        typed=typed,
        seat=seat,
        file=row,
        back=back,
        what=reopening.consequences(ctx(), seat, row),
        refused=reopening.why_not(seat, row),
        contractor=party_name(seat.demand, "contractor"),
        lead=party_name(seat.demand, "lead"),
    )
    return page, 400 if form.errors or form.form_errors else 200
