"""Every letter in each of its shapes, of one demand that never was.

For the check of templates, for previews and try-outs, and for tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache

from attest.domain.amending import Change, with_lists
from attest.domain.extensions import asked_words
from attest.domain.phrases import Phrase, phrase, phrases
from attest.mail import letters
from attest.mail.controller_letters import Failure
from attest.mail.digest_letters import Digest, Line
from attest.mail.letter import Letter
from attest.mail.together_letters import Part

ABOUT = letters.About(
    reference="ND-2013-004",
    controller="Northshire Constabulary",
    contractor="Halden Support Services plc",
    link="https://attest.example.org/demands/ND-2013-004",
    due_on=date(2013, 2, 18),
    today=date(2013, 2, 14),
)
LATE = letters.About(
    reference=ABOUT.reference,
    controller=ABOUT.controller,
    contractor=ABOUT.contractor,
    link=ABOUT.link,
    due_on=ABOUT.due_on,
    today=date(2013, 2, 21),
)
OTHER = replace(ABOUT, reference="ND-2013-006", link=f"{ABOUT.link[:-1]}6")
MARSH = letters.Writer("Helen Marsh", "Senior Information Risk Owner", "Northshire Constabulary")
BECK = letters.Writer("Tom Beck", "Head of Bids", "Halden Support Services plc")
ADEYEMI = letters.Writer("Ruth Adeyemi", "Assurance Lead", "Halden Support Services plc")
ISSUER = letters.Issuer(
    signatory=MARSH,
    signatory_fingerprint="k5zq 2m4t aaaa bbbb cccc dddd eeee ffff",
    log_key_fingerprint="7rqe w3lk gggg hhhh iiii jjjj kkkk llll",
)
FILES = [
    "HR restructure costings v7 FINAL.xlsx",
    "establishment-list-2012-12.csv",
    "payroll-deductions-q3.csv",
    "shift-patterns – custody & control room.csv",
    "sickness-absence-2011-2012.csv",
]
LAST_DAY = date(2013, 2, 18)


def _said(day: date) -> Phrase:
    return phrase("%(day)s", day=day)


HOME = "https://attest.example.org"
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
FAILURES = [
    Failure(
        "Tom Beck",
        "tom.beck@halden.example",
        "ND-2013-004: 5 files are overdue",
        True,
        "550 5.1.1 No such user",
    ),
    Failure(
        "Ruth Adeyemi",
        "ruth.adeyemi@halden.example",
        "ND-2013-004: 5 files are overdue",
        False,
        "the connection broke while the letter was sent",
    ),
]
DIGEST = Digest(
    late=[Line("ND-2013-004 is 3 working days late", ABOUT.link)],
    waits=[Line("5 attestations wait for a review", f"{ABOUT.link}/review")],
    failing=[Line("tom.beck@halden.example", f"{ABOUT.link}/letters")],
    unknown=[Line("To Ruth Adeyemi", f"{ABOUT.link}/letters")],
    came=[Line("ND-2013-006: acknowledged", f"{HOME}/demands/ND-2013-006")],
)
ASKED = asked_words(date(2013, 2, 20), LAST_DAY, 2, 0, 9)


@lru_cache(maxsize=1)
def every() -> Mapping[str, Letter]:
    """Each letter, in each of its shapes, by a name that begins with its kind."""
    return {
        "invitation_of_colleague": letters.invitation_of_colleague(
            MARSH, ["case_handler", "signatory"], LAST_DAY, HOME
        ),
        "invitation_of_liaison": letters.invitation_of_liaison(
            ABOUT,
            ISSUER,
            files=5,
            action="delete",
            basis="UK GDPR, and the non-disclosure agreement NDA-2012-117",
            expires_on=LAST_DAY,
        ),
        "invitation_of_liaison who signs in": letters.invitation_of_liaison(
            ABOUT, ISSUER, files=1, action="delete_or_return", basis="NDA-2012-117", expires_on=None
        ),
        "joint_controller_told": letters.joint_controller_told(
            ABOUT, ISSUER, files=5, concurrence="each", expires_on=LAST_DAY
        ),
        "joint_controller_told who signs in": letters.joint_controller_told(
            ABOUT, ISSUER, files=5, concurrence="lead", expires_on=None
        ),
        "officer_invited": letters.officer_invited(
            ABOUT, BECK, files=5, stores=7, expires_on=LAST_DAY
        ),
        "officer_invited who signs in": letters.officer_invited(
            ABOUT, BECK, files=1, stores=1, expires_on=None
        ),
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
            [Part("reminder", ABOUT, FILES[:1], 1)], ring=MARSH, telephone=None
        ),
        "daily_digest": letters.daily_digest(
            DIGEST, organisation="Northshire Constabulary", home=f"{HOME}/dashboard"
        ),
        "password_reset": letters.password_reset(60, HOME),
        "draft_ready": letters.draft_ready(ABOUT, MARSH, files=5, stores=5),
        "draft_returned": letters.draft_returned(
            ABOUT, MARSH, "Name the cabinet too.\n\nThen again."
        ),
        "demand_issued": letters.demand_issued(ABOUT, MARSH, liaison="Tom Beck", files=5, stores=5),
        "acknowledged": letters.acknowledged(ABOUT, BECK),
        "acknowledged with a note": letters.acknowledged(LATE, BECK, "We start today."),
        "not_us": letters.not_us(ABOUT, BECK, "We sold that part of the business in 2011."),
        "officer_named": letters.officer_named(ABOUT, ADEYEMI, BECK),
        "key_to_confirm": letters.key_to_confirm(ABOUT, ADEYEMI, f"{ABOUT.link}/keys/ab/confirm"),
        "key_to_confirm of a rotation": letters.key_to_confirm(
            ABOUT, ADEYEMI, f"{ABOUT.link}/keys/{'0' * 64}/confirm", rotated=True
        ),
        "key_to_compare": letters.key_to_compare(ABOUT, MARSH, rotated=False),
        "key_to_compare of a rotation": letters.key_to_compare(ABOUT, MARSH, rotated=True),
        "key_revoked": letters.key_revoked(
            ABOUT,
            ADEYEMI,
            MARSH,
            "The laptop was stolen.",
            duty="officer",
            since=None,
            touched=0,
            newer=False,
            link=f"{ABOUT.link}/keys",
        ),
        "key_revoked, lost since": letters.key_revoked(
            ABOUT,
            MARSH,
            MARSH,
            "The laptop was stolen.",
            duty="signatory",
            since=datetime(2013, 2, 4, 9, 0, tzinfo=UTC),
            touched=1,
            newer=True,
            link=f"{ABOUT.link}/keys",
        ),
        "key_revoked, never used": letters.key_revoked(
            None,
            MARSH,
            MARSH,
            "Lost.",
            duty="signatory",
            since=datetime(2013, 2, 4, 9, 0, tzinfo=UTC),
            touched=0,
            newer=False,
            link=f"{HOME}/keys",
        ),
        "officer_left": letters.officer_left(ABOUT, ADEYEMI, BECK, files=3),
        "officer_left, all signed": letters.officer_left(ABOUT, ADEYEMI, BECK, files=0),
        "key_confirmed": letters.key_confirmed(ABOUT, MARSH, "telephone"),
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
        "stores_named": letters.stores_named(ABOUT, BECK, ["Records store, Unit 7"], []),
        "stores_named reopening": letters.stores_named(ABOUT, BECK, ["Unit 7", "Mailbox"], FILES),
        "attestations_to_review": letters.attestations_to_review(ABOUT, ADEYEMI, FILES, 0),
        "attestations_to_review excepted": letters.attestations_to_review(ABOUT, ADEYEMI, FILES, 1),
        "attestations_rejected": letters.attestations_rejected(
            ABOUT, MARSH, FILES[:2], "The serial of the third drive is missing."
        ),
        "attestations_rejected late": letters.attestations_rejected(LATE, MARSH, FILES[:1], "No."),
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
        "reminder": letters.reminder(ABOUT, FILES, 5, ring=MARSH, telephone="01632 960001"),
        "reminder, nobody has acknowledged": letters.reminder(
            replace(ABOUT, acknowledged=False), FILES, 5
        ),
        "overdue, nobody has acknowledged": letters.overdue(
            replace(LATE, acknowledged=False), FILES, 5
        ),
        "escalation, nobody has acknowledged": letters.escalation(
            replace(LATE, acknowledged=False), FILES, 5
        ),
        "overdue": letters.overdue(LATE, FILES[:1], 1),
        "escalation": letters.escalation(LATE, FILES, 5),
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
        "extension_undecided": letters.extension_undecided(
            ABOUT, ASKED, date(2013, 2, 11), LAST_DAY, ring=BECK, telephone="01632 960003"
        ),
        "extension_undecided late": letters.extension_undecided(
            LATE, ASKED, date(2013, 2, 11), LAST_DAY
        ),
        "review_waits": letters.review_waits(ABOUT, "Eastshire Police", FILES, 5, LAST_DAY),
        "review_waits of one": letters.review_waits(
            LATE, "Eastshire Police", FILES[:1], 1, LAST_DAY
        ),
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
        "changes_undecided": letters.changes_undecided(
            ABOUT, [phrase("“%(file)s” never came", file="list.csv")], ring=BECK
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
        "delivery_problem bounced": letters.delivery_problem(ABOUT, FAILURES[:1], 1),
        "delivery_problem unknown": letters.delivery_problem(ABOUT, FAILURES[1:], 1),
        "delivery_problem, several": letters.delivery_problem(ABOUT, FAILURES, 7),
    }
