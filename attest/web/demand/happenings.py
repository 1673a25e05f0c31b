"""The timeline in words: what happened, who did it, and to what.

Leaves of one type that follow each other on a day become one line: five files named at once are
one happening to a reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from attest.domain import wording
from attest.domain.scalars import parse_time
from attest.domain.wording import capital, count
from attest.services.log.record import Event

Body = Mapping[str, Any]

# Types of which a run reads as one happening, and the noun that is counted.
_TOGETHER = {
    "file.named": "file",
    "store.named": "store",
    "attestation.signed": "attestation",
    "file.reopened": "file",
    "evidence.added": "evidence file",
    "letter.sent": "letter",
}


@dataclass(frozen=True)
class Happening:
    """One line of the timeline. `said` is what somebody typed; `leaves` are indices in the log.

    `erased_at`: when what it said was erased.
    """

    at: datetime
    title: str
    by: str = ""
    said: str = ""
    items: list[str] = field(default_factory=list)
    leaves: tuple[int, int] = (0, 0)
    signed: bool = False
    erased_at: datetime | None = None


def happenings(
    events: Iterable[Event],
    files: Mapping[str, str],
    holders: Mapping[str, Mapping[str, Any]] | None = None,
    amended: Mapping[int, Sequence[str]] | None = None,
) -> list[Happening]:
    """Events, newest first, as lines.

    `files` gives the names of the files that they are about, `holders` whose the revoked keys are,
    `amended` what the amendment at a leaf changed.
    """
    lines = [_line(list(run), files, holders or {}) for _, run in groupby(events, _same)]
    told = amended or {}
    return [
        replace(line, items=list(told[line.leaves[0]])) if line.leaves[0] in told else line
        for line in lines
    ]


def revoked_keyids(events: Iterable[Event]) -> set[str]:
    """The keys that these events revoke."""
    return {event.body["keyid"] for event in events if event.type == "key.revoked" and event.body}


def file_ids(events: Iterable[Event]) -> set[str]:
    """The files that these events name by their identifier."""
    return {event.body["fileId"] for event in events if "fileId" in event.body}


def _same(event: Event) -> tuple[object, ...]:
    """Equal for events that are told together, those of one day (UTC) only."""
    if event.type not in _TOGETHER:
        return (event.seq,)
    day = event.at.date()
    if event.type == "attestation.signed":
        return (event.type, day, event.body.get("signer", {}).get("keyid"))
    return (event.type, day, event.body.get("reason"), event.erased_at)


def _line(
    run: list[Event], files: Mapping[str, str], holders: Mapping[str, Mapping[str, Any]]
) -> Happening:
    newest, oldest = run[0], run[-1]
    items = [item for event in reversed(run) if (item := _item(event, files))]
    title = _title(newest)
    if newest.type == "key.revoked" and newest.body:
        title = _revoked(newest.body, holders.get(newest.body["keyid"]))
    if len(run) > 1:
        title = _many(newest.type, len(run))
    return Happening(
        newest.at,
        title,
        _by(newest.body),
        str(newest.body.get("reason") or newest.body.get("note") or ""),
        items,
        (oldest.seq, newest.seq),
        newest.signed,
        newest.erased_at,
    )


def _many(kind: str, number: int) -> str:
    what = count(number, _TOGETHER[kind])
    return {
        "file.named": f"{what} named",
        "store.named": f"{what} named",
        "attestation.signed": f"{what} signed",
        "file.reopened": f"{what} reopened",
        "evidence.added": f"{what} added",
        "letter.sent": f"{what} sent",
    }[kind]


def _title(event: Event) -> str:
    special = _TITLES.get(event.type)
    if special is not None and event.body:
        return special(event)
    return capital(wording.EVENTS[event.type])


def _reviewed(event: Event) -> str:
    what = count(len(event.subjects), "attestation")
    return f"{what} {wording.DECISIONS[event.body['decision']]}"


def _confirmed(event: Event) -> str:
    holder = event.body["holder"]
    how = wording.CONFIRMATION_METHODS[event.body["method"]]
    return f"Signing key of {holder['name']}, {holder['organisation']}, confirmed {how}"


def _made(event: Event) -> str:
    holder = event.body["holder"]
    made = f"Signing key made by {holder['name']}, {holder['organisation']}"
    return f"{made}, and signed by the key before it" if event.signatures > 1 else made


def _revoked(body: Body, holder: Mapping[str, Any] | None) -> str:
    title = "Signing key revoked"
    if holder is not None:
        title = f"Signing key of {holder['name']}, {holder['organisation']}, revoked"
    if "compromisedSince" not in body:
        return title
    since = wording.moment_utc(parse_time(body["compromisedSince"]))
    return f"{title}: it may have been in other hands since {since}"


def _issued(event: Event) -> str:
    return f"{capital(wording.EVENTS[event.type])}, due {_day(event.body['dueOn'])}"


def _closed(event: Event) -> str:
    return f"Deletion demand {wording.DEMAND_STATES[event.body['outcome']]}"


def _asked(event: Event) -> str:
    number = len(event.body.get("fileIds", []))
    which = f", for {count(number, 'file')}" if number else ""
    return f"More time asked for, until {_day(event.body['until'])}{which}"


def _decided(event: Event) -> str:
    if event.body["decision"] == "refused":
        return "More time refused"
    return f"More time granted, until {_day(event.body['until'])}"


def _day(written: str) -> str:
    return wording.day(date.fromisoformat(written))


_TITLES: Mapping[str, Callable[[Event], str]] = {
    "attestation.reviewed": _reviewed,
    "key.enrolled": _made,
    "key.confirmed": _confirmed,
    "demand.issued": _issued,
    "demand.amended": _issued,
    "demand.closed": _closed,
    "extension.requested": _asked,
    "extension.decided": _decided,
}


def _by(body: Body) -> str:
    who = body.get("by") or body.get("namedBy") or body.get("signer")
    if not who:
        return ""
    return f"{who['name']}, {who['organisation']}"


def _item(event: Event, files: Mapping[str, str]) -> str:
    body = event.body
    if "fileId" in body and event.type != "file.named":
        return files.get(body["fileId"], body["fileId"])
    if event.type in ("file.named", "evidence.added"):
        return str(body.get("name", ""))
    if event.type == "store.named":
        return f"{body['label']} ({wording.MEDIUMS[body['medium']]})" if body else ""
    if event.type.startswith("letter.") and body:
        return f"{capital(body['letter'].replace('_', ' '))}, to {body['to']}"
    return ""
