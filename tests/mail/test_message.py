import base64
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest

from attest.mail.message import (
    AddressRefused,
    Attachment,
    Outgoing,
    Topic,
    build_message,
    to_bytes,
)
from tests.mail_server import settings_for

NOW = datetime(2013, 2, 4, 11, 0, tzinfo=UTC)
NOTE = "attest.example/demand/x\n12\nAAAA\n\n— attest.example/demand/x BBBB\n"
DEMAND = "11111111-2222-4333-8444-555555555555"


def outgoing(**more: Any) -> Outgoing:
    values: dict[str, Any] = {
        "letter_id": "77777777-2222-4333-8444-555555555555",
        "message_id": "<77777777@attest.example>",
        "to_name": "Tom Beck",
        "to_email": "tom.beck@halden.example",
        "subject": "ND-2013-004: 5 files are overdue",
        "text": "Dear Tom Beck,\n\nfünf Dateien – “open”.\n.\n",
        "topics": (Topic(DEMAND, "ND-2013-004"),),
        "attachments": (Attachment("checkpoint.txt", NOTE.encode()),),
    }
    return Outgoing(**values | more)


def received(settings, **more: Any) -> EmailMessage:
    """The message as the reader's mail program gets it from the bytes."""
    data = build_message(outgoing(**more), settings, NOW).as_bytes()
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.fixture
def settings(tmp_path):
    return settings_for(tmp_path)


def test_headers(settings):
    message = received(settings)
    assert message["From"] == "Attest <attest@attest.example>"
    assert message["To"] == "Tom Beck <tom.beck@halden.example>"
    assert message["Subject"] == "ND-2013-004: 5 files are overdue"
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == "<77777777@attest.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["References"] == f"<demand.{DEMAND}@attest.example>"
    assert message["In-Reply-To"] == message["References"]
    assert message["List-Id"] == "<nd-2013-004.demand.attest.example>"
    assert message["Content-Language"] == "en"
    # Exchange then keeps its holiday notices, and still tells us that an address is gone.
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert not {"Precedence", "List-Unsubscribe", "Disposition-Notification-To"} & set(message)


def test_the_text_arrives_as_it_was_written(settings):
    body = received(settings).get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == outgoing().text


def test_the_checkpoint_arrives_byte_for_byte(settings):
    (attachment,) = received(settings).iter_attachments()
    assert attachment.get_filename() == "checkpoint.txt"
    assert attachment["Content-Type"] == 'text/plain; charset="utf-8"'
    assert attachment["Content-Transfer-Encoding"] == "base64"
    assert base64.b64decode(str(attachment.get_payload())) == NOTE.encode()


@pytest.mark.parametrize("name", ['a"; name="b.txt', "prüf.txt", "a b.txt", ""])
def test_a_file_whose_name_would_have_to_be_encoded_does_not_go_along(settings, name):
    with pytest.raises(ValueError, match="encoded"):
        build_message(outgoing(attachments=(Attachment(name, b"x"),)), settings, NOW)


def test_a_letter_about_no_demand_carries_nothing(settings):
    message = received(settings, topics=(), attachments=())
    assert message["References"] is None
    assert message["List-Id"] is None
    assert list(message.iter_attachments()) == []


def test_only_ascii_travels(settings):
    data = build_message(
        outgoing(to_name="Jürgen Müller", subject="Größe – 5"), settings, NOW
    ).as_bytes()
    data.decode("ascii")
    message = message_from_bytes(data, policy=policy.default)
    assert message["Subject"] == "Größe – 5"
    assert message["To"].addresses[0].display_name == "Jürgen Müller"


@pytest.mark.parametrize(
    "break_in",
    ["\r\nBcc: x@evil.example", "\nBcc: x@evil.example", "\rBcc:", "\x00", "\x85", "\u2028"],
)
@pytest.mark.parametrize("place", ["to_name", "subject"])
def test_no_header_can_be_broken_into(settings, place, break_in):
    message = received(settings, **{place: f"Tom{break_in}Beck"})
    assert message["Bcc"] is None
    assert set(message.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "References",
        "List-Id",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    }
    assert [a.addr_spec for a in message["To"].addresses] == ["tom.beck@halden.example"]


@pytest.mark.parametrize(
    "word",
    [
        "=?utf-8?q?=0D=0ABcc:_x=40evil.example?=",
        "Tom =?utf-8?q?=0D=0A=0D=0AYour_account?= Beck",
        "é =?utf-8?q?=0D=0ABcc:_x=40evil.example?=",
        "==??utf-8?q?=0D=0ABcc:_x=40evil.example?=",
        '"=?utf-8?b?DQpCY2M6IHg=?="',
    ],
)
@pytest.mark.parametrize("place", ["to_name", "subject"])
def test_an_encoded_word_that_somebody_typed_is_read_by_nobody(settings, place, word):
    data = to_bytes(build_message(outgoing(**{place: word}), settings, NOW))
    assert b"\nBcc" not in data
    message = message_from_bytes(data, policy=policy.default)
    assert message["Subject"].startswith(word if place == "subject" else "ND-2013-004")
    (address,) = message["To"].addresses
    assert address.addr_spec == "tom.beck@halden.example"
    if place == "to_name":
        assert address.display_name.replace(" ", "") == word.replace(" ", "")


