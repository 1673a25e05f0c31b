"""Letters to the controller's side: what waits for a signature, and what the contractor did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attest.mail.about import About, Writer, names
from attest.mail.letter import Letter, compose
from attest.mail.wrapping import quoted

# So many letters that failed are told one by one; of more, how many.
MOST_FAILURES = 5


def draft_ready(about: About, handed_by: Writer, *, files: int, stores: int) -> Letter:
    """To the signatories: a draft waits for them."""
    return compose(
        "draft_ready",
        about=about,
        handed_by=handed_by,
        files=files,
        stores=stores,
        link=f"{about.link}/issue",
    )


def draft_returned(about: About, returned_by: Writer, note: str) -> Letter:
    """To the case handler: the signatory sent the draft back."""
    return compose(
        "draft_returned",
        about=about,
        returned_by=returned_by,
        note=quoted(note),
        link=f"{about.link}/draft",
    )


def demand_issued(
    about: About, signed_by: Writer, *, liaison: str, files: int, stores: int
) -> Letter:
    """To the lead controller: it's signed, and the contractor has been written to."""
    return compose(
        "demand_issued",
        about=about,
        signed_by=signed_by,
        liaison=liaison,
        files=files,
        stores=stores,
    )


def acknowledged(about: About, by: Writer, note: str | None = None) -> Letter:
    """To the controller: the contractor has the demand."""
    return compose(
        "acknowledged",
        about=about,
        by=by,
        note=quoted(note) if note else None,
    )


def not_us(about: About, by: Writer, reason: str) -> Letter:
    """To the controller: the contractor says that the demand doesn't concern it."""
    return compose(
        "not_us",
        about=about,
        by=by,
        reason=quoted(reason),
    )


def officer_named(about: About, officer: Writer, named_by: Writer) -> Letter:
    """To the controller: who will sign for the contractor."""
    return compose(
        "officer_named",
        about=about,
        officer=officer,
        named_by=named_by,
    )


def key_to_confirm(about: About, officer: Writer, link: str, *, rotated: bool = False) -> Letter:
    """To the signatories: the officer made a key. The letter never shows its fingerprint.

    `link` is the page where the eight groups are typed as heard on the telephone; `rotated`: the
    officer's earlier key signed this one.
    """
    return compose(
        "key_to_confirm",
        about=about,
        officer=officer,
        rotated=rotated,
        link=link,
    )


def stores_named(about: About, by: Writer, stores: Sequence[str], reopens: Sequence[str]) -> Letter:
    """To the controller and to the officer: further stores, and which files they open again."""
    return compose(
        "stores_named",
        about=about,
        by=by,
        stores=names(stores),
        number_of_stores=len(stores),
        reopens=names(reopens),
        files=len(reopens),
    )


def attestations_to_review(about: About, by: Writer, files: Sequence[str], excepted: int) -> Letter:
    """To the signatories: the officer has signed. `excepted`: how many with exceptions."""
    return compose(
        "attestations_to_review",
        about=about,
        by=by,
        files=names(files),
        number_of_files=len(files),
        excepted=excepted,
        link=f"{about.link}/review",
    )


def ready_to_close(
    about: About,
    *,
    files: int,
    excepted: int,
    ends: int = 0,
    in_doubt: int = 0,
    waits_for: Sequence[str] = (),
) -> Letter:
    """To the lead controller: every file is accepted. `excepted`: copies not settled yet.

    `ends`: those of them that come back when an exception ends. `in_doubt`: files signed for with
    a key that may have been in other hands by then. `waits_for`: demands that were raised from this
    one, and have to end before it.
    """
    return compose(
        "ready_to_close",
        about=about,
        files=files,
        excepted=excepted,
        ends=ends,
        in_doubt=in_doubt,
        waits_for=waits_for,
        link=f"{about.link}/exceptions" if waits_for else f"{about.link}/close",
    )


@dataclass(frozen=True)
class Failure:
    """A letter that did not arrive, or, where it is not `bounced`, perhaps did not.

    `answer` is what the mail server or a report said.
    """

    to_name: str
    to_email: str
    subject: str
    bounced: bool
    answer: str


def delivery_problem(about: About, failures: Sequence[Failure], total: int) -> Letter:
    """To the case handlers: letters didn't arrive, or nobody knows whether they did.

    `failures` are the first of `total`, at least one and at most MOST_FAILURES.
    """
    shown = [(failure, quoted(failure.answer)) for failure in failures[:MOST_FAILURES]]
    return compose(
        "delivery_problem",
        about=about,
        failures=shown,
        first=failures[0],
        total=total,
        more=total - len(shown),
    )
