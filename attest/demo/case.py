"""The reference case, as data: parties, incident, files, stores and what became of each copy.

Made up after an incident of 2013, with other names. People are named by their role. All days are
of 2013; a demo moves them by whole weeks (`moved`), so that weekdays stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import Any

ISSUED_ON = date(2013, 2, 4)
DUE_ON = date(2013, 2, 18)
BACKUP_ENDS = date(2013, 3, 12)

TITLE = "Five files about staff sent to a bidder by mistake"
WHAT_HAPPENED = (
    "Five files about 994 members of staff, with more in them than was needed, went to a bidder "
    "over a framework that belongs to a fourth force."
)
NOTICED_AT = datetime(2013, 2, 1, 9, 40, tzinfo=UTC)
OCCURRED_ON = date(2013, 1, 14)
PEOPLE_AFFECTED = 994
DATA_AFFECTED = "Identity, employment and pay; health; trade union membership; location."
AGREEMENTS = "Non-disclosure agreement NDA-2012-117. No processing agreement."
BASIS = (
    "UK GDPR Article 5(1)(c), (e) and (f); non-disclosure agreement NDA-2012-117; "
    "the files were sent in error"
)
INSTRUCTION = (
    "Delete every copy of the files named, wherever it is held, on paper and electronically.\n"
    "Search every store that is named, name any further one, and answer for each file."
)


@dataclass(frozen=True)
class Body:
    """An organisation of the case."""

    name: str
    domain: str
    code: str = ""


LEAD = Body("Northshire Constabulary", "northshire.example", "ND")
JOINT = (
    Body("Eastshire Police", "eastshire.example"),
    Body("Westshire Constabulary", "westshire.example"),
)
CONTRACTOR = Body("Halden Support Services plc", "halden.example")
CARRIER = Body("Midshire Police", "midshire.example")


@dataclass(frozen=True)
class Place:
    """A store of the case; `later` ones are named by the contractor."""

    key: str
    label: str
    medium: str
    kind: str
    location: str = ""
    custodian: str = ""
    later: bool = False


STORES = (
    Place("share", "Bid team file share", "electronic", "file_share"),
    Place("laptops", "Laptop drives of the bid team", "electronic", "computer"),
    Place("backup", "Nightly backup, 35 days' retention", "electronic", "backup"),
    Place(
        "relay",
        "Midshire framework relay",
        "electronic",
        "transfer_system",
        custodian="Midshire Police",
    ),
    Place("cabinet", "Bid room filing cabinet", "hard_copy", "filing"),
    Place("mailbox", "Mailbox of the bid manager", "electronic", "mailbox", later=True),
    Place(
        "unit7",
        "Records store, Unit 7",
        "hard_copy",
        "records_store",
        location="Boxes 700–742",
        later=True,
    ),
)

LIST, COSTINGS = "establishment-list-2012-12.csv", "HR restructure costings v7 FINAL.xlsx"
NAMES = (
    LIST,
    "sickness-absence-2011-2012.csv",
    "payroll-deductions-q3.csv",
    "shift-patterns – custody & control room.csv",
    COSTINGS,
)
REJECTED = (LIST, "payroll-deductions-q3.csv")  # the third drive's serial was missing
REJECTION = "The serial number of the third drive is missing."
DRIVES = ("TS5-10441", "TS5-10442", "TS5-10457")
OFFICER = "Information assurance officer"
DIRECTOR = "Director of operations"  # who is written to once the demand is late

ASKED_UNTIL = date(2013, 2, 21)  # three working days more
WHY_MORE_TIME = (
    "The shredding contractor has not sent its certificate for the drives yet. It is promised for "
    "20 February; we need a day to compare it."
)
GRANTED_UNTIL = date(2013, 2, 20)
WHY_LESS = "Two working days: compare it on the day on which it comes."

FOUND = (
    "A second printout of the costings turned up in Unit 7, in box 716, under the lid of another "
    "tender."
)


def manifest() -> bytes:
    """The list of files as CSV, as a case handler has it."""
    return _data("manifest.csv")


def checksums() -> bytes:
    """The same files as a sha256sum listing, with a directory before each name."""
    return _data("SHA256SUMS")


def _data(name: str) -> bytes:
    return resources.files("attest.demo").joinpath(name).read_bytes()


@dataclass(frozen=True)
class Known:
    """What the officer knows when answering.

    `drives`: how many of the three serials are given. `backup_gone`: the backup has expired.
    `found`: the second printout of the costings has turned up.
    """

    drives: int = 3
    backup_gone: bool = False
    found: bool = False


def answer(place: str, file: str, **known: Any) -> dict[str, Any]:
    """The typed fields for one copy (domain/answers.py), with the days of 2013.

    `known`: the members of Known.
    """
    return dict(_ANSWERS[place](file, Known(**known)))


def _share(file: str, known: Known) -> Mapping[str, Any]:
    return {
        "outcome": "deleted",
        "method": "overwrite",
        "performed_on": date(2013, 2, 6),
        "performed_by": "Systems administrator",
    }


def _mailbox(file: str, known: Known) -> Mapping[str, Any]:
    if file in (LIST, COSTINGS):
        return {
            "outcome": "deleted",
            "method": "file_deletion",
            "performed_on": date(2013, 2, 7),
            "performed_by": "Systems administrator",
            "technique": "Recoverable items emptied",
        }
    return _searched("Inbox, sent and deleted items, archive, recoverable items", 7)


def _laptops(file: str, known: Known) -> Mapping[str, Any]:
    return {
        "outcome": "destroyed",
        "method": "shred",
        "level": "H-4",
        "standard": "ISO/IEC 21964",
        "performed_on": date(2013, 2, 12),
        "performed_by": "Shredding contractor, on site",
        "witnessed_by": OFFICER,
        "media": "\n".join(f"; Travelstar 5K500; {serial}" for serial in DRIVES[: known.drives]),
    }


def _backup(file: str, known: Known) -> Mapping[str, Any]:
    if known.backup_gone:
        return {
            "outcome": "deleted",
            "method": "retention_expiry",
            "performed_on": date(2013, 3, 13),
            "performed_by": "Backup operator",
        }
    return {
        "outcome": "beyond_use",
        "exception_basis": "The backup cannot be changed; it expires after 35 days",
        "exception_until": BACKUP_ENDS,
        "safeguards": ["no_decisions", "no_sharing", "secured", "will_delete"],
    }


def _relay(file: str, known: Known) -> Mapping[str, Any]:
    return {
        **_searched("Transfers of January; messages expire after 7 days", 5),
        "search_by": "Framework host, Midshire Police",
        "on_word_of": CARRIER.name,
    }


def _cabinet(file: str, known: Known) -> Mapping[str, Any]:
    if file == COSTINGS:
        return _printout(date(2013, 2, 6), "Bid team administrator")
    return _searched("Every drawer and folder of the bid", 6)


def _unit7(file: str, known: Known) -> Mapping[str, Any]:
    if known.found and file == COSTINGS:
        return _printout(date(2013, 2, 28), "Two records officers")
    return {
        **_searched("Boxes 700 to 742, every folder", 8),
        "search_by": "Two records officers",
    }


def _printout(on: date, by: str) -> dict[str, Any]:
    return {
        "outcome": "destroyed",
        "method": "shred",
        "level": "P-4",
        "standard": "ISO/IEC 21964",
        "count": "1",
        "performed_on": on,
        "performed_by": by,
    }


def _searched(scope: str, day: int) -> dict[str, Any]:
    return {
        "outcome": "none_found",
        "search_scope": scope,
        "search_on": date(2013, 2, day),
        "search_by": "Systems administrator",
    }


_ANSWERS = {
    "share": _share,
    "mailbox": _mailbox,
    "laptops": _laptops,
    "backup": _backup,
    "relay": _relay,
    "cabinet": _cabinet,
    "unit7": _unit7,
}


def moved(value: Any, by: timedelta) -> Any:
    """The same value with every day in it moved; dictionaries and lists too."""
    if isinstance(value, dict):
        return {name: moved(part, by) for name, part in value.items()}
    if isinstance(value, list):
        return [moved(part, by) for part in value]
    if isinstance(value, date):
        return value + by
    return value
