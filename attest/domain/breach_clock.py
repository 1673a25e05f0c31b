"""The statutory clock of a breach: 72 hours from awareness (GDPR, Article 33(1)).

Hours are hours: nights, weekends and holidays count, and nothing here knows a working day. A
report of a breach may come in phases (Article 33(4)); the first one stops the clock. Where nobody
is likely to be at risk no report is due, and the decision that it is so, with its reasons, is an
answer too (Article 33(1) and (5)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from attest.domain.phrases import Phrase, phrase, phrases
from attest.domain.refusal import Refused
from attest.domain.wording import capital

HOURS = timedelta(hours=72)

RUNNING = "running"
OVER = "over"  # the hours have passed, and nothing was reported
REPORTED = "reported"
REPORTED_LATE = "reported_late"
NOT_NEEDED = "not_needed"
NOT_STARTED = "not_started"  # nobody has said yet when it was noticed

# For tags: a word or two.
CLOCK_STATES = {
    RUNNING: "to be reported",
    OVER: "late",
    REPORTED: "reported",
    REPORTED_LATE: "reported late",
    NOT_NEEDED: "no report needed",
    NOT_STARTED: "time of notice missing",
}


@dataclass(frozen=True, slots=True)
class Report:
    """One phase of what the authority was told. Times are aware."""

    at: datetime
    late_reasons: str | None = None
    more_to_follow: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock stands. `span` is what remains, by how much the hours have passed, or how
    long the first report took, as `state` says."""

    state: str
    noticed_at: datetime | None = None
    ends_at: datetime | None = None
    reported_at: datetime | None = None
    span: timedelta = timedelta(0)
    reasons_missing: bool = False
    more_to_follow: bool = False

    @property
    def asks(self) -> bool:
        """Whether somebody has to report, or to record why not."""
        return self.state in (RUNNING, OVER)

    @property
    def margin(self) -> timedelta:
        """How long before the end the first report came, negative where it came after it."""
        if self.ends_at is None or self.reported_at is None:
            return timedelta(0)
        return self.ends_at - self.reported_at


def ends_at(noticed_at: datetime) -> datetime:
    """The end of the 72 hours. `noticed_at` is aware."""
    if noticed_at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return noticed_at + HOURS


def clock(
    noticed_at: datetime | None, reports: Sequence[Report], *, not_needed: bool, now: datetime
) -> Clock:
    """How the clock stands at `now`. `reports` in any order, without those that were struck out.

    `not_needed`: the newest decision says that no report is due. A report outweighs it.
    """
    if noticed_at is None:
        return Clock(NOT_STARTED)
    end = ends_at(noticed_at)
    if not reports:
        if not_needed:
            return Clock(NOT_NEEDED, noticed_at, end)
        late = now > end
        return Clock(OVER if late else RUNNING, noticed_at, end, span=abs(end - now))
    ordered = sorted(reports, key=lambda report: report.at)
    first, last = ordered[0], ordered[-1]
    late = first.at > end
    return Clock(
        REPORTED_LATE if late else REPORTED,
        noticed_at,
        end,
        first.at,
        first.at - noticed_at,
        reasons_missing=late and not any(report.late_reasons for report in reports),
        more_to_follow=last.more_to_follow,
    )


def needs_reasons(noticed_at: datetime, reports: Sequence[Report], reported_at: datetime) -> bool:
    """Whether a report at this time has to come with the reasons for the delay."""
    first = min((report.at for report in reports), default=reported_at)
    given = any(report.late_reasons for report in reports)
    return min(first, reported_at) > ends_at(noticed_at) and not given


def check_report(
    noticed_at: datetime | None,
    reports: Sequence[Report],
    reported_at: datetime | None,
    late_reasons: str | None,
    now: datetime,
) -> datetime:
    """When it was reported, if it may be recorded so. Raises Refused with the field.

    Where the authority was told later than 72 hours after awareness, the reasons are a must
    (Article 33(1), second sentence).
    """
    if noticed_at is None:
        raise Refused("Say first when the incident was noticed: the 72 hours run from there.")
    if reported_at is None:
        raise Refused("Say when it was reported.", field="reported_on")
    if reported_at > now:
        raise Refused("This time lies in the future. Check it.", field="reported_on")
    if reported_at < noticed_at:
        raise Refused(
            "This is before the incident was noticed. Check both times.", field="reported_on"
        )
    if not late_reasons and needs_reasons(noticed_at, reports, reported_at):
        late = span(reported_at - ends_at(noticed_at))
        raise Refused(
            f"That was {late} after the end of the 72 hours. Say why: Article 33(1) asks for the "
            "reasons for the delay.",
            field="late_reasons",
        )
    return reported_at


def span(length: timedelta) -> Phrase:
    """Gives "70 hours 35 minutes", "1 hour", "25 minutes"; whole minutes, cut off."""
    minutes = int(abs(length) / timedelta(minutes=1))
    if not minutes:
        return phrase("less than a minute")
    hours, rest = divmod(minutes, 60)
    whole = phrases("%(num)s hour", "%(num)s hours", hours)
    part = phrases("%(num)s minute", "%(num)s minutes", rest)
    if hours and rest:
        return phrase("%(hours)s %(minutes)s", hours=whole, minutes=part)
    return whole if hours else part


def sentence(state: Clock) -> str:
    """Where the clock stands, in a sentence or two, without a date."""
    length = span(state.span)
    if state.state == NOT_STARTED:
        return "Say when the incident was noticed: the 72 hours run from there."
    if state.state == RUNNING:
        return f"{capital(length)} left to report it, or to record why no report is needed."
    if state.state == OVER:
        return f"The 72 hours ended {length} ago, and no report is recorded."
    if state.state == NOT_NEEDED:
        return "It was decided that no report is needed."
    told = f"Reported after {length}"
    margin = span(state.margin)
    if state.state == REPORTED_LATE:
        return f"{told}, {margin} after the end of the 72 hours."
    return f"{told}, {margin} before the end of the 72 hours."
