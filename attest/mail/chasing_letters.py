"""Letters that chase the contractor, by a ladder or by hand, and a controller for its review.

Two more are with what they ask about: `extension_undecided`, `changes_undecided`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attest.mail.about import About, Writer, names
from attest.mail.letter import LINK, Letter, compose
from attest.mail.wrapping import quoted


def reminder(
    about: About,
    files: Sequence[str],
    total: int,
    *,
    ring: Writer | None = None,
    telephone: str | None = None,
) -> Letter:
    """Before the due date, and on it: what is still open.

    `files` are the names of the first open files, `total` is how many are open. `ring`: whom to
    ring at the controller's, on `telephone`, where that is known.
    """
    return _chasing("reminder", about, files, total, ring, telephone)


def overdue(
    about: About,
    files: Sequence[str],
    total: int,
    *,
    ring: Writer | None = None,
    telephone: str | None = None,
) -> Letter:
    """One working day after the due date; arguments as for `reminder`."""
    return _chasing("overdue", about, files, total, ring, telephone)


def escalation(
    about: About,
    files: Sequence[str],
    total: int,
    *,
    ring: Writer | None = None,
    telephone: str | None = None,
) -> Letter:
    """Three working days after the due date, and what comes next; arguments as for `reminder`."""
    return _chasing("escalation", about, files, total, ring, telephone)


def _chasing(
    kind: str,
    about: About,
    files: Sequence[str],
    total: int,
    ring: Writer | None,
    telephone: str | None,
) -> Letter:
    return compose(
        kind,
        about=about,
        files=names(files, total),
        number_of_files=total,
        ring=ring,
        telephone=telephone,
        link=f"{about.link}/{'answer' if about.acknowledged else 'acknowledge'}",
    )


def review_waits(
    about: About,
    organisation: str,
    files: Sequence[str],
    total: int,
    asked_on: date,
    *,
    ring: Writer | None = None,
    telephone: str | None = None,
) -> Letter:
    """To a controller whose own review of an attestation is missing.

    `files` are the names of the first that wait for `organisation`, `total` is how many do;
    `asked_on` is the day on which the oldest of them was signed for. `ring`: at the lead's.
    """
    return compose(
        "review_waits",
        about=about,
        organisation=organisation,
        files=names(files, total),
        number_of_files=total,
        asked_on=asked_on,
        ring=ring,
        telephone=telephone,
        link=f"{about.link}/review",
    )


def escalation_contact(
    about: About,
    files: Sequence[str],
    total: int,
    *,
    ring: Writer,
    telephone: str | None,
    colleagues: Sequence[str],
    unreached: Sequence[str] = (),
) -> Letter:
    """To the contractor's escalation contact: what is open, and whom to ring. It opens nothing.

    `ring` is somebody at the controller's, `colleagues` who at the contractor's has the demand and
    is written to, `unreached` those of them in whose place this reader is.
    """
    return compose(
        "escalation_contact",
        about=about,
        files=names(files, total),
        number_of_files=total,
        ring=ring,
        telephone=telephone,
        colleagues=colleagues,
        unreached=unreached,
    )


def chase_now(
    about: About,
    files: Sequence[str],
    total: int,
    *,
    by: Writer,
    telephone: str | None,
    line: str,
    may_answer: bool,
) -> Letter:
    """To the contractor's side, because a person at the lead controller's decided it.

    `by` is that person and `line` what they add, or nothing; `may_answer` is False for the
    escalation contact, to whom it opens nothing. `files` and `total` as for `escalation_contact`.
    """
    return compose(
        "chase_now",
        about=about,
        files=names(files, total),
        number_of_files=total,
        by=by,
        ring=by,
        telephone=telephone,
        line=quoted(line),
        may_answer=may_answer,
        link=f"{about.link}/answer" if may_answer else about.link,
    )


def not_acknowledged(
    about: About,
    *,
    issued_on: date,
    files: int,
    expires_on: date | None,
    ring: Writer | None = None,
) -> Letter:
    """To the liaison of a demand that nobody has acknowledged; `files` is how many are open.

    `expires_on`: until when the link in it works; None for who signs in with a password.
    """
    return compose(
        "not_acknowledged",
        about=about,
        issued_on=issued_on,
        number_of_files=files,
        link=about.link if expires_on is None else LINK,
        expires_on=expires_on,
        ring=ring,
    )


def controller_late(
    about: About,
    files: Sequence[str],
    total: int,
    *,
    colleagues: Sequence[str],
    unreachable: bool,
) -> Letter:
    """To the lead controller's own people: the contractor does not answer.

    `colleagues` are those at the contractor's who were written to. `unreachable`: no letter
    reaches any of them, and this one stands for theirs.
    """
    return compose(
        "controller_late",
        about=about,
        files=names(files, total),
        number_of_files=total,
        colleagues=colleagues,
        unreachable=unreachable,
        link=about.link,
    )
