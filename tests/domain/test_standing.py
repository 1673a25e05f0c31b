"""The rules of how files stand, one by one, without a log (docs/formats.md §3, "States")."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from attest.domain.facts import Facts
from attest.domain.standing import View, every_statement

NOW = datetime(2013, 2, 4, tzinfo=UTC)
FILE = "00000000-0000-4000-8000-00000000000f"
OTHER = "00000000-0000-4000-8000-0000000000ff"
ANNE, EDITH, OSCAR, OLIVE = range(4)
LEAD, JOINT = "Northshire", "Eastshire"
HASH = "ab" * 32


class Story:
    """Facts told in short; every act is one leaf."""

    def __init__(self, concurrence: str = "lead") -> None:
        self.facts = Facts()
        self.leaf = 0
        self.attestations = 0
        self.concurrence = concurrence
        self.file(FILE)
        self.store("a")
        self.demand()

    def _next(self) -> int:
        self.leaf += 1
        return self.leaf - 1

    def file(self, file_id: str) -> int:
        leaf = self._next()
        self.facts.name_file(leaf, file_id, "list.xlsx", "electronic", None)
        return leaf

    def store(self, store_id: str) -> int:
        leaf = self._next()
        self.facts.name_store(leaf, store_id, {"label": store_id})
        return leaf

    def withdraw(self, store_id: str) -> int:
        leaf = self._next()
        self.facts.withdraw_store(leaf, store_id)
        return leaf

    def demand(self, seen: int | None = None, key: int = ANNE, **parties: Any) -> int:
        leaf = self._next()
        said = {
            "controllers": [{"name": LEAD, "role": "lead"}, {"name": JOINT, "role": "joint"}],
            "contractor": {"name": "Halden"},
            "concurrence": self.concurrence,
            **parties,
        }
        self.facts.demand(leaf, leaf if seen is None else seen, key, {"parties": said})
        return leaf

    def attest(
        self,
        file_id: str = FILE,
        *,
        key: int = OSCAR,
        settled: bool = True,
        seen: int | None = None,
    ) -> int:
        """Gives the attestation's number."""
        leaf = self._next()
        self.facts.attest(
            leaf,
            leaf if seen is None else seen,
            key,
            file_id,
            HASH,
            stated_at=NOW,
            settled=settled,
            disclosed=False,
        )
        self.attestations += 1
        return self.attestations - 1

    def review(self, *numbers: int, key: int = ANNE, by: str = LEAD, accepted: bool = True) -> int:
        leaf = self._next()
        self.facts.review(leaf, key, by, numbers, stated_at=NOW, accepted=accepted)
        return leaf

    def reopen(self, file_id: str = FILE) -> int:
        leaf = self._next()
        self.facts.reopen(leaf, file_id)
        return leaf

    def close(self, key: int = ANNE) -> int:
        leaf = self._next()
        self.facts.close(leaf, key, "closed", stated_at=NOW)
        return leaf

    def view(self, size: int | None = None, without: int | None = None) -> View:
        if without is None:
            return View(self.facts, size, every_statement)
        return View(self.facts, size, lambda leaf, key: key != without)

    def state(self, size: int | None = None, without: int | None = None) -> str:
        return self.view(size, without).file(0).state


def test_open_until_it_is_attested():
    story = Story()
    assert story.state() == "open"
    story.attest()
    assert story.state() == "attested"


def test_attested_with_exceptions_while_a_copy_is_not_settled():
    story = Story()
    story.attest(settled=False)
    assert story.state() == "attested_with_exceptions"


def test_the_last_attestation_counts():
    story = Story()
    story.review(story.attest(settled=False))
    assert story.state() == "accepted"
    story.attest()
    assert story.state() == "attested"


def test_the_last_review_of_an_organisation_counts():
    story = Story()
    number = story.attest()
    story.review(number, accepted=False)
    assert story.state() == "rejected"
    story.review(number)
    assert story.state() == "accepted"


