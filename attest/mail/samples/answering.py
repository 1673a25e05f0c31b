"""Samples of letters of a demand's course, from its draft to its end."""

from __future__ import annotations

from collections.abc import Mapping

from attest.domain.phrases import phrase
from attest.mail import letters
from attest.mail.letter import Letter
from attest.mail.samples.case import ABOUT, ADEYEMI, BECK, FILES, LATE, MARSH


def samples() -> Mapping[str, Letter]:
    """Each of them by a name that begins with its kind."""
    return {
        "draft_ready": letters.draft_ready(ABOUT, MARSH, files=5, stores=5),
        "draft_returned": letters.draft_returned(
            ABOUT, MARSH, "Name the cabinet too.\n\nThen again."
        ),
        "demand_issued": letters.demand_issued(ABOUT, MARSH, liaison="Tom Beck", files=5, stores=5),
        "acknowledged": letters.acknowledged(ABOUT, BECK),
        "acknowledged with a note": letters.acknowledged(LATE, BECK, "We start today."),
        "not_us": letters.not_us(ABOUT, BECK, "We sold that part of the business in 2011."),
        "files_reopened": letters.files_reopened(
            ABOUT, FILES, phrase("An exception has ended: %(where)s.", where=["Unit 7"])
        ),
        "files_reopened by somebody": letters.files_reopened(
            LATE, FILES[:1], "A printout was found.", by=BECK, was="closed_with_exceptions"
        ),
        "children_ended": letters.children_ended(
            ABOUT, [("ND-2013-005", "Printers Ltd", "closed")], files_left=0, to_review=0
        ),
        "children_ended, withdrawn": letters.children_ended(
            ABOUT,
            [("ND-2013-005", "Printers Ltd", "withdrawn")],
            files_left=0,
            to_review=0,
            undealt=["Printers Ltd"],
        ),
        "children_ended, settled": letters.children_ended(
            ABOUT,
            [("ND-2013-005", "Printers Ltd", "closed")],
            files_left=0,
            to_review=0,
            excepted=False,
        ),
        "children_ended, to review": letters.children_ended(
            ABOUT,
            [
                ("ND-2013-005", "Printers Ltd", "closed"),
                ("ND-2013-006", "Couriers LLP", "withdrawn"),
            ],
            files_left=3,
            to_review=1,
        ),
        "children_ended, open": letters.children_ended(
            ABOUT, [("ND-2013-005", "Printers Ltd", "closed")], files_left=1, to_review=0
        ),
        "attestations_to_review": letters.attestations_to_review(ABOUT, ADEYEMI, FILES, 0),
        "attestations_to_review excepted": letters.attestations_to_review(ABOUT, ADEYEMI, FILES, 1),
        "attestations_rejected": letters.attestations_rejected(
            ABOUT, MARSH, FILES[:2], "The serial of the third drive is missing."
        ),
        "attestations_accepted": letters.attestations_accepted(
            ABOUT, MARSH, FILES[:3], left=2, ends=0
        ),
        "attestations_accepted all": letters.attestations_accepted(
            ABOUT, MARSH, FILES, left=0, ends=0
        ),
        "attestations_accepted excepted": letters.attestations_accepted(
            ABOUT, MARSH, FILES, left=0, ends=5
        ),
        "attestations_accepted by one": letters.attestations_accepted(
            ABOUT, MARSH, FILES, left=5, ends=0, others=["Eastshire Police"]
        ),
        "ready_to_close": letters.ready_to_close(ABOUT, files=5, excepted=0),
        "ready_to_close in doubt": letters.ready_to_close(ABOUT, files=5, excepted=0, in_doubt=2),
        "ready_to_close excepted": letters.ready_to_close(ABOUT, files=1, excepted=1),
        "ready_to_close until it ends": letters.ready_to_close(ABOUT, files=1, excepted=1, ends=1),
        "ready_to_close after others": letters.ready_to_close(
            ABOUT, files=5, excepted=5, waits_for=["ND-2013-005", "ND-2013-006"]
        ),
        "demand_closed": letters.demand_closed(ABOUT, MARSH, "closed", files=5),
        "demand_closed excepted": letters.demand_closed(
            ABOUT, MARSH, "closed_with_exceptions", files=5, reason="The backup expires in March."
        ),
        "demand_withdrawn": letters.demand_withdrawn(ABOUT, MARSH, "Sent to the wrong company."),
        "demand_withdrawn silently": letters.demand_withdrawn(ABOUT, MARSH),
    }
