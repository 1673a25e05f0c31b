"""What a superseding attestation says otherwise, in the declarations' own words."""

from __future__ import annotations

from attest.services.facts.differences import differences, sentences

SHARE, CABINET = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
NO = {"disclosed": False}
DELETED = {
    "storeId": SHARE,
    "outcome": "deleted",
    "method": "overwrite",
    "performedOn": "2013-02-06",
    "performedBy": "Systems administrator",
}
NOTHING = {
    "storeId": CABINET,
    "outcome": "none_found",
    "search": {"scope": "Every drawer", "on": "2013-02-06", "by": "Records officer"},
}


def test_the_same_answers_differ_in_nothing() -> None:
    assert differences([DELETED, NOTHING], [NOTHING, DELETED], NO, NO) == []


def test_a_line_that_was_added_is_the_only_difference() -> None:
    (found,) = differences([DELETED, NOTHING], [DELETED | {"tool": "sdelete"}, NOTHING], NO, NO)
    assert (found.store_id, found.out, found.into) == (SHARE, [], ['Tool: "sdelete".'])


def test_a_changed_outcome_shows_what_was_said_and_what_is() -> None:
    (found,) = differences([DELETED], [NOTHING | {"storeId": SHARE}], NO, NO)
    assert found.out[0] == "Deleted."
    assert found.into[0] == "Searched, and no copy was found."


def test_a_store_that_is_new_or_left_out_is_told_whole() -> None:
    new, left_out = differences([DELETED], [NOTHING], NO, NO)
    assert (new.store_id, new.out) == (CABINET, [])
    assert new.into == sentences(NOTHING)
    assert (left_out.store_id, left_out.into) == (SHARE, [])


def test_a_medium_named_twice_counts_twice() -> None:
    one = DELETED | {"media": [{"serial": "A"}]}
    two = DELETED | {"media": [{"serial": "A"}, {"serial": "A"}]}
    (found,) = differences([one], [two], NO, NO)
    assert found.into.count('Medium: serial number "A".') == 1


def test_onward_disclosure_is_compared_too() -> None:
    told = {"disclosed": True, "recipients": [{"name": "Midshire", "what": "A print"}]}
    (found,) = differences([DELETED], [DELETED], NO, told)
    assert found.store_id is None
    assert '"Midshire" was given "A print".' in found.into


def test_a_label_with_brackets_in_it_hides_nothing() -> None:
    # The label is left out before the outcome is cut free; a scope may look like one.
    odd = NOTHING | {"search": {"scope": "Box (a): b", "on": "2013-02-06", "by": "X"}}
    assert sentences(odd)[:2] == [
        "Searched, and no copy was found.",
        'What was searched: "Box (a): b".',
    ]
