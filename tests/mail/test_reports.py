import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain import text
from attest.mail.answers import LONGEST_LINE, safe_line
from attest.mail.reports import MOST, read_report, recipients_of
from tests.mail.came_back import READER, REPORTS, TO, message, with_status

RETURN = "attest+token@attest.example"


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        (
            "postfix",
            "failed",
            "failed for tom.beck@halden.example: 550 5.1.1 <tom.beck@halden.example>: Recipient"
            " address rejected: User unknown in virtual mailbox table (mx.halden.example)",
        ),
        (
            "postfix, delayed",
            "delayed",
            "delayed for tom.beck@halden.example: 4.4.1 connect to"
            " mx.halden.example[192.0.2.25]:25: Connection timed out",
        ),
        (
            "exim",
            "failed",
            "failed for tom.beck@halden.example: 5.0.0 550 No such person at this address"
            " (mx.halden.example)",
        ),
        (
            "exim, old",
            "failed",
            "not delivered to tom.beck@halden.example: “Mail delivery failed: returning message to"
            " sender” from Mail Delivery System <Mailer-Daemon@relay.attest.example>",
        ),
        (
            "exchange",
            "failed",
            "failed for tom.beck@halden.example: 554 5.2.2 mailbox full;"
            " STOREDRV.Deliver.Exception:QuotaExceededException",
        ),
        (
            "gmail",
            "failed",
            "failed for tom.beck@halden.example: 550-5.1.1 The email account that you tried"
            " to reach does not exist. 550 5.1.1 Learn more at"
            " https://hosted.example/?p=NoSuchUser (mx.halden.example. (192.0.2.25, the server for"
            " the domain halden.example.))",
        ),
        ("international", "failed", "failed for tôm@halden.example: 5.6.7"),
        ("delivered", "delivered", "delivered for tom.beck@halden.example: 2.1.5"),
        (
            "vacation",
            "auto_replied",
            "“Auto: ND-2013-004: 5 files are due” from Tom Beck <tom.beck@halden.example>",
        ),
        (
            "exchange, away",
            "auto_replied",
            "“Automatic reply: ND-2013-004: 5 files are due” from Tom Beck"
            " <tom.beck@halden.example>",
        ),
        ("qmail", "returned", "“failure notice” from MAILER-DAEMON@mx.halden.example"),
        (
            "postfix 3.7",
            "failed",
            "failed for tom.beck@halden.example: 550 5.1.1 <tom.beck@halden.example>: Recipient"
            " address rejected: User unknown in virtual mailbox table (mx.halden.example)",
        ),
        (
            "exim 4.96",
            "failed",
            "failed for tom.beck@halden.example: 5.0.0 550 5.1.1 <tom.beck@halden.example>:"
            " Recipient address rejected: User unknown in virtual mailbox table"
            " (mx.halden.example)",
        ),
    ],
)
def test_what_mail_servers_send_back(name, kind, says):
    raw = message(REPORTS[name], RETURN)
    report = read_report(raw)
    assert report.kind == kind
    assert report.answer == says
    assert RETURN in recipients_of(raw)


def test_each_sample_is_looked_at():
    assert len(REPORTS) == 13
    assert all(TO in sample for sample in REPORTS.values())


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ("Action: relayed\nStatus: 2.0.0", "delivered"),
        ("Action: expanded\nStatus: 2.0.0", "delivered"),
        ("Action: FAILED\nStatus: 4.4.7", "failed"),
        ("Status: 5.1.1", "failed"),
        ("Status: 4.2.2 (mailbox full)", "delayed"),
        ("Status: 2.0.0", "delivered"),
        ("Action: sung\nStatus: 5.0.0", "failed"),
        ("Action: sung", "returned"),
        ("Final-Recipient: rfc822; a@b.example", "returned"),
    ],
)
def test_the_action_counts_and_else_the_class_of_the_status(fields, kind):
    assert read_report(with_status(fields)).kind == kind


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ("Status: 5.1.1", "failed 5.1.1"),
        ("Action: relayed\nStatus: 2.0.0", "relayed 2.0.0"),
        ("Action: failed\nRemote-MTA: mx1", "failed (mx1)"),
        ("Action: failed\nRemote-MTA:  dns ; mx1", "failed (mx1)"),
    ],
)
def test_its_own_words_are_told_with_a_type_or_without(fields, answer):
    assert read_report(with_status(fields)).answer == answer


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Subject: Thank you", "returned"),
        ("Auto-Submitted: No ; a comment", "returned"),
        ("Auto-Submitted: auto-generated", "auto_replied"),
        ("X-Autoreply: yes", "auto_replied"),
        ("X-Autorespond: yes", "auto_replied"),
        ("X-Autoresponder: yes", "auto_replied"),
        ("Precedence: Auto_Reply", "auto_replied"),
        ("Precedence: auto-reply", "auto_replied"),
        ("Precedence: bulk", "returned"),
    ],
)
def test_what_a_person_wrote_and_what_a_program_did_for_them(header, kind):
    raw = message(f"From: Tom <{READER}>\nTo: {TO}\n{header}\n\nI am away.")
    assert read_report(raw).kind == kind


