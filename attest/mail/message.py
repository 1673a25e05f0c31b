"""A letter as an email (RFC 5322): headers that nobody can break into, text and HTML, files.

| header | why |
|---|---|
| `References`, `In-Reply-To` | one made-up message a demand: its letters stay in one thread |
| `List-Id` (RFC 2919) | a demand's own, so that a filter can put its letters together |
| `Auto-Submitted` (RFC 3834 §5), `X-Auto-Response-Suppress` | no holiday notice comes back |

Of the latter Exchange also knows values that would keep a bounce from us: they are not used.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, cast

from attest.mail.html import to_html
from attest.mail.subject_line import SubjectLine
from attest.settings import Settings

# Headers are folded at 78; `=?utf-8?…?=` where a name isn't ASCII, so that no server needs
# SMTPUTF8 for it.
_HEADERS = HeaderRegistry()
# typeshed does not know that the headers' classes are mixed with BaseHeader.
_HEADERS.map_to_type("subject", cast(Any, SubjectLine))
POLICY = SMTP.clone(raise_on_defect=True, header_factory=_HEADERS)

# Demands that the headers name: some mail servers take 32 KB of headers and no more.
_MOST_THREADS = 20
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ODD = re.compile(r"[^A-Za-z0-9-]+")
_FILE_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
# How an encoded word begins (RFC 2047 §2): pulled apart, it is none.
_ENCODED = re.compile(r"=(?=\?)")


class AddressRefused(ValueError):
    """What stands in for an address is none: no mail server is asked."""


@dataclass(frozen=True)
class Attachment:
    """A text file that goes along, byte for byte."""

    name: str
    data: bytes
    subtype: str = "plain"
    method: str | None = None  # of a calendar entry (RFC 5546 §1.4)


@dataclass(frozen=True)
class Topic:
    """A demand that a letter is about."""

    demand_id: str
    reference: str


@dataclass(frozen=True)
class Outgoing:
    """A letter as it leaves the house: its link filled in, its checkpoint chosen."""

    letter_id: str
    message_id: str  # stable: a second attempt is the same message
    to_name: str
    to_email: str
    subject: str
    text: str
    topics: tuple[Topic, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    language: str = "en"


def build_message(letter: Outgoing, settings: Settings, now: datetime) -> EmailMessage:
    """The message, dated `now`. Raises `AddressRefused`.

    The same letter gives the same bytes at the same `now`. Attachments go in base64:
    quoted-printable would change their line ends.
    """
    domain = settings.mail_from.rpartition("@")[2]
    message = EmailMessage(policy=POLICY)
    message["From"] = mailbox(settings.mail_from_name, settings.mail_from)
    message["To"] = mailbox(letter.to_name, letter.to_email)
    message["Subject"] = one_line(_encodable(letter.subject))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = letter.message_id
    if letter.topics:
        first = letter.topics[:_MOST_THREADS]
        threads = [f"<demand.{topic.demand_id}@{domain}>" for topic in first]
        message["In-Reply-To"] = " ".join(threads)
        message["References"] = " ".join(threads)
        message["List-Id"] = _list_id(letter.topics, domain)
    message["Auto-Submitted"] = _read("Auto-Submitted", "auto-generated")
    message["X-Auto-Response-Suppress"] = _read("X-Auto-Response-Suppress", "OOF, AutoReply")
    text = _encodable(letter.text)
    html = to_html(
        text,
        title=one_line(_encodable(letter.subject)),
        language=letter.language,
        home=settings.base_url,
    )
    words = [_words("plain", text), _words("html", html)]
    message["MIME-Version"] = _read("MIME-Version", "1.0")
    message["Content-Language"] = _read("Content-Language", letter.language)
    if not letter.attachments:
        return _holding(message, "alternative", f"=_1.{letter.letter_id}", words)
    said = _holding(EmailMessage(policy=POLICY), "alternative", f"=_2.{letter.letter_id}", words)
    parts = [said, *map(_attached, letter.attachments)]
    return _holding(message, "mixed", f"=_1.{letter.letter_id}", parts)


def to_bytes(message: EmailMessage) -> bytes:
    """The message as it is sent. Raises `ValueError` where a value has made a header of its own.

    Later versions of the library look for themselves (`verify_generated_headers`).
    """
    data = message.as_bytes()
    head = data.partition(b"\r\n\r\n")[0]
    lines = head.split(b"\r\n")
    names = [line.partition(b":")[0].decode() for line in lines if line[:1] not in (b" ", b"\t")]
    if names != list(message.keys()) or re.search(rb"[\r\n]", b"".join(lines)):
        raise ValueError("a value would break into the headers")
    return data


def _holding(
    message: EmailMessage, subtype: str, boundary: str, parts: Sequence[EmailMessage]
) -> EmailMessage:
    """`message` made of parts. The boundary is ours, so that a second attempt has the same.

    "=_" stands in no encoded part (RFC 2045 §6.7).
    """
    message["Content-Type"] = f'multipart/{subtype}; boundary="{boundary}"'
    for part in parts:
        message.attach(part)
    return message


def _words(subtype: str, text: str) -> EmailMessage:
    part = EmailMessage(policy=POLICY)
    part["Content-Type"] = _read("Content-Type", f'text/{subtype}; charset="utf-8"')
    part["Content-Transfer-Encoding"] = _read("Content-Transfer-Encoding", "quoted-printable")
    part.set_payload(b2a_qp(text.encode("utf-8")).decode("ascii"))
    return part


@lru_cache(maxsize=64)
def _read(name: str, value: str) -> Any:
    """A header as the library keeps it: reading the same ones anew was half of a message's cost."""
    return POLICY.header_factory(name, value)


