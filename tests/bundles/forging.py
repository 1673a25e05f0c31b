"""What an attacker does to a log: it writes on, as far as the rules let it, or edits what is there.

Who writes on takes the honest log up to some leaf and adds what the judge admits: statements by
keys that it holds or makes up, the operator's word, honest statements held back, and the rest of
the honest log. Who edits changes anything, signs again with every key that it holds, and asks
nobody. Hypothesis chooses.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st

from attest.bundle.failure import Failure
from attest.log.leaf import Leaf, encode_leaf, parse_leaf
from attest.statements.canonical import FormatError, decode, encode
from attest.statements.envelope import parse_envelope, sign_payload
from tests.bundles.attackers import Attacker, world
from tests.cast import ANNE, EDITH, MALLORY, OLIVE, OSCAR, PARTIES, Signer, signatory
from tests.logs import LIAISON, LogWriter, answer, made_up_uuid

Draw = Callable[..., Any]

LEAD, JOINT = PARTIES["controllers"]
SWAPPED = {**PARTIES, "controllers": [{**LEAD, "role": "joint"}, {**JOINT, "role": "lead"}]}
PARTIES_TRIED: tuple[dict[str, Any], ...] = (
    PARTIES,
    {**PARTIES, "concurrence": "each"},
    SWAPPED,
    SWAPPED,
    {**PARTIES, "controllers": [LEAD], "carriers": []},
    {**PARTIES, "contractor": {"name": MALLORY.organisation}},
)

# Keys that anybody can make, under any name: the people's own, and others of their organisations.
MADE_UP_LEADS = (ANNE.with_key("a made-up Anne"), signatory("Ada Adder", ANNE.organisation))
MADE_UP = (
    *MADE_UP_LEADS,
    EDITH.with_key("a made-up Edith"),
    OSCAR.with_key("a made-up Oscar"),
    OLIVE,
    MALLORY,
    replace(MALLORY.with_key("Mallory as a lead"), side="controller", duty="signatory"),
)

OUTCOMES = ("none_found", "deleted", "destroyed", "returned", "beyond_use", "legal_hold")
DECISIONS = ("accepted", "rejected")
ENDS = ("closed", "closed_with_exceptions", "withdrawn")
REFUSED = (
    Failure,
    FormatError,
    LookupError,
    ValueError,
    ArithmeticError,
    AssertionError,
    StopIteration,
)


def resumed(size: int) -> LogWriter:
    """The honest log up to a leaf, to write on."""
    honest = world().log
    log = LogWriter("the world")
    for leaf, body in zip(honest.leaves[:size], honest.bodies[:size], strict=True):
        log.leaves.append(leaf)
        log.bodies.append(body)
        log.judge.admit(leaf, body, trusted=True)
    log.now = honest.now + timedelta(minutes=1)
    log.files = [file.file_id for file in log.judge.facts.files()]
    log.stores = list(log.judge.facts.stores)
    log._nonces = 1_000
    return log


# --- Writing on -----------------------------------------------------------------------------------


@st.composite
def written_on(draw: Draw, attacker: Attacker) -> LogWriter:
    """A log that passes all steps, or nearly all: each act is left out where the judge refuses."""
    size = world().log.size
    # Without the log key it is an honest server that logs: nothing is cut off or held back.
    cut_off = attacker.signs_the_log and draw(st.integers(0, 2)) == 0
    start = draw(st.integers(1, size)) if cut_off else size
    log = resumed(start)
    # A small cast, so that what one of them does has to do with what another did.
    made_up = [draw(st.sampled_from(MADE_UP_LEADS)), draw(st.sampled_from(MADE_UP))]
    signers = [*attacker.signers, *made_up[: draw(st.integers(1, 2))]]
    for _ in range(draw(st.integers(3, 10))):
        attempt(log, draw(act(attacker, signers)))
    if attacker.signs_the_log and draw(st.booleans()):
        for index in range(start, size):
            attempt(log, _honest(index))
    return log


def attempt(log: LogWriter, do: Callable[[LogWriter], object]) -> None:
    """Do it as far as the judge lets it."""
    try:
        do(log)
    except REFUSED:
        admitted = log.judge.size
        del log.leaves[admitted:], log.bodies[admitted:]


def _logged(kind: str, body: bytes, log: LogWriter) -> None:
    log.append(kind, body)


def _honest(index: int) -> Callable[[LogWriter], object]:
    honest = world().log
    return partial(_logged, parse_leaf(honest.leaves[index]).type, honest.bodies[index] or b"")


@st.composite
def act(draw: Draw, attacker: Attacker, signers: list[Signer]) -> Callable[[LogWriter], object]:
    """One thing to try: a statement, the operator's word, or what honest people signed."""
    number = draw(st.integers(0, 2))
    if attacker.signs_the_log and draw(st.integers(0, 4)) == 0:
        held_back = [partial(_logged, kind, body) for kind, body in world().held_back]
        return draw(st.sampled_from([*held_back, *map(_honest, range(world().log.size))]))
    if draw(st.integers(0, 3)) == 0:
        words: list[Callable[[LogWriter], object]] = [
            lambda log: log.letter(),
            lambda log: log.reopen(_file(log, number)),
            lambda log: log.name_file("more.txt"),
            lambda log: log.name_store("Found later"),
            lambda log: log.withdraw_store(log.stores[number % len(log.stores)]),
        ]
        return draw(st.sampled_from(words))
    return draw(statement(signers, number))


