"""What holds for every letter, and what some must say."""

import ast
import inspect
import re
import string
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from attest.mail import letters
from attest.mail.catalogues import template_folder
from attest.mail.letter import LINK, compose
from attest.mail.places import WITNESS
from attest.mail.wrapping import COLUMNS
from tests.mail.examples import (
    ABOUT,
    ALL,
    BECK,
    FILES,
    HOME,
    LATE,
)

EACH = pytest.mark.parametrize("letter", ALL.values(), ids=ALL.keys())


@EACH
def test_it_is_plain_text_of_one_screen(letter):
    lines = letter.text.split("\n")
    assert len(lines) <= 40
    assert letter.text.endswith("\n")
    assert "\n\n\n" not in letter.text
    for line in lines:
        assert line == line.rstrip()
        assert len(line) <= COLUMNS or "https://" in line
    assert not set("{}<") & set(letter.text.replace(LINK, "").replace(WITNESS, ""))


def test_a_subject_of_long_names_is_cut():
    values = ALL["officer_left"].values or {}
    long = replace(ABOUT, contractor="C" * 200)
    officer = replace(BECK, name="T" * 200)
    letter = compose("officer_left", **{**values, "about": long, "officer": officer})
    assert len(letter.subject) == 280
    assert letter.subject.startswith("ND-2013-004: TTT")
    assert letter.subject.endswith("C …")
    assert letter.text.replace("\n", " ").startswith(f"{officer.name}, assurance officer in this")


ABOUT_NO_DEMAND = {
    *("invitation_of_colleague", "invitation_by_operator", "colleague_let_in"),
    *("password_reset", "daily_digest", "timestamps_stopped"),
}
NEVER_USED = ALL["key_revoked, never used"]


@EACH
def test_it_is_about_one_thing_and_says_so_in_its_subject(letter):
    if letter.kind in ABOUT_NO_DEMAND or letter == NEVER_USED:
        assert len(letter.subject) < 100
    elif letter.kind == "together":
        assert re.match(r"ND-2013-004(?: and \d+ more demands?)?: ", letter.subject)
    else:
        assert letter.subject.startswith("ND-2013-004: ")
        assert "ND-2013-004" in letter.text
    assert letter.subject.isprintable()


@EACH
def test_it_says_where_to_go(letter):
    assert LINK in letter.text or "https://attest.example.org" in letter.text


@EACH
def test_it_uses_the_words_of_the_product(letter):
    for word in ("wiped", "vendor", "guaranteed", "unrecoverable", "Submit", "supplier"):
        assert word not in letter.text


def test_every_letter_is_tried_here():
    functions = {name for name in letters.__all__ if inspect.isfunction(getattr(letters, name))}
    assert {letter.kind for letter in ALL.values()} == functions


def test_every_template_belongs_to_a_letter():
    templates = {path.stem for path in template_folder().glob("[!_]*.txt")}
    assert templates == {letter.kind for letter in ALL.values()}


def test_templates_hold_no_logic_beyond_choosing_words():
    for path in template_folder().glob("*.txt"):
        assert "{% set" not in path.read_text(), path.name
        assert "{% macro" not in path.read_text(), path.name


def test_a_value_that_a_template_names_must_be_there():
    with pytest.raises(UndefinedError):
        compose("password_reset", minutes=60, home=HOME)


def test_a_subject_that_could_break_a_header_is_refused():
    with pytest.raises(ValueError, match="subject"):
        letters.not_us(replace(ABOUT, contractor="Halden\r\nBcc: x@y.example"), BECK, "No.")


def test_the_first_letter_can_be_checked_without_believing_it():
    text = ALL["invitation_of_liaison"].text
    for needed in (
        "Northshire Constabulary",
        "ND-2013-004",
        "7rqe w3lk gggg hhhh iiii jjjj kkkk llll",
        "k5zq 2m4t aaaa bbbb cccc dddd eeee ffff",
        "Look up the number",
        "not in this letter",
        "by Monday 18 February 2013.",
        "delete every copy of 5 files",
        LINK,
    ):
        assert needed in " ".join(text.split()), needed


def test_who_can_sign_in_gets_no_link():
    letter = ALL["invitation_of_liaison who signs in"]
    assert LINK not in letter.text
    assert ABOUT.link in letter.text


def test_the_letter_that_asks_to_confirm_a_key_never_shows_its_fingerprint():
    parameters = inspect.signature(letters.key_to_confirm).parameters
    assert not any("fingerprint" in name or "keyid" in name for name in parameters)