def test_of_several_recipients_the_worst_counts():
    arrived = "Final-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.0.0"
    failed = "Final-Recipient: rfc822; c@d.example\nAction: failed\nStatus: 5.0.0"
    report = read_report(with_status(arrived, failed))
    assert (report.kind, "c@d.example" in report.answer) == ("failed", True)


def test_a_report_inside_the_letter_that_is_sent_back_is_none_about_it():
    inner = with_status("Action: failed\nStatus: 5.0.0").decode()
    raw = f"From: MAILER-DAEMON@x.example\r\nContent-Type: message/rfc822\r\n\r\n{inner}".encode()
    assert read_report(raw).kind == "returned"


def test_the_address_is_looked_for_where_the_mail_server_writes_it():
    raw = message(f"To: a@b.example\nDelivered-To: {TO}\n\nx", RETURN)
    assert recipients_of(raw) == [RETURN, "a@b.example"]
    assert recipients_of(b"") == []
    assert recipients_of(b"To: nobody, , <>\r\n\r\n") == []


def test_what_is_kept_is_one_line_of_harmless_characters():
    nasty = "550 \x1b[31mno\x00 \u202eevil\u2066 a\u0300 \u2028next"
    report = read_report(with_status(f"Action: failed\nDiagnostic-Code: smtp; {nasty}"))
    assert report.kind == "failed"
    assert text.problem(report.answer) is None
    assert "\x1b" not in report.answer
    long = read_report(with_status("Action: failed\nDiagnostic-Code: smtp; " + "x" * 100_000))
    assert len(long.answer) <= LONGEST_LINE


@pytest.mark.parametrize("name", ["Diagnostic-Code", "Final-Recipient", "Remote-MTA"])
def test_an_encoded_word_that_is_none_hides_no_report(name):
    # RFC 2047 §2; what stands between "?b?" and "?=" is no base64.
    report = read_report(with_status(f"Action: failed\nStatus: 5.1.1\n{name}: x; =?utf-8?b?a?="))
    assert report.kind == "failed"
    assert report.answer.startswith("failed")


@given(value=st.text())
def test_a_safe_line_is_safe(value):
    line = safe_line(value)
    assert text.problem(line) is None
    assert len(line) <= LONGEST_LINE
    assert unicodedata.normalize("NFC", line) == line


@given(raw=st.binary(max_size=400))
def test_garbage_is_something_that_came_back(raw):
    assert read_report(raw).kind in {"returned", "auto_replied", "failed", "delayed", "delivered"}
    recipients_of(raw)


NESTED = b"".join(
    b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(6_000)
)
HOSTILE = {
    "nested deeper than anybody can read": NESTED,
    "a header without an end": b"To: " + b"a" * (2 * MOST),
    "a thousand addresses": b"To: " + b"a@b.example, " * 50_000 + b"\r\n\r\n",
    "encoded words": b"Subject: " + b"=?utf-8?q?=41?= " * 20_000 + b"\r\n\r\n",
    "an unknown encoding": b"Subject: =?no-such?b?!!!!?=\r\n\r\n",
    "a character set that is none": b"Content-Type: text/plain; charset=\xff\xfe\r\n\r\n\xff",
    "many parts": b'Content-Type: multipart/report; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 40_000,
    "many recipients": with_status(*["Action: sung"] * 15_000),
    "a boundary of nothing": b'Content-Type: multipart/report; boundary=""\r\n\r\n--\r\n',
    "a status that is no text": (
        b"Content-Type: message/delivery-status\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n\xff\xfe"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_worst_is_read_in_no_time(name):
    began = time.process_time()
    assert read_report(HOSTILE[name]).kind in {"returned", "auto_replied"}
    recipients_of(HOSTILE[name])
    assert time.process_time() - began < 5


def test_a_letter_that_is_sent_back_whole_does_not_hide_the_report():
    raw = message(REPORTS["postfix"], RETURN) + b"x" * (3 * MOST)
    assert read_report(raw).kind == "failed"
    assert READER in read_report(raw).answer
