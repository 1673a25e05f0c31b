"""The holidays of a demand's calendar, such as `GB-ENG`: a country, or a part of one."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from attest.domain.refusal import Refused
from attest.settings import Settings


@lru_cache(maxsize=64)
def holidays_of(calendar: str) -> Container[date]:
    """The public holidays of `calendar` (ISO 3166-1, or ISO 3166-2 as in `GB-SCT`), of any year.

    Raises `Refused` for a calendar that isn't known.
    """
    country, _, part = calendar.partition("-")
    try:
        found: Container[date] = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        raise Refused(
            f"There is no calendar “{calendar}”. Use a country's two letters, such as DE,"
            " or GB-ENG, GB-SCT, GB-WLS or GB-NIR.",
            field="calendar",
        ) from None
    return found


def today(settings: Settings, now: datetime) -> date:
    """The day that it is at `now` where this instance's people work."""
    return now.astimezone(ZoneInfo(settings.time_zone)).date()
