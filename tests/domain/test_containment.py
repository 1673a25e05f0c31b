"""How far containment has come: sums that add up, and words that say them."""

from attest.domain.containment import figure


def test_counts_add_up_over_demands():
    found = figure([(35, 28, 5), (10, 0, 0)])
    assert (found.settled, found.excepted, found.open, found.copies) == (28, 5, 12, 45)
    assert found.sentence == "28 of 45 copies settled, 5 excepted, 12 open, in 2 demands."
    assert [(part.word, part.copies) for part in found.parts] == [
        ("settled", 28),
        ("excepted", 5),
        ("open", 12),
    ]
    last = found.parts[-1]
    assert round(last.start + last.share, 2) == 100


def test_what_is_not_there_has_no_part():
    assert [part.word for part in figure([(4, 4, 0)]).parts] == ["settled"]
    assert figure([(4, 4, 0)]).sentence == "4 of 4 copies settled, 0 open, in 1 demand."


def test_nothing_yet():
    assert figure([]).sentence == "No demand of this incident has been issued yet."
    assert figure([(0, 0, 0)]).sentence == "No copy is known of yet."
    assert figure([]).parts == ()


def test_a_count_that_lags_behind_never_makes_one_negative():
    assert figure([(2, 3, 0)]).open == 0
