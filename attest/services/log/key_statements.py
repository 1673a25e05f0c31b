"""Which statements about keys a log needs, and in which order (docs/formats.md §3).

A key that is used brings its enrolment and revocations; a rotation brings the old key along, a
confirmation and a revocation the key that signed them. So each statement stands after the enrolment
of every key that signed it, and those about one key in the order of `statedAt`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import and_, or_, select

from attest.database.tables import KeyStatement, SigningKey
from attest.services.context import Context
from attest.services.facts.keys import CONFIRMATION, ENROLMENT, REVOCATION

# Of one second, what makes a key comes before what is said about it.
_RANK = {ENROLMENT: 0, CONFIRMATION: 1, REVOCATION: 2}


def needed(ctx: Context, keyids: Collection[str], signers: Collection[str]) -> list[KeyStatement]:
    """The statements that a log needs in which these keys are used, in their order.

    Of confirmations, only those of `keyids` by `signers` (the keys of the demand's controllers)
    are taken: another controller's would tell of another demand.
    """
    about = set(keyids)
    while True:
        rows = _statements(ctx, about, keyids, signers)
        rotated = _rotated_from(ctx, about)
        more = {row.signer_keyid for row in rows} | set(rotated.values())
        if more <= about:
            return _in_order(rows, rotated)
        about |= more


def _statements(
    ctx: Context, about: Collection[str], keyids: Collection[str], signers: Collection[str]
) -> list[KeyStatement]:
    return list(
        ctx.session.scalars(
            select(KeyStatement).where(
                or_(
                    and_(KeyStatement.keyid.in_(about), KeyStatement.name != CONFIRMATION),
                    and_(
                        KeyStatement.keyid.in_(keyids),
                        KeyStatement.name == CONFIRMATION,
                        KeyStatement.signer_keyid.in_(signers),
                    ),
                )
            )
        )
    )


def _rotated_from(ctx: Context, about: Collection[str]) -> dict[str, str]:
    found = ctx.session.execute(
        select(SigningKey.keyid, SigningKey.rotated_from).where(
            SigningKey.keyid.in_(about), SigningKey.rotated_from.is_not(None)
        )
    )
    return {keyid: old for keyid, old in found if old is not None}


def _in_order(rows: Iterable[KeyStatement], rotated: Mapping[str, str]) -> list[KeyStatement]:
    ordered = sorted(rows, key=lambda row: (row.stated_at, _RANK[row.name], row.hash))
    enrolments = {row.keyid: row for row in ordered if row.name == ENROLMENT}
    made: dict[str, KeyStatement] = {}  # by hash, in their order

    def enrol(keyid: str) -> None:
        chain = [keyid]
        while (old := rotated.get(chain[-1])) is not None:
            chain.append(old)
        for each in reversed(chain):
            row = enrolments.get(each)
            if row is not None:
                made.setdefault(row.hash, row)

    for row in ordered:
        enrol(row.signer_keyid)
        enrol(row.keyid)
        made.setdefault(row.hash, row)
    return list(made.values())
