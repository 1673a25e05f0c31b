"""The files that an amendment adds: typed one by one, or from a list."""

from flask import flash, redirect, render_template, request

from attest.domain.manifest import MAX_BYTES, Problem
from attest.domain.refusal import Refused
from attest.domain.wording import count
from attest.services.access import Seat
from attest.services.acts import amendment_files
from attest.web.amending.blueprint import Answer, address_of, amendment, pages, writer
from attest.web.amending.forms import FileForm, ListForm
from attest.web.session import ctx

MORE = ("sha256", "size", "description", "channel", "data_categories", "subjects")
SHOWN = 20


@pages.get("/demands/<reference>/amendment/files")
def files(reference: str) -> Answer:
    """The files so far, and the two ways to add some."""
    seat = writer(reference)
    row = amendment(seat)
    if row.handed_at is not None:
        return redirect(address_of(seat))
    return _page(seat)


@pages.post("/demands/<reference>/amendment/files")
def add_files(reference: str) -> Answer:
    """Adds one file as typed, or with `act=list` those of a list."""
    seat = writer(reference)
    amendment(seat)
    if request.form.get("act") == "list":
        return _add_list(seat)
    form = FileForm()
    if form.validate_on_submit():
        typed = {name: form[name].data or "" for name in ("name", "kind", *MORE)}
        typed["sent_on"] = form.sent_on.data.isoformat() if form.sent_on.data else ""
        try:
            amendment_files.add_file(ctx(), seat, typed)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(f"“{form.name.data}” was added.")
            return redirect(f"{address_of(seat)}/files")
    return _page(seat, form=form), 400


def _add_list(seat: Seat) -> Answer:
    form = ListForm()
    problems: tuple[Problem, ...] = ()
    if form.validate_on_submit():
        # One byte more than may be read: the rule says then that the list is too long.
        data = form.manifest.data.stream.read(MAX_BYTES + 1)
        try:
            new, there = amendment_files.add_list(ctx(), seat, data)
        except amendment_files.BadList as bad:
            problems = tuple(bad.problems)
            form.refuse(bad)
        except Refused as refused:
            form.refuse(Refused(refused.sentence, field="manifest"))
        else:
            passed = f" {count(there, 'file')} named already, passed over." if there else ""
            flash(f"{count(new, 'file')} added.{passed}")
            return redirect(f"{address_of(seat)}/files")
    return _page(seat, form=form, problems=problems), 400


@pages.post("/demands/<reference>/amendment/files/remove")
def remove_file(reference: str) -> Answer:
    """Takes one file off the amendment."""
    seat = writer(reference)
    amendment(seat)
    amendment_files.remove_file(ctx(), seat, request.form.get("file", ""))
    return redirect(f"{address_of(seat)}/files")


def _page(
    seat: Seat, form: FileForm | ListForm | None = None, problems: tuple[Problem, ...] = ()
) -> str:
    """`form` is the one that was sent; the other one is made anew."""
    row = amendment(seat)
    one = (
        form if isinstance(form, FileForm) else FileForm(formdata=None, data={"kind": "electronic"})
    )
    many = form if isinstance(form, ListForm) else ListForm(formdata=None)
    named = {"form": form} if form is not None else {}
    return render_template(
        "pages/amending/files.html",
        seat=seat,
        one=one,
        many=many,
        problems=problems[:SHOWN],
        more_problems=max(0, len(problems) - SHOWN),
        more_open=any(one[name].errors or one[name].data for name in (*MORE, "sent_on")),
        files=amendment_files.files(ctx(), row, request.args.get("files", 1, type=int)),
        **named,
    )
