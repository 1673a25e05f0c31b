"""Samples of letters about changes: stores, files never received, amendments, more time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attest.domain.amending import Change, with_lists
from attest.domain.extensions import asked_words
from attest.domain.phrases import Phrase, phrase, phrases
from attest.mail import letters
from attest.mail.letter import Letter
from attest.mail.samples.case import ABOUT, ASKED, BECK, FILES, LAST_DAY, LATE, MARSH


def _said(day: date) -> Phrase:
    return phrase("%(day)s", day=day)


CHANGES = [
    each.line
    for each in with_lists(
        [
            Change(phrase("Due date"), _said(LAST_DAY), _said(date(2013, 2, 25))),
            Change(phrase("Instruction"), "", "", long=True),
        ],
        files=["further.docx", "and.pdf"],
        released=[],
        again=[],
    )
]


def samples() -> Mapping[str, Letter]:
    """Each of them by a name that begins with its kind."""
    return {
        "stores_named": letters.stores_named(ABOUT, BECK, ["Records store, Unit 7"], []),
        "stores_named reopening": letters.stores_named(ABOUT, BECK, ["Unit 7", "Mailbox"], FILES),
        "store_withdrawn by the contractor": letters.store_withdrawn(
            ABOUT, BECK, "Unit 7", "We left that building in 2011.", lead=False
        ),
        "store_withdrawn by the lead": letters.store_withdrawn(
            ABOUT, MARSH, "Unit 7", "It is not theirs.", lead=True
        ),
        "store_kept": letters.store_kept(ABOUT, MARSH, "Unit 7", "It had a copy."),
        "never_received": letters.never_received(
            ABOUT, BECK, FILES[0], "It is in no mail of ours."
        ),
        "never_received_ruled stands": letters.never_received_ruled(
            ABOUT, MARSH, FILES[0], "Our gateway says so.", stands=True
        ),
        "never_received_ruled nil return": letters.never_received_ruled(
            ABOUT, MARSH, FILES[0], "Our gateway is silent.", stands=False
        ),
        "amendment_ready": letters.amendment_ready(ABOUT, MARSH, CHANGES),
        "amendment_returned": letters.amendment_returned(ABOUT, MARSH, "Name the day."),
        "demand_amended": letters.demand_amended(ABOUT, MARSH, CHANGES, files=2, opened=3),
        "demand_amended, with all that it brings about": letters.demand_amended(
            ABOUT,
            MARSH,
            CHANGES,
            files=2,
            files_due=date(2013, 3, 4),
            opened=3,
            opened_due=date(2013, 3, 4),
            overruled=[
                phrases(
                    "%(num)s rejected file counts as accepted now, although %(who)s rejected it.",
                    "%(num)s rejected files count as accepted now, although %(who)s rejected them.",
                    2,
                    who=["Eastshire"],
                )
            ],
        ),
        "demand_amended, the date alone": letters.demand_amended(
            LATE, MARSH, CHANGES[:1], files=0, opened=0
        ),
        "extension_requested": letters.extension_requested(
            ABOUT, BECK, ASKED, LAST_DAY, "The backup runs on Tuesday only.", []
        ),
        "extension_requested for files": letters.extension_requested(
            ABOUT,
            BECK,
            asked_words(date(2013, 2, 20), LAST_DAY, 2, 5, 9),
            LAST_DAY,
            "The backup runs on Tuesday.",
            FILES,
        ),
        "extension_withdrawn": letters.extension_withdrawn(ABOUT, BECK, ASKED, LAST_DAY),
        "extension_granted": letters.extension_granted(
            ABOUT, MARSH, ASKED, LAST_DAY, date(2013, 2, 20), None, [], in_part=False
        ),
        "extension_granted in part": letters.extension_granted(
            ABOUT, MARSH, ASKED, LAST_DAY, date(2013, 2, 19), "No more.", FILES[:2], in_part=True
        ),
        "extension_granted for files": letters.extension_granted(
            ABOUT, MARSH, ASKED, LAST_DAY, date(2013, 2, 20), "No more.", FILES[:2], in_part=False
        ),
        "extension_refused": letters.extension_refused(
            ABOUT, MARSH, ASKED, LAST_DAY, "The regulator waits."
        ),
    }
