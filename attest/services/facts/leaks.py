"""What a demand that was raised from another must not tell: who passed the copies on.

Its contractor reads the names of files and stores, the basis and the instruction. None of them may
name a contractor above, or one of its people. A draft that does is not handed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import or_, select

from attest.database.tables import (
    Account,
    Amendment,
    AmendmentFile,
    Demand,
    DemandParty,
    KeyInLog,
    NamedFile,
    Person,
    SigningKey,
    Store,
)
from attest.domain import lineage
from attest.domain.wording import listing
from attest.services.context import Context
from attest.services.facts import children

LISTED = 50  # files that a page tells to look at

# What a named file says in words.
TEXTS = ("name", "description", "channel", "data_categories")
_AT_ONCE = 50  # words that one question to the database searches for

Texts = tuple[str | None, ...]


@dataclass(frozen=True)
class _Above:
    """A demand's contractor and each one above it, with everybody who acts or acted for them."""

    parties: Sequence[DemandParty]
    people: Sequence[str]
    emails: Sequence[str]


def secrets(ctx: Context, demand: Demand) -> list[str]:
    """The names that a demand raised from this one must not tell: its contractor's, that of each
    one above, and those of their people, of former ones too."""
    above = _above(ctx, demand)
    return list(dict.fromkeys([*(party.name for party in above.parties), *above.people]))


def _above(ctx: Context, demand: Demand) -> _Above:
    """Who must not be told. An officer who left is known by a row, or by a key that signed."""
    demands = [demand, *children.ancestors(ctx, demand)]
    parties = [party for each in demands for party in each.parties if party.role == "contractor"]
    organisations = {party.organisation_id for party in parties if party.organisation_id}
    rows = ctx.session.execute(
        select(Person.name, Account.email)
        .join(Account, Account.id == Person.account_id)
        .where(Person.organisation_id.in_(organisations))
        .order_by(Person.created_at, Person.id)
    ).all()
    # A holder is called as they were when they signed.
    holders = ctx.session.scalars(
        select(SigningKey.holder)
        .join(KeyInLog, KeyInLog.keyid == SigningKey.keyid)
        .where(
            KeyInLog.demand_id.in_([each.id for each in demands]), SigningKey.side == "contractor"
        )
        .order_by(SigningKey.enrolled_at, SigningKey.keyid)
    )
    acting = [person for each in demands for person in (each.liaison, each.officer) if person]
    people = [
        *(person.name for person in acting),
        *(party.contact_name for party in parties if party.contact_name),
        *(name for name, _ in rows),
        *(str(holder["name"]) for holder in holders),
    ]
    emails = [
        *(person.account.email for person in acting),
        *(party.contact_email for party in parties if party.contact_email),
        *(email for _, email in rows),
    ]
    return _Above(parties, list(dict.fromkeys(people)), list(dict.fromkeys(emails)))


def leaks(ctx: Context, demand: Demand) -> dict[str, list[str]]:
    """What keeps a draft that was raised from another demand from going out, by section.

    Empty for any other draft (domain/drafting.py names the sections).
    """
    if demand.parent_id is None:
        return {}
    parent = ctx.session.get_one(Demand, demand.parent_id)
    secret = secrets(ctx, parent)
    found: dict[str, list[str]] = {"parties": [], "stores": []}
    for name in children.party_names(demand, "contractor"):
        if why_not := children.why_not_raised(ctx, parent, name):
            found["parties"].append(why_not)
    found["parties"] += _shared_contacts(ctx, parent, demand)
    for name in children.party_names(demand, "joint", "carrier"):
        if lineage.named_in(name, secret):
            found["parties"].append(_told("The parties", [name]))
    for store in ctx.session.scalars(select(Store).where(Store.demand_id == demand.id)):
        texts = (store.label, store.location, store.custodian)
        found["stores"] += _found(f"The store “{store.label}”", texts, secret)
    found["terms"] = list(_in_terms(demand, secret))
    found["files"] = list(_in_files(ctx, NamedFile, demand, secret))
    return {section: gaps for section, gaps in found.items() if gaps}


def _shared_contacts(ctx: Context, parent: Demand, demand: Demand) -> Iterator[str]:
    """The contact must not be somebody who acts for a contractor above: they would see both."""
    above = [
        party
        for each in (parent, *children.ancestors(ctx, parent))
        for party in each.parties
        if party.role == "contractor"
    ]
    for party in demand.parties:
        email = (party.contact_email or "").strip().lower()
        if party.role != "contractor" or not email:
            continue
        theirs = set(
            ctx.session.scalars(
                select(Person.organisation_id)
                .join(Account, Account.id == Person.account_id)
                .where(Account.email == email)
            )
        )
        for each in above:
            if (each.contact_email or "").lower() == email or each.organisation_id in theirs:
                yield (
                    f"“{email}” acts for “{each.name}”, which passed the copies on, or had them "
                    "before. Name somebody else: the recipient must not learn of that."
                )
                break


