from datetime import timedelta

import pytest

from attest.database.tables import FailingAddress, Letter
from attest.services.chasing import write_there_again
from tests.rows import letter_columns


@pytest.fixture
def failing(house):
    """A house whose liaison's letters do not arrive."""
    liaison = house.case.liaison
    email = liaison.account.email
    with house.acting() as ctx:
        fail(ctx, house, liaison, "reminder:9", email)
    return email


def fail(ctx, house, person, key, email, since=None) -> None:
    """A letter to this address, of somebody of this person's organisation, has bounced."""
    letter = Letter(**letter_columns(key, now=ctx.now))
    letter.demand_id = house.case.demand.id
    letter.organisation_id = person.organisation_id
    letter.to_name, letter.to_email, letter.state = person.name, email, "bounced"
    ctx.session.add(letter)
    ctx.session.flush()
    ctx.session.add(
        FailingAddress(
            demand_id=house.case.demand.id,
            email=email,
            since=since or ctx.now,
            letter_id=letter.id,
            answer="550 5.1.1 No such user",
        )
    )


def rows(house) -> int:
    with house.acting() as ctx:
        return ctx.session.query(FailingAddress).count()


def test_a_case_handler_says_that_an_address_works_again(house, failing):
    visitor = house.visitor("case_handler")
    place = f"/demands/{house.case.demand.reference}/letters"
    page = visitor.get(place).get_data(as_text=True)
    assert "Write there again" in page
    assert failing in page
    assert "If you choose “Write there again”: " in page
    visitor.post(f"{place}/write-again", email=failing)
    assert rows(house) == 0
    page = visitor.get(place).get_data(as_text=True)
    assert f"Letters go to {failing} again" in page
    assert "Write there again" not in page
    visitor.post(f"{place}/write-again", status=400, email=failing)


def test_of_many_addresses_the_first_ten_are_told_what_follows(house, failing):
    """An organisation's mail server is away: looking ahead for each would take too long."""
    liaison = house.case.liaison
    with house.acting() as ctx:
        later = ctx.session.query(FailingAddress).one().since + timedelta(minutes=1)
        for number in range(12):
            email = f"clerk{number}@halden.example"
            fail(ctx, house, liaison, f"many:{number}", email, later)
    place = f"/demands/{house.case.demand.reference}/letters"
    page = house.visitor("case_handler").get(place).get_data(as_text=True)
    assert page.count("Write there again</button>") == 13
    assert page.count("If you choose “Write there again”: ") == 13
    assert page.count(write_there_again.MISSED) == 3


def test_others_see_it_and_cannot_say_so(house, failing):
    place = f"/demands/{house.case.demand.reference}/letters"
    for role, status in (("signatory", 403), ("liaison", 403), ("joint_controller", 400)):
        visitor = house.visitor(role)
        page = visitor.get(place).get_data(as_text=True)
        assert "Write there again" not in page
        assert "goes there" not in page
        visitor.post(f"{place}/write-again", status=status, email=failing)
    assert rows(house) == 1


def test_a_case_handler_corrects_the_liaisons_address(house, failing):
    visitor = house.visitor("case_handler")
    reference = house.case.demand.reference
    assert "How another liaison takes over" in visitor.get(
        f"/demands/{reference}/letters"
    ).get_data(True)
    way_out = "whoever runs this Attest can let another liaison in"
    assert way_out in visitor.get(f"/demands/{reference}/letters").get_data(True)
    place = f"/demands/{reference}/liaison"
    assert way_out in visitor.get(place).get_data(True).replace("Whoever", "whoever")
    # The house's people have passwords: the contractor says who acts for it.
    assert "say themselves who acts for it" in visitor.get(place).get_data(as_text=True)
    visitor.post(place, status=400, name="Tom Beck", role="Manager", email="tom@halden.example")
    assert rows(house) == 1


def test_the_dashboard_and_the_demand_say_so(house, failing):
    visitor = house.visitor("case_handler")
    reference = house.case.demand.reference
    for place in ("/dashboard", f"/demands/{reference}"):
        assert "do not arrive" in visitor.get(place).get_data(as_text=True), place


def test_of_its_own_people_a_joint_controller_says_so_itself(house, failing):
    place = f"/demands/{house.case.demand.reference}/letters"
    person = house.people["joint_controller"]
    theirs = person.account.email
    with house.acting() as ctx:
        fail(ctx, house, person, "review:9", theirs)
    lead, joint = house.visitor("case_handler"), house.visitor("joint_controller")
    # The lead controller cannot even find out that it fails.
    chasing = f"/demands/{house.case.demand.reference}/chasing"
    for page_of in (place, chasing):
        assert theirs not in lead.get(page_of).get_data(as_text=True)
        assert failing in lead.get(page_of).get_data(as_text=True)
    shown = joint.get(chasing).get_data(as_text=True)
    assert f"Letters to {theirs} have not arrived" in shown
    assert f"Letters to {failing} have not arrived" in shown
    lead.post(f"{place}/write-again", status=400, email=theirs)
    page = joint.get(place).get_data(as_text=True)
    assert page.count("Write there again</button>") == 1
    assert "puts the other addresses right" in page
    joint.post(f"{place}/write-again", status=400, email=failing)
    assert rows(house) == 2
    joint.post(f"{place}/write-again", email=theirs)
    assert rows(house) == 1
