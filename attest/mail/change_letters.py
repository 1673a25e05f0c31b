"""Letters about changed minds: stores withdrawn, files never received, demands amended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attest.mail.about import About, Writer, names
from attest.mail.letter import Letter, compose
from attest.mail.wrapping import quoted


def store_withdrawn(about: About, by: Writer, store: str, reason: str, *, lead: bool) -> Letter:
    """To the other side. `lead`: the lead controller wrote, else the contractor asks it."""
    return compose(
        "store_withdrawn",
        about=about,
        by=by,
        store=store,
        reason=quoted(reason),
        lead=lead,
        link=f"{about.link}/changes",
    )


def store_kept(about: About, by: Writer, store: str, reason: str) -> Letter:
    """To the contractor: the store stays."""
    return compose(
        "store_kept",
        about=about,
        by=by,
        store=store,
        reason=quoted(reason),
        link=f"{about.link}/changes",
    )


def never_received(about: About, by: Writer, file: str, reason: str) -> Letter:
    """To the lead controller: rule on it."""
    return compose(
        "never_received",
        about=about,
        by=by,
        file=file,
        reason=quoted(reason),
        link=f"{about.link}/changes",
    )


def never_received_ruled(
    about: About, by: Writer, file: str, reason: str, *, stands: bool
) -> Letter:
    """To the contractor. `stands`: the file was sent; else nil returns will do."""
    return compose(
        "never_received_ruled",
        about=about,
        by=by,
        file=file,
        reason=quoted(reason),
        stands=stands,
        link=f"{about.link}/answer",
    )


def changes_undecided(
    about: About,
    asked: Sequence[str],
    *,
    ring: Writer | None = None,
    telephone: str | None = None,
) -> Letter:
    """To the lead controller: what the contractor asked or said, a line each, is undecided.

    `ring`: at the contractor's, who asks, on `telephone`, where that is known.
    """
    return compose(
        "changes_undecided",
        about=about,
        lines=names(asked),
        ring=ring,
        telephone=telephone,
        link=f"{about.link}/changes",
    )


def amendment_ready(about: About, handed_by: Writer, changes: Sequence[str]) -> Letter:
    """To the signatories: an amendment waits for them. `changes`: a line each."""
    return compose(
        "amendment_ready",
        about=about,
        handed_by=handed_by,
        changes=names(changes),
        link=f"{about.link}/amendment/sign",
    )


def amendment_returned(about: About, returned_by: Writer, note: str) -> Letter:
    """To the case handlers: the signatory sent the amendment back."""
    return compose(
        "amendment_returned",
        about=about,
        returned_by=returned_by,
        note=quoted(note),
        link=f"{about.link}/amendment",
    )


def demand_amended(
    about: About,
    by: Writer,
    changes: Sequence[str],
    *,
    files: int,
    opened: int,
    files_due: date | None = None,
    opened_due: date | None = None,
    overruled: Sequence[str] = (),
) -> Letter:
    """To both sides: what is otherwise now, a line each.

    `files`: added; `opened`: open again; each with the day by which they are due, where that is
    not the demand's. `overruled`: whose reviews do not count any more, a sentence each.
    """
    return compose(
        "demand_amended",
        about=about,
        by=by,
        changes=names(changes),
        files=files,
        files_due=_own(files_due, about.due_on),
        opened=opened,
        opened_due=_own(opened_due, about.due_on),
        overruled=overruled,
        link=f"{about.link}/changes",
    )


def _own(due_on: date | None, of_demand: date) -> date | None:
    return None if due_on == of_demand else due_on
