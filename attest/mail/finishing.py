"""The last hand on a letter: its places filled in when it is claimed, and what it carries.

Only then is it known which checkpoint is the newest, so the words about it, the attachments and
the one-use link are not in the outbox.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from attest.domain.scalars import FormatError
from attest.log.checkpoint import parse_checkpoint
from attest.mail.letter import render
from attest.mail.message import Attachment
from attest.mail.places import LINK, WITNESS
from attest.mail.wrapping import wrap
from attest.signing import b64

CHECKPOINT_NAME = "checkpoint.txt"
# How much of the root a letter says: enough to compare by eye with the attachment.
_ROOT_LETTERS = 12
_ODD = re.compile(r"[^A-Za-z0-9.-]+")


@dataclass(frozen=True)
class Carried:
    """A demand that a letter is about, and the checkpoint of its log that it carries.

    `checkpoint` is the signed note; None where the demand has no log yet.
    """

    demand_id: str
    reference: str
    checkpoint: str | None = None


@dataclass(frozen=True)
class Finished:
    """A letter's text without places, and its attachments."""

    text: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class _Said:
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
) -> Finished:
    """Fills in the places of a row's `text`.

    `link` is the one-use link, `receipt` the address where the reader says "I have received
    this". `carried`: one for each demand of the message. A letter whose text has no place for the
    checkpoint's words carries it all the same.
    """
    notes = {each.reference: each.checkpoint for each in carried if each.checkpoint is not None}
    files = {each: _file_name(each, alone=len(notes) == 1) for each in notes}
    said = [one for each in notes if (one := _say(each, files[each], notes[each])) is not None]
    last = ""
    if receipt is not None or said:
        last = wrap(render("_witness_words", language, receipt=receipt, checkpoints=said)).strip()
    # The link last: nothing that is filled in may hold another place.
    body = text.replace(f"{WITNESS}\n\n", f"{last}\n\n" if last else "")
    body = body.replace(WITNESS, last)
    if link is not None:
        body = body.replace(LINK, link)
    return Finished(
        body, tuple(Attachment(files[each], notes[each].encode("utf-8")) for each in notes)
    )


def _file_name(reference: str, *, alone: bool) -> str:
    return CHECKPOINT_NAME if alone else f"checkpoint-{_ODD.sub('_', reference)}.txt"


def _say(reference: str, file: str, note: str) -> _Said | None:
    """In words; None for a damaged note, which must not keep a letter from its reader."""
    try:
        read = parse_checkpoint(note)
    except FormatError:
        return None
    return _Said(reference, file, read.size, b64(read.root)[:_ROOT_LETTERS])
