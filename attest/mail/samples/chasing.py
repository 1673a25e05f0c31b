"""Samples of letters that chase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from attest.domain.phrases import phrase
from attest.mail import letters
from attest.mail.letter import Letter
from attest.mail.samples.case import ABOUT, ASKED, BECK, FILES, LAST_DAY, LATE, MARSH, OTHER
from attest.mail.together_letters import Part


def samples() -> Mapping[str, Letter]:
    """Each of them by a name that begins with its kind."""
    return {
        "chase_now": letters.chase_now(
            ABOUT,
            FILES,
            5,
            by=MARSH,
            telephone="01632 960 001",
            line="We spoke on Tuesday.\n\nWhat is missing?",
            may_answer=True,
        ),
        "chase_now to the contact": letters.chase_now(
            LATE, FILES[:1], 1, by=MARSH, telephone=None, line="", may_answer=False
        ),
        "not_acknowledged": letters.not_acknowledged(
            ABOUT, issued_on=date(2013, 2, 11), files=5, expires_on=LAST_DAY, ring=MARSH
        ),
        "not_acknowledged who signs in": letters.not_acknowledged(
            ABOUT, issued_on=date(2013, 2, 11), files=1, expires_on=None
        ),
        "reminder": letters.reminder(ABOUT, FILES, 5, ring=MARSH, telephone="01632 960001"),
        "reminder, more time asked for": letters.reminder(replace(ABOUT, asked=ASKED), FILES, 5),
        "reminder, nobody has acknowledged": letters.reminder(
            replace(ABOUT, acknowledged=False), FILES, 5
        ),
        "overdue, nobody has acknowledged": letters.overdue(
            replace(LATE, acknowledged=False), FILES, 5
        ),
        "overdue": letters.overdue(LATE, FILES[:1], 1),
        "escalation, nobody has acknowledged": letters.escalation(
            replace(LATE, acknowledged=False), FILES, 5
        ),
        "escalation": letters.escalation(LATE, FILES, 5),
        "escalation_contact": letters.escalation_contact(
            LATE, FILES, 5, ring=MARSH, telephone="01632 960001", colleagues=["Tom Beck"]
        ),
        "escalation_contact of one": letters.escalation_contact(
            LATE, FILES[:1], 1, ring=MARSH, telephone=None, colleagues=["Tom Beck", "Ruth Adeyemi"]
        ),
        "escalation_contact early": letters.escalation_contact(
            ABOUT, FILES, 5, ring=MARSH, telephone=None, colleagues=[], unreached=["Tom Beck"]
        ),
        "escalation_contact alone": letters.escalation_contact(
            LATE, FILES[:1], 1, ring=MARSH, telephone=None, colleagues=[]
        ),
        "controller_late": letters.controller_late(
            LATE, FILES, 5, colleagues=["Tom Beck", "Ruth Adeyemi"], unreachable=False
        ),
        "controller_late of nobody": letters.controller_late(
            LATE, FILES[:1], 1, colleagues=[], unreachable=False
        ),
        "controller_late unreachable": letters.controller_late(
            ABOUT, FILES, 5, colleagues=["Tom Beck"], unreachable=True
        ),
        "controller_late unreachable, nobody": letters.controller_late(
            LATE, FILES[:1], 1, colleagues=[], unreachable=True
        ),
        "together": letters.together(
            [
                Part("escalation", LATE, FILES, 5),
                Part("not_acknowledged", OTHER, (), 3, date(2013, 2, 11)),
            ],
            ring=MARSH,
            telephone="01632 960001",
        ),
        "together, one demand": letters.together(
            [Part("reminder", replace(ABOUT, asked=ASKED), FILES[:1], 1)],
            ring=MARSH,
            telephone=None,
        ),
        "review_waits": letters.review_waits(ABOUT, "Eastshire Police", FILES, 5, LAST_DAY),
        "review_waits of one": letters.review_waits(
            LATE, "Eastshire Police", FILES[:1], 1, LAST_DAY
        ),
        "changes_undecided": letters.changes_undecided(
            ABOUT, [phrase("“%(file)s” never came", file="list.csv")], ring=BECK
        ),
        "extension_undecided": letters.extension_undecided(
            ABOUT, ASKED, date(2013, 2, 11), LAST_DAY, ring=BECK, telephone="01632 960003"
        ),
        "extension_undecided late": letters.extension_undecided(
            LATE, ASKED, date(2013, 2, 11), LAST_DAY
        ),
    }
