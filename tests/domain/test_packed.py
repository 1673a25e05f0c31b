"""Packed rows, texts and keys behave like the list and the set that they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain.packed import PackedKeys, PackedRows, PackedTexts

KEYS = st.lists(st.binary(min_size=2, max_size=2), max_size=300)


@given(KEYS)
def test_keys_are_a_numbered_set(keys):
    packed = PackedKeys(2)
    order: list[bytes] = []
    for key in keys:
        if key in order:
            assert key in packed
            with pytest.raises(ValueError, match="already"):
                packed.add(key)
        else:
            assert key not in packed
            assert packed.add(key) == len(order)
            order.append(key)
    assert [packed[number] for number in range(len(packed))] == order
    assert [packed.find(key) for key in order] == list(range(len(order)))


def test_many_keys_survive_the_tables_growth():
    packed = PackedKeys(16)
    keys = [number.to_bytes(16, "big") for number in range(5000)]
    for key in keys:
        packed.add(key)
    assert [packed.find(key) for key in keys] == list(range(5000))
    assert packed.find(b"x" * 16) is None


def test_a_key_of_another_width_changes_nothing():
    packed = PackedKeys(4)
    with pytest.raises(ValueError, match="4 bytes"):
        packed.add(b"longer")
    assert len(packed) == 0
    assert b"longer" not in packed


@given(st.lists(st.binary(min_size=3, max_size=3)))
def test_rows_are_a_list(rows):
    packed = PackedRows(3)
    for row in rows:
        packed.append(row)
    assert [packed[number] for number in range(len(packed))] == rows
    for number in (-1, len(rows)):
        with pytest.raises(IndexError):
            packed[number]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts_are_a_list(texts):
    packed = PackedTexts()
    for text in texts:
        packed.append(text)
    assert [packed[number] for number in range(len(texts))] == texts
    for number in (-1, len(texts)):
        with pytest.raises(IndexError):
            packed[number]
