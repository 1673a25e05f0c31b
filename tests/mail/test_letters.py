import ast
import inspect
import string
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from attest.mail import letters
from attest.mail.letter import LINK, Letter, compose, template_folder
from attest.mail.wrapping import COLUMNS
from attest.services.calendars import holidays_of

ABOUT = letters.About(
    reference="ND-2013-004",
    controller="Northshire Constabulary",
    contractor="Halden Support Services plc",
    link="https://attest.example.org/demands/ND-2013-004",
    due_on=date(2013, 2, 18),
    today=date(2013, 2, 14),
    holidays=holidays_of("GB-ENG"),
)
LATE = letters.About(
    reference=ABOUT.reference,
    controller=ABOUT.controller,
    contractor=ABOUT.contractor,
    link=ABOUT.link,
    due_on=ABOUT.due_on,
    today=date(2013, 2, 21),
)
MARSH = letters.Writer("Helen Marsh", "Senior Information Risk Owner", "Northshire Constabulary")
BECK = letters.Writer("Tom Beck", "Head of Bids", "Halden Support Services plc")
ADEYEMI = letters.Writer("Ruth Adeyemi", "Assurance Lead", "Halden Support Services plc")
ISSUER = letters.Issuer(
    signatory=MARSH,
    signatory_fingerprint="k5zq 2m4t aaaa bbbb cccc dddd eeee ffff",
    log_key_fingerprint="7rqe w3lk gggg hhhh iiii jjjj kkkk llll",
)
FILES = [
    "HR restructure costings v7 FINAL.xlsx",
    "establishment-list-2012-12.csv",
    "payroll-deductions-q3.csv",
    "shift-patterns – custody & control room.csv",
    "sickness-absence-2011-2012.csv",
]
LAST_DAY = date(2013, 2, 18)
HOME = "https://attest.example.org"
CHANGES = [
    "Due date: Monday 18 February 2013, now Monday 25 February 2013",
    "Instruction: written anew",
    "Files added: “further.docx” and “and.pdf”",
]
ASKED = "2 more working days, until Wednesday 20 February 2013"

