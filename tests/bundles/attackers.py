"""Attackers by what they hold (docs/threats.md), and what none of them may get past the verifier.

The world is one demand as it really went. Honest people signed what stands in its log, and a few
statements that never reached it: whoever runs the server holds those back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from attest.bundle.report import Report
from attest.bundle.trust import SeenCheckpoint, Trust
from attest.statements.envelope import sign_payload, statement_hash
from tests.cast import ANNE, EDITH, OSCAR, Signer
from tests.logs import LogWriter, hash_of, issued_log
from tests.packing import RECEIVED, trust_of

THREATS = Path(__file__).parents[2] / "docs" / "threats.md"

LOG_KEY_NAME = "log key"
HOLDERS = {"officer's key": OSCAR, "lead's key": ANNE, "joint's key": EDITH}


@dataclass(frozen=True)
class World:
    """What happened: the log, what was signed besides, and how each file stands."""

    log: LogWriter
    held_back: tuple[tuple[str, bytes], ...]
    signed: frozenset[str]
    accepted: frozenset[tuple[str, str]]  # attestations that the lead accepted, by file
    states: dict[str, str]

    def checkpoint(self, size: int) -> SeenCheckpoint:
        """The checkpoint of that size, as a letter brought it."""
        return SeenCheckpoint(self.log.checkpoint(size), RECEIVED)


@cache
def world() -> World:
    """Two files: one accepted after a rejection, the other attested. Nothing is closed."""
    log = issued_log(name="the world")
    log.enrol(EDITH)
    log.confirm(EDITH)
    first, second = log.files
    log.attest(first, outcome="deleted")
    log.letter()
    held = [("attestation.reviewed", log.review_payload([first]), ANNE)]
    log.review(first, decision="rejected")
    log.attest(first, outcome="destroyed")
    log.review(first)
    log.review(first, by=EDITH)
    log.attest(second, outcome="legal_hold")
    # Signed by their holders, and never logged.
    held += [
        ("attestation.signed", log.attestation_payload(second, outcome="returned"), OSCAR),
        ("attestation.reviewed", log.review_payload([second], decision="rejected"), ANNE),
        ("attestation.reviewed", log.review_payload([second]), ANNE),
        ("demand.amended", log.demand_payload(action="return"), ANNE),
        ("demand.closed", log.closure_payload(outcome="withdrawn"), ANNE),
    ]
    envelopes = tuple((kind, sign_payload(payload, by.key)) for kind, payload, by in held)
    logged = {hash_of(body) for body in log.bodies if body and b'"payload"' in body}
    accepted = {(first, log.last_attestation(first)), (first, hash_of(log.bodies[10]))}
    accepted.add((second, log.last_attestation(second)))
    view = log.judge.view()
    return World(
        log=log,
        held_back=envelopes,
        signed=frozenset(logged | {statement_hash(payload) for _, payload, _ in held}),
        accepted=frozenset(accepted),
        states={file.file_id: view.file(file.number).state for file in log.judge.facts.files()},
    )


# --- Attackers ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attacker:
    """A row of docs/threats.md: whose keys it holds, and the numbers of what it never gets."""

    name: str
    keys: frozenset[str]
    never: frozenset[str]

    @property
    def signs_the_log(self) -> bool:
        return LOG_KEY_NAME in self.keys

    @property
    def signers(self) -> list[Signer]:
        """The honest people whose keys it holds."""
        return [signer for name, signer in HOLDERS.items() if name in self.keys]


_ROW = re.compile(r"^\| \*\*(.+?)\*\* \| (.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)


def attackers() -> list[Attacker]:
    """The rows of the table, as the page has them."""
    return [
        Attacker(
            name,
            frozenset(keys.split(", ")) - {"none"},
            frozenset(never.split(", ")),
        )
        for name, keys, _, never in _ROW.findall(THREATS.read_text("utf-8"))
    ]


# --- What is never got past -----------------------------------------------------------------------


@dataclass(frozen=True)
class Attempt:
    """A log that somebody made up, the verifier's trust, and what it said."""

    attacker: Attacker
    log: LogWriter
    trust: Trust
    report: Report

    def signed(self, said: dict[str, Any]) -> str:
        """The hash of a statement that the report counts."""
        return hash_of(self.log.bodies[said["leaf"]])


