"""A strict reader of DER (ITU-T X.690 §8, §10 and §11), as much of it as timestamps need.

One value has one spelling: definite lengths in as few bytes as will do, low tag numbers, no
integer with an idle first byte. A reader goes through the elements of one level; whoever reads
says what each must be, and that nothing stands behind the last. Everything that is refused is a
FormatError. static/verifier/der.js is its twin.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from attest.domain.scalars import FormatError

BOOLEAN = 0x01
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OID = 0x06
UTF8_STRING = 0x0C
PRINTABLE_STRING = 0x13
IA5_STRING = 0x16
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31

NOTHING = -1  # the tag where no element is left
_HIGH_TAG = 0x1F

_UTC = re.compile(rb"([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})Z")
# RFC 3161 §2.4.2: a fraction neither empty nor ending in 0. Nine digits are nanoseconds.
_GENERALIZED = re.compile(
    rb"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.([0-9]{0,8}[1-9]))?Z"
)
_MOST_OID = 64  # bytes; the arcs of one are numbers that somebody has to write out
_FIRST_YEAR = 1950  # the oldest that UTCTime can say; nothing older is asked for


def context(number: int, *, constructed: bool = True) -> int:
    """The tag `[number]`, for numbers below 31."""
    return (0xA0 if constructed else 0x80) | number


def element(tag: int, *contents: bytes) -> bytes:
    """One element, written: its tag, its length and what it is made of."""
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    wide = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | wide]) + length.to_bytes(wide, "big") + content


class Reader:
    """The elements that some bytes are made of, taken one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def tag(self) -> int:
        """The tag of the next element; NOTHING at the end."""
        return self._data[self._at] if self._at < len(self._data) else NOTHING

    def take(self, tag: int, what: str) -> bytes:
        """The content of the next element, which has this tag."""
        start, end = self._next(tag, what)
        self._at = end
        return self._data[start:end]

    def whole(self, tag: int, what: str) -> bytes:
        """The next element with its tag and length."""
        before = self._at
        _, end = self._next(tag, what)
        self._at = end
        return self._data[before:end]

    def inside(self, tag: int, what: str) -> Reader:
        """A reader of the next element's content."""
        return Reader(self.take(tag, what))

    def rest(self) -> bytes:
        """All that is left, whatever it is."""
        data = self._data[self._at :]
        self._at = len(self._data)
        return data

    def end(self, what: str) -> None:
        """Nothing may be left behind `what`."""
        if self.tag != NOTHING:
            raise FormatError(f"something stands behind {what}")

    # --- Values -------------------------------------------------------------------------------

    def oid(self, what: str) -> str:
        """An object identifier, in dotted form."""
        return dotted(self.take(OID, what), what)

    def integer(self, what: str) -> bytes:
        """The bytes of an integer, big-endian, in as few as will do."""
        return integer(self.take(INTEGER, what), what)

    def small(self, what: str) -> int:
        """An integer from 0 to 2^31 - 1."""
        return small(self.integer(what), what)

    def boolean(self, what: str) -> bool:
        """A boolean that is not its default, which DER leaves out: so it is always true."""
        if self.take(BOOLEAN, what) != b"\xff":
            raise _not_der(what)
        return True

    def bits(self, what: str) -> bytes:
        """The bytes of a bit string that fills its bytes."""
        data = self.take(BIT_STRING, what)
        if not data or data[0]:
            raise _not_der(what)
        return data[1:]

    # --- The next element ---------------------------------------------------------------------

    def _next(self, tag: int, what: str) -> tuple[int, int]:
        """Where the next element's content starts and ends."""
        data, at = self._data, self._at
        if self.tag != tag or tag & _HIGH_TAG == _HIGH_TAG or at + 2 > len(data):
            raise _not_der(what)
        length = data[at + 1]
        start = at + 2
        if length >= 0x80:
            # No more than four bytes of length, the first of them not idle, and no short one.
            wide = length & 0x7F
            if not 1 <= wide <= 4 or start + wide > len(data) or data[start] == 0:
                raise _not_der(what)
            length = int.from_bytes(data[start : start + wide], "big")
            start += wide
            if length < 0x80:
                raise _not_der(what)
        if start + length > len(data):
            raise _not_der(what)
        return start, start + length


def integer(content: bytes, what: str) -> bytes:
    """An integer's content, big-endian, in as few bytes as will do."""
    idle = len(content) > 1 and (content[0], content[1] >> 7) in ((0, 0), (0xFF, 1))
    if not content or idle:
        raise _not_der(what)
    return content


def small(content: bytes, what: str) -> int:
    """An integer's content as a number from 0 to 2^31 - 1."""
    data = integer(content, what)
    if len(data) > 4 or data[0] & 0x80:
        raise FormatError(f"{what} is out of range")
    return int.from_bytes(data, "big")


def dotted(content: bytes, what: str) -> str:
    """An object identifier's content in dotted form."""
    if len(content) > _MOST_OID:
        raise FormatError(f"{what} is out of range")
    if not content or content[-1] & 0x80:
        raise _not_der(what)
    arcs: list[int] = []
    arc = None
    for byte in content:
        if arc is None:
            if byte == 0x80:
                raise _not_der(what)
            arc = 0
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = None
    first = min(arcs[0] // 40, 2)
    return ".".join(str(part) for part in (first, arcs[0] - 40 * first, *arcs[1:]))


def time_without_fraction(reader: Reader, what: str) -> int:
    """A certificate's time, in seconds since 1970, UTC (RFC 5280 §4.1.2.5).

    UTCTime up to the year 2049, GeneralizedTime from 2050.
    """
    if reader.tag == UTC_TIME:
        found = _UTC.fullmatch(reader.take(UTC_TIME, what))
        parts = [int(part) for part in found.groups()] if found else []
        if parts:
            parts[0] += 1900 if parts[0] >= 50 else 2000
        return _seconds(parts, what)
    seconds, nanoseconds = generalized_time(reader, what)
    if nanoseconds or datetime.fromtimestamp(seconds, UTC).year < 2050:
        raise _no_time(what)
    return seconds


def generalized_time(reader: Reader, what: str) -> tuple[int, int]:
    """A GeneralizedTime: seconds since 1970, UTC, and nanoseconds (RFC 3161 §2.4.2)."""
    found = _GENERALIZED.fullmatch(reader.take(GENERALIZED_TIME, what))
    if found is None:
        raise _no_time(what)
    *parts, fraction = found.groups()
    return _seconds([int(part) for part in parts], what), int((fraction or b"0").ljust(9, b"0"))


def _seconds(parts: list[int], what: str) -> int:
    if not parts or parts[0] < _FIRST_YEAR:
        raise _no_time(what)
    year, month, day, hour, minute, second = parts
    try:
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    except ValueError:
        raise _no_time(what) from None


def _not_der(what: str) -> FormatError:
    return FormatError(f"{what} is missing, or is not DER")


def _no_time(what: str) -> FormatError:
    return FormatError(f"{what} is not a time that this profile takes")
