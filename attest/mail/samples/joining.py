"""Samples of letters that bring people in: invitations, passwords, officers and keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from attest.mail import letters
from attest.mail.letter import Letter
from attest.mail.samples.case import ABOUT, ADEYEMI, BECK, HOME, ISSUER, LAST_DAY, MARSH


def samples() -> Mapping[str, Letter]:
    """Each of them by a name that begins with its kind."""
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
        "invitation_by_operator": letters.invitation_by_operator(
            BECK.organisation, ["liaison"], LAST_DAY, HOME
        ),
        "invitation_by_operator who signs in": letters.invitation_by_operator(
            MARSH.organisation, ["case_handler"], None, HOME
        ),
        "colleague_let_in": letters.colleague_let_in(
            BECK, "beck@halden.example", ["liaison"], "root", HOME
        ),
        "let_in_elsewhere": letters.let_in_elsewhere(
            ABOUT, BECK, "beck@halden.example", ["liaison"], "root"
        ),
        "timestamps_stopped": letters.timestamps_stopped(
            "tsa.example",
            since=datetime(2013, 2, 4, 9, 0, tzinfo=UTC),
            waiting=3,
            answer="The time-stamping service tsa.example did not answer within 20 seconds",
            home=HOME,
        ),
        "password_reset": letters.password_reset(60, HOME),
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
        "key_confirmed": letters.key_confirmed(ABOUT, MARSH, "telephone"),
        "officer_left": letters.officer_left(ABOUT, ADEYEMI, BECK, files=3),
        "officer_left, all signed": letters.officer_left(ABOUT, ADEYEMI, BECK, files=0),
    }
