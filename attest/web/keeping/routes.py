"""Saving a form as somebody types, and starting one again."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, jsonify, redirect, request
from werkzeug.wrappers import Response

from attest.domain.refusal import NotFound, Refused
from attest.domain.wording import clock
from attest.services.access import demand_for
from attest.services.facts import unsent
from attest.services.facts.incident_access import incident_for
from attest.services.facts.unsent import Fields, Place
from attest.web.again import own_path
from attest.web.session import ctx, current_account, current_people
from attest.web.signing_page import json_body, text_member
from attest.web.unsent import demand_of, incident_of, place_of

pages = Blueprint("keeping", __name__)

# More fields than any form of ours has: 500 media of four parts, and thousands of copies.
_MOST_FIELDS = 10_000


@pages.post("/unsent")
def save() -> Response:
    """Keeps what is typed so far, and answers with the time of day at which it was kept."""
    body = json_body()
    place, over, turn = _own(text_member(body, "ticket"))
    unsent.keep(ctx(), place, _fields(body.get("fields")), over, turn)
    return jsonify(at=clock(ctx().now, ZoneInfo(ctx().settings.time_zone)))


@pages.post("/unsent/again")
def start_again() -> Response:
    """Forgets what was typed, and shows the form as it was before."""
    place, _, _ = _own(request.form.get("ticket"))
    unsent.forget(ctx(), place)
    flash("What you had typed here is gone. You can start again.")
    return redirect(own_path(request.form.get("next")))


def _own(ticket: str | None) -> tuple[Place, str, str]:
    """What a ticket says, where the reader is still the person who may be there.

    Raises NotFound.
    """
    place, over, turn = place_of(ticket)
    if place.person_id not in {person.id for person in current_people()}:
        raise NotFound
    if place.demand_id:
        demand = demand_of(place)
        if demand is None:
            raise NotFound
        demand_for(ctx(), current_account(), demand.reference, draft=None)
    if place.incident_id:
        incident = incident_of(place)
        if incident is None:
            raise NotFound
        incident_for(ctx(), current_account(), incident.reference)
    return place, over, turn


def _fields(sent: object) -> Fields:
    """Names and values as a script sent them. Raises Refused."""
    if not isinstance(sent, list) or len(sent) > _MOST_FIELDS:
        raise Refused("The page sent something that can't be read. Load it again.")
    fields = []
    for item in sent:
        pair = isinstance(item, list) and len(item) == 2
        if not pair or not all(isinstance(part, str) for part in item):
            raise Refused("The page sent something that can't be read. Load it again.")
        fields.append((item[0], item[1]))
    return fields