# Each letter, in each of its shapes.
ALL: dict[str, Letter] = {
    "invitation_of_colleague": letters.invitation_of_colleague(
        MARSH, ["case_handler", "signatory"], LAST_DAY, HOME
    ),
    "invitation_of_liaison": letters.invitation_of_liaison(
        ABOUT,
        ISSUER,
        files=5,
        action="delete",
        basis="UK GDPR, and the non-disclosure agreement NDA-2012-117",
        expires_on=LAST_DAY,
    ),
    "invitation_of_liaison who signs in": letters.invitation_of_liaison(
        ABOUT, ISSUER, files=1, action="delete_or_return", basis="NDA-2012-117", expires_on=None
    ),
    "joint_controller_told": letters.joint_controller_told(
        ABOUT, ISSUER, files=5, concurrence="each", expires_on=LAST_DAY
    ),
    "joint_controller_told who signs in": letters.joint_controller_told(
        ABOUT, ISSUER, files=5, concurrence="lead", expires_on=None
    ),
    "officer_invited": letters.officer_invited(ABOUT, BECK, files=5, stores=7, expires_on=LAST_DAY),
    "officer_invited who signs in": letters.officer_invited(
        ABOUT, BECK, files=1, stores=1, expires_on=None
    ),
    "password_reset": letters.password_reset(60, HOME),
    "draft_ready": letters.draft_ready(ABOUT, MARSH, files=5, stores=5),
    "draft_returned": letters.draft_returned(ABOUT, MARSH, "Name the cabinet too.\n\nThen again."),
    "demand_issued": letters.demand_issued(ABOUT, MARSH, liaison="Tom Beck", files=5, stores=5),
    "acknowledged": letters.acknowledged(ABOUT, BECK),
    "acknowledged with a note": letters.acknowledged(LATE, BECK, "We start today."),
    "not_us": letters.not_us(ABOUT, BECK, "We sold that part of the business in 2011."),
    "officer_named": letters.officer_named(ABOUT, ADEYEMI, BECK),
    "key_to_confirm": letters.key_to_confirm(ABOUT, ADEYEMI, f"{ABOUT.link}/keys/ab/confirm"),
    "key_to_confirm of a rotation": letters.key_to_confirm(
        ABOUT, ADEYEMI, f"{ABOUT.link}/keys/{'0' * 64}/confirm", rotated=True
    ),
    "key_to_compare": letters.key_to_compare(ABOUT, MARSH, rotated=False),
    "key_to_compare of a rotation": letters.key_to_compare(ABOUT, MARSH, rotated=True),
    "key_revoked": letters.key_revoked(
        ABOUT,
        ADEYEMI,
        MARSH,
        "The laptop was stolen.",
        duty="officer",
        since=None,
        touched=0,
        newer=False,
        link=f"{ABOUT.link}/keys",
    ),
    "key_revoked, lost since": letters.key_revoked(
        ABOUT,
        MARSH,
        MARSH,
        "The laptop was stolen.",
        duty="signatory",
        since=datetime(2013, 2, 4, 9, 0, tzinfo=UTC),
        touched=1,
        newer=True,
        link=f"{ABOUT.link}/keys",
    ),
    "key_revoked, never used": letters.key_revoked(
        None,
        MARSH,
        MARSH,
        "Lost.",
        duty="signatory",
        since=datetime(2013, 2, 4, 9, 0, tzinfo=UTC),
        touched=0,
        newer=False,
        link=f"{HOME}/keys",
    ),
    "officer_left": letters.officer_left(ABOUT, ADEYEMI, BECK, files=3),
    "officer_left, all signed": letters.officer_left(ABOUT, ADEYEMI, BECK, files=0),
    "key_confirmed": letters.key_confirmed(ABOUT, MARSH, "telephone"),
    "files_reopened": letters.files_reopened(ABOUT, FILES, "An exception has ended."),
    "files_reopened by somebody": letters.files_reopened(
        LATE, FILES[:1], "A printout was found.", by=BECK, was="closed_with_exceptions"
    ),
    "children_ended": letters.children_ended(
        ABOUT, [("ND-2013-005", "Printers Ltd", "closed")], files_left=0, to_review=0
    ),
    "children_ended, withdrawn": letters.children_ended(
        ABOUT,
        [("ND-2013-005", "Printers Ltd", "withdrawn")],
        files_left=0,
        to_review=0,
        undealt=["Printers Ltd"],
    ),
    "children_ended, settled": letters.children_ended(
        ABOUT,
        [("ND-2013-005", "Printers Ltd", "closed")],
        files_left=0,
        to_review=0,
        excepted=False,
    ),
    "children_ended, to review": letters.children_ended(
        ABOUT,
        [("ND-2013-005", "Printers Ltd", "closed"), ("ND-2013-006", "Couriers LLP", "withdrawn")],
        files_left=3,
        to_review=1,
    ),
    "children_ended, open": letters.children_ended(
        ABOUT, [("ND-2013-005", "Printers Ltd", "closed")], files_left=1, to_review=0
    ),
    "stores_named": letters.stores_named(ABOUT, BECK, ["Records store, Unit 7"], []),
    "stores_named reopening": letters.stores_named(ABOUT, BECK, ["Unit 7", "Mailbox"], FILES),
    "attestations_to_review": letters.attestations_to_review(ABOUT, ADEYEMI, FILES, 0),
    "attestations_to_review excepted": letters.attestations_to_review(ABOUT, ADEYEMI, FILES, 1),
    "attestations_rejected": letters.attestations_rejected(
        ABOUT, MARSH, FILES[:2], "The serial of the third drive is missing."
    ),
    "attestations_rejected late": letters.attestations_rejected(LATE, MARSH, FILES[:1], "No."),
    "attestations_accepted": letters.attestations_accepted(ABOUT, MARSH, FILES[:3], left=2, ends=0),
    "attestations_accepted all": letters.attestations_accepted(ABOUT, MARSH, FILES, left=0, ends=0),
    "attestations_accepted excepted": letters.attestations_accepted(
        ABOUT, MARSH, FILES, left=0, ends=5
    ),
    "attestations_accepted by one": letters.attestations_accepted(
        ABOUT, MARSH, FILES, left=5, ends=0, others=["Eastshire Police"]
    ),
    "ready_to_close": letters.ready_to_close(ABOUT, files=5, excepted=0),
    "ready_to_close in doubt": letters.ready_to_close(ABOUT, files=5, excepted=0, in_doubt=2),
    "ready_to_close excepted": letters.ready_to_close(ABOUT, files=1, excepted=1),
    "ready_to_close until it ends": letters.ready_to_close(ABOUT, files=1, excepted=1, ends=1),
    "ready_to_close after others": letters.ready_to_close(
        ABOUT, files=5, excepted=5, waits_for=["ND-2013-005", "ND-2013-006"]
    ),
    "demand_closed": letters.demand_closed(ABOUT, MARSH, "closed", files=5),
    "demand_closed excepted": letters.demand_closed(
        ABOUT, MARSH, "closed_with_exceptions", files=5, reason="The backup expires in March."
    ),
    "demand_withdrawn": letters.demand_withdrawn(ABOUT, MARSH, "Sent to the wrong company."),
    "demand_withdrawn silently": letters.demand_withdrawn(ABOUT, MARSH),
    "reminder": letters.reminder(ABOUT, FILES, 5),
    "overdue": letters.overdue(LATE, FILES[:1], 1),
    "escalation": letters.escalation(LATE, FILES, 5),
    "extension_requested": letters.extension_requested(
        ABOUT, BECK, ASKED, LAST_DAY, "The backup runs on Tuesday only.", []
    ),
    "extension_requested for files": letters.extension_requested(
        ABOUT, BECK, f"{ASKED}, for 5 of 9 files", LAST_DAY, "The backup runs on Tuesday.", FILES
    ),
    "extension_withdrawn": letters.extension_withdrawn(ABOUT, BECK, ASKED, LAST_DAY),
    "extension_granted": letters.extension_granted(
        ABOUT, MARSH, ASKED, LAST_DAY, date(2013, 2, 20), None, [], in_part=False
    ),
    "extension_granted in part": letters.extension_granted(
        ABOUT, MARSH, ASKED, LAST_DAY, date(2013, 2, 19), "No more.", FILES[:2], in_part=True
    ),
    "extension_granted for files": letters.extension_granted(
        ABOUT, MARSH, ASKED, LAST_DAY, date(2013, 2, 20), "No more.", FILES[:2], in_part=False
    ),
    "extension_refused": letters.extension_refused(
        ABOUT, MARSH, ASKED, LAST_DAY, "The regulator waits."
    ),
    "extension_undecided": letters.extension_undecided(ABOUT, ASKED, date(2013, 2, 11), LAST_DAY),
    "extension_undecided late": letters.extension_undecided(
        LATE, ASKED, date(2013, 2, 11), LAST_DAY
    ),
    "review_waits": letters.review_waits(ABOUT, "Eastshire Police", FILES, 5, LAST_DAY),
    "review_waits of one": letters.review_waits(LATE, "Eastshire Police", FILES[:1], 1, LAST_DAY),
    "escalation_contact": letters.escalation_contact(
        LATE, FILES, 5, ring=MARSH, telephone="01632 960001", colleagues=["Tom Beck"]
    ),
    "escalation_contact of one": letters.escalation_contact(
        LATE, FILES[:1], 1, ring=MARSH, telephone=None, colleagues=["Tom Beck", "Ruth Adeyemi"]
    ),
    "escalation_contact alone": letters.escalation_contact(
        LATE, FILES[:1], 1, ring=MARSH, telephone=None, colleagues=[]
    ),
    "store_withdrawn by the contractor": letters.store_withdrawn(
        ABOUT, BECK, "Unit 7", "We left that building in 2011.", lead=False
    ),
    "store_withdrawn by the lead": letters.store_withdrawn(
        ABOUT, MARSH, "Unit 7", "It is not theirs.", lead=True
    ),
    "store_kept": letters.store_kept(ABOUT, MARSH, "Unit 7", "It had a copy."),
    "never_received": letters.never_received(ABOUT, BECK, FILES[0], "It is in no mail of ours."),
    "never_received_ruled stands": letters.never_received_ruled(
        ABOUT, MARSH, FILES[0], "Our gateway says so.", stands=True
    ),
    "never_received_ruled nil return": letters.never_received_ruled(
        ABOUT, MARSH, FILES[0], "Our gateway is silent.", stands=False
    ),
    "changes_undecided": letters.changes_undecided(
        ABOUT, ["“list.csv” never came (4 February 2013)"]
    ),
    "amendment_ready": letters.amendment_ready(ABOUT, MARSH, CHANGES),
    "amendment_returned": letters.amendment_returned(ABOUT, MARSH, "Name the day."),
    "demand_amended": letters.demand_amended(ABOUT, MARSH, CHANGES, files=2, opened=3),
    "demand_amended, with all that it brings about": letters.demand_amended(
        ABOUT,
        MARSH,
        CHANGES,
        files=2,
        files_due=date(2013, 3, 4),
        opened=3,
        opened_due=date(2013, 3, 4),
        overruled=["2 rejected files count as accepted now, although Eastshire rejected them."],
    ),
    "demand_amended, the date alone": letters.demand_amended(
        LATE, MARSH, CHANGES[:1], files=0, opened=0
    ),
    "delivery_problem bounced": letters.delivery_problem(
        ABOUT,
        to_name="Tom Beck",
        to_email="tom.beck@halden.example",
        subject="ND-2013-004: 5 files are overdue",
        bounced=True,
        answer="550 5.1.1 No such user",
    ),
    "delivery_problem unknown": letters.delivery_problem(
        ABOUT,
        to_name="Tom Beck",
        to_email="tom.beck@halden.example",
        subject="ND-2013-004: 5 files are overdue",
        bounced=False,
        answer="the connection broke while the letter was sent",
    ),
}
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
    assert not set("{}<") & set(letter.text.replace(LINK, ""))


