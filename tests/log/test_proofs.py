"""Proofs as files: one spelling each, and everything else refused."""

from __future__ import annotations

import pytest

from attest.log.proofs import (
    Consistency,
    Inclusion,
    parse_consistency,
    parse_inclusion,
    write_consistency,
    write_inclusion,
)
from attest.signing import b64
from attest.statements.canonical import FormatError

A, B = bytes(32), bytes(range(32))
NOTE = b"attest.example/demand/x\n3\nAAAA\n\n\xe2\x80\x94 attest.example/demand/x AAAA\n"


def test_an_inclusion_proof_is_a_c2sp_tlog_proof():
    data = write_inclusion(7, [A, B], NOTE)
    lines = ["c2sp.org/tlog-proof@v1", "index 7", b64(A), b64(B), ""]
    assert data == "\n".join(lines).encode() + b"\n" + NOTE
    assert parse_inclusion(data) == Inclusion(7, (A, B), NOTE)


def test_a_log_of_one_leaf_needs_no_hashes():
    assert parse_inclusion(write_inclusion(0, [], NOTE)) == Inclusion(0, (), NOTE)


def test_a_consistency_proof_names_the_prefix():
    data = write_consistency(3, A, [B], NOTE)
    assert data == "\n".join(["old 3", b64(A), b64(B), ""]).encode() + b"\n" + NOTE
    assert parse_consistency(data) == Consistency(3, A, (B,), NOTE)


GOOD = write_inclusion(7, [A, B], NOTE)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no empty line"),
        (GOOD.replace(b"@v1", b"@v2"), "does not begin"),
        (GOOD.replace(b"index 7", b"index 07"), "no line with its index"),
        (GOOD.replace(b"index 7", b"index -7"), "no line with its index"),
        (GOOD.replace(b"index 7\n", b"index 7 \n"), "no line with its index"),
        (GOOD.replace(b"index 7\n", b"extra AAAA\nindex 7\n"), "no line with its index"),
        (b"c2sp.org/tlog-proof@v1\n\n" + NOTE, "no line with its index"),
        (GOOD.replace(b"\n", b"\r\n"), "no empty line"),
        (GOOD.replace(b"index 7\n", b"index 7\nAAAA\n"), "not 32 bytes"),
        (GOOD.replace(b64(B).encode(), b64(B).encode().rstrip(b"=")), "not 32 bytes"),
        (GOOD.replace(b"index", "index\u2028".encode()), "not ASCII"),
        (write_inclusion(7, [A] * 56, NOTE), "too many"),
    ],
)
def test_other_spellings_of_an_inclusion_proof_are_refused(data: bytes, says: str):
    with pytest.raises(FormatError, match=says):
        parse_inclusion(data)


OLD = write_consistency(3, A, [B], NOTE)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\n\n", "size"),
        (OLD.replace(b"old 3", b"old 0"), "size"),
        (OLD.replace(b"old 3", b"old 03"), "size"),
        (b"old 3\n\n" + NOTE, "root"),
        (OLD.replace(b64(A).encode(), b"AAAA"), "not 32 bytes"),
    ],
)
def test_other_spellings_of_a_consistency_proof_are_refused(data: bytes, says: str):
    with pytest.raises(FormatError, match=says):
        parse_consistency(data)
