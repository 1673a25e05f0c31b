"""The fingerprint sheet of a demand, for one reader: what they may read, and boxes for the rest."""

from __future__ import annotations

from attest.database.tables import Demand
from attest.documents.fingerprints import KeyLine, SheetData, make_sheet
from attest.domain.wording import DUTIES
from attest.log import checkpoint as notes
from attest.services.access import CONTROLLER, Seat
from attest.services.context import Context
from attest.services.facts import demand_keys
from attest.services.facts.demand_keys import KeyView
from attest.signing import fingerprint, keyid

_ROLES = {"lead": 0, "joint": 1, "contractor": 2}


def fingerprint_sheet(ctx: Context, seat: Seat) -> bytes:
    """The sheet as a PDF. Who has still to hear a fingerprint gets boxes instead of it."""
    demand = seat.demand
    order = {p.organisation_id: _ROLES.get(p.role, 3) for p in demand.parties}
    views = [view for view in demand_keys.keys_of(ctx, seat) if view.current and not view.left]
    views.sort(key=lambda view: (order.get(view.key.person.organisation_id, 3), view.key.keyid))
    return make_sheet(
        SheetData(
            reference=demand.reference,
            reader=seat.organisation,
            origin=notes.origin(ctx.settings.instance_name, demand.id),
            log_key=fingerprint(keyid(ctx.log_key.public_key)),
            keys=tuple(_line(view, seat, demand) for view in views),
            made_at=ctx.now,
        ),
        fonts=ctx.settings.fonts_path,
    )


def noted_telephone(seat: Seat, demand: Demand, organisation_id: str) -> str:
    """The number that the controller's side noted for a party; for that side alone."""
    if seat.side == CONTROLLER:
        for party in demand.parties:
            if party.organisation_id == organisation_id:
                return party.telephone or ""
    return ""


def _line(view: KeyView, seat: Seat, demand: Demand) -> KeyLine:
    key = view.key
    return KeyLine(
        name=key.holder["name"],
        role=key.holder["role"],
        organisation=key.holder["organisation"],
        duty=DUTIES[key.duty],
        made_at=key.enrolled_at,
        fingerprint=fingerprint(key.keyid) if demand_keys.shows_fingerprint(view, seat) else "",
        own=key.person.organisation_id == seat.person.organisation_id,
        telephone=noted_telephone(seat, demand, key.person.organisation_id),
    )
