"""Files that come back: an exception has ended, or somebody found out something new.

Nothing is overwritten. A reopened file is attested again, and that attestation supersedes
the last one (docs/formats.md §3, "States").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select, update

from attest.database.tables import Copy, Demand, NamedFile, Store
from attest.domain import demand_states
from attest.domain.drafting import need_text
from attest.domain.refusal import Refused
from attest.domain.wording import listing, short_day
from attest.services import aggregates, notices, prefix
from attest.services.access import Seat
from attest.services.answering import live
from attest.services.calendars import today
from attest.services.context import Context
from attest.services.ledger import open_log
from attest.statements import build

# Who reopens when a day has come: nobody in person.
WORKER = {"name": "Attest", "role": "Watches the days on which exceptions end"}
MAY_END = (*demand_states.LIVE, demand_states.CLOSED_WITH_EXCEPTIONS)


def reopen_ended_exceptions(ctx: Context) -> int:
    """Reopens each file of which an exception has ended, and gives how many files.

    The ended copies are to be answered again; every other answer stays as it was. One query
    finds them all; each demand is one append.
    """
    day = today(ctx.settings, ctx.now)
    found = ctx.session.execute(
        select(
            Copy.demand_id, Copy.file_id, Copy.store_id, Copy.until, Store.label, NamedFile.name
        )
        .join(Demand, Demand.id == Copy.demand_id)
        .join(NamedFile, NamedFile.id == Copy.file_id)
        .join(Store, Store.id == Copy.store_id)
        .where(
            Copy.until <= day,
            Demand.state.in_(MAY_END),
            NamedFile.state != "open",
            Store.standing,
        )
        .order_by(Copy.demand_id, NamedFile.position)
    ).all()
    ended: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    names: dict[str, str] = {}
    for demand_id, file_id, store_id, until, label, name in found:
        names[file_id] = name
        ended[demand_id][file_id].append(f"“{label}” on {short_day(until)}")
        ctx.session.execute(
            update(Copy)
            .where(
                Copy.demand_id == demand_id, Copy.file_id == file_id, Copy.store_id == store_id
            )
            .values(answer=None)
        )
    for demand_id, files in ended.items():
        _reopen_demand(ctx, demand_id, files, names)
    return sum(len(files) for files in ended.values())


def _reopen_demand(
    ctx: Context,
    demand_id: str,
    files: Mapping[str, Sequence[str]],
    names: Mapping[str, str],
) -> None:
    demand = ctx.session.get_one(Demand, demand_id)
    ledger = open_log(ctx, demand.id)
    by = WORKER | {"organisation": ctx.settings.instance_name}
    for file_id, where in files.items():
        ledger.append(
            "file.reopened",
            build.plain(
                "file.reopened",
                demand.id,
                build.new_nonce(),
                fileId=file_id,
                reason=f"An exception has ended: {listing(where)}.",
                by=by,
            ),
        )
    ledger.save()
    demand.closed_at = None
    aggregates.refresh(ctx, demand, ledger.judge)
    where = sorted({place for places in files.values() for place in places})
    notices.reopened(
        ctx, demand, [names[f] for f in files], f"An exception has ended: {listing(where)}."
    )


def reopen_file(ctx: Context, seat: Seat, file_id: str, reason: str) -> None:
    """Either side reopens a file that was attested, and says why. Raises Refused."""
    live(seat)
    why = need_text(reason, "reason", "Say why the file is opened again.", multiline=True)
    file = ctx.session.scalar(
        select(NamedFile).where(NamedFile.id == file_id, NamedFile.demand_id == seat.demand.id)
    )
    if file is None or file.state in ("open", "rejected"):
        raise Refused("This file is open already.")
    ledger = open_log(ctx, seat.demand.id)
    ledger.append(
        "file.reopened",
        build.plain(
            "file.reopened",
            seat.demand.id,
            build.new_nonce(),
            fileId=file_id,
            reason=why,
            by=prefix.by(seat),
        ),
    )
    ledger.save()
    aggregates.refresh(ctx, seat.demand, ledger.judge)
    notices.reopened(ctx, seat.demand, [file.name], why)
