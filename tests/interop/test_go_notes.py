"""Go's sumdb/note opens our checkpoints, and its tlog checks our proofs."""

from __future__ import annotations

import json
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from attest.log.checkpoint import note_key_id, sign_checkpoint
from attest.log.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
)
from tests.cast import LOG_KEY
from tests.logs import issued_log

ED25519 = b"\x01"  # the algorithm's byte in C2SP signed-note
SIZES = (1, 2, 3, 7, 8, 13)


def asked(log, size: int, **changed: Any) -> dict[str, Any]:
    leaves = log.leaves[:size]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    key_id = note_key_id(log.origin, LOG_KEY.public_key)
    key = b64encode(ED25519 + LOG_KEY.public_key).decode()
    return {
        "Key": f"{log.origin}+{key_id.hex()}+{key}",
        "Note": log.checkpoint(size),
        "Inclusion": [
            {"Index": i, "Leaf": b64(leaf), "Proof": [b64(h) for h in inclusion_proof(i, hashes)]}
            for i, leaf in enumerate(leaves)
        ],
        "Consistency": [
            {
                "Size": old,
                "Root": b64(Frontier(hashes[:old]).root),
                "Proof": [b64(h) for h in consistency_proof(old, hashes)],
            }
            for old in range(1, size + 1)
        ],
        **changed,
    }


def b64(data: bytes) -> str:
    return b64encode(data).decode()


def ask(go_notes: Path, question: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [str(go_notes)], input=json.dumps(question).encode(), stdout=subprocess.PIPE, check=True
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.fixture(scope="module")
def log():
    log = issued_log()
    while log.size < max(SIZES):
        log.plain(
            "letter.failed",
            letter="reminder",
            to="officer@contractor.example",
            messageId=f"<{log.size}@attest.example>",
            checkpointSize=log.size,
        )
    return log


@pytest.mark.parametrize("size", SIZES)
def test_checkpoints_open_and_proofs_hold(go_notes, log, size):
    assert ask(go_notes, asked(log, size)) == {
        "Opened": True,
        "Size": size,
        "Inclusion": [True] * size,
        "Consistency": [True] * size,
    }


def test_an_altered_checkpoint_does_not_open(go_notes, log):
    altered = log.checkpoint(8).replace("\n8\n", "\n7\n")
    assert not ask(go_notes, asked(log, 8, Note=altered))["Opened"]


def test_anothers_signature_does_not_open(go_notes, log):
    other = sign_checkpoint(log.origin, 8, log.root(8), type(LOG_KEY).from_seed(bytes(32)))
    assert not ask(go_notes, asked(log, 8, Note=other))["Opened"]


def test_it_is_able_to_say_no(go_notes, log):
    """The proofs of another size: not a leaf and not a prefix of this tree."""
    question = asked(log, 13)
    smaller = asked(log, 7)
    said = ask(
        go_notes,
        question | {"Inclusion": smaller["Inclusion"], "Consistency": smaller["Consistency"][:6]},
    )
    assert (True in said["Inclusion"], True in said["Consistency"]) == (False, False)
