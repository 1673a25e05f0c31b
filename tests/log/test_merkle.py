"""The tree against the known roots and proofs of RFC 6962's first implementation, and naively."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

# The eight leaves that Certificate Transparency's implementations are tested with.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
_A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
_B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
_C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
_D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
_E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
_F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
CONSISTENCY = {(1, 8): [_A, _B, _C], (6, 8): [_F, _E, ROOTS[4]], (2, 5): [_B, _D]}

HASHES = [leaf_hash(leaf) for leaf in LEAVES]
sizes = st.integers(1, 70)


def numbered(count: int) -> list[bytes]:
    return [leaf_hash(b"leaf %d" % number) for number in range(count)]


def naive(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word by word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(naive(hashes[:split]), naive(hashes[split:]))


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    assert Frontier(HASHES[:size]).root.hex() == ROOTS[size]


def test_known_inclusion_proofs() -> None:
    assert [step.hex() for step in inclusion_proof(0, HASHES)] == [_A, _B, _C]
    assert [step.hex() for step in inclusion_proof(5, HASHES)] == [_D, _E, ROOTS[4]]
    assert [step.hex() for step in inclusion_proof(2, HASHES[:3])] == [ROOTS[2]]
    assert [step.hex() for step in inclusion_proof(1, HASHES[:5])] == [ROOTS[1], _B, _D]


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_known_consistency_proofs(old: int, size: int) -> None:
    proof = consistency_proof(old, HASHES[:size])
    assert [step.hex() for step in proof] == CONSISTENCY[old, size]


@given(sizes)
def test_the_frontier_agrees_with_the_definition(size: int) -> None:
    hashes = numbered(size)
    frontier = Frontier()
    for count, item in enumerate(hashes):
        assert frontier.size == count
        assert frontier.root == naive(hashes[:count])
        frontier.append(item)
    assert frontier.root == naive(hashes) == tree_root(hashes)


@given(sizes, st.integers(0, 69))
def test_a_stored_frontier_grows_on(size: int, more: int) -> None:
    hashes = numbered(size + more)
    frontier = Frontier(hashes[:size])
    before = frontier.root
    copies = [frontier.copy(), Frontier.from_bytes(frontier.to_bytes())]
    for copy in copies:
        for item in hashes[size:]:
            copy.append(item)
        assert copy.root == naive(hashes)
        assert copy.size == size + more
    assert frontier.root == before


@pytest.mark.parametrize("data", [b"", bytes(7), bytes(9), bytes(40), b"\x00" * 7 + b"\x03" * 33])
def test_a_stored_frontier_must_fit_its_size(data: bytes) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Frontier.from_bytes(data)


def test_the_empty_frontier_is_stored_too() -> None:
    assert Frontier.from_bytes(Frontier().to_bytes()).root == EMPTY_ROOT


@given(sizes, st.data())
def test_inclusion_proofs_hold_for_their_leaf_alone(size: int, data: st.DataObject) -> None:
    hashes = numbered(size)
    root = naive(hashes)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, hashes)
    assert verify_inclusion(index, size, hashes[index], proof, root)
    assert verify_inclusion(other, size, hashes[index], proof, root) is (other == index)
    assert not verify_inclusion(index, size, leaf_hash(b"other"), proof, root)
    assert not verify_inclusion(index, size, hashes[index], [*proof, root], root)
    assert not verify_inclusion(size, size, hashes[index], proof, root)
    assert not verify_inclusion(-1, size, hashes[index], proof, root)
    if proof:
        assert not verify_inclusion(index, size, hashes[index], proof[:-1], root)


@given(sizes, st.data())
def test_consistency_proofs_hold_for_a_prefix_alone(size: int, data: st.DataObject) -> None:
    hashes = numbered(size)
    root = naive(hashes)
    old = data.draw(st.integers(0, size))
    proof = consistency_proof(old, hashes)
    assert verify_consistency(old, naive(hashes[:old]), size, root, proof)
    assert not verify_consistency(old, leaf_hash(b"fork"), size, root, proof)
    assert not verify_consistency(size + 1, root, size, root, [])
    assert not verify_consistency(old, naive(hashes[:old]), size, root, [*proof, root])
    if proof:
        assert not verify_consistency(old, naive(hashes[:old]), size, root, proof[:-1])
        assert not verify_consistency(old, naive(hashes[:old]), size, leaf_hash(b"x"), proof)


def test_proofs_for_what_is_not_there() -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(8, HASHES)
    with pytest.raises(ValueError, match="longer"):
        consistency_proof(9, HASHES)


def test_a_proof_must_be_there() -> None:
    assert not verify_consistency(3, Frontier(HASHES[:3]).root, 8, Frontier(HASHES).root, [])
