"""Reads a message that came back: what does it say about the letter that it is about?

| kind | what it is, and how it is known |
|---|---|
| `failed`, `delayed`, `delivered` | a delivery status notification: its `message/delivery-status` |
| `failed` | a mail server's own words, for people only: its header `X-Failed-Recipients` |
| `auto_replied` | an automatic answer, such as a holiday notice: `Auto-Submitted` (RFC 3834) |
| `returned` | anything else |

Delivery status notifications are those of RFC 3464 and RFC 6533.
Everything in it was written by strangers: nothing here raises, whatever comes, no more than `MOST`
bytes of it are looked at, and what is kept of it is one line of harmless characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, message_from_string
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from typing import Literal

from attest.mail.answers import LONGEST_LINE, safe_line

# Bytes that are read of a message. A report stands before the letter that it sends back.
MOST = 262_144
# Characters of one header that are looked through.
_LONGEST_HEADER = 4_000
# Parts and recipients that are looked at: a letter has one reader.
_MOST_PARTS = 50

Kind = Literal["failed", "delayed", "delivered", "returned", "auto_replied"]

# Who it was delivered to, as mail servers write it down; the first that fits counts.
RECIPIENT_HEADERS = (
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Delivered-To",
    "To",
)
# RFC 3464 §2.3.3. A relayed letter went to where no reports are written, an expanded one to a
# list: both mean that it arrived as far as mail servers can tell.
_ACTIONS: dict[str, Kind] = {
    "failed": "failed",
    "delayed": "delayed",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}
# Where the action is missing, the status' class says it (RFC 3463 §2).
_CLASSES: dict[str, Kind] = {"2": "delivered", "4": "delayed", "5": "failed"}
_WORST_FIRST: tuple[Kind, ...] = ("failed", "delayed", "delivered")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_DELIVERY_STATUS = ("message/delivery-status", "message/global-delivery-status")
_DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mdaemon")
_EMPTY_LINES = re.compile(r"(?:\r?\n){2,}")
_BETWEEN_ADDRESSES = re.compile(r"[\s<>,;:\"()]+")


@dataclass(frozen=True)
class Report:
    """What a message that came back says. `answer` is one line, and never empty.

    `apart` is the same without the message's subject, where `answer` has it: the subject repeats
    our letter's, which may name several demands.
    """

    kind: Kind
    answer: str
    apart: str | None = field(default=None, compare=False)


def read_report(raw: bytes) -> Report:
    """What came back. Never raises: what cannot be read is `returned`."""
    try:
        return _read(message_from_bytes(raw[:MOST], policy=compat32))
    except Exception:
        # The standard library's reader fails on some garbage in ways that it does not list.
        return Report("returned", "A message came back that cannot be read.")


def recipients_of(raw: bytes) -> list[str]:
    """The addresses to which the message says it was delivered, the surest first."""
    try:
        message = message_from_bytes(raw[:MOST], policy=compat32)
        return [
            piece
            for name in RECIPIENT_HEADERS
            for value in message.get_all(name, [])[:_MOST_PARTS]
            for piece in _BETWEEN_ADDRESSES.split(str(value)[:_LONGEST_HEADER])
            if "@" in piece
        ]
    except Exception:
        return []


def _read(message: Message) -> Report:
    found: dict[Kind, str] = {}
    for block in _recipient_blocks(message):
        kind, answer = _of_recipient(block)
        if kind is not None:
            found.setdefault(kind, answer)
    for kind in _WORST_FIRST:
        if kind in found:
            return Report(kind, found[kind])
    subject = _decoded(message, "Subject") or "without a subject"
    sender = _decoded(message, "From") or "nobody"
    heading = safe_line(f"“{safe_line(subject, 200)}” from {safe_line(sender, 200)}")
    apart = safe_line(f"a message from {safe_line(sender, 200)}")
    if failed := _decoded(message, "X-Failed-Recipients"):
        said = f"not delivered to {safe_line(failed, 254)}"
        return Report("failed", safe_line(f"{said}: {heading}"), safe_line(f"{said}: {apart}"))
    if _is_automatic(message) and not _is_from_a_daemon(sender):
        return Report("auto_replied", heading, apart)
    return Report("returned", heading, apart)


def _recipient_blocks(message: Message) -> Iterator[Message]:
    """The fields about each recipient of each delivery status in the message (RFC 3464 §2.3)."""
    for number, part in enumerate(_outer_parts(message)):
        if number >= _MOST_PARTS:
            return
        if part.get_content_type() not in _DELIVERY_STATUS:
            continue
        content = part.get_payload()
        blocks = [each for each in content if isinstance(each, Message)] if content else []
        if len(blocks) > 1:
            # The first is about the message; the standard library has told them apart.
            yield from blocks[1:_MOST_PARTS]
        else:
            kept = bytes(blocks[0]) if blocks else str(content).encode("utf-8", "surrogateescape")
            text = kept.decode("utf-8", "replace")
            yield from map(message_from_string, _EMPTY_LINES.split(text.strip())[:_MOST_PARTS])


def _outer_parts(message: Message) -> Iterator[Message]:
    """The parts of the report itself: never those of the letter that it sends back."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        yield part
        content = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(content, list):
            waiting += [each for each in content[:_MOST_PARTS] if isinstance(each, Message)]


def _of_recipient(block: Message) -> tuple[Kind | None, str]:
    action = str(block.get("Action", "")).strip().lower().partition(" ")[0]
    status = _STATUS.search(str(block.get("Status", ""))[:LONGEST_LINE])
    kind = _ACTIONS.get(action)
    if kind is None and status is not None:
        kind = _CLASSES[status[0][0]]
    if kind is None:
        return None, ""
    words = [action or kind]
    diagnostic = _without_type(_decoded(block, "Diagnostic-Code"))
    if status is not None and status[0] not in diagnostic:
        words.append(status[0])
    if who := _without_type(_decoded(block, "Final-Recipient")):
        words.insert(1, f"for {safe_line(who, 254)}:")
    words.append(diagnostic)
    if server := _without_type(_decoded(block, "Remote-MTA")):
        words.append(f"({safe_line(server, 100)})")
    return kind, safe_line(" ".join(words))


def _without_type(value: str) -> str:
    """`rfc822; a@b` and `smtp; 550 …` without the word before the semicolon."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and kind.strip().replace("-", "").isalnum() else value.strip()


def _is_automatic(message: Message) -> bool:
    """RFC 3834 §5 and §2, and what programs wrote before it."""
    submitted = str(message.get("Auto-Submitted", "no")).strip().lower().partition(";")[0].strip()
    if submitted not in ("no", ""):
        return True
    if any(name in message for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder")):
        return True
    return str(message.get("Precedence", "")).strip().lower() in ("auto_reply", "auto-reply")


def _is_from_a_daemon(sender: str) -> bool:
    """Whether a mail server wrote it: an automatic answer too, but not a person's."""
    return any(
        piece.lower().partition("@")[0] in _DAEMONS for piece in _BETWEEN_ADDRESSES.split(sender)
    )


def _decoded(message: Message, name: str) -> str:
    """A header's words on one line, encoded words (RFC 2047) read; nothing where it is missing."""
    raw = str(message.get(name, ""))[:_LONGEST_HEADER]
    try:
        return safe_line(str(make_header(decode_header(raw))))
    except (ValueError, LookupError, TypeError, MessageError):
        return safe_line(raw)