def _attached(attachment: Attachment) -> EmailMessage:
    if not _FILE_NAME.fullmatch(attachment.name):
        raise ValueError(f"{attachment.name!r} would have to be encoded")
    method = "" if attachment.method is None else f'; method="{attachment.method}"'
    part = EmailMessage(policy=POLICY)
    kind = f'text/{attachment.subtype}; charset="utf-8"{method}'
    part["Content-Type"] = _read("Content-Type", kind)
    part["Content-Transfer-Encoding"] = _read("Content-Transfer-Encoding", "base64")
    name = f'attachment; filename="{attachment.name}"'
    part["Content-Disposition"] = _read("Content-Disposition", name)
    part.set_payload(encodebytes(attachment.data).decode("ascii"))
    return part


def _list_id(topics: Sequence[Topic], domain: str) -> str:
    if len(topics) > 1:
        return f"<several.demand.{domain}>"
    (topic,) = topics
    label = _ODD.sub("-", topic.reference).strip("-").lower() or topic.demand_id
    return f"<{label}.demand.{domain}>"


def _encodable(text: str) -> str:
    """`text` without half a character, which no encoding can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def one_line(value: str) -> str:
    """`value` without control characters and line ends: they become one space each run."""
    return _CONTROLS.sub(" ", value).strip()


def mailbox(name: str, email: str) -> Address:
    """A name and address as a header has them. Raises `AddressRefused`.

    The library reads an encoded word in a name, quoted or not, and writes the line ends that it
    holds as they are: none is left in what somebody typed.
    """
    if not _ADDRESS.fullmatch(email) or _CONTROLS.search(email) or len(email) > 254:
        raise AddressRefused(f"{one_line(email)!r} is no email address")
    if not email.isascii():
        raise AddressRefused(f"{email} has letters outside ASCII, which few mail servers take")
    try:
        plain = _ENCODED.sub("= ", one_line(_encodable(name)))
        return Address(display_name=plain, addr_spec=email)
    except (ValueError, IndexError, MessageError) as error:
        raise AddressRefused(f"{email} is no email address: {error}") from None
