"""The burn-down of copies: a pure rule over what happened."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain.burn_down import (
    BurnDown,
    Day,
    Event,
    FileNamed,
    Reopened,
    Reviewed,
    Signed,
    StoreNamed,
    StoreReleased,
    Told,
    burn_down,
)

FIRST = date(2013, 2, 4)


def on(number: int) -> date:
    return FIRST + timedelta(days=number)


ISSUED: list[Event] = [
    FileNamed(FIRST, "a"),
    FileNamed(FIRST, "b"),
    StoreNamed(FIRST, "share"),
    StoreNamed(FIRST, "cabinet"),
    Told(FIRST, "issued"),
]
SIGNED: list[Event] = [Signed(on(1), "a", "A1"), Signed(on(1), "b", "B1", 1)]


def figures(found: BurnDown) -> list[tuple[int, int, int, int]]:
    """(day, settled, excepted, open)."""
    return [((day.on - FIRST).days, day.settled, day.excepted, day.open) for day in found.days]


def test_attestations_bring_it_down_and_exceptions_are_apart() -> None:
    found = burn_down([*ISSUED, *SIGNED], until=on(3))
    assert figures(found) == [(0, 0, 0, 4), (1, 3, 1, 0), (3, 3, 1, 0)]
    assert found.days[0].told == "Issued, 2 files named and 2 stores named"
    assert found.days[1].told == "2 attestations signed"
    assert found.open_since is None
    assert found.review_since == on(1)
    assert not found.rises


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Reopened(on(2), "b"), (2, 2, 0, 2)),
        (Reviewed(on(2), "a", "A1", "Lead", False), (2, 1, 1, 2)),
        (StoreNamed(on(2), "backup"), (2, 0, 0, 6)),
        (FileNamed(on(2), "c"), (2, 3, 1, 2)),
    ],
)
def test_it_rises_again(event: Event, expected: tuple[int, int, int, int]) -> None:
    found = burn_down([*ISSUED, *SIGNED, event], until=on(2))
    assert figures(found)[-1] == expected
    assert found.open_since == on(2)
    assert found.rises


def test_a_new_attestation_settles_what_was_rejected() -> None:
    found = burn_down(
        [
            *ISSUED,
            *SIGNED,
            Reviewed(on(2), "b", "B1", "Lead", False),
            Reviewed(on(2), "a", "A1", "Lead", True),
            Signed(on(3), "b", "B2"),
            # A review of what was superseded says nothing any more.
            Reviewed(on(4), "b", "B1", "Lead", False),
        ],
        until=on(4),
    )
    assert figures(found) == [(0, 0, 0, 4), (1, 3, 1, 0), (2, 2, 0, 2), (3, 4, 0, 0), (4, 4, 0, 0)]
    assert found.days[2].told == "1 attestation rejected and 1 attestation accepted"
    assert found.review_since == on(3)


def test_each_controllers_last_word_counts() -> None:
    took_back = [
        Reviewed(on(2), "b", "B1", "Lead", False),
        Reviewed(on(3), "b", "B1", "East", True),
        Reviewed(on(4), "b", "B1", "Lead", True),
    ]
    found = burn_down([*ISSUED, *SIGNED, *took_back], until=on(4), reviewers=2)
    assert [day.open for day in found.days] == [4, 0, 2, 2, 0]
    assert found.days[-1].excepted == 1
    assert found.review_since == on(1)  # the other file, which nobody reviewed
    # Taken back after a reopening, it stays open.
    again = burn_down(
        [*ISSUED, *SIGNED, took_back[0], Reopened(on(3), "b"), took_back[2]], until=on(4)
    )
    assert again.days[-1].open == 2


def test_a_store_that_is_released_takes_its_copies_with_it() -> None:
    signed = Signed(on(1), "b", "B1", 1, frozenset({"share"}))
    found = burn_down(
        [*ISSUED, Signed(on(1), "a", "A1"), signed, StoreReleased(on(2), "share")], until=on(2)
    )
    assert figures(found) == [(0, 0, 0, 4), (1, 3, 1, 0), (2, 2, 0, 0)]


def test_days_without_a_change_are_left_out_and_the_last_is_told() -> None:
    found = burn_down(ISSUED, until=on(30))
    assert [day.on for day in found.days] == [FIRST, on(30)]
    assert found.last == Day(on(30), 0, 0, 4)
    assert burn_down([], until=FIRST).last is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["sign", "reopen", "accept", "reject", "store", "release"]),
            st.sampled_from("ab"),
            st.integers(0, 2),
        ),
        max_size=30,
    )
)
def test_the_parts_always_add_up_to_the_copies(acts: list[tuple[str, str, int]]) -> None:
    events: list[Event] = list(ISSUED)
    standing = ["share", "cabinet"]
    last = {"a": "", "b": ""}
    for number, (act, file, excepted) in enumerate(acts):
        day = on(number // 3)
        if act == "sign":
            last[file] = f"{file}{number}"
            which = frozenset(standing[:excepted])
            events.append(Signed(day, file, last[file], len(which), which))
        elif act == "store":
            standing.append(f"store {number}")
            events.append(StoreNamed(day, standing[-1]))
        elif act == "release" and len(standing) > 1:
            events.append(StoreReleased(day, standing.pop(0)))
        elif act == "reopen":
            events.append(Reopened(day, file))
        elif act != "release":
            events.append(Reviewed(day, file, last[file], "Lead", act == "accept"))
    found = burn_down(events, until=on(20))
    assert found.last is not None
    for each in found.days:
        assert min(each.settled, each.excepted, each.open) >= 0
    assert found.last.copies == 2 * len(standing)
    assert (found.open_since is not None) == (found.last.open > 0)