def test_the_lead_alone_accepts_under_lead_but_not_under_each():
    for concurrence, after_lead in (("lead", "accepted"), ("each", "attested")):
        story = Story(concurrence)
        number = story.attest()
        story.review(number, key=EDITH, by=JOINT)
        assert story.state() == "attested"
        again = story.attest()
        story.review(again)
        assert story.state() == after_lead
        story.review(again, key=EDITH, by=JOINT)
        assert story.state() == "accepted"


def test_any_rejection_rejects_under_each():
    story = Story("each")
    number = story.attest()
    story.review(number)
    story.review(number, key=EDITH, by=JOINT, accepted=False)
    assert story.state() == "rejected"


def test_a_joint_controllers_rejection_does_not_count_under_lead():
    story = Story()
    number = story.attest()
    story.review(number)
    story.review(number, key=EDITH, by=JOINT, accepted=False)
    assert story.state() == "accepted"


def test_an_amendment_may_change_whose_review_counts():
    story = Story()
    story.review(story.attest())
    before = story.leaf
    story.demand(concurrence="each")
    assert story.state() == "attested"
    assert story.state(before) == "accepted"


def test_a_review_of_several_files_stands_with_each():
    story = Story()
    story.file(OTHER)
    story.review(story.attest(), story.attest(OTHER))
    assert [story.view().file(number).state for number in (0, 1)] == ["accepted", "accepted"]


def test_a_store_named_later_opens():
    story = Story()
    story.review(story.attest())
    story.store("b")
    assert story.state() == "open"
    story.attest()
    assert story.state() == "attested"


def test_a_store_named_between_what_was_seen_and_the_leaf_opens():
    story = Story()
    seen = story.leaf
    story.store("b")
    story.attest(seen=seen)
    assert story.state() == "open"


def test_a_withdrawal_counts_once_an_amendment_covers_it():
    story = Story()
    story.attest()
    story.store("b")
    withdrawn = story.withdraw("b")
    assert story.state() == "open"
    story.demand(seen=withdrawn)  # ends before the withdrawal's leaf
    assert story.state() == "open"
    story.demand(seen=withdrawn + 1)
    assert story.state() == "attested"
    assert [store.store_id for store in story.view().stores] == ["a"]


def test_reopened_after_the_last_attestation():
    story = Story()
    story.review(story.attest())
    reopened = story.reopen()
    assert story.state() == "open"
    assert story.state(reopened) == "accepted"
    story.attest()
    assert story.state() == "attested"


def test_closed_until_a_file_is_reopened():
    story = Story()
    story.review(story.attest())
    assert story.view().closure is None
    closed = story.close()
    closure = story.view().closure
    assert closure is not None
    assert closure.leaf == closed
    reopened = story.reopen()
    assert story.view().closure is None
    assert story.view(reopened).closure == closure


def test_who_is_not_counted_changes_nothing():
    story = Story()
    story.review(story.attest())
    story.attest(key=OLIVE)
    assert story.state() == "attested"
    assert story.state(without=OLIVE) == "accepted"
    assert story.state(without=ANNE) == "attested"
    assert story.view(without=ANNE).demand is None


def test_an_attestation_leaves_out_what_an_uncounted_amendment_released():
    story = Story()
    story.store("b")
    story.withdraw("b")
    story.demand(key=EDITH)
    story.attest()
    assert story.state() == "attested"
    assert story.state(without=EDITH) == "open"


def test_a_closure_by_an_uncounted_key():
    story = Story()
    story.close(key=EDITH)
    assert story.view().closure is not None
    assert story.view(without=EDITH).closure is None


def test_identifiers_are_used_once():
    story = Story()
    with pytest.raises(ValueError, match="already"):
        story.file(FILE)
    with pytest.raises(ValueError, match="already"):
        story.store("a")


def test_what_is_not_named_is_not_known():
    story = Story()
    assert story.facts.file(OTHER) is None
    with pytest.raises(KeyError):
        story.reopen(OTHER)
