"""Times, dates, identifiers and hashes as docs/formats.md §1 writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class FormatError(ValueError):
    """Bytes or an object that docs/formats.md does not allow."""


def parse_time(value: str) -> datetime:
    """Read `YYYY-MM-DDTHH:MM:SSZ` as an aware datetime in UTC; FormatError for anything else."""
    found = _TIME.fullmatch(value)
    if found is None:
        raise FormatError("is not a time of the form YYYY-MM-DDTHH:MM:SSZ")
    try:
        return datetime(*(int(part) for part in found.groups()), tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError:
        raise FormatError("is not a time that exists") from None


def format_time(moment: datetime) -> str:
    """Write an aware datetime in whole seconds; ValueError for a naive one or a fraction."""
    if moment.tzinfo is None:
        raise ValueError("a time without its time zone")
    if moment.microsecond:
        raise ValueError("a time with fractions of a second")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def parse_date(value: str) -> date:
    """Read `YYYY-MM-DD`; FormatError for anything else."""
    found = _DATE.fullmatch(value)
    if found is None:
        raise FormatError("is not a date of the form YYYY-MM-DD")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise FormatError("is not a date that exists") from None


def is_uuid(value: str) -> bool:
    """A UUID in lower case, of any version."""
    return _UUID.fullmatch(value) is not None


def is_sha256(value: str) -> bool:
    """64 lower-case hex digits."""
    return _SHA256.fullmatch(value) is not None
