"""Letters that were written to files instead of being sent, read back for people to look at."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from attest.settings import Settings

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}\.eml")
# Larger than any letter of ours; somebody else may have put files there.
_LARGEST = 200_000


@dataclass(frozen=True)
class Delivered:
    """One letter as its reader would see it."""

    name: str  # of its file
    to: str
    subject: str
    at: datetime | None
    text: str
    checkpoint: str | None
    html: str | None = None
    language: str = "en"


def names(settings: Settings) -> list[str]:
    """The letters' file names, newest first: they begin with the time."""
    if not settings.mail_path.is_dir():
        return []
    found = [path.name for path in settings.mail_path.iterdir() if _NAME.fullmatch(path.name)]
    return sorted(found, reverse=True)


def read(settings: Settings, name: str) -> Delivered | None:
    """One letter, or None where there is none of this name."""
    if not _NAME.fullmatch(name):
        return None
    path = settings.mail_path / name
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST:
            return None
        return _parse(path)
    except OSError:
        return None


def forget(settings: Settings, letter_ids: Collection[str]) -> int:
    """Deletes the files of these letters, and gives how many there were."""
    gone = 0
    wanted = frozenset(letter_ids)
    for name in names(settings):
        # Written as <time>-<letter>.eml (delivery.py).
        if name.removesuffix(".eml").partition("-")[2] in wanted:
            (settings.mail_path / name).unlink(missing_ok=True)
            gone += 1
    return gone


def _parse(path: Path) -> Delivered:
    message = BytesParser(EmailMessage, policy=default).parsebytes(path.read_bytes())
    body = message.get_body(("plain",))
    html = message.get_body(("html",))
    checkpoint = None
    for part in message.iter_attachments():
        if part.get_filename() == "checkpoint.txt":
            checkpoint = _text(part)
    return Delivered(
        path.name,
        str(message.get("To", "")),
        str(message.get("Subject", "")).strip(),
        _date(message),
        _text(body) if body is not None else "",
        checkpoint,
        _text(html) if html is not None else None,
        str(message.get("Content-Language", "en")).strip(),
    )


def _text(part: MIMEPart) -> str:
    content = part.get_content()
    if isinstance(content, bytes):
        content = content.decode("utf-8", "replace")
    return str(content).replace("\r\n", "\n")


def _date(message: EmailMessage) -> datetime | None:
    try:
        found = parsedate_to_datetime(str(message.get("Date", "")))
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None else None
