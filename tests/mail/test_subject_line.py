"""Subjects as two parsers of the standard library read them."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attest.mail.message import Outgoing, build_message, one_line
from attest.mail.subject_line import folded
from tests.mail_server import settings_for

NOW = datetime(2013, 2, 4, 11, 0, tzinfo=UTC)
LONG = "ND-2013-001: Halden Systems has not acknowledged the demand of NCA yet"
SUBJECTS = (
    "ND-2013-004: 5 files are overdue",
    LONG,
    f"{LONG}, nor has anybody said why, so that it has to be asked for once more today",
    "ND-2013-001: " + "x" * 60,
    "ND-2013-001: " + "x" * 2000 + " end",
    "x" * 77,
    "y" * 300,
    "ND-2013-001: mae’r ffeiliau’n hwyr, a does neb wedi cydnabod yr hawliad hyd yn hyn",
    "Żółć " * 40 + "end",
    "日本語の件名" * 30,
    "😀" * 50,
    "ND-2013-001: =?utf-8?q?hidden?= and =?x",
    "a  b   c" + " " * 200 + "d é   é",
    "Re: =?utf-8?q?a=0D=0ABcc:_everybody=40halden.example?= b",
    "Re: a\r\nBcc: everybody@halden.example",
    "Re: a\r\n\r\n<b>body</b>\x00\u2028\x85",
    "half \ud800 a character",
)


def check(subject: str) -> None:
    lines = folded(subject)
    assert lines[0].startswith("Subject: ")
    assert lines[0].strip() != "Subject:"
    for line in lines:
        assert line.strip()
        assert line.isascii()
        assert line.isprintable()
        assert len(line) <= (76 if "=?" in line else 78)
    assert all(line.startswith(" ") for line in lines[1:])
    data = "\r\n".join([*lines, "", ""]).encode("ascii")
    message = message_from_bytes(data, policy=policy.default)
    assert message.keys() == ["Subject"]
    assert message["Subject"] == subject
    old = message_from_bytes(data, policy=policy.compat32)
    assert old["Subject"].strip()[0] not in "\r\n"
    unfolded = old["Subject"].replace("\r\n", "").replace("\n", "")
    assert str(make_header(decode_header(unfolded))) == subject


@pytest.mark.parametrize("subject", SUBJECTS)
def test_it_begins_on_its_first_line_and_arrives_whole(tmp_path, subject):
    letter = Outgoing(
        letter_id="77777777-2222-4333-8444-555555555555",
        message_id="<77777777@attest.example>",
        to_name="Tom Beck",
        to_email="tom.beck@halden.example",
        subject=subject,
        text="Dear Tom Beck,\n",
    )
    data = build_message(letter, settings_for(tmp_path), NOW).as_bytes()
    head = data.partition(b"\r\n\r\n")[0]
    assert b"Subject:\r\n" not in head
    assert b"Subject: \r\n" not in head
    sent = one_line(subject.encode("utf-8", "replace").decode())
    message = message_from_bytes(data, policy=policy.default)
    assert message["Subject"] == sent
    assert message["Bcc"] is None
    assert message.get_all("To") == ["Tom Beck <tom.beck@halden.example>"]
    if sent.startswith("ND-"):
        assert f"Subject: {sent[:11]}".encode() in head  # for filters that decode nothing
    check(sent)


@given(st.text(max_size=300).map(lambda text: one_line(text.encode("utf-8", "replace").decode())))
@example("a " * 60 + "a")
@example("é " * 60 + "a")
def test_any_subject_arrives_whole(subject):
    if subject:
        check(subject)
