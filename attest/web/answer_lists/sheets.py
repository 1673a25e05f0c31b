"""The answers out as a list and back in. Between the preview and the import the list's own bytes
travel through the page, as an import of files does it: nothing is kept that nobody decided on."""

from __future__ import annotations

from base64 import b64decode, b64encode
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.domain.answer_list import MAX_LINES
from attest.domain.refusal import NotFound, Refused
from attest.domain.wording import count, listing
from attest.services.access import Seat
from attest.services.acts import answer_lists, answers
from attest.services.acts.answer_lists import MAX_BYTES, Preview
from attest.services.facts import onward
from attest.services.log.prepared import Stale
from attest.web.answer.blueprint import LISTED
from attest.web.answer_lists.blueprint import Answer, officer, pages
from attest.web.answer_lists.forms import AnswersFileForm
from attest.web.attachments import CSV, attached
from attest.web.session import ctx

SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/demands/<reference>/answer/list.<kind>")
def download(reference: str, kind: str) -> Response:
    """The answers as they stand, `csv` or `xlsx`."""
    seat = officer(reference)
    name = f"{seat.demand.reference}-answers.{kind}"
    if kind == "csv":
        return attached(b"".join(answer_lists.as_csv(ctx(), seat)), CSV, name)
    if kind == "xlsx":
        return attached(answer_lists.as_xlsx(ctx(), seat), XLSX, name)
    raise NotFound


@pages.route("/demands/<reference>/answer/list", methods=["GET", "POST"])
def answer_list(reference: str) -> Answer:
    """Choosing a list; what it would do; with `act=import`, importing what was shown."""
    seat = officer(reference)
    form = AnswersFileForm()
    if request.method == "GET":
        return _page(seat, form)
    if request.form.get("act") == "import":
        return _import_now(seat)
    if not form.validate():
        return _page(seat, form), 400
    # One byte more than may be read: the rule says then that the list is too long.
    data = form.answers.data.stream.read(MAX_BYTES + 1)
    preview = answer_lists.preview(ctx(), seat, data)
    if preview.problems:
        form.refuse(Refused(_what_is_wrong(preview), field="answers"))
    name = form.answers.data.filename or ""
    shown = _page(seat, form, preview, b64encode(data).decode("ascii"), name)
    return shown, 400 if preview.problems else 200


def _what_is_wrong(preview: Preview) -> str:
    whole = next((problem for problem in preview.problems if not problem.line), None)
    if whole is not None:
        return whole.sentence
    lines = len({problem.line for problem in preview.problems})
    has = "has" if lines == 1 else "have"
    return f"Nothing was imported: {count(lines, 'line')} {has} to be put right first."


def _import_now(seat: Seat) -> Answer:
    """Reads the list again, from the page's hidden field, which anybody could have changed."""
    form = AnswersFileForm(formdata=None)
    try:
        data = b64decode(request.form.get("list", ""), validate=True)
        done = answer_lists.import_answers(ctx(), seat, data)
    except ValueError:
        form.refuse(Refused("The list got lost on the way. Choose it again.", field="answers"))
        return _page(seat, form), 400
    except Stale:
        raise
    except Refused as refused:
        form.refuse(Refused(refused.sentence, field="answers"))
        return _page(seat, form), 400
    return _saved(seat, done)


def _saved(seat: Seat, done: Preview) -> Response:
    """On to the table, or first to the disclosure that says otherwise than the answers."""
    address = f"/demands/{seat.demand.reference}/answer"
    said = f"Saved for {count(len(done.answers), 'copy')}."
    missing = onward.left_out(ctx(), seat.demand, done.files)
    if missing:
        said += f" Now say here too that a copy went to {listing(missing)}."
        address += "/onward"
        files = [file for file in answers.open_files(ctx(), seat) if file.id in done.files]
        if len(files) <= LISTED:
            address += "?" + urlencode([("file", file.position) for file in files])
    flash(said)
    return redirect(address)


def _page(
    seat: Seat,
    form: AnswersFileForm,
    preview: Preview | None = None,
    data: str = "",
    name: str = "",
) -> str:
    return render_template(
        "pages/answer_lists/list.html",
        seat=seat,
        form=form,
        preview=preview,
        data=data,
        name=name,
        shown=SHOWN,
        to_split=answer_lists.to_split(ctx(), seat),
        most=MAX_LINES,
        too_large=answer_lists.too_large(ctx(), seat) if preview is None else None,
    )
