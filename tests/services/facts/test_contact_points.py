"""The controller whom the people affected ask: one of several, the lead where none was named."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from attest.database.tables import DemandParty
from attest.demo.acting import demand_of
from attest.services.exports import papers
from attest.services.facts import contact_points
from tests import stage as play
from tests.documents.papers import words


@pytest.mark.parametrize(("named", "party"), [(None, play.LEAD), (play.EAST, play.EAST)])
def test_the_paper_names_it(stage_at, named, party) -> None:
    stage = stage_at("issued")
    with stage.act() as ctx:
        ctx.session.execute(
            update(DemandParty).where(DemandParty.name == named).values(contact_point=True)
        )
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        found = contact_points.party(demand)
        assert found is not None
        assert found.name == party
        text = words(papers.demand_paper(ctx, demand))
    assert f"Contact point {party} · whom the people affected ask" in text


def test_one_controller_needs_none(stage_at) -> None:
    stage = stage_at("issued")
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        demand.parties = [party for party in demand.parties if party.role != "joint"]
        assert contact_points.party(demand) is None
        assert contact_points.of_demand(demand) is None
        ctx.session.rollback()