def test_a_header_that_would_break_is_not_sent(settings):
    message = build_message(outgoing(), settings, NOW)
    del message["To"]
    message["To"] = Address("=?utf-8?q?Tom=0D=0ABcc:_x?=", addr_spec="tom@halden.example")
    with pytest.raises(ValueError, match="break into"):
        to_bytes(message)


AT = "@halden.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@halden.example",
        "tom@",
        "tom@halden.example\r\nRCPT TO:<x@evil.example>",
        "tom@halden.example, x@evil.example",
        "tom beck@halden.example",
        "<tom@halden.example>",
        "tom@@halden.example",
        "tom@halden..example",
        "tom@.halden.example",
        "tom@halden.example.",
        "töm@halden.example",
        f"{'a' * (255 - len(AT))}{AT}",
    ],
)
def test_what_is_no_address_is_refused(settings, address):
    with pytest.raises(AddressRefused):
        build_message(outgoing(to_email=address), settings, NOW)


def test_the_longest_address_is_taken(settings):
    # RFC 5321 §4.5.3.1.3: 256 octets with the angle brackets.
    longest = f"{'a' * (254 - len(AT))}{AT}"
    assert build_message(outgoing(to_email=longest), settings, NOW)["To"].addresses


@pytest.mark.parametrize("name", ['Tom "the man" Beck', "Beck, Tom", "Tom <x@evil.example>", "a@b"])
def test_a_name_is_never_an_address(settings, name):
    (address,) = received(settings, to_name=name)["To"].addresses
    assert address.addr_spec == "tom.beck@halden.example"
    assert address.display_name == name


def test_the_same_letter_gives_the_same_message_id(settings):
    first, second = received(settings), received(settings)
    assert first["Message-ID"] == second["Message-ID"]


def test_text_and_html_are_two_forms_of_one_letter(settings):
    message = received(settings)
    assert message.get_content_type() == "multipart/mixed"
    (both, checkpoint) = message.iter_parts()
    assert both.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in both.iter_parts()] == ["text/plain", "text/html"]
    html = message.get_body(("html",))
    assert html is not None
    assert "fünf Dateien – “open”." in html.get_content()
    assert checkpoint.get_filename() == "checkpoint.txt"


def test_the_same_letter_gives_the_same_bytes(settings):
    first, second = (build_message(outgoing(), settings, NOW).as_bytes() for _ in range(2))
    assert first == second


def test_a_calendar_entry_says_that_it_is_one(settings):
    entry = Attachment("due.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "calendar", "PUBLISH")
    (part,) = received(settings, attachments=(entry,)).iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "PUBLISH"
    assert base64.b64decode(str(part.get_payload())) == entry.data


HOSTILE = [
    "\r\nBcc: x@evil.example\r\n\r\n<script>alert(1)</script>",
    "שלום عليكم \u202e gnp.exe",
    "👩‍👩‍👧 🏳️‍🌈",
    "long" * 400,
    "=?utf-8?B?QmNjOg==?=",
    "--=_1.77777777-2222-4333-8444-555555555555--",
    "half a pair: \ud83d",
    "dots\n.\n..\n.",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_arrive_as_words(settings, words):
    text = f"Dear {words},\n\n> {words}\n"
    data = build_message(outgoing(text=text, subject=words[:300]), settings, NOW).as_bytes()
    data.decode("ascii")
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message["Bcc"] is None
    body, html = message.get_body(("plain",)), message.get_body(("html",))
    assert body is not None
    assert html is not None
    sent = text.encode("utf-8", "replace").decode()
    assert body.get_content().split() == sent.split()
    assert "<script>" not in html.get_content()
    assert len(list(message.iter_attachments())) == 1


def test_a_letter_about_several_demands_stands_in_each_thread(settings):
    other = "22222222-2222-4333-8444-555555555555"
    topics = (Topic(DEMAND, "ND-2013-004"), Topic(other, "ND-2013-006"))
    message = received(settings, topics=topics)
    threads = [f"<demand.{each}@attest.example>" for each in (DEMAND, other)]
    assert message["References"].split() == threads
    assert message["List-Id"] == "<several.demand.attest.example>"


def test_the_headers_of_a_letter_about_very_many_demands_stay_small(settings):
    """Sendmail refuses more than 32 KB of them (MaxHeadersLength), for good."""
    topics = tuple(Topic(str(UUID(int=each)), f"ND-{each}") for each in range(250))
    message = build_message(outgoing(topics=topics), settings, NOW)
    assert len(message.as_bytes().partition(b"\r\n\r\n")[0]) < 8_000


@pytest.mark.parametrize("reference", ["A B/../c", "É\r\nX: y", "---", ""])
def test_an_odd_reference_makes_a_list_all_the_same(settings, reference):
    found = received(settings, topics=(Topic(DEMAND, reference),))["List-Id"].strip()
    assert found.startswith("<")
    assert found.endswith(".demand.attest.example>")
    assert found.isascii()
    assert " " not in found
