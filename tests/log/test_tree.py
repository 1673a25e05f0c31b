"""The tree in memory gives the same roots and proofs as the functions over all leaves."""

from __future__ import annotations

import pytest

from attest.log.merkle import consistency_proof, inclusion_proof, leaf_hash, tree_root
from attest.log.tree import Tree

LEAVES = [leaf_hash(b"%d" % number) for number in range(40)]


@pytest.mark.parametrize("size", range(41))
def test_a_tree_gives_every_root_and_proof(size: int):
    leaves = LEAVES[:size]
    tree = Tree(leaves)
    assert tree.size == size
    assert tree.root() == tree_root(leaves)
    for index in range(size):
        assert tree.inclusion(index) == inclusion_proof(index, leaves)
    for old in range(size + 1):
        assert tree.root(old) == tree_root(leaves[:old])
        assert tree.consistency(old) == consistency_proof(old, leaves)


def test_a_tree_says_what_it_does_not_have():
    tree = Tree(LEAVES[:5])
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion(5)
    with pytest.raises(ValueError, match="longer"):
        tree.consistency(6)
    with pytest.raises(ValueError, match="longer"):
        tree.root(6)
