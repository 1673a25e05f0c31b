"""The letter to people affected: written, looked at, and merged with a list that nobody keeps.

The list stays in memory from the socket to the answer (attest/web/uploads.py): it is in no file,
no row and no log of this server.
"""

from collections.abc import Iterator

from flask import flash, redirect, render_template, request

from attest.bundle.layout import Layout, Place
from attest.bundle.zip_writer import ZipWriter
from attest.database.tables import IncidentLetter
from attest.domain.letter_merge import MAX_BYTES, Letter, fields_of
from attest.domain.refusal import Refused
from attest.services.acts import incident_letter
from attest.services.acts.incident_letter import MergedLetters
from attest.services.facts.incident_access import IncidentSeat
from attest.web.attachments import TEXT, ZIP, attached
from attest.web.incidents.blueprint import Answer, address_of, pages, seat_at
from attest.web.incidents.forms import LetterForm, MergeForm
from attest.web.session import ctx


def _place(name: str) -> Place | None:
    return (0, 0, name)


LAYOUT = Layout("set of letters", "a set of letters", _place, lambda name: 2**31, ())
# A printer begins a new page here.
FORM_FEED = "\f"


@pages.route("/incidents/<reference>/letter", methods=["GET", "POST"])
def letter(reference: str) -> Answer:
    """The letter, part by part; `act=preview` shows it whole and keeps nothing."""
    seat = seat_at(reference)
    newest = incident_letter.newest_row(ctx(), seat.incident)
    form = LetterForm(
        data=_parts(incident_letter.letter_of(newest))
        if newest
        else incident_letter.proposed(ctx(), seat)
    )
    if form.validate_on_submit():
        try:
            if request.form.get("act") == "preview":
                return _page(seat, newest, form, shown=incident_letter.checked(_typed(form)))
            row = incident_letter.save(ctx(), seat, _typed(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(f"Version {row.version} of the letter is kept.")
            return redirect(f"{address_of(seat)}/letter")
    status = 400 if form.errors or form.form_errors else 200
    return _page(seat, newest, form), status


@pages.post("/incidents/<reference>/letter/merge")
def merge(reference: str) -> Answer:
    """The letters for a list, made while they are sent."""
    seat = seat_at(reference)
    newest = incident_letter.need_row(ctx(), seat.incident)
    form = MergeForm()
    if form.validate_on_submit():
        try:
            # One byte more than may be read: the rule says then that the list is too large.
            data = form.recipients.data.stream.read(MAX_BYTES + 1)
            made = incident_letter.merge(ctx(), seat, data)
        except Refused as refused:
            form.refuse(refused)
        else:
            name = f"{seat.incident.reference}-letters"
            if form.shape.data == "text":
                return attached(_one_text(made), TEXT, f"{name}.txt")
            return attached(_zip(made), ZIP, f"{name}.zip")
    start = LetterForm(formdata=None, data=_parts(incident_letter.letter_of(newest)))
    return _page(seat, newest, start, merging=form), 400


def _page(
    seat: IncidentSeat,
    newest: IncidentLetter | None,
    form: LetterForm,
    *,
    shown: Letter | None = None,
    merging: MergeForm | None = None,
) -> str:
    kept = incident_letter.letter_of(newest) if newest else None
    return render_template(
        "pages/incidents/letter.html",
        seat=seat,
        newest=newest,
        kept=kept,
        fields=[f"“{field}”" for field in fields_of(kept)] if kept else [],
        # The form with the mistakes is the page's: the layout lists them above.
        form=merging or form,
        writing=form,
        merging=merging or MergeForm(formdata=None),
        shown=shown,
    )


def _typed(form: LetterForm) -> dict[str, str]:
    return {field.name: field.data or "" for field in form}


def _parts(of: Letter) -> dict[str, str]:
    return {name: getattr(of, name) for name in Letter.__dataclass_fields__}


def _one_text(made: MergedLetters) -> Iterator[bytes]:
    for number, text in enumerate(made.texts()):
        yield ((FORM_FEED if number else "") + text).encode("utf-8")


class _Passing:
    """What was written since it was last taken."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.parts.append(data)

    def take(self) -> bytes:
        taken = b"".join(self.parts)
        self.parts.clear()
        return taken


def _zip(made: MergedLetters) -> Iterator[bytes]:
    """A zip of one text a letter, by number: no name of a person is a file's name."""
    passing = _Passing()
    writer = ZipWriter(passing, LAYOUT)
    for number, text in enumerate(made.texts(), start=1):
        writer.add(f"letter-{number:05d}.txt", text.encode("utf-8"))
        yield passing.take()
    writer.finish()
    yield passing.take()
