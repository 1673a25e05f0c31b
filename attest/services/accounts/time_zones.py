"""The time zones that can be chosen, each by the city that a person looks for."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

# Zones of places. What else the tz database knows ("US/Eastern", "EST5EDT") are older names.
_REGIONS = {
    "Africa": "Africa",
    "America": "America",
    "Antarctica": "Antarctica",
    "Arctic": "Arctic",
    "Asia": "Asia",
    "Atlantic": "Atlantic Ocean",
    "Australia": "Australia",
    "Europe": "Europe",
    "Indian": "Indian Ocean",
    "Pacific": "Pacific Ocean",
}


@lru_cache(maxsize=1)
def time_zones() -> tuple[tuple[str, str], ...]:
    """Every zone as (IANA name, "London, Europe"), by city: typing finds it in a plain list."""
    places = [name for name in available_timezones() if name.partition("/")[0] in _REGIONS]
    found = sorted((place(name), name) for name in places if "/" in name)
    return (*((name, words) for words, name in found), ("UTC", "UTC"))


def place(zone: str) -> str:
    """ "Buenos Aires, Argentina, America" for `America/Argentina/Buenos_Aires`."""
    region, *parts = zone.split("/")
    words = [part.replace("_", " ") for part in reversed(parts)]
    return ", ".join([*words, _REGIONS.get(region, region)])


def is_known(zone: str) -> bool:
    """Whether it is a zone that can be chosen."""
    return zone in _names()


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(name for name, _ in time_zones())
