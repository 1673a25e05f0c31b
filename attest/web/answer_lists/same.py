"""The same answers as another file's: what is replaced is said before the one press."""

from __future__ import annotations

from flask import flash, redirect, render_template, request

from attest.domain.refusal import Refused
from attest.domain.wording import count
from attest.services.access import Seat
from attest.services.acts import copying
from attest.services.acts.copying import Plan, Target
from attest.services.log.prepared import Stale
from attest.services.views.overview import LARGEST_PLACE
from attest.web.answer_lists.blueprint import Answer, officer, pages
from attest.web.answer_lists.forms import ALL, SOME, SameForm
from attest.web.session import ctx

# Files that the page lists, to choose some of them.
LISTED = 200


@pages.route("/demands/<reference>/answer/same", methods=["GET", "POST"])
def same(reference: str) -> Answer:
    """Choosing the file to copy from (`from`, its place), then the files to copy to."""
    seat = officer(reference)
    position = _place(request.values.get("from", ""))
    if position is None:
        return _choose(seat), 400 if request.method == "POST" else 200
    try:
        plan = copying.plan(ctx(), seat, position)
    except Refused as refused:
        return _choose(seat, refused), 400
    form = _form(plan)
    if form.validate_on_submit():
        some = [int(value) for value in form.files.data or []]
        try:
            files, copies = copying.copy_answers(
                ctx(), seat, position, None if form.which.data == ALL else some
            )
        except Stale:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(f"Copied to {count(files, 'file')}: {count(copies, 'answer')}.")
            return redirect(f"/demands/{reference}/answer")
    page = render_template("pages/answer_lists/same.html", form=form, seat=seat, plan=plan)
    return page, 400 if form.errors else 200


def _place(sent: str) -> int | None:
    if not (sent.isascii() and sent.isdigit() and len(sent) < 11):
        return None
    return int(sent) if int(sent) <= LARGEST_PLACE else None


def _form(plan: Plan) -> SameForm:
    form = SameForm(data={"which": SOME})
    listed = plan.targets[:LISTED]
    form.files.choices = [(str(target.file.position), target.file.name) for target in listed]
    form.files.hints = {str(target.file.position): _replaced(target) for target in listed}
    every = count(len(plan.targets), "other open file")
    replaced = sum(target.replaced for target in plan.targets)
    form.which.choices = [(SOME, "Only some"), (ALL, f"All {every}")]
    form.which.hints = {ALL: f"{count(replaced, 'answer')} there would be replaced."}
    if len(plan.targets) < 2:
        form.which.data = SOME
    return form


def _replaced(target: Target) -> str:
    """What copying would do to this file's own answers, before anybody presses."""
    if not target.answered and not target.told:
        return "Nothing is answered for it yet."
    parts = []
    if target.replaced:
        parts.append(f"{count(target.replaced, 'answer')} there would be replaced")
    if target.told:
        parts.append("whether a copy was passed on would be replaced")
    words = ", and ".join(parts)
    return f"{words[0].upper()}{words[1:]}." if words else "Its answers are kept as they are."


def _choose(seat: Seat, refused: Refused | None = None) -> str:
    return render_template(
        "pages/answer_lists/choose.html",
        seat=seat,
        sources=copying.sources(ctx(), seat),
        refused=refused.sentence if refused else None,
    )