def counted(report: Report) -> list[dict[str, Any]]:
    """Every statement on which the report's states stand."""
    demand = report.head()["demand"]
    if demand["state"] == "not_issued":
        return []
    found = [demand["statement"], *([demand["closure"]] if "closure" in demand else [])]
    for file in report.files():
        found += [file["attestation"]] if file["state"] != "open" else []
        found += file.get("reviews", ())
    return found


def n1(attempt: Attempt) -> None:
    """Nothing counts in the name of a key whose holder did not sign it."""
    held = {signer.keyid for signer in attempt.attacker.signers}
    honest = {signer.keyid for signer in HOLDERS.values()} - held
    for said in counted(attempt.report):
        if said["keyid"] in honest:
            assert attempt.signed(said) in world().signed
        else:
            assert said["keyid"] in held | _vouched(attempt)


def _vouched(attempt: Attempt) -> set[str]:
    """Made-up keys that the verifier trusts: somebody pinned must have confirmed them."""
    keys = attempt.report.head()["keys"]
    pinned = {key["keyid"] for key in keys if key["trusted"] == "pinned"}
    held = {signer.keyid for signer in attempt.attacker.signers}
    return {
        key["keyid"]
        for key in keys
        if key["trusted"] == "confirmed" and {c["by"] for c in key["confirmed"]} & pinned & held
    }


def n2(attempt: Attempt) -> None:
    """No file is accepted, but by the lead, for that very attestation."""
    for file in attempt.report.files():
        if file["state"] == "accepted":
            assert (file["fileId"], file["attestation"]["statement"]) in world().accepted


def n3(attempt: Attempt) -> None:
    """The demand is neither changed nor ended, but by the lead."""
    demand = attempt.report.head()["demand"]
    for said in (demand.get("statement"), demand.get("closure")):
        if said is not None and demand["state"] != "not_issued":
            assert said["keyid"] == ANNE.keyid
            assert attempt.signed(said) in world().signed


def n4(attempt: Attempt) -> None:
    """No file is attested, but by the contractor's officer."""
    for file in attempt.report.files():
        if file["state"] != "open":
            assert file["attestation"]["keyid"] == OSCAR.keyid
            assert file["attestation"]["statement"] in world().signed


def n5(attempt: Attempt) -> None:
    """What a checkpoint that the verifier holds covers is neither changed nor missing."""
    honest = world().log
    for seen in attempt.trust.seen:
        size = int(seen.note.split("\n")[1])
        assert attempt.log.leaves[:size] == honest.leaves[:size]


def n6(attempt: Attempt) -> None:
    """Without a checkpoint from outside, nothing is VERIFIED."""
    assert attempt.trust.seen or attempt.report.status == 3


def n7(attempt: Attempt) -> None:
    """Nothing is but what was logged honestly once: a prefix of it, bytes and all."""
    honest = world().log
    assert attempt.log.leaves == honest.leaves[: attempt.log.size]
    assert attempt.log.bodies == honest.bodies[: attempt.log.size]


NEVER: dict[str, Callable[[Attempt], None]] = {
    check.__name__.upper(): check for check in (n1, n2, n3, n4, n5, n6, n7)
}


# --- Verifiers ------------------------------------------------------------------------------------


def trusts() -> list[Trust]:
    """Verifiers who hold the newest checkpoint, an older one or none, and pin one key or two."""
    there = world()
    size = there.log.size
    return [
        trust_of(there.log, pinned=pinned, seen=seen)
        for pinned in ([ANNE], [ANNE, OSCAR])
        for seen in (
            (there.checkpoint(size), there.checkpoint(9)),
            (there.checkpoint(9),),
            (),
        )
    ]
