"""How a setting's value is read from text, from TOML or from code: one function a shape.

Each gives the value as `Settings` holds it, or raises `ValueError` with what it must be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

TLS = ("starttls", "tls", "none")
SMALLEST_SECRET = 32


@dataclass(frozen=True)
class Hours:
    """Working hours: from `opens` (still inside) to `closes` (outside), on the reader's clock."""

    opens: time = time(9)
    closes: time = time(17)

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Reads `09:00-17:00`. Raises `ValueError` where it is anything else, or ends first."""
        first, dash, last = text.strip().partition("-")
        if not dash:
            raise ValueError("it must be two times with a dash between, such as 09:00-17:00")
        try:
            opens = datetime.strptime(first.strip(), "%H:%M").time()  # noqa: DTZ007
            closes = datetime.strptime(last.strip(), "%H:%M").time()  # noqa: DTZ007
        except ValueError:
            raise ValueError("it must be two times of the day, such as 09:00-17:00") from None
        if closes <= opens:
            raise ValueError("it must end after it begins, on the same day")
        return cls(opens, closes)

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


def problem_with_instance_name(name: str) -> str | None:
    """What's wrong with an instance's name, as a sentence, or None.

    It's the first part of a signed note's key name (C2SP signed-note: no space, no "+").
    """
    if not name or len(name) > 100:
        return "The instance's name needs 1 to 100 characters."
    if not name.isascii() or not all(c.isalnum() or c in ".-_/" for c in name):
        return (
            "The instance's name may hold letters of ASCII, digits, and . - _ /"
            " only: no space and no +."
        )
    return None


def words(value: object) -> str:
    """One line of text."""
    if not isinstance(value, str) or not value or not value.isprintable():
        raise ValueError("it must be one line of text")
    return value


def name(value: object) -> str:
    """The instance's name."""
    found = words(value)
    if problem := problem_with_instance_name(found):
        raise ValueError(problem.rstrip("."))
    return found


def address(value: object) -> str:
    """An email address."""
    found = words(value)
    local, at, domain = found.rpartition("@")
    if not (at and local and domain) or not found.isascii() or set(found) & set(" <>,;\"'"):
        raise ValueError("it must be an email address, such as attest@example.org")
    return found


def web_address(value: object) -> str:
    """Where people come to, without a slash at the end."""
    found = words(value).rstrip("/")
    parts = urlsplit(found)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("it must be an address such as https://attest.example.org")
    return found


def service_address(value: object) -> str:
    """The address of a time-stamping authority. ValueError says what it must be."""
    found = words(value)
    parts = urlsplit(found)
    if parts.scheme not in ("http", "https") or not parts.hostname or not found.isascii():
        raise ValueError("it must be an address such as https://tsa.example.org/tsr")
    if parts.username is not None or parts.port == 0 or parts.fragment or " " in found:
        raise ValueError("it must be an address without a user name, a space or a #")
    return found


def prefix(value: object) -> str:
    """What stands before the names of objects in a bucket."""
    found = words(value)
    if not found.isascii() or " " in found or found.startswith("/") or not found.endswith("/"):
        raise ValueError("it must be a path without a space that ends with /, such as attest/")
    return found


def secret(value: object) -> str:
    """A secret that nobody guesses."""
    found = words(value)
    if len(found) < SMALLEST_SECRET:
        raise ValueError(f"it must have at least {SMALLEST_SECRET} characters")
    return found


def mail_folder(value: object) -> str:
    """The name of a folder in a mailbox, in ASCII: it is sent as a quoted string (RFC 3501 §9)."""
    found = words(value)
    if not found.isascii() or set(found) & set('"\\*%'):
        raise ValueError('it must be a name in ASCII without " \\ * and %, such as INBOX')
    return found


def tls(value: object) -> str:
    """How a connection to a mail server is encrypted."""
    if value not in TLS:
        raise ValueError(f"it must be one of {', '.join(TLS)}")
    return str(value)


def whole(smallest: int, largest: int) -> Callable[[object], int]:
    """Reads a whole number between the two, both included."""

    def read(value: object) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError("it must be a whole number")
        if not smallest <= value <= largest:
            raise ValueError(f"it must lie between {smallest} and {largest}")
        return value

    return read


def zone(value: object) -> str:
    """The name of a time zone."""
    found = words(value)
    if found not in available_timezones():
        raise ValueError("it must be a time zone such as Europe/London")
    return found


def hours(value: object) -> Hours:
    """Two times of a day."""
    return value if isinstance(value, Hours) else Hours.parse(words(value))


def folder(value: object) -> Path:
    """A folder that exists."""
    found = Path(words(value))
    if not found.is_absolute() or not found.is_dir():
        raise ValueError("it must be a folder that exists, from the root on")
    return found


def switch(value: object) -> bool:
    """On or off."""
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise ValueError("it must be true or false")
    return value == "true"
