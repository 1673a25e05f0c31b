"""Each route answers each role as the table says. A route that isn't in the table fails."""

from __future__ import annotations

import pytest

from attest.database.tables import Person
from attest.services.acts import drafts
from tests.web.access_rows import Row
from tests.web.access_table import TABLE
from tests.web.house import ROLES, House


def places(house: House) -> dict[str, str]:
    """What stands for the braces in the table's addresses."""
    return {
        "reference": house.case.demand.reference,
        "draft": _draft(house),
        "incident": house.case.demand.incident.reference,
        # Somebody else of Northshire, whom its case handler may change and its signatory not.
        "colleague": house.colleague.id,
        "keyid": "0" * 64,
    }


def _draft(house: House) -> str:
    """The reference of a draft that has just been begun."""
    with house.acting() as ctx:
        handler = ctx.session.get_one(Person, house.people["case_handler"].id)
        return drafts.create(ctx, handler, "Five files sent to a bidder").reference


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_each_route_answers_each_role_as_the_table_says(house: House, row: Row, role: str):
    visitor = house.visitor(role)
    address = (row.address or row.rule).format(**places(house))
    if row.method == "GET":
        visitor.get(address, row.answers[role])
    elif row.json:
        visitor.send(address, dict(row.body), row.answers[role])
    else:
        visitor.post(address, row.answers[role], **row.body)


def test_no_route_is_missing_from_the_table(house: House):
    routes = {
        f"{method} {rule.rule}"
        for rule in house.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    assert routes == {row.name for row in TABLE}


def test_the_table_answers_every_role():
    for row in TABLE:
        assert set(row.answers) == set(ROLES), row.name
