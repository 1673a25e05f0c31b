"""Answers that a copy was passed on, and the onward disclosure of its file: they must agree.

An attestation that says "passed on to X" for a copy, and "no copy left the parties" for the file,
contradicts itself. The officer is told on the pages, and such a file is not signed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from attest.database.tables import Copy, Demand, Disclosure, Store
from attest.domain import lineage
from attest.domain.refusal import Refused
from attest.domain.wording import listing
from attest.services.context import Context


def check_recipient(demand: Demand, entry: Mapping[str, Any]) -> None:
    """An answer that a copy was passed on names somebody else. Raises Refused."""
    name = entry.get("passedTo", {}).get("name")
    if not name:
        return
    roles = {role: [p.name for p in demand.parties if p.role == role] for role in _ROLES}
    told = lineage.why_not_answered(name, roles["contractor"][0], [*roles["lead"], *roles["joint"]])
    if told:
        raise Refused(told, field="passed_to")


_ROLES = ("lead", "joint", "contractor")


def expect_agreement(
    demand: Demand, file: str, entries: Iterable[Mapping[str, Any]], onward: Mapping[str, Any]
) -> None:
    """What is signed for one file does not contradict itself. Raises Refused with a sentence."""
    names = []
    for entry in entries:
        check_recipient(demand, entry)
        if "passedTo" in entry:
            names.append(entry["passedTo"]["name"])
    missing = _missing(demand, names, onward)
    if missing:
        raise Refused(f"“{file}”: {contradiction(missing)}")


def contradiction(names: Collection[str]) -> str:
    """What is wrong, in a sentence for the officer."""
    return (
        f"you answered that a copy was passed on to {listing(f'“{name}”' for name in names)}, and "
        "what you say of onward disclosure does not. Under “Passed to anybody else?” say yes, and "
        "list them."
    )


def passed_on(ctx: Context, demand: Demand, file_ids: Collection[str]) -> dict[str, list[str]]:
    """To whom the working answers for these files say that copies were passed on, by file."""
    found: dict[str, list[str]] = {}
    ids = sorted(file_ids)
    # In chunks: a statement takes only so many bound values.
    for start in range(0, len(ids), 500):
        rows = ctx.session.execute(
            select(Copy.file_id, Copy.answer)
            .join(Store, Store.id == Copy.store_id)
            .where(
                Copy.demand_id == demand.id,
                Copy.file_id.in_(ids[start : start + 500]),
                Copy.answer["outcome"].as_string() == "passed_on",
                Store.standing,
            )
            .order_by(Copy.file_id, Store.position)
        )
        for file_id, answer in rows:
            if answer:
                found.setdefault(file_id, []).append(answer["passedTo"]["name"])
    return found


def proposed(ctx: Context, demand: Demand, file_ids: Collection[str]) -> tuple[set[str], list[str]]:
    """What the answers for these files would have disclosed: of which files, and to whom.

    Recipients as a form takes them, `name; what`; a party is none.
    """
    named = passed_on(ctx, demand, file_ids)
    files = {file_id for file_id, names in named.items() if _missing(demand, names, {})}
    names = [name for file_id in sorted(files) for name in named[file_id]]
    return files, [f"{name}; a copy" for name in _missing(demand, names, {})]


def left_out(ctx: Context, demand: Demand, file_ids: Collection[str]) -> list[str]:
    """Whom the answers for these files name, and what is kept of their disclosure leaves out.

    A file that says nothing of disclosure yet is asked for it anyway.
    """
    named = passed_on(ctx, demand, file_ids)
    found: dict[str, None] = {}
    ids = sorted(named)
    for start in range(0, len(ids), 500):
        for row in ctx.session.scalars(
            select(Disclosure).where(
                Disclosure.demand_id == demand.id,
                Disclosure.file_id.in_(ids[start : start + 500]),
            )
        ):
            found |= dict.fromkeys(_missing(demand, named[row.file_id], row.onward))
    return list(found)


def check_disclosure(
    ctx: Context, demand: Demand, file_ids: Collection[str], onward: Mapping[str, Any]
) -> None:
    """The disclosure to be kept for these files agrees with their answers. Raises Refused."""
    names = [name for each in passed_on(ctx, demand, file_ids).values() for name in each]
    missing = _missing(demand, names, onward)
    if missing:
        quoted = listing(f"“{name}”" for name in missing)
        raise Refused(
            f"You answered that a copy was passed on to {quoted}. Say yes here, and list them.",
            field="recipients" if onward.get("disclosed") else "disclosed",
        )


def _missing(demand: Demand, names: Iterable[str], onward: Mapping[str, Any]) -> list[str]:
    recipients = [each["name"] for each in onward.get("recipients", [])]
    return lineage.disagreements(
        names,
        recipients if onward.get("disclosed") else None,
        [party.name for party in demand.parties],
    )
