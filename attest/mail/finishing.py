"""The last hand on a letter: its places filled in when it is claimed, and what it carries.

Only then is it known which checkpoint is the newest, so the words about it, the attachments and
the one-use link are not in the outbox.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from attest.domain.scalars import FormatError
from attest.log.checkpoint import parse_checkpoint
from attest.mail.calendar_entry import Entry, calendar
from attest.mail.message import Attachment
from attest.mail.own_templates import rendered
from attest.mail.places import LINK, WITNESS
from attest.mail.wrapping import wrap
from attest.signing import b64

CHECKPOINT_NAME = "checkpoint.txt"
DUE_NAME = "due.ics"
# How much of the root a letter says: enough to compare by eye with the attachment.
_ROOT_LETTERS = 12
_ODD = re.compile(r"[^A-Za-z0-9.-]+")


@dataclass(frozen=True)
class Carried:
    """A demand that a letter is about, and what the letter carries of it.

    `checkpoint` is the signed note of its log; None where it has none yet. `entry` is its due day
    for the reader's calendar, in letters that say or move it.
    """

    demand_id: str
    reference: str
    checkpoint: str | None = None
    entry: Entry | None = None


@dataclass(frozen=True)
class Finished:
    """A letter's text without places, and its attachments."""

    text: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Said:
    """A checkpoint in words, and the attachment that holds it."""

    reference: str
    file: str
    size: int
    root: str


def finish(
    text: str,
    *,
    language: str = "en",
    link: str | None = None,
    receipt: str | None = None,
    carried: Sequence[Carried] = (),
    sender: str,
    now: datetime,
    own: Path | None = None,
) -> Finished:
    """Fills in the places of a row's `text`.

    `link` is the one-use link, `receipt` the address where the reader says "I have received
    this". `carried`: one for each demand of the message. A letter whose text has no place for the
    checkpoint's words carries it all the same. `sender` is the address that letters come from, and
    `now` when this one leaves, for the calendar entries. `own`: the administrator's folder.
    """
    notes = {each.reference: each.checkpoint for each in carried if each.checkpoint is not None}
    files = {each: _file_name(CHECKPOINT_NAME, each, alone=len(notes) == 1) for each in notes}
    said = [one for each in notes if (one := _say(each, files[each], notes[each])) is not None]
    last = ""
    if receipt is not None or said:
        last = wrap(
            rendered("_witness_words", language, own, receipt=receipt, checkpoints=said)
        ).strip()
    # The link last: nothing that is filled in may hold another place.
    body = text.replace(f"{WITNESS}\n\n", f"{last}\n\n" if last else "")
    body = body.replace(WITNESS, last)
    if link is not None:
        body = body.replace(LINK, link)
    attachments = [Attachment(files[each], notes[each].encode("utf-8")) for each in notes]
    entries = [each.entry for each in carried if each.entry is not None]
    for entry in entries:
        data = calendar(entry, sender=sender, now=now, code=language, own=own)
        name = _file_name(DUE_NAME, entry.reference, alone=len(carried) == 1)
        attachments.append(Attachment(name, data, "calendar", "PUBLISH"))
    return Finished(body, tuple(attachments))


def _file_name(name: str, reference: str, *, alone: bool) -> str:
    stem, _, ending = name.partition(".")
    return name if alone else f"{stem}-{_ODD.sub('_', reference)}.{ending}"


def _say(reference: str, file: str, note: str) -> Said | None:
    """In words; None for a damaged note, which must not keep a letter from its reader."""
    try:
        read = parse_checkpoint(note)
    except FormatError:
        return None
    return Said(reference, file, read.size, b64(read.root)[:_ROOT_LETTERS])
