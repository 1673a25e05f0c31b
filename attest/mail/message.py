"""A letter as an email (RFC 5322): headers that nobody can break into, the checkpoint attached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from attest.settings import Settings

# Headers are folded at 78; `=?utf-8?…?=` where a name isn't ASCII, so that no server needs
# SMTPUTF8 for it.
POLICY = SMTP.clone(raise_on_defect=True)

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


class AddressRefused(ValueError):
    """What stands in for an address is none: no mail server is asked."""


@dataclass(frozen=True)
class Attachment:
    """A text file that goes along, byte for byte."""

    name: str
    data: bytes
    subtype: str = "plain"


@dataclass(frozen=True)
class Outgoing:
    """A letter as it leaves the house: its link filled in, its checkpoint chosen."""

    letter_id: str
    message_id: str  # stable: a second attempt is the same message
    to_name: str
    to_email: str
    subject: str
    text: str
    demand_id: str | None = None
    attachments: tuple[Attachment, ...] = ()


def build_message(letter: Outgoing, settings: Settings, now: datetime) -> EmailMessage:
    """The message, dated `now`. Raises `AddressRefused`.

    All letters about a demand refer to one made-up message, so that mail programs keep them in
    one thread. Attachments go in base64: quoted-printable would change their line ends.
    """
    domain = settings.mail_from.rpartition("@")[2]
    message = EmailMessage(policy=POLICY)
    message["From"] = mailbox(settings.mail_from_name, settings.mail_from)
    message["To"] = mailbox(letter.to_name, letter.to_email)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = letter.message_id
    if letter.demand_id is not None:
        message["References"] = f"<demand.{letter.demand_id}@{domain}>"
    # RFC 3834 §5: no holiday notice comes back.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    for each in letter.attachments:
        message.add_attachment(
            each.data,
            maintype="text",
            subtype=each.subtype,
            cte="base64",
            filename=each.name,
            params={"charset": "utf-8"},
        )
    return message


def one_line(value: str) -> str:
    """`value` without control characters and line ends: they become one space each run."""
    return _CONTROLS.sub(" ", value).strip()


def mailbox(name: str, email: str) -> Address:
    """A name and address as a header has them. Raises `AddressRefused`."""
    if not _ADDRESS.fullmatch(email) or _CONTROLS.search(email) or len(email) > 254:
        raise AddressRefused(f"{one_line(email)!r} is no email address")
    if not email.isascii():
        raise AddressRefused(f"{email} has letters outside ASCII, which few mail servers take")
    try:
        return Address(display_name=one_line(name), addr_spec=email)
    except (ValueError, IndexError) as error:
        raise AddressRefused(f"{email} is no email address: {error}") from None