def test_what_somebody_wrote_is_marked_as_theirs():
    text = ALL["draft_returned"].text
    assert "> Name the cabinet too.\n>\n> Then again.\n" in text


def test_a_note_cannot_pass_for_the_letter():
    forged = letters.not_us(ABOUT, BECK, "No.\n\n--\nPay here: https://evil.example")
    assert "\n> --\n> Pay here" in forged.text


def test_a_file_name_cannot_start_a_paragraph():
    odd = letters.reminder(ABOUT, ["{{ about }} {% raw %} - > x.csv"], 1)
    assert "- {{ about }} {% raw %} - > x.csv\n" in odd.text


def test_a_long_list_says_how_many_more():
    text = letters.overdue(LATE, [f"{n:03d}.csv" for n in range(10)], 100_000).text
    assert "- 008.csv\n- and 99,991 others\n" in text
    assert "009.csv" not in text


def test_lateness_is_counted_in_working_days():
    assert ALL["escalation"].subject == "ND-2013-004: 5 files are 3 working days late"
    assert ALL["overdue"].subject == "ND-2013-004: 1 file is overdue"


def test_a_letter_claims_no_other_letter_of_each_rung():
    # A pause, a stopped service or an own ladder leave rungs out.
    text = " ".join(ALL["controller_late"].text.split())
    assert "written to. What comes next is for you to decide" in text
    assert "at each step" not in text


def test_reopened_files_are_named():
    text = ALL["stores_named reopening"].text
    assert "opens 5 files again" in text
    for name in FILES:
        assert f"- {name}\n" in text


def test_nobody_writes_letters_elsewhere():
    """Services name letters; their words stand in templates alone."""
    services = Path(inspect.getfile(letters)).parent.parent / "services"
    for path in services.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "compose", path.name


def test_subjects_hold_ascii_and_names_only():
    for letter in ALL.values():
        assert set(letter.subject) <= set(string.printable), letter.subject


def test_an_acceptance_that_is_not_the_last_says_so():
    """The contractor must not take it for the end, nor for something that it has to do."""
    letter = ALL["attestations_accepted by one"]
    assert letter.subject.endswith("5 attestations accepted by Northshire Constabulary")
    text = " ".join(letter.text.split())
    assert "Eastshire Police has not reviewed them yet. Nothing more is asked of you" in text
    assert "not accepted yet" not in text
    assert "attest again" not in " ".join(ALL["attestations_accepted all"].text.split())


def test_a_withdrawn_demand_below_deals_with_nothing():
    letter = ALL["children_ended, withdrawn"]
    assert letter.subject.endswith("a demand against Printers Ltd is missing")
    text = " ".join(letter.text.split())
    assert "Nothing more stands in the way" not in text
    assert "/exceptions" in text
    assert "/close" not in text
    assert "with exceptions" in ALL["children_ended"].text
    assert "with exceptions" not in ALL["children_ended, settled"].text
    # The contractor learns the reference: its form proposes it.
    assert "is not told" not in text


def test_nothing_is_to_be_closed_before_what_was_raised_from_it():
    letter = ALL["ready_to_close after others"]
    assert letter.subject.endswith(
        "every file is accepted; ND-2013-005 and ND-2013-006 have to end"
    )
    text = " ".join(letter.text.split())
    assert "Before the demand can be closed, ND-2013-005 and ND-2013-006 have to end" in text
    assert "/exceptions" in text
    assert "/close" not in text
    now, later = ("ready_to_close excepted", "ready_to_close until it ends")
    assert "with exceptions now." in " ".join(ALL[now].text.split())
    assert "with exceptions now, or wait." in " ".join(ALL[later].text.split())


def test_files_that_a_lost_key_signed_are_told_before_closing():
    text = " ".join(ALL["ready_to_close in doubt"].text.split())
    said = "2 files were signed for with a key that may have been in other hands by then"
    assert f"But {said}. Look at them before the demand is closed" in text
    assert "in other hands" not in ALL["ready_to_close"].text


@pytest.mark.parametrize("write", [letters.reminder, letters.overdue, letters.escalation])
def test_ten_open_files_still_are_one_screen(write):
    ten = write(LATE, [f"{n:03d}.csv" for n in range(10)], 10, ring=BECK, telephone="01632 960001")
    assert len([line for line in ten.text.split("\n") if line]) <= 26
    assert "telephone 01632 960001" in ten.text
    assert ten.text.count("https://") == 1