def _file(log: LogWriter, number: int) -> str:
    return log.files[number % len(log.files)]


@st.composite
def statement(draw: Draw, signers: list[Signer], number: int) -> Callable[[LogWriter], object]:
    """A statement by a key that is held or made up, enrolled first where it is not yet."""
    by, whom = draw(st.sampled_from(signers)), draw(st.sampled_from([*signers, ANNE, EDITH, OSCAR]))
    outcome = draw(st.sampled_from(OUTCOMES))
    parties = draw(st.sampled_from(PARTIES_TRIED))
    decision, end = draw(st.sampled_from(DECISIONS)), draw(st.sampled_from(ENDS))
    older = draw(st.sampled_from((0, 0, 0, 1, 3)))

    def attest(log: LogWriter) -> None:
        log.attest(_file(log, number), by, outcome=outcome, seen=log.seen(log.size - older))

    def review(log: LogWriter) -> None:
        log.review(_file(log, number), by=by, decision=decision, seen=log.seen(log.size - older))

    def amend(log: LogWriter) -> None:
        log.amend(by, parties=parties, reference=f"NC-{number}", seen=log.seen(log.size - older))

    def close(log: LogWriter) -> None:
        log.close(by, outcome=end)

    def confirm(log: LogWriter) -> None:
        attempt(log, lambda log: log.enrol(whom))
        log.confirm(whom, by)

    def revoke(log: LogWriter) -> None:
        log.revoke(whom, by=by)

    by_officers = [attest, attest, attest, confirm, revoke]
    by_signatories = [amend, amend, review, review, close, confirm, confirm, revoke]
    by_any = [attest, review, amend, close, confirm, revoke]
    rightly = draw(st.integers(0, 5)) > 0
    likely = by_officers if by.duty == "officer" else by_signatories
    chosen = draw(st.sampled_from(likely if rightly else by_any))

    def enrol_first(log: LogWriter) -> None:
        attempt(log, lambda log: log.enrol(by))
        chosen(log)

    return enrol_first


# --- Editing --------------------------------------------------------------------------------------

Entries = list[tuple[Leaf, bytes]]


@st.composite
def edited(draw: Draw, attacker: Attacker) -> LogWriter:
    """The honest log with a few things changed, signed again with whatever keys there are."""
    honest = world().log
    entries: Entries = [
        (parse_leaf(leaf), body or b"")
        for leaf, body in zip(honest.leaves, honest.bodies, strict=True)
    ]
    for _ in range(draw(st.integers(1, 3))):
        draw(st.sampled_from(EDITS))(draw, entries, attacker)
    return assembled(entries, renumbered=draw(st.booleans()), rehashed=draw(st.booleans()))


