"""The stores that are proposed are complete enough to be named as they stand."""

import unicodedata

from attest.domain.stores import ELECTRONIC, HARD_COPY, KINDS, PROPOSED


def test_both_mediums_are_proposed() -> None:
    assert {store.medium for store in PROPOSED} == {ELECTRONIC, HARD_COPY}


def test_each_proposal_has_a_known_kind_and_a_label_of_its_own() -> None:
    assert {store.kind for store in PROPOSED} <= set(KINDS)
    labels = [store.label for store in PROPOSED]
    assert len(set(labels)) == len(labels)
    for store in PROPOSED:
        assert store.hint.endswith(".")
        assert unicodedata.is_normalized("NFC", store.label + store.hint)
