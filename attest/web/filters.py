"""The words of attest.domain.wording as template filters, in the instance's time zone."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from attest.domain import wording
from attest.settings import Settings
from attest.signing import fingerprint
from attest.web.session import ctx


def today(settings: Settings) -> date:
    """The day that this request lives in, where the instance's people are."""
    return ctx().now.astimezone(ZoneInfo(settings.time_zone)).date()


def init_filters(app: Flask, settings: Settings) -> None:
    """Registers the filters. `{{ demand.due_on|day }}, {{ demand.due_on|from_today }}`."""
    zone = ZoneInfo(settings.time_zone)

    def moment(value: datetime) -> str:
        return wording.moment(value, zone)

    def moments(first: datetime, last: datetime) -> str:
        return wording.moments(first, last, zone)

    def clock(value: datetime) -> str:
        return wording.clock(value, zone)

    def day_of(value: datetime) -> str:
        return wording.short_day(value.astimezone(zone).date())

    def from_today(value: date) -> str:
        return wording.in_working_days(today(settings), value)

    def groupby_day(items: Iterable[Any]) -> list[tuple[date, list[Any]]]:
        """Whatever has an `at`, in runs of one day."""
        runs = groupby(items, key=lambda item: item.at.astimezone(zone).date())
        return [(day, list(run)) for day, run in runs]

    app.jinja_env.filters.update(
        groupby_day=groupby_day,
        day=wording.day,
        short_day=wording.short_day,
        cell_day=wording.cell_day,
        day_of=day_of,
        moment=moment,
        moments=moments,
        clock=clock,
        from_today=from_today,
        count=wording.count,
        number=wording.number,
        listing=wording.listing,
        size=wording.size,
        capital=wording.capital,
        fingerprint=fingerprint,
        words=_words,
    )
    app.jinja_env.globals["wording"] = wording
    app.jinja_env.globals["instance_name"] = settings.instance_name


def _words(value: str, of: Mapping[str, Any]) -> str:
    """`{{ demand.state|words(wording.DEMAND_STATES) }}`. Raises KeyError for an unknown state."""
    return str(of[value])
