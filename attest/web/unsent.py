"""Forms that are saved as one types: what a page needs to offer it, and to fill itself in again.

A page that has such a form makes a `Typed` for it, gives `formdata` to the form when it is opened,
forgets it when the form was sent, and renders it with templates/components/unsent.html. Where it
is to be saved travels in the page as a ticket that only the server can write, so that a browser
can fill no other place than one that its person was shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from attest.database.tables import Demand, Incident, Person
from attest.domain.refusal import NotFound
from attest.services.access import Seat
from attest.services.facts import unsent
from attest.services.facts.unsent import Place, Unsent
from attest.web.session import ctx, resources

_SALT = "attest unsent form"
# Fields that a page fills in by itself: nobody typed them.
_UNREAD = ("cell", "act", "told", "attestation")


@dataclass(frozen=True)
class Typed:
    """One form of one person, begun or not."""

    place: Place
    again: str  # the address of the page, after "Start again"
    opened: bool  # the form is shown anew, and not what a browser sent
    over: str = ""  # the digest of what is saved here now; nothing for a form of its own

    @cached_property
    def kept(self) -> Unsent | None:
        """What the person typed here before and has not sent."""
        return unsent.find(ctx(), self.place)

    @property
    def formdata(self) -> MultiDict[str, str] | None:
        """What the form is filled in with, when the page is opened; None where nothing was begun,
        where the browser sends the form itself, and where something else was saved since."""
        if not self.opened or self.kept is None or self.behind:
            return None
        return MultiDict(list(self.kept.fields))

    @property
    def filled(self) -> dict[str, Any]:
        """`formdata` for a form that reads the request by itself otherwise."""
        return {} if self.formdata is None else {"formdata": self.formdata}

    @property
    def behind(self) -> bool:
        """Whether something else was saved here since the form was begun. Filled in again it would
        put back what somebody else has changed."""
        return bool(self.kept and self.kept.over and self.kept.over != self.over)

    @property
    def words(self) -> list[tuple[str, str]]:
        """What was typed, to read it: names of fields in words, and values."""
        fields = self.kept.fields if self.kept else []
        return [
            (re.sub("[-_]+", " ", name).strip().capitalize(), value)
            for name, value in fields
            if value.strip() and name not in _UNREAD
        ]

    @property
    def shown(self) -> Unsent | None:
        """What the page says was begun: while a form is being refused, it says that alone."""
        return self.kept if self.opened else None

    @property
    def ticket(self) -> str:
        """What the browser sends along to say where this is to be saved."""
        place = self.place
        return _serializer().dumps(
            [
                place.form,
                place.person_id,
                place.demand_id,
                place.incident_id,
                place.part,
                self.over,
                unsent.turn_of(ctx(), place),
            ]
        )

    def forget(self) -> None:
        """The form was sent."""
        unsent.forget(ctx(), self.place)


def typed_at(
    form: str,
    seat: Seat,
    again: str,
    part: str = "",
    *,
    saved: object = None,
    opened: bool | None = None,
) -> Typed:
    """For a form of a demand, over what is `saved` there now. `opened`: whether it is shown anew;
    a GET says so by itself."""
    place = Place(form, seat.person.id, demand_id=seat.demand.id, part=part)
    opened = request.method == "GET" if opened is None else opened
    return Typed(place, again, opened, _over(saved))


def typed_about(
    form: str, person: Person, incident: Incident | None, again: str, *, saved: object = None
) -> Typed:
    """For a form of an incident, or of one that is being recorded, over what is `saved` now."""
    incident_id = incident.id if incident else None
    place = Place(form, person.id, incident_id=incident_id)
    return Typed(place, again, request.method == "GET", _over(saved))


def place_of(ticket: Any) -> tuple[Place, str, str]:
    """Where a ticket says, over what its form was opened (Unsent.over), and in which turn.

    Raises NotFound for one that this server did not write, or wrote for an older page.
    """
    try:
        read = _serializer().loads(str(ticket))
        form, person_id, demand_id, incident_id, part, over, turn = read
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None
    return Place(form, person_id, demand_id, incident_id, part), over, turn


def demand_of(place: Place) -> Demand | None:
    """The demand that a place is about."""
    return ctx().session.get(Demand, place.demand_id) if place.demand_id else None


def incident_of(place: Place) -> Incident | None:
    """The incident that a place is about."""
    return ctx().session.get(Incident, place.incident_id) if place.incident_id else None


def _over(saved: object) -> str:
    return "" if saved is None else unsent.digest_of(saved)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(resources().settings.secret_key, salt=_SALT)