def look_at(ctx: Context, demand: Demand) -> list[str]:
    """What in a draft that was raised from another may tell, and does not for certain.

    It keeps nothing from going out: people read it. At most LISTED files.
    """
    words = _hints(ctx, demand)
    if not words:
        return []
    places: list[tuple[str, Sequence[str | None]]] = [
        ("The basis", [demand.basis]),
        ("The instruction", [demand.instruction]),
    ]
    for store in ctx.session.scalars(
        select(Store).where(Store.demand_id == demand.id).order_by(Store.position)
    ):
        places.append(
            (f"The store “{store.label}”", [store.label, store.location, store.custodian])
        )
    places += _hinted_files(ctx, NamedFile, demand, words)
    return list(_pointed_at(places, words))


def look_at_amendment(ctx: Context, demand: Demand, row: Amendment) -> list[str]:
    """The same for what an amendment of such a demand says otherwise, and the files that it adds.

    What stays was read before it went out.
    """
    words = _hints(ctx, demand)
    if not words:
        return []
    places: list[tuple[str, Sequence[str | None]]] = [
        (what, [new])
        for what, new, old in (
            ("The basis", row.basis, demand.basis),
            ("The instruction", row.instruction, demand.instruction),
        )
        if new != old
    ]
    places += _hinted_files(ctx, AmendmentFile, demand, words)
    return list(_pointed_at(places, words))


def _hints(ctx: Context, demand: Demand) -> list[str]:
    """Words that may tell who passed the copies on; none for a demand raised from no other."""
    if demand.parent_id is None:
        return []
    above = _above(ctx, ctx.session.get_one(Demand, demand.parent_id))
    return lineage.hints(
        [party.name for party in above.parties],
        above.people,
        above.emails,
        [party.name for party in demand.parties],
    )


def _hinted_files(
    ctx: Context,
    table: type[NamedFile | AmendmentFile],
    demand: Demand,
    words: Sequence[str],
) -> list[tuple[str, Sequence[str | None]]]:
    found = islice(_texts(ctx, table, demand, words), LISTED)
    return [(f"“{texts[0]}”", texts) for texts in found]


def _pointed_at(
    places: Iterable[tuple[str, Sequence[str | None]]], words: Sequence[str]
) -> Iterator[str]:
    for what, texts in places:
        said = dict.fromkeys(word for text in texts for word in lineage.hinted(text, words))
        if said:
            yield (
                f"{what} says {listing(f'“{word}”' for word in said)}: does that tell who passed "
                "the copies on?"
            )


def of_amendment(ctx: Context, demand: Demand, row: Amendment) -> list[str]:
    """The same for an amendment of such a demand."""
    if demand.parent_id is None:
        return []
    secret = secrets(ctx, ctx.session.get_one(Demand, demand.parent_id))
    return [*_in_terms(row, secret), *_in_files(ctx, AmendmentFile, demand, secret)]


def _in_terms(terms: Demand | Amendment, secret: Sequence[str]) -> Iterator[str]:
    for words, text in (("The basis", terms.basis), ("The instruction", terms.instruction)):
        yield from _found(words, [text], secret)
        if text and lineage.LEFT_OUT in text:
            yield f"{words} says “{lineage.LEFT_OUT}”: write it anew."


def _in_files(
    ctx: Context,
    table: type[NamedFile | AmendmentFile],
    demand: Demand,
    secret: Sequence[str],
) -> Iterator[str]:
    words = [lineage.rarest_word(name) for name in secret]
    some = [word for word in words if word]
    # Where each name has a word to search for, most files need not be read.
    for texts in _texts(ctx, table, demand, some if len(some) == len(words) else None):
        yield from _found(f"“{texts[0]}”", texts, secret)


def _texts(
    ctx: Context,
    table: type[NamedFile | AmendmentFile],
    demand: Demand,
    words: Sequence[str] | None,
) -> Iterator[Texts]:
    """What the demand's files say, in its order: of those in which one of the words stands, or of
    all. No more than the text is read: a demand may name twenty thousand files."""
    columns = [getattr(table, field) for field in TEXTS]
    query = (
        select(table.position, table.id, *columns)
        .where(table.demand_id == demand.id)
        .order_by(table.position, table.id)
        .execution_options(yield_per=1000)
    )
    if words is None:
        for row in ctx.session.execute(query):
            yield tuple(row[2:])
        return
    found: dict[tuple[int, str], Texts] = {}
    several = list(dict.fromkeys(words))
    for start in range(0, len(several), _AT_ONCE):
        some = or_(
            *(
                column.icontains(word, autoescape=True)
                for word in several[start : start + _AT_ONCE]
                for column in columns
            )
        )
        for row in ctx.session.execute(query.where(some)):
            found[row[0], row[1]] = tuple(row[2:])
    for _, texts in sorted(found.items()):
        yield texts


def _found(what: str, texts: Iterable[str | None], secret: Sequence[str]) -> list[str]:
    names = dict.fromkeys(name for text in texts for name in lineage.named_in(text, secret))
    return [_told(what, list(names))] if names else []


def _told(what: str, names: Sequence[str]) -> str:
    return (
        f"{what} names {listing(f'“{name}”' for name in names)}. The recipient must not learn who "
        "passed the copies on: take that out."
    )
