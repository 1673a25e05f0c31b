"""The second case, as data: two controllers that must concur, and copies passed on twice.

A hospital trust and a council had letters printed and posted together. Their lists went to a
mailing house without need, from there to printers, and from those to a records firm. Made up;
people are named by their role. All days are of 2024.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from attest.demo.case import Body
from attest.domain.drafting import Party
from attest.services.acts.draft_stores import StoreAnswers

BEGINS_AT = datetime(2024, 6, 3, 9, 0, tzinfo=UTC)
DUE_ON = date(2024, 6, 17)
HOLD_UNTIL = date(2024, 7, 8)
LONGER_HOLD = date(2024, 9, 2)

TITLE = "Lists of patients and carers sent to a mailing house without need"
WHAT_HAPPENED = (
    "For a mailing that needed names and addresses, four whole lists were put on the upload site, "
    "with clinics, diagnoses and care packages in them."
)
NOTICED_AT = datetime(2024, 5, 31, 14, 20, tzinfo=UTC)
REPORTED_AT = datetime(2024, 6, 3, 8, 30, tzinfo=UTC)
OCCURRED_ON = date(2024, 5, 20)
PEOPLE_AFFECTED = 3_180
DATA_AFFECTED = "Names and addresses; clinics, diagnoses and care packages."
AGREEMENTS = "Processing agreement of 2023; joint arrangement under Article 26."
BASIS = "UK GDPR Article 28(3)(g) and Article 5(1)(c) and (e); the lists were sent without need"
INSTRUCTION = "Delete every copy of the lists named, on paper and electronically. Answer for each."

LEAD = Body("Calder Vale Hospitals", "caldervale.example", "CV")
COUNCIL = Body("Aldermoor Council", "aldermoor.example")


@dataclass(frozen=True)
class Firm(Body):
    """A contractor of the case. `word` tells its people apart: they have no names."""

    word: str = ""

    @property
    def liaison(self) -> str:
        return f"liaison@{self.domain}"

    @property
    def officer(self) -> str:
        return f"officer@{self.domain}"

    @property
    def party(self) -> Party:
        """As the demand names it."""
        return Party(
            "contractor", self.name, f"{self.word} liaison", "Account manager", self.liaison
        )


MAILING = Firm("Swiftfold Mailing Ltd", "swiftfold.example", word="Mailing")
PRINTERS = Firm("Linden Print Ltd", "lindenprint.example", word="Print")
RECORDS = Firm("Harbour Records LLP", "harbourrecords.example", word="Records")
CHAIN = (MAILING, PRINTERS, RECORDS)

CASEWORK = f"casework@{LEAD.domain}"
SIGNATORY = f"signatory@{LEAD.domain}"
COUNCILLOR = f"information@{COUNCIL.domain}"  # the council's contact, who signs for it


def joint() -> Party:
    """The second controller, as each demand names it."""
    return Party("joint", COUNCIL.name, "Information governance lead", "Data protection officer",
                 COUNCILLOR)  # fmt: skip


LETTERS = "appointment-letters-2024-05.csv"  # passed on, and on again
SURVEY = "carers-survey-addresses.csv"
HOMECARE = "home-care-packages-2024.xlsx"  # never received, and so it is ruled
DISCHARGE = "discharge-follow-up-week-20.csv"  # said to be never received, and found
MANIFEST = (
    "name,kind,size,description,sent_on,channel,data_categories,subjects\n"
    f"{LETTERS},electronic,41873,Appointments with clinic and diagnosis,2024-05-20,upload site,"
    "identity;health,1420\n"
    f"{SURVEY},electronic,22618,Addresses of carers,2024-05-20,upload site,identity,860\n"
    f"{HOMECARE},electronic,90214,Care packages with their costs,2024-05-21,upload site,"
    "identity;health;social care,700\n"
    f"{DISCHARGE},electronic,8406,Telephone calls after discharge,2024-05-20,upload site,"
    "identity;health,200\n"
).encode()

UPLOADS = StoreAnswers("Upload site", "electronic", "transfer_system")
PRODUCTION = StoreAnswers("Production server", "electronic", "business_system")
OUTPUT = StoreAnswers("Output for printing", "electronic", "business_system")
JOB_BAGS = StoreAnswers("Job bags", "hard_copy", "filing")
PRINT_SERVERS = StoreAnswers("Print servers", "electronic", "business_system")
WASTE = StoreAnswers("Proofs and waste sheets", "hard_copy", "printout")
RECORDS_STORE = StoreAnswers("Records store", "hard_copy", "records_store")
CAGE = StoreAnswers("Shredding cage", "hard_copy", "other")
STORES: Mapping[str, tuple[StoreAnswers, ...]] = {
    MAILING.name: (UPLOADS, PRODUCTION, OUTPUT, JOB_BAGS),
    PRINTERS.name: (PRINT_SERVERS, WASTE),
    RECORDS.name: (RECORDS_STORE, CAGE),
}
HOLD = "Order of the county court that the job bag be preserved until the claim is decided"
HOLD_STILL = "The court has moved the hearing; the order stands until it is decided"

# Who says what about a file that it never received, and how it is ruled.
NEVER_CAME: Mapping[str, str] = {
    HOMECARE: "Our upload site has no transfer under that name, nor of that size.",
    DISCHARGE: "Nobody here knows of it, and no job was made from it.",
}
RULINGS: Mapping[str, tuple[str, str]] = {
    HOMECARE: ("nil_return", "Our own record shows that the transfer was broken off."),
    DISCHARGE: ("stands", "The site's record shows that it was fetched on 20 May at 16:05."),
}


def mailing_answer(store: str, file: str) -> dict[str, Any]:
    """What became of each copy at the mailing house."""
    if file == HOMECARE:
        return searched("Everything of May, by name, size and content", date(2024, 6, 7))
    if store == OUTPUT.label:
        return passed_to(PRINTERS) if file == LETTERS else searched("All jobs", date(2024, 6, 7))
    if store == JOB_BAGS.label:
        return hold(HOLD, HOLD_UNTIL) if file == LETTERS else searched("Bags", date(2024, 6, 7))
    return {
        "outcome": "deleted",
        "method": "retention_expiry" if store == UPLOADS.label else "file_deletion",
        "performed_on": date(2024, 6, 7),
        "performed_by": "Systems administrator",
    }


def printers_answer(store: str, file: str) -> dict[str, Any]:
    """At the printers: the waste went to be shredded."""
    if store == WASTE.label:
        return passed_to(RECORDS)
    return {
        "outcome": "deleted",
        "method": "file_deletion",
        "performed_on": date(2024, 6, 17),
        "performed_by": "Prepress operator",
    }


def records_answer(store: str, file: str) -> dict[str, Any]:
    """At the records firm: it was still in the cage."""
    if store == CAGE.label:
        return shredded(date(2024, 6, 24), "Shredding operator")
    return searched("Every box of the collection of 28 May", date(2024, 6, 24))


def passed_to(firm: Body, demand: str = "") -> dict[str, Any]:
    """A copy that went to somebody else."""
    return {"outcome": "passed_on", "passed_to": firm.name, "passed_to_demand": demand}


def hold(basis: str, until: date) -> dict[str, Any]:
    """A copy that must be kept, and when that is looked at again."""
    return {"outcome": "legal_hold", "exception_basis": basis, "exception_until": until}


def shredded(on: date, by: str) -> dict[str, Any]:
    """Paper that is no more."""
    return {
        "outcome": "destroyed",
        "method": "shred",
        "level": "P-5",
        "standard": "ISO/IEC 21964",
        "count": "1",
        "performed_on": on,
        "performed_by": by,
    }


def searched(scope: str, on: date) -> dict[str, Any]:
    """A nil return."""
    return {
        "outcome": "none_found",
        "search_scope": scope,
        "search_on": on,
        "search_by": "Records administrator",
    }
