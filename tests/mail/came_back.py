"""Messages that came back, in the shape in which mail servers send them; the domains are made up.

`REPORTS` are whole messages with CRLF, `TO` where the return address goes.
"""

from pathlib import Path
from textwrap import dedent

from tests.mail.server_reports import EXCHANGE as EXCHANGE
from tests.mail.server_reports import EXIM as EXIM
from tests.mail.server_reports import EXIM_OLD as EXIM_OLD
from tests.mail.server_reports import GMAIL as GMAIL
from tests.mail.server_reports import POSTFIX as POSTFIX
from tests.mail.server_reports import POSTFIX_DELAYED as POSTFIX_DELAYED

TO = "RETURN-ADDRESS"
READER = "tom.beck@halden.example"
# As these versions wrote them into the pipe of docs/operating.md, letter and all; names, addresses
# and days are others.
WHOLE = Path(__file__).parent / "whole_reports"


def message(text: str, to: str = TO) -> bytes:
    """A message as it comes from a mail server: CRLF, UTF-8, the return address filled in."""
    return dedent(text).strip().replace(TO, to).replace("\n", "\r\n").encode() + b"\r\n"


def with_status(*blocks: str, to: str = TO, heading: str = "Auto-Submitted: auto-replied") -> bytes:
    """A plain report with these fields about recipients, a text each."""
    status = "\n\n".join(dedent(block).strip() for block in blocks)
    head = f"""From: MAILER-DAEMON@relay.example
To: {to}
Subject: Delivery report
{heading}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

For people.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

{status}

--b1--"""
    return head.replace("\n", "\r\n").encode() + b"\r\n"


# RFC 6533: an address that is not ASCII, in a part of another type.
INTERNATIONAL = """
    Return-Path: <>
    Delivered-To: RETURN-ADDRESS
    From: MAILER-DAEMON@relay.example
    Subject: Undelivered
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status; boundary="i18n"

    --i18n
    Content-Type: text/plain; charset=utf-8

    Not delivered.

    --i18n
    Content-Type: message/global-delivery-status
    Content-Transfer-Encoding: 8bit

    Reporting-MTA: dns; relay.example

    Final-Recipient: utf-8; tôm@halden.example
    Action: failed
    Status: 5.6.7

    --i18n--
"""

# sendmail, where the reader's server was asked to say that it arrived (RFC 3461 NOTIFY=SUCCESS).
DELIVERED = """
    Return-Path: <MAILER-DAEMON@mx.halden.example>
    Delivered-To: RETURN-ADDRESS
    From: Mail Delivery Subsystem <MAILER-DAEMON@mx.halden.example>
    Subject: Return receipt
    Auto-Submitted: auto-generated (return-receipt)
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status; boundary="r159CiX0"

    --r159CiX0
    Content-Type: text/plain

    The original message was received at Tue, 5 Feb 2013 09:12:44 GMT

    --r159CiX0
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.halden.example

    Final-Recipient: RFC822; tom.beck@halden.example
    Action: delivered (to mailbox)
    Status: 2.1.5
    Last-Attempt-Date: Tue, 5 Feb 2013 09:12:45 GMT

    --r159CiX0--
"""

# Dovecot's Sieve: RFC 5230 vacation.
VACATION = """
    Return-Path: <>
    Delivered-To: RETURN-ADDRESS
    Message-ID: <dovecot-sieve-1360055564-1@halden.example>
    From: Tom Beck <tom.beck@halden.example>
    To: <RETURN-ADDRESS>
    Subject: Auto: ND-2013-004: 5 files are due
    Auto-Submitted: auto-replied (vacation)
    Precedence: bulk
    MIME-Version: 1.0
    Content-Type: text/plain; charset=utf-8

    I am on leave until 18 February.
"""

EXCHANGE_AWAY = """
    Return-Path: <>
    To: RETURN-ADDRESS
    From: Tom Beck <tom.beck@halden.example>
    Subject: Automatic reply: ND-2013-004: 5 files are due
    Auto-Submitted: auto-generated
    X-Auto-Response-Suppress: All
    X-MS-Exchange-Inbox-Rules-Loop: tom.beck@halden.example
    MIME-Version: 1.0
    Content-Type: text/html; charset="utf-8"

    <html><body>Back on Monday.</body></html>
"""

# qmail's own form, older than RFC 3464.
QMAIL = """
    Return-Path: <>
    Delivered-To: RETURN-ADDRESS
    From: MAILER-DAEMON@mx.halden.example
    To: RETURN-ADDRESS
    Subject: failure notice

    Hi. This is the qmail-send program at mx.halden.example.
    I'm afraid I wasn't able to deliver your message to the following addresses.

    <tom.beck@halden.example>:
    Sorry, no mailbox here by that name. (#5.1.1)
"""

REPORTS = {
    "postfix": POSTFIX,
    "postfix, delayed": POSTFIX_DELAYED,
    "exim": EXIM,
    "exim, old": EXIM_OLD,
    "exchange": EXCHANGE,
    "gmail": GMAIL,
    "international": INTERNATIONAL,
    "delivered": DELIVERED,
    "vacation": VACATION,
    "exchange, away": EXCHANGE_AWAY,
    "qmail": QMAIL,
    "postfix 3.7": (WHOLE / "postfix-3.7.eml").read_text(encoding="utf-8"),
    "exim 4.96": (WHOLE / "exim-4.96.eml").read_text(encoding="utf-8"),
}