def assembled(entries: Entries, *, renumbered: bool, rehashed: bool) -> LogWriter:
    """A log of these entries; who has not the log key can still put any bytes in the database."""
    log = LogWriter("the world")
    for index, (leaf, body) in enumerate(entries):
        if renumbered:
            leaf = replace(leaf, seq=index)
        if rehashed:
            one = LogWriter("the world")
            one.append_unjudged(leaf.type, body)
            leaf = replace(leaf, body=parse_leaf(one.leaves[0]).body)
        log.leaves.append(encode_leaf(leaf))
        log.bodies.append(body)
    return log


def _at(draw: Draw, entries: Entries) -> int:
    return draw(st.integers(0, len(entries) - 1))


def _drop(draw: Draw, entries: Entries, attacker: Attacker) -> None:
    if len(entries) > 1:
        del entries[_at(draw, entries)]


def _truncate(draw: Draw, entries: Entries, attacker: Attacker) -> None:
    del entries[max(1, _at(draw, entries)) :]


def _duplicate(draw: Draw, entries: Entries, attacker: Attacker) -> None:
    entries.insert(_at(draw, entries), entries[_at(draw, entries)])


def _swap(draw: Draw, entries: Entries, attacker: Attacker) -> None:
    one, other = _at(draw, entries), _at(draw, entries)
    entries[one], entries[other] = entries[other], entries[one]


def _move(draw: Draw, entries: Entries, attacker: Attacker) -> None:
    entry = entries.pop(_at(draw, entries))
    entries.insert(draw(st.integers(0, len(entries))), entry)


def _change_time(draw: Draw, entries: Entries, attacker: Attacker) -> None:
    at = _at(draw, entries)
    leaf, body = entries[at]
    minutes = draw(st.integers(-100, 100))
    entries[at] = replace(leaf, at=leaf.at + timedelta(minutes=minutes)), body


def _change_type(draw: Draw, entries: Entries, attacker: Attacker) -> None:
    at = _at(draw, entries)
    leaf, body = entries[at]
    other, _ = entries[_at(draw, entries)]
    entries[at] = replace(leaf, type=other.type), body


def _replace_body(draw: Draw, entries: Entries, attacker: Attacker) -> None:
    at = _at(draw, entries)
    entries[at] = entries[at][0], entries[_at(draw, entries)][1]


def _log_held_back(draw: Draw, entries: Entries, attacker: Attacker) -> None:
    kind, body = draw(st.sampled_from(world().held_back))
    leaf = replace(entries[-1][0], type=kind)
    entries.insert(draw(st.integers(0, len(entries))), (leaf, body))


def _edit_member(draw: Draw, entries: Entries, attacker: Attacker) -> None:
    """Change a member of a body, or of the statement in it, and sign that by a key one holds."""
    at = _at(draw, entries)
    leaf, body = entries[at]
    signed = b'"payload"' in body
    said = decode(parse_envelope(body).payload if signed else body)
    value = draw(st.sampled_from(VALUES))
    parent, name = draw(st.sampled_from(list(_members(said))))
    parent[name] = copy.deepcopy(value)
    try:
        changed = encode(said)
    except FormatError:
        return
    if signed:
        keyids = [signature.keyid for signature in parse_envelope(body).signatures]
        own = [signer for signer in attacker.signers if signer.keyid in keyids]
        by = own[0] if own else draw(st.sampled_from([*attacker.signers, *MADE_UP]))
        changed = sign_payload(changed, by.key)
    entries[at] = leaf, changed


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document that holds something."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in list(items):
        yield value, name
        if isinstance(member, dict | list):
            yield from _members(member)


EDITS = (
    _drop,
    _truncate,
    _duplicate,
    _swap,
    _move,
    _change_time,
    _change_type,
    _replace_body,
    _log_held_back,
    _edit_member,
    _edit_member,
    _edit_member,
)

VALUES: tuple[Any, ...] = (
    "",
    "accepted",
    "list 1.xlsx",
    "0" * 64,
    made_up_uuid("x"),
    "2013-02-04T09:30:00Z",
    "2013-02-28",
    OSCAR.keyid,
    ANNE.holder,
    EDITH.signer,
    {**LIAISON},
    [],
    {},
    0,
    9,
    True,
    answer(made_up_uuid("x")),
    SWAPPED,
)
