from datetime import date

from attest.domain.reviews import Given, Stand, waits_for

ASKED = date(2013, 2, 18)
NORTH = Given("Northshire", True, None, ASKED)
EAST = Given("Eastshire", False, "Name the drives.", ASKED)


def test_nobody_has_reviewed():
    stand = Stand(ASKED, [], ["Northshire", "Eastshire"])
    assert stand.sentence == (
        "Northshire and Eastshire have not reviewed yet, asked on Monday 18 February 2013."
    )
    assert stand.short == ""


def test_one_has_accepted():
    stand = Stand(ASKED, [NORTH], ["Eastshire"])
    assert stand.sentence == (
        "Accepted by Northshire; Eastshire has not reviewed yet, asked on Monday 18 February 2013."
    )
    assert stand.short == "accepted by Northshire, not yet by Eastshire"


def test_all_have_accepted():
    stand = Stand(ASKED, [NORTH, Given("Eastshire", True, None, ASKED)], [])
    assert stand.sentence == "Accepted by Northshire and Eastshire."
    assert stand.short == ""


def test_where_they_disagree_the_reasons_of_who_rejects_stand():
    stand = Stand(ASKED, [NORTH, EAST], ["Westshire"])
    assert stand.sentence == (
        "Rejected by Eastshire, although Northshire accepted it. One rejection is enough: "
        "Eastshire’s reasons stand, and every controller reviews the next attestation."
    )
    assert [given.reason for given in stand.rejected] == ["Name the drives."]
    assert Stand(ASKED, [EAST], ["Northshire"]).sentence == "Rejected by Eastshire."


def test_of_a_whole_demand():
    assert waits_for(1, "Eastshire", ASKED) == (
        "1 attestation waits for the review of Eastshire, asked on Monday 18 February 2013"
    )
    assert waits_for(1200, "Eastshire", ASKED).startswith("1,200 attestations wait for")
