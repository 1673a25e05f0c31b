"""Logs edited at random and signed well again: the browser's report on each is the command's."""

from __future__ import annotations

import io
import json
import os
import random
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page

from attest.bundle.report import check as command
from attest.bundle.trust import Trust, encode_trust, parse_trust
from attest.signing import b64
from attest.statements.bodies import SIGNED_TYPES
from attest.statements.canonical import FormatError, decode, encode
from attest.statements.envelope import parse_envelope, sign_payload
from tests import cast
from tests.browser.conftest import NewVisitor
from tests.browser.floor import check, open_floor
from tests.browser.mutations import changed, mutations, paths
from tests.logs import LogWriter, closed_log, issued_log
from tests.packing import packed, trust_of

# More of them find more: ATTEST_EDITS=5000 takes some minutes.
EDITS = int(os.environ.get("ATTEST_EDITS", "250"))
KEYS = {who.keyid: who.key for who in vars(cast).values() if isinstance(who, cast.Signer)}


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    return open_floor(new_visitor())


def busy_log() -> LogWriter:
    """Everything that a log can hold: withdrawal, amendment, evidence, reopening, revocation."""
    log = issued_log(files=3, stores=3, name="busy")
    log.plain("demand.acknowledged", by=PERSON)
    log.attest(log.files[0], outcome="beyond_use")
    log.evidence(b"scan")
    log.plain("extension.requested", until="2013-03-01", reason="More time.", by=PERSON)
    log.plain("extension.decided", decision="granted", until="2013-02-25", by=PERSON)
    log.plain(
        "copy.recorded", fileId=log.files[1], storeId=log.stores[0], state="located", by=PERSON
    )
    log.withdraw_store(log.stores[2])
    log.amend(action="return")
    log.attest(log.files[1], outcome="passed_on")
    log.review(log.files[0], log.files[1])
    log.attest(log.files[2], outcome="returned")
    log.review(log.files[2], decision="rejected")
    log.attest(log.files[2])
    log.review(log.files[2])
    log.close(outcome="closed_with_exceptions")
    log.reopen(log.files[0])
    log.attest(log.files[0])
    log.letter()
    log.revoke(cast.OSCAR, cast.ANNE)
    return log


PERSON = {"name": "Sam Lee", "role": "Liaison", "organisation": cast.HALDEN}


def edited(log: LogWriter, rng: random.Random) -> tuple[bytes, Trust] | None:
    """The log up to a leaf, that leaf changed, and perhaps more leaves; None for no document."""
    try:
        leaf = rng.randrange(log.size)
        bodies = [*log.bodies]
        kinds = [json.loads(one)["type"] for one in log.leaves]
        for _ in range(rng.choice((1, 1, 1, 2))):
            leaf = _edit(bodies, kinds, leaf, rng)
        more = rng.choice((0, 1, log.size))
        other = LogWriter("other")
        other.demand_id, other.origin = log.demand_id, log.origin
        for kind, body in zip(kinds[: leaf + 1 + more], bodies, strict=False):
            assert body is not None
            other.append_unjudged(kind, body)
        if rng.random() < 0.1:
            gone = rng.randrange(other.size)
            other.bodies[gone] = None
    except FormatError:
        return None
    trust = trust_of(other, witnessed=rng.random() < 0.5)
    if rng.random() < 0.3:
        trust = replace(trust, may_withhold=frozenset({"letter.sent", "evidence.added"}))
    return packed(other), trust


def _edit(bodies: list[bytes | None], kinds: list[str], leaf: int, rng: random.Random) -> int:
    """Change one leaf's body, its type, or its place."""
    act = rng.random()
    if act < 0.08:
        kinds[leaf] = rng.choice(kinds)
    elif act < 0.16:
        elsewhere = rng.randrange(len(kinds))
        bodies.insert(elsewhere, bodies.pop(leaf))
        kinds.insert(elsewhere, kinds.pop(leaf))
        leaf = max(leaf, elsewhere)
    elif act < 0.2:
        del bodies[leaf], kinds[leaf]
        leaf = min(leaf, len(kinds) - 1)
    else:
        body = bodies[leaf]
        assert body is not None
        bodies[leaf] = _another_body(body, kinds[leaf], bodies, rng)
    return leaf


def _another_body(body: bytes, kind: str, bodies: list[bytes | None], rng: random.Random) -> bytes:
    if kind not in SIGNED_TYPES:
        return encode(_another(decode(body), bodies, rng))
    envelope = parse_envelope(body)
    keys = [KEYS[signature.keyid] for signature in envelope.signatures]
    if rng.random() < 0.1:
        keys = [rng.choice([*KEYS.values()])]
    payload = envelope.payload
    if rng.random() < 0.95:
        payload = encode(_another(decode(payload), bodies, rng))
    return sign_payload(payload, *keys)


def _another(document: Any, bodies: list[bytes | None], rng: random.Random) -> Any:
    """Something odd, or a value of the same name that another body has."""
    places = paths(document)
    place = rng.choice(places)
    if rng.random() < 0.3:
        return rng.choice([*mutations(document)])
    values = []
    for other in bodies:
        said = decode(other or b"{}")
        if "payload" in said:
            said = decode(parse_envelope(other or b"").payload)
        for path in paths(said):
            if path[-1] == place[-1]:
                found = said
                for step in path:
                    found = found[step]
                values.append(found)
    value = rng.choice(values or ["x"])

    def put(inside: Any, last: Any) -> None:
        inside[last] = value

    return changed(document, place, put)


def said(case: tuple[bytes, Trust]) -> str:
    bundle, trust = case
    report = command(io.BytesIO(bundle), parse_trust(encode_trust(trust)))
    return encode({"head": report.head(), "files": [*report.files()]}).decode("utf-8")


def test_the_command_s_report(page: Page) -> None:
    rng = random.Random(2013)
    logs = [busy_log(), closed_log()]
    cases: list[tuple[bytes, Trust]] = []
    while len(cases) < EDITS:
        case = edited(rng.choice(logs), rng)
        if case is not None:
            cases.append(case)
    found = set()
    for start in range(0, len(cases), 50):
        answers = check(
            page,
            "bundle",
            cases[start : start + 50],
            said,
            lambda case: [b64(case[0]), b64(encode_trust(case[1]))],
        )
        found |= {_reason(answer) for answer in answers}
    assert len(found) > 30, sorted(found)


def _reason(answer: str) -> str:
    head = json.loads(answer)["head"]
    return str(head.get("failure", head["verdict"]))


def test_busy_logs_are_good(page: Page) -> None:
    for log in (busy_log(), closed_log()):
        [answer] = check(
            page,
            "bundle",
            [(packed(log), trust_of(log))],
            said,
            lambda case: [b64(case[0]), b64(encode_trust(case[1]))],
        )
        assert json.loads(answer)["head"]["status"] == 0
