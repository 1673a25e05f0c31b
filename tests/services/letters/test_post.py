import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from attest.database.engine import read_session, write_session
from attest.database.tables import Letter
from attest.mail import letters as mail
from attest.mail.letter import Letter as Words
from attest.services.context import Context
from attest.services.instance import load_log_key
from attest.services.letters import post
from attest.services.letters.letter_facts import about, writer
from tests.mail_server import settings_for
from tests.rows import add_case, add_joint, add_organisation, add_person, opened

NOW = datetime(2013, 2, 4, 11, 0, tzinfo=UTC)
WORDS = Words("acknowledged", "ND-2013-004: acknowledged", "They have it.\n")


@pytest.fixture
def ctx(database_url, tmp_path):
    settings = settings_for(tmp_path)
    with opened(database_url) as engine, write_session(engine) as session:
        yield Context(session, NOW, settings, load_log_key(settings))


def letters(ctx) -> list[Letter]:
    return list(ctx.session.scalars(select(Letter).order_by(Letter.to_name)))


def names(people) -> list[str]:
    return [person.name for person in people]


def test_a_letter_to_a_person(ctx):
    case = add_case(ctx.session)
    assert post.queue_letter(
        ctx, letter=WORDS, key="a", person=case.liaison, demand_id=case.demand.id
    )
    (letter,) = letters(ctx)
    assert (letter.to_name, letter.to_email) == ("Tom Beck", case.liaison.account.email)
    assert letter.organisation_id == case.contractor.id
    assert letter.text == "Dear Tom Beck,\n\nThey have it.\n"
    assert (letter.state, letter.queued_at, letter.next_attempt_at) == ("queued", NOW, NOW)
    assert re.fullmatch(r"<[0-9a-f-]{36}@attest\.example>", letter.message_id)
    # What went in another message has that one's: nobody may be able to tell by comparing.
    assert letter.id not in letter.message_id


def test_a_letter_to_a_name_and_address(ctx):
    assert post.queue_letter(ctx, letter=WORDS, key="a", to_name="Ann", to_email="ann@x.example")
    assert letters(ctx)[0].to_email == "ann@x.example"


def test_a_letter_to_nobody(ctx):
    with pytest.raises(ValueError, match="to whom"):
        post.queue_letter(ctx, letter=WORDS, key="a")


def test_the_same_act_again_writes_nothing_more(ctx):
    case = add_case(ctx.session)
    everybody = [case.case_handler, case.signatory]
    for new in (2, 0):
        assert post.write_to(ctx, everybody, letter=WORDS, key="a", demand=case.demand) == new
    assert len(letters(ctx)) == 2


def test_one_letter_an_address_and_none_to_who_left(ctx):
    case = add_case(ctx.session)
    case.signatory.active = False
    twice = [case.liaison, case.liaison, case.signatory]
    assert post.write_to(ctx, twice, letter=WORDS, key="a", demand=case.demand) == 1


def test_an_act_that_fails_writes_no_letter(database_url, tmp_path):
    settings = settings_for(tmp_path)

    def act_that_fails(engine) -> None:
        with write_session(engine) as session:
            ctx = Context(session, NOW, settings, load_log_key(settings))
            post.queue_letter(ctx, letter=WORDS, key="a", to_name="Ann", to_email="a@x.example")
            raise KeyError

    with opened(database_url) as engine:
        with pytest.raises(KeyError):
            act_that_fails(engine)
        with read_session(engine) as session:
            assert session.scalars(select(Letter)).all() == []


def test_who_is_on_which_side(ctx):
    case = add_case(ctx.session)
    joint = add_organisation(ctx.session, "Eastshire Police")
    edith = add_person(ctx.session, joint, "Edith East", "signatory")
    add_person(ctx.session, case.controller, "Ada Min", "administrator")
    add_joint(ctx.session, case.demand, joint)
    ctx.session.flush()
    ctx.session.refresh(case.demand)
    assert names(post.signatories(ctx, case.demand)) == ["Helen Marsh"]
    assert names(post.case_handlers(ctx, case.demand)) == ["Priya Nair"]
    assert names(post.lead_controller(ctx, case.demand)) == ["Helen Marsh", "Priya Nair"]
    assert names(post.joint_controllers(ctx, case.demand)) == ["Edith East"]
    assert names(post.reviewing_signatories(ctx, case.demand)) == ["Helen Marsh"]
    case.demand.concurrence = "each"
    assert names(post.reviewing_signatories(ctx, case.demand)) == ["Edith East", "Helen Marsh"]
    assert names(post.contractor_people(case.demand)) == ["Tom Beck", "Ruth Adeyemi"]
    edith.active = False
    ctx.session.flush()
    assert post.joint_controllers(ctx, case.demand) == []


def test_what_letters_say_about_a_demand(ctx):
    case = add_case(ctx.session)
    facts = about(ctx, case.demand)
    assert facts.controller == "Northshire Constabulary"
    assert facts.contractor == "Halden Support Services plc"
    assert facts.link == "https://attest.example/demands/ND-2013-004"
    assert facts.due == "Monday 18 February 2013 (in 10 working days)"
    assert str(writer(case.signatory)) == "Helen Marsh, Head of something, Northshire Constabulary"
    assert writer(case.signatory, "As named").organisation == "As named"


def test_a_draft_without_a_due_date_has_no_letters(ctx):
    case = add_case(ctx.session)
    case.demand.due_on = None
    with pytest.raises(ValueError, match="too young"):
        about(ctx, case.demand)


def test_each_reader_gets_their_own_language(ctx):
    """The person's own first, then their organisation's, then English."""
    case = add_case(ctx.session)
    case.contractor.language = "cy"
    case.case_handler.language = "cy"
    facts = about(ctx, case.demand)
    said = mail.acknowledged(facts, writer(case.liaison))
    everybody = [case.liaison, case.case_handler, case.signatory]
    assert post.write_to(ctx, everybody, letter=said, key="a", demand=case.demand) == 3
    found = {letter.to_name: letter for letter in letters(ctx)}
    for person in (case.liaison, case.case_handler):
        letter = found[person.name]
        assert letter.language == "cy"
        assert letter.subject.endswith("mae Halden Support Services plc wedi cydnabod yr alwad")
        assert letter.text.startswith(f"Annwyl {person.name},\n\nMae Tom Beck, ")
    english = found[case.signatory.name]
    assert english.language == "en"
    assert english.text.startswith(f"Dear {case.signatory.name},\n\n")


def test_a_language_that_has_gone_is_english(ctx):
    case = add_case(ctx.session)
    case.liaison.language = "tlh"
    said = mail.acknowledged(about(ctx, case.demand), writer(case.liaison))
    post.write_to(ctx, [case.liaison], letter=said, key="a", demand=case.demand)
    (letter,) = letters(ctx)
    assert letter.language == "en"
    assert letter.text.startswith("Dear Tom Beck,")


def test_a_name_and_address_have_the_language_that_is_asked_for(ctx):
    case = add_case(ctx.session)
    said = mail.acknowledged(about(ctx, case.demand), writer(case.liaison))
    post.queue_letter(
        ctx, letter=said, key="a", to_name="Ann", to_email="ann@x.example", language="cy"
    )
    (letter,) = letters(ctx)
    assert letter.language == "cy"
    assert letter.text.startswith("Annwyl Ann,")
