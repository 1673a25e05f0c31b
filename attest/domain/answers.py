"""An officer's answer for a copy: from typed fields to an entry of `copies`, and back.

The fields are flat, as a form has them; the entry is as docs/formats.md §3 has it, without
its `storeId`. Only what the chosen outcome takes is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attest.domain import media, text
from attest.domain.copies import problems
from attest.domain.outcomes import ALWAYS_ALLOWED, METHODS, OUTCOMES, SAFEGUARDS, asked_by
from attest.domain.refusal import Refused

# Which typed field fills which member. A member of a member has a full stop.
FIELDS: Mapping[str, str] = {
    "method": "method",
    "level": "level",
    "performed_on": "performedOn",
    "performed_by": "performedBy",
    "witnessed_by": "witnessedBy",
    "returned_to": "returnedTo",
    "search_scope": "search.scope",
    "search_on": "search.on",
    "search_by": "search.by",
    "exception_basis": "exception.basis",
    "exception_until": "exception.until",
    "passed_to": "passedTo.name",
    "passed_to_demand": "passedTo.demand",
    "on_word_of": "onWordOf",
    "technique": "technique",
    "standard": "standard",
    "tool": "tool",
    "verification_method": "verification.method",
    "verification_result": "verification.result",
    "verification_by": "verification.by",
    "note": "note",
}
_MEMBER_FIELDS = {member: field for field, member in FIELDS.items()} | {
    "search": "search_scope",
    "exception": "exception_basis",
    "passedTo": "passed_to",
    "exception.safeguards": "safeguards",
    "verification": "verification_method",
    "media": "media",
    "count": "count",
    "outcome": "outcome",
}
# Years from now. The day is there for somebody to look again; a far one is mostly a slip.
LONGEST = 10
_ANY_STORE = "00000000-0000-4000-8000-000000000000"


class Refusals(Refused):
    """Several fields are wrong at once: field -> sentence. The first one is the sentence."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        field, sentence = next(iter(sentences.items()))
        super().__init__(sentence, field=field)
        self.sentences = dict(sentences)


