"""What is said about a message of several demands, as the letters of each demand keep it.

Mail servers and reports like to quote a message, and its subject names all its demands. Whoever
reads the letters of one of them (a joint controller) is to learn of no other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from attest.database.tables import Demand, Letter
from attest.mail.answers import WITHHELD
from attest.services.context import Context

# The code, and the status of RFC 3463 §2, with which an answer begins.
_CODES = re.compile(r"\d{3}(?: \d\.\d{1,3}\.\d{1,3})?")


def apart(ctx: Context, message: Sequence[Letter], answer: str) -> Mapping[str, str]:
    """The answer by letter: without its words for those whose demand is not the only one that it
    names, or where it repeats the subject for all of them. One query at most."""
    ids = {letter.demand_id for letter in message if letter.demand_id}
    if len(ids) < 2:
        return {letter.id: answer for letter in message}
    rows = ctx.session.execute(
        select(Demand.id, Demand.reference).where(Demand.id.in_(sorted(ids)))
    )
    named = {demand_id for demand_id, reference in rows if reference.lower() in answer.lower()}
    subjects = [letter.subject for letter in message if letter.demand_id is None and letter.subject]
    quoted = any(subject in answer for subject in subjects)
    return {
        letter.id: answer
        if letter.demand_id is None or not (quoted or named - {letter.demand_id})
        else _without_words(answer)
        for letter in message
    }


def _without_words(answer: str) -> str:
    codes = _CODES.match(answer)
    return f"{codes[0]} {WITHHELD}" if codes else WITHHELD
