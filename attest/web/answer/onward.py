"""Whether a copy was passed to anybody else, for all open files or for some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request

from attest.database.tables import NamedFile
from attest.domain.refusal import Refused
from attest.domain.wording import count
from attest.services.access import Seat
from attest.services.acts import answers
from attest.services.facts import onward as disclosure
from attest.services.log.prepared import Stale
from attest.web.answer.blueprint import LISTED, ONWARD, Answer, officer, pages
from attest.web.answer.forms import ALL, NO, SOME, YES, OnwardForm
from attest.web.session import ctx
from attest.web.unsent import typed_at


@pages.route("/demands/<reference>/answer/onward", methods=["GET", "POST"])
def onward(reference: str) -> Answer:
    """Whether a copy was passed to anybody else, for all open files or for some."""
    seat = officer(reference)
    files = answers.open_files(ctx(), seat)
    asked = {str(position) for position in request.args.getlist("file")}
    chosen = [file for file in files if str(file.position) in asked]
    saved = _onward_data(seat, files, chosen)
    part = ",".join(str(file.position) for file in chosen)
    typed = typed_at(ONWARD, seat, request.full_path.rstrip("?"), part, saved=saved)
    form = OnwardForm(**typed.filled, data=saved)
    form.which.choices = [
        (ALL, "All of them" if len(files) == 1 else f"All {count(len(files), 'open file')}"),
        (SOME, "Only some"),
    ]
    form.files.choices = [(str(file.position), file.name) for file in files[:LISTED]]
    if len(files) < 2:
        form.which.data = ALL
    if form.validate_on_submit():
        ticked = set(form.files.data or [])
        some = [file.id for file in files if str(file.position) in ticked]
        try:
            answers.save_onward(
                ctx(),
                seat,
                None if form.which.data == ALL else some,
                form.disclosed.data == YES,
                form.recipients.data or "",
            )
        except Stale:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash("Saved.")
            return redirect(f"/demands/{reference}/answer")
    page = render_template(
        "pages/answer/onward.html", form=form, seat=seat, files=files, typed=typed
    )
    return page, 400 if form.errors else 200


def _onward_data(
    seat: Seat, files: Sequence[NamedFile], chosen: Sequence[NamedFile]
) -> dict[str, Any]:
    """What is said already, or what the answers would have said: to whom copies were passed on."""
    of, recipients = disclosure.proposed(ctx(), seat.demand, [f.id for f in chosen or files])
    said = answers.common_onward(ctx(), seat, [file.id for file in chosen] or None)
    if recipients and (said is None or not said[0]):
        said = True, "\n".join(recipients)
        chosen = [file for file in files[:LISTED] if file.id in of]
    data: dict[str, Any] = {
        "which": SOME if chosen else ALL,
        "files": [str(file.position) for file in chosen],
    }
    if said is not None:
        data |= {"disclosed": YES if said[0] else NO, "recipients": said[1]}
    return data
