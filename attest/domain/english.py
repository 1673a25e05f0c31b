"""Days, times, numbers and lists in English, for everything that is put into words."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo

_WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(value: date) -> str:
    """Gives "Monday 18 February 2013"."""
    return f"{_WEEKDAYS[value.weekday()]} {short_day(value)}"


def short_day(value: date) -> str:
    """Gives "18 February 2013"."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year:04d}"


def cell_day(value: date) -> str:
    """Gives "18 Feb 2013", for the narrow cells of a table only."""
    return f"{value.day} {_MONTHS[value.month - 1][:3]} {value.year:04d}"


def clock(value: datetime, zone: tzinfo) -> str:
    """Gives "08:15", in `zone`. `value` is aware."""
    local = _aware(value).astimezone(zone)
    return f"{local.hour:02d}:{local.minute:02d}"


def moment(value: datetime, zone: tzinfo) -> str:
    """Gives "4 February 2013, 08:15", in `zone`. `value` is aware."""
    return f"{short_day(_aware(value).astimezone(zone))}, {clock(value, zone)}"


def moments(first: datetime, last: datetime, zone: tzinfo) -> str:
    """Gives "at 10:42 on 22 November 2026", or "between 10:42 and 10:58 on …", in `zone`.

    Of two days it gives both whole. The values are aware.
    """
    start, end = clock(first, zone), clock(last, zone)
    from_day = short_day(first.astimezone(zone))
    to_day = short_day(last.astimezone(zone))
    if from_day != to_day:
        return f"between {start} on {from_day} and {end} on {to_day}"
    if start != end:
        return f"between {start} and {end} on {to_day}"
    return f"at {end} on {to_day}"


def moment_utc(value: datetime) -> str:
    """Gives "4 February 2013, 08:15 UTC", for papers that travel. `value` is aware."""
    return f"{moment(value, UTC)} UTC"


def number(n: int) -> str:
    """Gives "994", "10,413"."""
    return f"{n:,}"


def listing(items: Iterable[str], last: str = "and") -> str:
    """Gives "a", "a and b", "a, b and c"; `last` may be "or". An empty list is ""."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value
