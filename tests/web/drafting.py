"""A draft to fill in through its pages, for the tests of those pages."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import func, select

from attest.database.engine import read_session
from attest.database.tables import Demand, NamedFile, Person, Store
from attest.services.acts import drafts
from tests.web.house import House, Visitor

INCIDENT: dict[str, Any] = {
    "title": "Five files sent to a bidder",
    "what_happened": "They held more than was needed.\nNobody had asked for them.",
    "occurred_on-day": "14",
    "occurred_on-month": "1",
    "occurred_on-year": "2013",
    "noticed_at-day": "1",
    "noticed_at-month": "2",
    "noticed_at-year": "2013",
    "noticed_time": "09:40",
    "people_affected": "994",
    "data_affected": "Pay",
    "agreements": "NDA-2012-117",
}
PARTIES: dict[str, Any] = {
    "contractor-name": "Halden Support Services plc",
    "contractor-contact": "Tom Beck",
    "contractor-role": "Contract manager",
    "contractor-email": "tom.beck@halden.example",
    "concurrence": "lead",
}
TERMS: dict[str, Any] = {
    "basis": "They were sent in error.",
    "action": "delete",
    "instruction": "Delete every copy.\nAnswer for each file.",
    "due_on-day": "18",
    "due_on-month": "2",
    "due_on-year": "2013",
    "calendar": "GB-ENG",
}


class Draft:
    """A draft, and its case handler's browser."""

    def __init__(self, house: House) -> None:
        self.house = house
        with house.acting() as ctx:
            handler = ctx.session.get_one(Person, house.people["case_handler"].id)
            self.reference = drafts.create(ctx, handler, "Five files sent to a bidder").reference
        self.address = f"/demands/{self.reference}/draft"
        self.handler: Visitor = house.visitor("case_handler")

    def get(self, part: str = "", status: int = 200) -> str:
        """One of its pages, as the case handler sees it."""
        return self.handler.get(self.address + part, status).text

    def post(self, part: str, status: int = 302, **fields: Any) -> str:
        """Sends a form of it."""
        return self.handler.post(self.address + part, status, **fields).text

    def fill_in(self) -> None:
        """Everything that a hand-over needs, through the pages."""
        self.post("/incident", **INCIDENT)
        self.post("/parties", **PARTIES)
        self.post("/files", name="list.csv", kind="electronic")
        self.post("/stores", electronic=["file_share"], hard_copy=["filing"])
        self.post("/terms", **TERMS)

    def hand_over(self) -> None:
        """Fills it in and hands it over."""
        self.fill_in()
        self.post("/hand-over")

    def row(self) -> Demand:
        """The demand as the database has it now."""
        with read_session(self.house.engine) as session:
            return session.scalars(select(Demand).where(Demand.reference == self.reference)).one()

    def files(self) -> list[NamedFile]:
        """Its files, in order."""
        with read_session(self.house.engine) as session:
            found = select(NamedFile).where(NamedFile.demand_id == self.row().id)
            return list(session.scalars(found.order_by(NamedFile.position)))

    def stores(self) -> list[Store]:
        """Its stores, in order."""
        with read_session(self.house.engine) as session:
            found = select(Store).where(Store.demand_id == self.row().id)
            return list(session.scalars(found.order_by(Store.position)))

    def gone(self) -> bool:
        """Whether nothing of it is left."""
        with read_session(self.house.engine) as session:
            found = select(func.count()).where(Demand.reference == self.reference)
            return session.scalar(found.select_from(Demand)) == 0


def error_of(page: str, field: str) -> str:
    """The sentence next to a field."""
    found = re.search(rf'id="{re.escape(field)}-error"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert found is not None, f"no error at {field}"
    words = re.sub(r"<[^>]+>", " ", found[1])
    return " ".join(words.split()).removeprefix("Error: ").removeprefix("Error : ")


def value_of(page: str, field: str) -> str:
    """What stands in an input."""
    found = re.search(rf'<input[^>]*name="{re.escape(field)}"[^>]*>', page)
    assert found is not None, f"no input {field}"
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""
