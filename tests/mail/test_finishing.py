"""What is filled in when a letter leaves: the link, the receipt, the checkpoint's words."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from attest.log.checkpoint import origin, sign_checkpoint
from attest.mail.calendar_entry import Entry
from attest.mail.finishing import Carried, Finished, finish
from attest.mail.places import LINK, WITNESS
from attest.mail.wrapping import COLUMNS
from tests.cast import LOG_KEY

NOW = datetime(2013, 2, 4, 11, 0, tzinfo=UTC)
TEXT = f"Dear Tom Beck,\n\nHello.\n\n    {LINK}\n\n{WITNESS}\n\n--\nThe foot.\n"


def carried(number: int = 4, size: int = 41, **more: Any) -> Carried:
    demand_id = f"11111111-2222-4333-8444-{number:012d}"
    note = sign_checkpoint(origin("attest.example", demand_id), size, b"\1" * 32, LOG_KEY)
    values: dict[str, Any] = {"checkpoint": note, **more}
    return Carried(demand_id, f"ND-2013-{number:03d}", **values)


def entry(demand: Carried) -> Entry:
    return Entry(
        demand_id=demand.demand_id,
        reference=demand.reference,
        controller="Northshire Constabulary",
        contractor="Halden Support Services plc",
        link="https://attest.example/demands/x",
        due_on=date(2013, 2, 18),
        remind_on=date(2013, 2, 15),
        sequence=41,
    )


def finished(text: str = TEXT, **more: Any) -> Finished:
    return finish(text, sender="attest@attest.example", now=NOW, **more)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_checkpoint_in_words_is_the_one_that_goes_along():
    one = carried()
    found = finished(link="https://a/1", carried=[one])
    assert "Its log has 41 entries; its root begins with AQEBAQEBAQEB." in flat(found.text)
    (attachment,) = found.attachments
    assert attachment.name == "checkpoint.txt"
    assert attachment.data.decode() == one.checkpoint
    assert "\nAQEBAQEBAQEB" in attachment.data.decode()
    assert all(len(line) <= COLUMNS for line in found.text.split("\n"))
    assert found.text.endswith("\n\n--\nThe foot.\n")


def test_several_demands_carry_a_file_each():
    found = finished(link="https://a/1", carried=[carried(4, 41), carried(6, 1)])
    assert [each.name for each in found.attachments] == [
        "checkpoint-ND-2013-004.txt",
        "checkpoint-ND-2013-006.txt",
    ]
    assert "checkpoint-ND-2013-006.txt: the log of ND-2013-006 has 1 entry" in flat(found.text)


def test_a_letter_without_a_log_says_nothing_of_one():
    found = finished(link="https://a/1", carried=[carried(checkpoint=None)])
    assert found.text == "Dear Tom Beck,\n\nHello.\n\n    https://a/1\n\n--\nThe foot.\n"
    assert found.attachments == ()


def test_a_damaged_checkpoint_keeps_no_letter_back():
    found = finished(carried=[carried(checkpoint="no checkpoint\n")])
    assert WITNESS not in found.text
    assert [each.data for each in found.attachments] == [b"no checkpoint\n"]


def test_a_receipt_is_asked_for_before_the_checkpoint():
    text = finished(receipt="https://a/received/x", carried=[carried()]).text
    assert "\n\n    https://a/received/x\n\nKeep this letter" in text


def test_what_is_filled_in_opens_no_other_place():
    found = finished(link="https://a/{witness}", receipt="https://a/r", carried=[carried()])
    assert "    https://a/{witness}\n" in found.text
    assert found.text.count("Keep this letter") == 1


@pytest.mark.parametrize(
    ("several", "names"),
    [(1, {"due.ics"}), (2, {"due-ND-2013-004.ics", "due-ND-2013-006.ics"})],
)
def test_the_due_day_goes_along(several, names):
    demands = [carried(4), carried(6)][:several]
    with_days = [carried(int(each.reference[-1]), entry=entry(each)) for each in demands]
    found = finished(carried=with_days)
    entries = [each for each in found.attachments if each.subtype == "calendar"]
    assert {each.name for each in entries} == names
    assert {each.method for each in entries} == {"PUBLISH"}
