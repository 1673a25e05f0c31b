"""The files of a draft: typed one by one, or imported from a list.

Between the preview of an import and "Import n files" the list's own bytes travel through the
page, in a hidden field: the server keeps nothing that nobody has decided on, and what is
imported is read again from the start, by the same rules.
"""

from base64 import b64decode, b64encode

from flask import flash, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from attest.domain.manifest import MAX_BYTES
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.domain.wording import count, size
from attest.services.access import Seat
from attest.services.acts import draft_files
from attest.services.acts.draft_files import Preview
from attest.services.views import draft_view
from attest.web.drafts.blueprint import Answer, draft_of, locked, pages, writer
from attest.web.drafts.forms import FileForm, ImportForm
from attest.web.errors import page
from attest.web.forms.fields import PERMANENT
from attest.web.session import ctx, signed_in_account
from attest.web.unsent import Typed, typed_at

SHOWN = 50
MORE = ("sha256", "size", "description", "sent_on", "channel", "data_categories", "subjects")


@pages.get("/demands/<reference>/draft/files")
def files(reference: str) -> Answer:
    """The files so far, and the ways to add one."""
    seat = writer(reference)
    form = FileForm(**_typed(seat).filled, data={"kind": "electronic"})
    return locked(seat) or _files_page(seat, form)


@pages.post("/demands/<reference>/draft/files")
def add_file(reference: str) -> Answer:
    """Adds one file as typed."""
    seat = writer(reference)
    form = FileForm()
    if form.validate_on_submit():
        typed = {name: form[name].data or "" for name in ("name", "kind", *MORE)}
        typed["sent_on"] = form.sent_on.data.isoformat() if form.sent_on.data else ""
        try:
            draft_files.add_file(ctx(), seat, typed)
        except Refused as refused:
            form.refuse(refused)
        else:
            _typed(seat).forget()
            flash(f"“{form.name.data}” was added.")
            return redirect(f"{draft_of(seat)}/files")
    return _files_page(seat, form), 400


@pages.post("/demands/<reference>/draft/files/remove")
def remove_file(reference: str) -> Answer:
    """Takes one file off the list."""
    seat = writer(reference)
    draft_files.remove_file(ctx(), seat, request.form.get("file", ""))
    return redirect(f"{draft_of(seat)}/files")


def _typed(seat: Seat) -> Typed:
    return typed_at("draft-file", seat, f"{draft_of(seat)}/files")


def _files_page(seat: Seat, form: FileForm) -> str:
    return render_template(
        "pages/drafts/files.html",
        seat=seat,
        form=form,
        typed=_typed(seat),
        permanent=PERMANENT,
        files=draft_view.files_of(ctx(), seat.demand, request.args.get("files", 1, type=int)),
        more_open=any(form[name].errors or form[name].data for name in MORE),
    )


@pages.get("/demands/<reference>/draft/files/import")
def import_list(reference: str) -> Answer:
    """Choosing a list."""
    seat = writer(reference)
    return locked(seat) or _import_page(seat, ImportForm())


@pages.post("/demands/<reference>/draft/files/import")
def import_files(reference: str) -> Answer:
    """Shows what a list would do; with `act=import`, imports what was shown."""
    seat = writer(reference)
    form = ImportForm()
    if request.form.get("act") == "import":
        return _import_now(seat)
    if not form.validate_on_submit():
        return _import_page(seat, form), 400
    # One byte more than may be read: the rule says then that the list is too long.
    data = form.manifest.data.stream.read(MAX_BYTES + 1)
    try:
        preview = draft_files.preview(ctx(), seat, data)
    except Refused as refused:
        form.refuse(Refused(refused.sentence))
        return _import_page(seat, form), 400
    if preview.problems:
        wrong = len({problem.line for problem in preview.problems})
        form.refuse(Refused(_what_is_wrong(preview, wrong), field="manifest"))
    name = form.manifest.data.filename or ""
    shown = _import_page(seat, form, preview, b64encode(data).decode("ascii"), name)
    return shown, 400 if preview.problems else 200


def _what_is_wrong(preview: Preview, lines: int) -> str:
    whole = next((problem for problem in preview.problems if not problem.line), None)
    if whole is not None:
        return whole.sentence
    has = "has" if lines == 1 else "have"
    return f"Nothing was imported: {count(lines, 'line')} {has} to be put right first."


def _import_now(seat: Seat) -> Answer:
    """Reads the list again, from the page's hidden field, which anybody could have changed."""
    form = ImportForm(formdata=None)
    try:
        data = b64decode(request.form.get("list", ""), validate=True)
    except ValueError:
        form.refuse(Refused("The list got lost on the way. Choose it again.", field="manifest"))
        return _import_page(seat, form), 400
    try:
        done = draft_files.import_files(ctx(), seat, data)
    except Refused as refused:
        field = "manifest" if refused.field == "list" else None
        form.refuse(Refused(refused.sentence, field=field))
        return _import_page(seat, form), 400
    flash(f"{count(done.added, 'file')} added{_filled_in(done)}.")
    return redirect(f"{draft_of(seat)}/files")


def _filled_in(done: Preview) -> str:
    return f", {count(done.filled_in, 'file')} filled in" if done.filled_in else ""


def _import_page(
    seat: Seat, form: ImportForm, preview: Preview | None = None, data: str = "", name: str = ""
) -> str:
    return render_template(
        "pages/drafts/import.html",
        seat=seat,
        form=form,
        preview=preview,
        data=data,
        name=name,
        shown=SHOWN,
    )


@pages.app_errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response | tuple[str, int]:
    """A list that is larger than any request may be is refused beside its field too."""
    if request.endpoint != "drafts.import_files" or signed_in_account() is None:
        return page(413)
    try:
        seat = writer((request.view_args or {})["reference"])
    except (NotFound, NotAllowed):
        return page(413)
    form = ImportForm(formdata=None)
    sent = request.content_length
    form.refuse(
        Refused(
            f"The list is too large{f': {size(sent)}' if sent else ''}. At most 10 MB can be "
            "read at once. Split it, and import the parts one after the other.",
            field="manifest",
        )
    )
    return _import_page(seat, form), 413