def entry_of(typed: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The entry that typed fields make, without `storeId`.

    `typed`: strings by field; `safeguards` is a list, dates are `date` or ISO strings, `count` a
    number as text, `media` rows or lines (domain/media.py).

    Raises Refusals. What is wrong in a row of media has a field of its own: `media.2.serial`.
    """
    name = str(typed.get("outcome") or "")
    if name not in OUTCOMES:
        raise Refusals({"outcome": "Choose what became of the copy."})
    entry: dict[str, Any] = {"outcome": name}
    outcome = OUTCOMES[name]
    method = METHODS.get(str(typed.get("method") or ""))
    taken = {*outcome.needs, *outcome.may, *ALWAYS_ALLOWED}
    if method is None or not method.needs_level:
        taken.discard("level")
    for field, member in FIELDS.items():
        head, _, tail = member.partition(".")
        value = _value(typed.get(field))
        if value is None or head not in taken:
            continue
        if tail:
            entry.setdefault(head, {})[tail] = value
        else:
            entry[head] = value
    for member in {"search", "exception", "passedTo"} & set(outcome.needs):
        entry.setdefault(member, {})  # so that each part that is missing says so
    if name == "beyond_use":
        chosen = typed.get("safeguards") or []
        entry["exception"]["safeguards"] = [each for each in SAFEGUARDS if each in chosen]
    wrong: dict[str, str] = {}
    _add_count(entry, typed.get("count"), wrong)
    rows = media.tidied(typed.get("media"))
    kept = [number for number, row in enumerate(rows) if row]
    if kept:
        entry["media"] = [rows[number] for number in kept]
    if isinstance(typed.get("media"), Sequence) and not isinstance(typed["media"], str):
        for number, part in media.marked(rows):
            wrong[media.field_of(number, part)] = media.MARKED
    for problem in problems(entry | {"storeId": _ANY_STORE}):
        wrong.setdefault(_field_of(problem.member, kept), problem.sentence)
    _check_days(entry, today, wrong)
    if wrong:
        raise Refusals(wrong)
    return entry


def _value(raw: Any) -> str | None:
    if isinstance(raw, date):
        return raw.isoformat()
    return text.typed(str(raw)) or None if raw is not None else None


def _add_count(entry: dict[str, Any], raw: Any, wrong: dict[str, str]) -> None:
    typed = str(raw).strip() if raw is not None else ""
    if not typed:
        return
    if typed.isascii() and typed.isdigit() and len(typed) <= 9:
        entry["count"] = int(typed)
    else:
        wrong["count"] = "Give the number of copies as a whole number from 0."


def _field_of(member: str, rows: Sequence[int]) -> str:
    """The field for a member; `rows`: where each medium of the entry stood in the form."""
    head, _, rest = member.partition(".")
    if head == "media" and rest:
        number, _, part = rest.partition(".")
        return media.field_of(rows[int(number)], part)
    path = [part for part in member.split(".") if not part.isdigit()]
    return _MEMBER_FIELDS.get(".".join(path)) or _MEMBER_FIELDS.get(path[0], "outcome")


def asking(field: str) -> tuple[str, ...]:
    """The outcomes that ask for this field, in the format's order. KeyError for no field."""
    if field == "safeguards":
        return ("beyond_use",)
    return asked_by({"count": "count", "media": "media", **FIELDS}[field].partition(".")[0])


def _check_days(entry: Mapping[str, Any], today: date, wrong: dict[str, str]) -> None:
    done = {
        "performed_on": entry.get("performedOn"),
        "search_on": entry.get("search", {}).get("on"),
    }
    for field, value in done.items():
        if value and field not in wrong and value > today.isoformat():
            wrong[field] = "This day lies in the future. State only what has been done."
    until = entry.get("exception", {}).get("until")
    if until and "exception_until" not in wrong and until <= today.isoformat():
        wrong["exception_until"] = "The exception must end on a day to come."
    elif until and "exception_until" not in wrong and int(until[:4]) > today.year + LONGEST:
        wrong["exception_until"] = (
            f"This day is more than {LONGEST} years away. Choose an earlier one: on that day you "
            "are asked again, and may keep the copy longer."
        )


def typed_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that make this entry again, to fill a form with."""
    typed: dict[str, Any] = {"outcome": entry.get("outcome", "")}
    for field, member in FIELDS.items():
        head, _, tail = member.partition(".")
        value = entry.get(head)
        if tail:
            value = value.get(tail) if isinstance(value, Mapping) else None
        if value is not None:
            typed[field] = value
    typed["safeguards"] = list(entry.get("exception", {}).get("safeguards", []))
    if "count" in entry:
        typed["count"] = str(entry["count"])
    typed["media"] = media.as_lines(entry.get("media", []))
    return typed


def onward_of(disclosed: bool | None, recipients: str) -> dict[str, Any]:
    """The `onward` member: recipients one a line, `name; what; YYYY-MM-DD` (the day optional).

    Raises Refused.
    """
    if disclosed is None:
        raise Refused("Say whether any copy was passed to anybody else.", field="disclosed")
    if not disclosed:
        return {"disclosed": False}
    listed = []
    for line in text.typed(recipients).split("\n"):
        parts = [part.strip() for part in line.split(";")]
        if not any(parts):
            continue
        if len(parts) < 2 or not parts[0] or not parts[1]:
            raise Refused(
                "Write one recipient a line: name; what they were given; the day, if known.",
                field="recipients",
            )
        recipient = {"name": parts[0], "what": parts[1]}
        if len(parts) > 2 and parts[2]:
            try:
                recipient["on"] = date.fromisoformat(parts[2]).isoformat()
            except ValueError:
                raise Refused(
                    f"“{parts[2]}” is no date. Write it as 2013-02-06.", field="recipients"
                ) from None
        for value in recipient.values():
            if wrong := text.problem(value):
                raise Refused(wrong, field="recipients")
        listed.append(recipient)
    if not listed:
        raise Refused("Name who was given a copy, one recipient a line.", field="recipients")
    return {"disclosed": True, "recipients": listed}


def typed_onward(onward: Mapping[str, Any]) -> tuple[bool, str]:
    """Whether a copy was passed on, and the recipients as they were typed: one a line."""
    lines = [
        "; ".join(part for part in (to["name"], to["what"], to.get("on")) if part)
        for to in onward.get("recipients", [])
    ]
    return bool(onward["disclosed"]), "\n".join(lines)
