"""The due day as a calendar entry (iCalendar, RFC 5545; published as in RFC 5546 §3.2.1).

One entry a demand: its UID never changes. SEQUENCE is the size of the demand's log, which grows
with everything that can move the day, so a newer letter's entry replaces an older one's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from icalendar import Alarm, Calendar, Event, vCalAddress

from attest.domain.phrases import phrase
from attest.mail.languages import language

# Letters that say or move a due day, and those that end a demand: the latter take the entry away.
SAY_DUE = frozenset(
    {
        "invitation_of_liaison",
        "officer_invited",
        "reminder",
        "extension_granted",
        "demand_amended",
        "files_reopened",
    }
)
END = frozenset({"demand_closed", "demand_withdrawn"})

_AT = timedelta(hours=9)


@dataclass(frozen=True)
class Entry:
    """A demand's due day. `remind_on` is the working day before; `ended`: it is due no more."""

    demand_id: str
    reference: str
    controller: str
    contractor: str
    link: str
    due_on: date
    remind_on: date
    sequence: int
    ended: bool = False


def calendar(
    entry: Entry, *, sender: str, now: datetime, code: str = "en", own: Path | None = None
) -> bytes:
    """The file: an entry of the whole day, with an alarm at nine on the working day before.

    The alarm counts from the day's beginning where its reader is, so it is nine there. `sender` is
    the address that letters come from, `code` the language of the words, and `own`
    the administrator's folder of letters, where it may be.
    """
    spoken = language(code, own)
    said = Calendar()
    said.add("prodid", "-//Attest//Attest//EN")
    said.add("version", "2.0")
    said.add("method", "PUBLISH")
    event = Event()
    event.add("uid", f"demand.{entry.demand_id}@{sender.rpartition('@')[2]}")
    event.add("dtstamp", now)
    event.add("sequence", entry.sequence)
    event.add("organizer", vCalAddress(f"mailto:{sender}"))
    event.add("summary", spoken.say(_summary(entry)))
    event.add("description", f"{spoken.say(_description(entry))}\n{entry.link}")
    event.add("url", entry.link)
    event.add("dtstart", entry.due_on)
    event.add("dtend", entry.due_on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.ended else "CONFIRMED")
    if not entry.ended:
        event.add_component(_alarm(entry, spoken.say(_summary(entry))))
    said.add_component(event)
    return bytes(said.to_ical())


def _alarm(entry: Entry, words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", _AT - (entry.due_on - entry.remind_on))
    alarm.add("description", words)
    return alarm


def _summary(entry: Entry) -> str:
    if entry.ended:
        return phrase("%(reference)s is not due any more", reference=entry.reference)
    return phrase("%(reference)s is due", reference=entry.reference)


def _description(entry: Entry) -> str:
    return phrase(
        "Deletion demand of %(controller)s to %(contractor)s",
        controller=entry.controller,
        contractor=entry.contractor,
    )
