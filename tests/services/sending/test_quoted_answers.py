"""What is said about a message of several demands tells the letters of none about another."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from attest.database.engine import read_session, write_session
from attest.database.tables import FailingAddress
from attest.mail.return_address import envelope_sender
from attest.services.sending.returns import take_message
from tests.mail.came_back import message
from tests.mail_server import Behaviour
from tests.rows import NOW, add_issued_case
from tests.services.sending.test_sending import House
from tests.services.sending.test_sending_turns import behaviour, house, posted, put, told

__all__ = ["behaviour", "house", "posted"]  # the fixtures

OURS, OTHER = "ND-2013-004", "ND-2013-005"
SUBJECT = "3 demands are overdue"


@pytest.fixture
def gathered(posted: House) -> tuple[House, str, str, str]:
    """A message with a letter about each of two demands; gives the ids, the carrier's first."""
    with write_session(posted.engine) as session:
        other = add_issued_case(session, posted.log_key, OTHER)
    carrier = put(posted, "carrier", demand_id=None, rung=None, due_on=None, subject=SUBJECT)
    ours = put(posted, "ours", carried_by_id=carrier)
    theirs = put(posted, "theirs", carried_by_id=carrier, demand_id=other.demand.id)
    return posted, carrier, ours, theirs


def kept(house: House, letter_id: str) -> tuple[str | None, list[tuple[str, str | None]]]:
    (letter,) = (each for each in house.letters() if each.id == letter_id)
    return letter.answer, told(house, letter_id)


@pytest.mark.parametrize(
    ("said", "in_ours", "in_theirs"),
    [
        ("550 5.1.1 No such user", "550 5.1.1 No such user", "550 5.1.1 No such user"),
        (f"550 5.7.1 Spam: {OURS} again", f"550 5.7.1 Spam: {OURS} again", "550 5.7.1 (…)"),
        (f"554 Spam: {OURS}, {OTHER.lower()}", "554 (…)", "554 (…)"),
        (f"550 5.7.1 “{SUBJECT}” looks odd", "550 5.7.1 (…)", "550 5.7.1 (…)"),
    ],
)
def test_a_refusal_that_quotes_the_message(
    gathered: Any, behaviour: Behaviour, said: str, in_ours: str, in_theirs: str
) -> None:
    house, carrier, ours, theirs = gathered
    behaviour.data = said
    assert house.send(limit=1) == {"bounced": 1}
    assert kept(house, carrier)[0] == said
    assert kept(house, ours) == (in_ours, [("bounced", in_ours)])
    assert kept(house, theirs) == (in_theirs, [("bounced", in_theirs)])
    with read_session(house.engine) as session:
        answers = {row.letter_id: row.answer for row in session.scalars(select(FailingAddress))}
    assert answers == {ours: in_ours, theirs: in_theirs}


def test_a_letter_that_is_put_off_keeps_as_little(gathered: Any, behaviour: Behaviour) -> None:
    house, _, ours, theirs = gathered
    behaviour.data = f"451 4.7.1 Wait with {OTHER}"
    assert house.send(limit=1) == {"deferred": 1}
    assert kept(house, ours) == ("451 4.7.1 (…)", [("deferred", "451 4.7.1 (…)")])
    assert kept(house, theirs)[0] == behaviour.data


def test_a_report_that_quotes_the_message(gathered: Any) -> None:
    house, carrier, ours, theirs = gathered
    assert house.send(limit=1) == {"sent": 1}
    report = message(
        f"""
        From: MAILER-DAEMON@halden.example
        To: {envelope_sender(house.settings, carrier)}
        Subject: Undelivered
        Content-Type: multipart/report; report-type=delivery-status; boundary=x

        --x
        Content-Type: message/delivery-status

        Reporting-MTA: dns; halden.example

        Final-Recipient: rfc822; tom.beck@halden.example
        Action: failed
        Diagnostic-Code: smtp; 550 5.7.1 Spam: {OTHER}

        --x--
        """
    )
    take = (house.engine, house.settings, house.log_key, NOW, report)
    assert take_message(*take) == "taken"
    assert take_message(*take) == "known"
    assert kept(house, ours) == ("(…)", [("sent", "250 2.0.0 kept"), ("report_failed", "(…)")])
    answer, events = kept(house, theirs)
    assert answer is not None
    assert OTHER in answer
    assert events[-1] == ("report_failed", answer)
    with read_session(house.engine) as session:
        rows = list(session.scalars(select(FailingAddress)))
    assert {row.letter_id for row in rows} == {ours, theirs}