NEVER_USED = ALL["key_revoked, never used"]


@EACH
def test_it_is_about_one_thing_and_says_so_in_its_subject(letter):
    if letter.kind in {"invitation_of_colleague", "password_reset"} or letter == NEVER_USED:
        assert len(letter.subject) < 100
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
        compose("password_reset", "Choose", minutes=60, home=HOME)


def test_a_subject_that_could_break_a_header_is_refused():
    with pytest.raises(ValueError, match="subject"):
        compose("password_reset", "Choose\r\nBcc: x@y.example", minutes=60, home=HOME, link=LINK)


def test_the_first_letter_can_be_checked_without_believing_it():
    text = ALL["invitation_of_liaison"].text
    for needed in (
        "Northshire Constabulary",
        "ND-2013-004",
        "7rqe w3lk gggg hhhh iiii jjjj kkkk llll",
        "k5zq 2m4t aaaa bbbb cccc dddd eeee ffff",
        "Look up the number",
        "not in this letter",
        "Monday 18 February 2013 (in 2 working days)",
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
    text = letters.overdue(LATE, [f"{n:03d}.csv" for n in range(8)], 100_000).text
    assert "- 006.csv\n- and 99,993 others\n" in text
    assert "007.csv" not in text


def test_lateness_is_counted_in_working_days():
    assert ALL["escalation"].subject == "ND-2013-004: 5 files are 3 working days late"
    assert ALL["overdue"].subject == "ND-2013-004: 1 file is overdue"


def test_reopened_files_are_named():
    text = ALL["stores_named reopening"].text
    assert "opens 5 files again" in text
    for name in FILES:
        assert f"- {name}\n" in text


def test_nobody_writes_letters_elsewhere():
    """Services name letters; their words stand in templates alone."""
    services = Path(inspect.getfile(letters)).parent.parent / "services"
    for path in services.glob("*.py"):
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
    assert "Before you can close the demand, ND-2013-005 and ND-2013-006 have to end" in text
    assert "/exceptions" in text
    assert "/close" not in text
    now, later = ("ready_to_close excepted", "ready_to_close until it ends")
    assert "with exceptions now." in " ".join(ALL[now].text.split())
    assert "with exceptions now, or wait." in " ".join(ALL[later].text.split())


def test_files_that_a_lost_key_signed_are_told_before_closing():
    text = " ".join(ALL["ready_to_close in doubt"].text.split())
    said = "2 files were signed for with a key that may have been in other hands by then"
    assert f"But {said}. Look at them before you close the demand" in text
    assert "in other hands" not in ALL["ready_to_close"].text
